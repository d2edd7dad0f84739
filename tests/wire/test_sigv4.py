"""What a signature must survive, and what must not get past it."""

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from keystead.kinds import REGIONS
from keystead.names import AccessKeyId
from keystead.shapes.errors import (
    AwsError,
    IncompleteSignatureException,
    InvalidSignatureException,
    MissingAuthenticationTokenException,
    UnrecognizedClientException,
)
from keystead.wire import sigv4, sigv4_claim
from keystead.wire.http import HttpRequest

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
CREDENTIALS = sigv4.Credentials(AccessKeyId.parse("AKIAIOSFODNN7EXAMPLE"), SECRET)
TIMESTAMP = "20260926T101112Z"
NOW = datetime(2026, 9, 26, 10, 11, 12, tzinfo=UTC).timestamp()
BODY = b'{"KeyId":"alias/pay"}'
HEADERS = {
    "host": "kms.us-east-1.example.com",
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "TrentService.DescribeKey",
    "user-agent": "any",
}
PLAIN = HttpRequest("POST", "/", "", HEADERS, BODY, "192.0.2.1", True)
SIGNED = sigv4.sign(PLAIN, CREDENTIALS, "us-east-1", "kms", TIMESTAMP)
PRESIGNED = sigv4.presign(PLAIN, CREDENTIALS, "us-east-1", "kms", TIMESTAMP, 60)
SIGNATURE = sigv4.read(SIGNED).signature


def check(http: HttpRequest, now: float = NOW, secret: str = SECRET) -> sigv4.Claim:
    """The three steps, as a server takes them; it knows one key id."""
    claim = sigv4.read(http)
    if claim.access_key_id != CREDENTIALS.access_key_id:
        raise UnrecognizedClientException("The security token included in the request is invalid.")
    sigv4.check_scope(claim, "kms", REGIONS, now)
    sigv4.verify(claim, http, secret)
    return claim


def with_headers(http: HttpRequest, **changes: str | None) -> HttpRequest:
    """`http` with headers set, or removed by None; underscores stand for hyphens."""
    headers = dict(http.headers)
    for name, value in changes.items():
        name = name.replace("_", "-")
        headers.pop(name, None)
        if value is not None:
            headers[name] = value
    return replace(http, headers=headers)


def signed_at(time: float, http: HttpRequest = PLAIN) -> HttpRequest:
    timestamp = datetime.fromtimestamp(time, UTC).strftime("%Y%m%dT%H%M%SZ")
    return sigv4.sign(http, CREDENTIALS, "us-east-1", "kms", timestamp)


# Accepted.


def test_both_forms_are_accepted() -> None:
    claim = check(SIGNED)
    assert (claim.date, claim.region, claim.service) == ("20260926", "us-east-1", "kms")
    assert (claim.time, claim.presigned, claim.expires, claim.token) == (int(NOW), False, None, None)
    assert claim.signed_headers == ("content-type", "host", "x-amz-date", "x-amz-target")
    assert (check(PRESIGNED).presigned, check(PRESIGNED).expires) == (True, 60)


def test_headers_outside_the_signature_may_change() -> None:
    check(with_headers(SIGNED, user_agent="another", x_amzn_trace_id="Root=1", content_length="21"))


def test_parts_may_stand_without_spaces_and_in_any_order() -> None:
    parts = SIGNED.headers["authorization"].removeprefix("AWS4-HMAC-SHA256 ").split(", ")
    check(with_headers(SIGNED, authorization="AWS4-HMAC-SHA256 " + ",".join(reversed(parts))))


@pytest.mark.parametrize("date", ["Sat, 26 Sep 2026 10:11:12 GMT", TIMESTAMP])
def test_date_header_serves_without_x_amz_date(date: str) -> None:
    http = with_headers(PLAIN, date=date)
    names = ("content-type", "date", "host", "x-amz-target")
    claim = replace(sigv4.read(SIGNED), signed_headers=names)
    digest = hashlib.sha256(BODY).hexdigest()
    text = sigv4.string_to_sign(claim, sigv4.canonical_request(http, names, digest))
    key = sigv4.signing_key(SECRET, "20260926", "us-east-1", "kms")
    signature = hmac.digest(key, text, "sha256").hex()
    authorization = SIGNED.headers["authorization"].partition("SignedHeaders=")[0]
    authorization += f"SignedHeaders={';'.join(names)}, Signature={signature}"
    assert check(with_headers(http, authorization=authorization)).timestamp == TIMESTAMP


