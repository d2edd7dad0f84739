"""botocore as the independent implementation: what it signs verifies here, and we sign the same."""

from datetime import UTC, datetime
from unittest import mock
from urllib.parse import quote, urlsplit

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.names import AccessKeyId
from keystead.wire import sigv4
from keystead.wire.http import HttpRequest

KEY_ID = "AKIAIOSFODNN7EXAMPLE"
NOW = datetime(2026, 9, 26, 10, 11, 12, tzinfo=UTC)
TIMESTAMP = "20260926T101112Z"

visible = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=12)
secrets = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40)
tokens = st.none() | st.text("abcXYZ012/+=", min_size=1, max_size=60)
anything = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
segments = st.lists(st.one_of(anything, st.sampled_from(["", ".", "..", "%2F", "a b"])), max_size=5)
queries = st.dictionaries(
    anything.filter(lambda name: name != "" and not name.startswith("X-Amz-")), anything, max_size=5
)
values = st.lists(visible, min_size=1, max_size=3).map("   ".join)
names = st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True).map("x-test-{}".format)
headers = st.dictionaries(names, values, max_size=4)
services = st.sampled_from(["kms", "iam", "sts", "access-analyzer"])
regions = st.sampled_from(["us-east-1", "eu-central-2"])
methods = st.sampled_from(["GET", "POST", "PUT", "DELETE"])


def encoded(query: dict[str, str]) -> str:
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query.items())


def url_of(path: list[str], query: dict[str, str]) -> str:
    target = "https://kms.example.com/" + "/".join(quote(segment, safe="~%") for segment in path)
    return f"{target}?{encoded(query)}" if query else target


def received(request: AWSRequest) -> HttpRequest:
    """What a server gets of a request signed by botocore."""
    parts = urlsplit(request.url)
    arrived = {name.lower(): value for name, value in request.headers.items()}
    arrived.setdefault("host", parts.netloc)
    return HttpRequest(
        request.method, parts.path, parts.query, arrived, request.data or b"", "192.0.2.1", True
    )


def signed_by_botocore(auth: botocore.auth.BaseSigner, request: AWSRequest) -> HttpRequest:
    with mock.patch("botocore.auth.get_current_datetime", return_value=NOW):
        auth.add_auth(request)
    return received(request)


def check(http: HttpRequest, service: str, region: str, secret: str) -> sigv4.Claim:
    claim = sigv4.read(http)
    sigv4.check_scope(claim, service, {region}, NOW.timestamp())
    sigv4.verify(claim, http, secret)
    return claim


@settings(max_examples=150)
@given(methods, segments, queries, headers, st.binary(max_size=64), secrets, tokens, services, regions)
def test_header_form(method, path, query, extra, body, secret, token, service, region) -> None:
    request = AWSRequest(method, url_of(path, query), headers=extra, data=body)
    auth = botocore.auth.SigV4Auth(BotocoreCredentials(KEY_ID, secret, token), service, region)
    http = signed_by_botocore(auth, request)

    claim = check(http, service, region, secret)
    assert (claim.access_key_id, claim.token, claim.presigned) == (KEY_ID, token, False)

    bare = HttpRequest(
        method, http.path, http.query, {"host": "kms.example.com", **extra}, body, "192.0.2.1", True
    )
    ours = sigv4.sign(
        bare, sigv4.Credentials(AccessKeyId.parse(KEY_ID), secret, token), region, service, TIMESTAMP
    )
    assert sigv4.read(ours) == claim


@settings(max_examples=150)
@given(segments, queries, headers, secrets, tokens, services, regions, st.integers(1, 604800))
def test_presigned_form(path, query, extra, secret, token, service, region, expires) -> None:
    request = AWSRequest("GET", url_of(path, query), headers=extra)
    credentials = BotocoreCredentials(KEY_ID, secret, token)
    auth = botocore.auth.SigV4QueryAuth(credentials, service, region, expires=expires)
    http = signed_by_botocore(auth, request)

    claim = check(http, service, region, secret)
    assert (claim.token, claim.presigned, claim.expires) == (token, True, expires)

    bare = HttpRequest(
        "GET", http.path, encoded(query), {"host": "kms.example.com", **extra}, b"", "192.0.2.1", True
    )
    ours = sigv4.presign(
        bare, sigv4.Credentials(AccessKeyId.parse(KEY_ID), secret, token), region, service, TIMESTAMP, expires
    )
    assert sigv4.read(ours) == claim
    check(ours, service, region, secret)