def test_session_token_is_read_from_either_form() -> None:
    temporary = sigv4.Credentials(CREDENTIALS.access_key_id, CREDENTIALS.secret, "FwoGZXIvYXdzEXAMPLE//+=")
    header = sigv4.sign(PLAIN, temporary, "us-east-1", "kms", TIMESTAMP)
    query = sigv4.presign(PLAIN, temporary, "us-east-1", "kms", TIMESTAMP, 60)
    assert check(header).token == check(query).token == temporary.token


def test_declared_payload_hash_may_be_the_real_one() -> None:
    check(signed_at(NOW, with_headers(PLAIN, x_amz_content_sha256=hashlib.sha256(BODY).hexdigest())))


# Tampering.


def tampered(text: str) -> list[str]:
    """`text` with each single character changed in two ways."""
    return [
        text[:place] + chr(ord(char) ^ flip) + text[place + 1 :]
        for place, char in enumerate(text)
        for flip in (1, 0x20)
    ]


@pytest.mark.parametrize("name", ["authorization", *sigv4.read(SIGNED).signed_headers])
def test_every_changed_character_of_a_signed_header_is_refused(name: str) -> None:
    for value in tampered(SIGNED.headers[name]):
        with pytest.raises(AwsError):
            check(with_headers(SIGNED, **{name: value}))


@pytest.mark.parametrize("http", [SIGNED, PRESIGNED], ids=["header", "presigned"])
@pytest.mark.parametrize("part", ["method", "path", "query"])
def test_every_changed_character_of_the_request_line_is_refused(http: HttpRequest, part: str) -> None:
    sent = getattr(http, part)
    for value in tampered(sent):
        if unquote(value) == unquote(sent):
            continue  # %2F and %2f are one
        with pytest.raises(AwsError):
            check(replace(http, **{part: value}))


@pytest.mark.parametrize("http", [SIGNED, PRESIGNED], ids=["header", "presigned"])
def test_every_changed_byte_of_the_body_is_refused(http: HttpRequest) -> None:
    for place in range(len(BODY)):
        body = bytearray(BODY)
        body[place] ^= 1
        with pytest.raises(InvalidSignatureException):
            check(replace(http, body=bytes(body)))
    for body in (b"", BODY[:-1], BODY + b" "):
        with pytest.raises(InvalidSignatureException):
            check(replace(http, body=body))


@pytest.mark.parametrize("name", sigv4.read(SIGNED).signed_headers)
def test_a_removed_signed_header_is_refused(name: str) -> None:
    with pytest.raises(AwsError):
        check(with_headers(SIGNED, **{name: None}))


@pytest.mark.parametrize(
    "changes",
    [
        {"path": "/other"},
        {"path": "/%2F"},
        {"path": "*"},
        {"path": ""},
        {"query": "Action=Encrypt"},
        {"query": "a"},
        {"method": "GET"},
        {"method": "post"},
        {"method": "POST\n"},
    ],
    ids=str,
)
def test_another_request_line_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(InvalidSignatureException):
        check(replace(SIGNED, **changes))


@pytest.mark.parametrize("secret", ["", "other", SECRET.lower(), SECRET + "x", SECRET[:-1]])
def test_another_secret_is_refused(secret: str) -> None:
    with pytest.raises(InvalidSignatureException, match="The request signature we calculated does not match"):
        check(SIGNED, secret=secret)


def test_a_header_added_in_the_x_amz_family_must_be_signed() -> None:
    for http in (SIGNED, PRESIGNED):
        with pytest.raises(InvalidSignatureException, match="'x-amz-extra' must be a 'SignedHeader'"):
            check(with_headers(http, x_amz_extra="1"))
    with pytest.raises(InvalidSignatureException, match="'x-amz-security-token' must be a 'SignedHeader'"):
        check(with_headers(SIGNED, x_amz_security_token="token"))


def test_an_unsigned_target_is_refused() -> None:
    unsigned = sigv4.sign(with_headers(PLAIN, x_amz_target=None), CREDENTIALS, "us-east-1", "kms", TIMESTAMP)
    with pytest.raises(InvalidSignatureException, match="x-amz-target"):
        check(with_headers(unsigned, x_amz_target="TrentService.ScheduleKeyDeletion"))


def test_an_unsigned_host_is_refused() -> None:
    with pytest.raises(InvalidSignatureException, match="'Host' must be a 'SignedHeader'"):
        check(signed_at(NOW, with_headers(PLAIN, host=None)))


@pytest.mark.parametrize("value", ["a\nx-other:b", "a\r\nb", "caf\xe9", "\u1234", "\ud800"])
def test_values_that_http_forbids_are_never_canonical(value: str) -> None:
    http = signed_at(NOW, with_headers(PLAIN, x_first="a"))
    for name in ("x-first", "host"):
        with pytest.raises(InvalidSignatureException):
            check(with_headers(http, **{name: value}))
        with pytest.raises(InvalidSignatureException):
            signed_at(NOW, with_headers(PLAIN, **{name: value}))


@pytest.mark.parametrize("declared", ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "", "0" * 64])
def test_unsigned_or_streamed_payloads_are_refused(declared: str) -> None:
    with pytest.raises(InvalidSignatureException, match="x-amz-content-sha256"):
        check(signed_at(NOW, with_headers(PLAIN, x_amz_content_sha256=declared)))


def test_aws_chunked_is_refused() -> None:
    with pytest.raises(InvalidSignatureException, match="aws-chunked"):
        check(signed_at(NOW, with_headers(PLAIN, content_encoding="gzip, AWS-Chunked")))


# The scope and the clock.


@pytest.mark.parametrize("shift", [-300, -1, 0, 0.9, 300])
def test_inside_the_window(shift: float) -> None:
    check(SIGNED, now=NOW + shift)


def test_an_old_request_is_refused_in_aws_words() -> None:
    with pytest.raises(InvalidSignatureException) as refused:
        check(SIGNED, now=NOW + 301)
    assert refused.value.message == (
        "Signature expired: 20260926T101112Z is now earlier than 20260926T101113Z (20260926T101613Z - 5 min.)"
    )


def test_a_request_from_the_future_is_refused_in_aws_words() -> None:
    with pytest.raises(InvalidSignatureException) as refused:
        check(SIGNED, now=NOW - 301)
    assert refused.value.message == (
        "Signature not yet current: 20260926T101112Z is still later than 20260926T101111Z "
        "(20260926T100611Z + 5 min.)"
    )


@pytest.mark.parametrize("days", [1, 30, 365, 365 * 20])
def test_a_replay_is_refused_at_any_distance(days: int) -> None:
    for now in (NOW + days * 86400, NOW - days * 86400):
        with pytest.raises(InvalidSignatureException):
            check(SIGNED, now=now)


def test_a_replay_with_a_fresh_date_is_refused() -> None:
    later = with_headers(SIGNED, x_amz_date="20260926T111112Z")
    with pytest.raises(InvalidSignatureException, match="does not match the signature"):
        check(later, now=NOW + 3600)


def test_presigned_lives_from_five_minutes_before_until_it_expires() -> None:
    for now in (NOW - 300, NOW, NOW + 60):
        check(PRESIGNED, now=now)
    with pytest.raises(InvalidSignatureException, match="Signature not yet current"):
        check(PRESIGNED, now=NOW - 301)
    with pytest.raises(InvalidSignatureException) as refused:
        check(PRESIGNED, now=NOW + 61)
    assert refused.value.message == "Signature expired: 20260926T101212Z is now earlier than 20260926T101213Z"


SCOPES = [
    ("20260926/us-east-1/iam/aws4_request", "Credential should be scoped to correct service: 'kms'."),
    ("20260926/moon-1/kms/aws4_request", "Credential should be scoped to a valid region."),
    ("20260926//kms/aws4_request", "Credential should be scoped to a valid region."),
    (
        "20260926/us-east-1/kms/aws3_request",
        "Credential should be scoped with a valid terminator: 'aws4_request'.",
    ),
    (
        "20260925/us-east-1/kms/aws4_request",
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
        "'20260925' != '20260926', from '20260926T101112Z'.",
    ),
    (
        "20260926/moon-1/s3/aws4_request",
        "Credential should be scoped to a valid region. Credential should be scoped to correct service: "
        "'kms'.",
    ),
]


@pytest.mark.parametrize(("scope", "message"), SCOPES, ids=[scope for scope, _ in SCOPES])
def test_a_wrong_scope_is_named(scope: str, message: str) -> None:
    authorization = SIGNED.headers["authorization"].replace("20260926/us-east-1/kms/aws4_request", scope)
    with pytest.raises(InvalidSignatureException) as refused:
        check(with_headers(SIGNED, authorization=authorization))
    assert refused.value.message == message


# Missing and malformed pieces.

CREDENTIAL = "Credential=AKIAIOSFODNN7EXAMPLE/20260926/us-east-1/kms/aws4_request"
NAMES = "SignedHeaders=content-type;host;x-amz-date;x-amz-target"
SIGN = f"Signature={SIGNATURE}"
NO_CREDENTIAL = "Authorization header requires 'Credential' parameter."
NO_SIGNATURE = "Authorization header requires 'Signature' parameter."
NO_NAMES = "Authorization header requires 'SignedHeaders' parameter."
NO_DATE = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."

MALFORMED = [
    (f"AWS4-HMAC-SHA256 {NAMES}, {SIGN}", NO_CREDENTIAL),
    (f"AWS4-HMAC-SHA256 {CREDENTIAL}, {NAMES}", NO_SIGNATURE),
    (f"AWS4-HMAC-SHA256 {CREDENTIAL}, {SIGN}", NO_NAMES),
    (f"AWS4-HMAC-SHA256 {CREDENTIAL}, {NAMES}, Signature=", NO_SIGNATURE),
    (f"AWS4-HMAC-SHA256 {CREDENTIAL}", f"{NO_SIGNATURE} {NO_NAMES}"),
    ("Bearer abc", f"{NO_CREDENTIAL} {NO_SIGNATURE} {NO_NAMES}"),
    ("", f"{NO_CREDENTIAL} {NO_SIGNATURE} {NO_NAMES}"),
    ("AWS4-HMAC-SHA256", "missing equal-sign"),
    ("AWS4-HMAC-SHA256 ,,,", "missing equal-sign"),
    (f"aws4-hmac-sha256 {CREDENTIAL}, {NAMES}, {SIGN}", NO_CREDENTIAL),
    (f"AWS4-ECDSA-P256-SHA256 {CREDENTIAL}, {NAMES}, {SIGN}", "Unsupported AWS 'algorithm'"),
    (f"AWS4-HMAC-SHA256 {CREDENTIAL}, {NAMES}, {SIGN}, {SIGN}", "repeated parameter"),
    (f"AWS4-HMAC-SHA256 {CREDENTIAL}, {NAMES}, {SIGN}, Extra=1", "unknown or a repeated"),
    (
        f"AWS4-HMAC-SHA256 {CREDENTIAL}, {NAMES}, {SIGN},AWS4-HMAC-SHA256 {CREDENTIAL}, {NAMES}, {SIGN}",
        "unknown or a repeated",
    ),
    (f"AWS4-HMAC-SHA256 Credential=AKIA/20260926/kms, {NAMES}, {SIGN}", "exactly 5 slash-delimited"),
    (f"AWS4-HMAC-SHA256 {CREDENTIAL}/more, {NAMES}, {SIGN}", "exactly 5 slash-delimited"),
    (f"AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host;Host, {SIGN}", "lower case, sorted"),
    (f"AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=x-amz-date;host, {SIGN}", "lower case, sorted"),
    (f"AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host;host, {SIGN}", "lower case, sorted"),
    (f"AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=;host, {SIGN}", "lower case, sorted"),
    (
        f"AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders={';'.join(f'a{n:02}' for n in range(65))}, {SIGN}",
        "more than 64 headers",
    ),
    (f"AWS4-HMAC-SHA256 {CREDENTIAL}, {NAMES}, {SIGN}" + "a" * 8192, "too long"),
    (f"AWS4-HMAC-SHA256 {CREDENTIAL}, {NAMES}, Signature=\xe9", "non-ASCII"),
]


@pytest.mark.parametrize(("authorization", "message"), MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_authorization_headers(authorization: str, message: str) -> None:
    with pytest.raises(IncompleteSignatureException) as refused:
        check(with_headers(SIGNED, authorization=authorization))
    assert message in (refused.value.message or "")
    assert SIGNATURE not in (refused.value.message or "")


def test_everything_missing_is_listed() -> None:
    with pytest.raises(IncompleteSignatureException) as refused:
        check(with_headers(SIGNED, authorization="AWS4-HMAC-SHA256 Credential=", x_amz_date=None))
    assert refused.value.message == f"{NO_CREDENTIAL} {NO_SIGNATURE} {NO_NAMES} {NO_DATE}"


def test_an_unsigned_request_is_missing_its_token() -> None:
    with pytest.raises(MissingAuthenticationTokenException, match="Missing Authentication Token"):
        check(PLAIN)
    with pytest.raises(MissingAuthenticationTokenException):
        check(replace(PLAIN, query="Signature=a&AWSAccessKeyId=b&SignatureVersion=2"))


@pytest.mark.parametrize("key_id", ["ab", "", "a" * 129, "AKIA.EXAMPLE", "AKIA EXAMPLE"])
def test_what_cannot_be_an_access_key_id_is_unrecognized(key_id: str) -> None:
    authorization = SIGNED.headers["authorization"].replace("AKIAIOSFODNN7EXAMPLE", key_id)
    with pytest.raises(
        UnrecognizedClientException, match="security token included in the request is invalid"
    ):
        sigv4.read(with_headers(SIGNED, authorization=authorization))


@pytest.mark.parametrize("token", ["a" * (sigv4_claim.MAX_TOKEN + 1), "caf\xe9"])
def test_what_cannot_be_a_session_token_is_unrecognized(token: str) -> None:
    with pytest.raises(UnrecognizedClientException):
        sigv4.read(with_headers(SIGNED, x_amz_security_token=token))


@pytest.mark.parametrize(
    "date",
    [
        "2026-09-26T10:11:12Z",
        "20260926T101112",
        "20260926T101112z",
        "20260926 101112Z",
        "20261326T101112Z",
        "20260926T251112Z",
        "00000926T101112Z",
        "2026W394T101112Z",
        "20260926T1011-1Z",
        "\u0662\u0660260926T101112Z",
        "20260926T101112Z,20260926T101112Z",
        "Sat, 26 Sep 2026 10:11:12 GMT",
    ],
)
def test_malformed_dates(date: str) -> None:
    with pytest.raises(IncompleteSignatureException, match="ISO-8601 'basic format'"):
        check(with_headers(SIGNED, x_amz_date=date))


@pytest.mark.parametrize(
    "date", ["26 Sep 2026 GMT", "Sat, 26 Foo 2026 10:11:12 GMT", "Sat, 6 Sep 26 1:1:1 GMT"]
)
def test_malformed_date_headers(date: str) -> None:
    with pytest.raises(IncompleteSignatureException, match="ISO-8601 'basic format'"):
        check(with_headers(SIGNED, x_amz_date=None, date=date))


def test_two_signatures_are_refused() -> None:
    both = replace(PRESIGNED, headers=SIGNED.headers)
    with pytest.raises(IncompleteSignatureException, match="not by both"):
        check(both)
    with pytest.raises(IncompleteSignatureException, match="not by both"):
        check(replace(SIGNED, query="X%2DAmz-Signature=a"))


@pytest.mark.parametrize(
    "name", ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders"]
)
def test_presigned_pieces_are_each_needed_once(name: str) -> None:
    pieces = PRESIGNED.query.split("&")
    rest = [piece for piece in pieces if not piece.startswith(f"{name}=")]
    with pytest.raises(IncompleteSignatureException, match=f"must include '{name}'"):
        check(replace(PRESIGNED, query="&".join(rest)))
    twice = [*pieces, next(piece for piece in pieces if piece.startswith(f"{name}="))]
    with pytest.raises(IncompleteSignatureException, match="repeated"):
        check(replace(PRESIGNED, query="&".join(twice)))


@pytest.mark.parametrize("expires", ["0", "-1", "604801", "9999999999", "1.5", "\u0663", "60 "])
def test_presigned_expiry_is_bounded(expires: str) -> None:
    query = PRESIGNED.query.replace("X-Amz-Expires=60", f"X-Amz-Expires={expires}")
    with pytest.raises(IncompleteSignatureException, match="X-Amz-Expires"):
        check(replace(PRESIGNED, query=query))
    with pytest.raises(ValueError, match="expires"):
        sigv4.presign(PLAIN, CREDENTIALS, "us-east-1", "kms", TIMESTAMP, 0)


def test_presigned_sigv4a_and_token_in_a_header_are_refused() -> None:
    with pytest.raises(IncompleteSignatureException, match="Unsupported AWS 'algorithm'"):
        check(replace(PRESIGNED, query=PRESIGNED.query.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")))
    with pytest.raises(IncompleteSignatureException, match="X-Amz-Security-Token"):
        check(with_headers(PRESIGNED, x_amz_security_token="token"))


def test_the_target_is_bounded() -> None:
    with pytest.raises(IncompleteSignatureException, match="too long"):
        check(replace(SIGNED, query="a=" + "b" * sigv4_claim.MAX_TARGET))


any_text = st.text(max_size=60)
pieces = st.sampled_from(
    ["AWS4-HMAC-SHA256 ", CREDENTIAL, NAMES, SIGN, ", ", ",", "=", "/", ";", "\n", "%0A", "&", "\x00", "\xe9"]
)
any_header = st.one_of(any_text, st.lists(st.one_of(pieces, st.text(max_size=3)), max_size=9).map("".join))
any_query = st.one_of(
    any_text,
    st.lists(
        st.one_of(st.sampled_from(PRESIGNED.query.split("&")), any_text.map("X-Amz-Credential={}".format)),
        max_size=9,
    ).map("&".join),
)


@settings(max_examples=300)
@given(any_header, any_query, any_text, st.booleans())
def test_any_input_is_a_claim_or_a_declared_error(header: str, query: str, date: str, signed: bool) -> None:
    http = replace(PLAIN, query=query, headers={**HEADERS, "x-amz-date": date, "date": date})
    if signed:
        http = with_headers(http, authorization=header, x_amz_date=TIMESTAMP)
    with pytest.raises(AwsError):
        check(http)


@given(any_text, any_text)
def test_the_query_has_one_canonical_form(name: str, value: str) -> None:
    canonical = sigv4.canonical_query(f"{name}={value}", presigned=False)
    assert canonical.isascii()
    assert sigv4.canonical_query(canonical, presigned=False) == canonical


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("b=2&a=1", "a=1&b=2"),
        ("a=2&a=1", "a=1&a=2"),
        ("a", "a="),
        ("&&a=b=c&", "a=b%3Dc"),
        ("a=%2f%7e+x", "a=%2F~%20x"),
        ("a=%zz", "a=%25zz"),
        ("a=%ff", "a=%FF"),
        ("A=1&a=2&a-=3&a0=4", "A=1&a=2&a-=3&a0=4"),
    ],
)
def test_canonical_query(query: str, canonical: str) -> None:
    assert sigv4.canonical_query(query, presigned=False) == canonical


# Remembered keys, and what is never shown.


def test_verify_is_the_same_with_and_without_remembered_keys() -> None:
    keys = sigv4.SigningKeys()
    claim = sigv4.read(SIGNED)
    for _ in range(2):
        sigv4.verify(claim, SIGNED, SECRET, keys)
        with pytest.raises(InvalidSignatureException):
            sigv4.verify(claim, SIGNED, "another", keys)


def test_nothing_secret_is_shown() -> None:
    token = "token-not-to-be-shown"
    credentials = sigv4.Credentials(CREDENTIALS.access_key_id, CREDENTIALS.secret, token)
    keys = sigv4.SigningKeys()
    http = sigv4.sign(PLAIN, credentials, "us-east-1", "kms", TIMESTAMP)
    claim = sigv4.read(http)
    sigv4.verify(claim, http, SECRET, keys)
    shown = repr((credentials, keys, claim))
    for secret in (SECRET, token, claim.signature):
        assert secret not in shown
    with pytest.raises(InvalidSignatureException) as refused:
        sigv4.verify(claim, replace(http, body=b""), SECRET, keys)
    assert claim.signature not in str(refused.value)
