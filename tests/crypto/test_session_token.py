import base64
import random
import zlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.crypto.material import Sealer
from keystead.crypto.session_token import (
    MAX_PACKED,
    MAX_TOKEN,
    SESSION_TOKEN,
    InvalidSessionToken,
    new_session_token,
    open_session_token,
    packed_size,
)
from keystead.model import Forwarding, Session, SessionKind, SessionTag, WebIdentity
from keystead.names import AccessKeyId, AccountId, Region, ServiceName
from keystead.wire import sigv4_claim

SEALER = Sealer(bytes(range(32)))
SESSION = Session(
    kind=SessionKind.ROLE,
    access_key_id=AccessKeyId("ASIAEXAMPLE000000000"),
    secret="s" * 40,
    account=AccountId("111122223333"),
    principal="AROAEXAMPLE00000000000",
    name="run",
    issued=1_800_000_000_000,
    expires=1_800_003_600_000,
)
TOKEN = new_session_token(SEALER, SESSION)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

texts = st.text(st.characters(codec="utf-8"), max_size=60)
sessions = st.builds(
    Session,
    kind=st.sampled_from(SessionKind),
    access_key_id=st.from_regex(r"ASIA[A-Z2-7]{16}", fullmatch=True).map(AccessKeyId),
    secret=texts,
    account=st.from_regex(r"[0-9]{12}", fullmatch=True).map(AccountId),
    principal=st.none() | texts,
    name=texts,
    issued=st.integers(0, 2**53),
    expires=st.integers(0, 2**53),
    policy=st.none() | texts,
    policy_arns=st.lists(texts, max_size=3).map(tuple),
    tags=st.lists(st.builds(SessionTag, texts, texts, st.booleans()), max_size=3).map(tuple),
    source_identity=st.none() | texts,
    mfa_time=st.none() | st.integers(0, 2**53),
    web_identity=st.none() | st.builds(WebIdentity, texts, texts, texts),
    forwarded=st.none()
    | st.builds(
        Forwarding,
        services=st.lists(
            st.sampled_from(["s3", "objectstore"]).map(ServiceName), min_size=1, max_size=5
        ).map(tuple),
        region=st.just(Region("eu-west-1")),
        since=st.integers(0, 2**53),
        access_key_id=st.just(AccessKeyId("AKIAEXAMPLE000000000")),
        long_term=st.booleans(),
    ),
)


def refused(token: str) -> bool:
    try:
        open_session_token(SEALER, token)
    except InvalidSessionToken:
        return True
    return False


@given(sessions)
def test_a_token_carries_its_session(session: Session) -> None:
    opened = open_session_token(SEALER, new_session_token(SEALER, session))
    assert opened == session
    assert type(opened.account) is AccountId
    assert type(opened.access_key_id) is AccessKeyId


def test_tokens_of_one_session_have_nothing_to_see_in_common() -> None:
    tokens = {new_session_token(SEALER, SESSION) for _ in range(50)}
    assert len(tokens) == 50
    assert all(secret not in token for token in tokens for secret in (SESSION.secret, "AROAEXAMPLE"))


def sealed(plain: bytes, purpose: str = SESSION_TOKEN, names: tuple[str, ...] = ()) -> str:
    return base64.urlsafe_b64encode(SEALER.seal(plain, purpose, names)).rstrip(b"=").decode()


def test_what_else_the_root_key_sealed_is_no_token() -> None:
    plain = b"\x02" + zlib.compress(
        msgspec.msgpack.encode(SESSION, enc_hook=str.__str__)  # type: ignore[arg-type]  # texts alone ask it
    )
    assert open_session_token(SEALER, sealed(plain)) == SESSION
    for purpose, names in (("grant token", ()), ("access key secret", ("ASIA",)), (SESSION_TOKEN, ("",))):
        assert refused(sealed(plain, purpose, names))


@pytest.mark.parametrize(
    "plain",
    [
        b"".ljust(100),
        b"\x03" + zlib.compress(b"x" * 100).ljust(100),
        b"\x02" + b"no zlib at all".ljust(100),
        b"\x02" + zlib.compress(random.Random(1).randbytes(100)),
        b"\x02" + zlib.compress(msgspec.msgpack.encode({"kind": "role"})).ljust(100, b"\0"),
        b"\x02" + zlib.compress(bytes(1 << 24)),
        b"\x02" + zlib.compress(random.Random(1).randbytes(100))[:-1],
    ],
)
def test_a_content_that_is_no_session_is_refused(plain: bytes) -> None:
    assert refused(sealed(plain))


@given(st.text(max_size=300) | st.text(ALPHABET, min_size=90, max_size=500))
def test_no_text_gives_another_exception(text: str) -> None:
    assert refused(text)


@settings(max_examples=20)
@given(st.integers(0, 4096))
def test_a_token_can_be_asked_to_be_long(size: int) -> None:
    token = new_session_token(SEALER, SESSION, at_least=size)
    assert max(size, len(TOKEN)) <= len(token) <= max(size + 3, len(TOKEN))
    assert open_session_token(SEALER, token) == SESSION


def test_what_may_be_packed_fits_into_a_token() -> None:
    """The worst there is: nothing in it can be packed."""
    chance = random.Random(1)

    def noise(length: int) -> str:
        return "".join(chr(chance.randrange(0x21, 0xFF)) for _ in range(length))

    policy = noise(2048)
    for count in range(50, 0, -1):
        tags = tuple(SessionTag(noise(128), noise(256), True) for _ in range(count))
        full = Session(
            kind=SessionKind.FEDERATED_USER,
            access_key_id=SESSION.access_key_id,
            secret=noise(40),
            account=SESSION.account,
            principal=noise(32),
            name=noise(64),
            issued=1,
            expires=2,
            policy=policy,
            tags=tags,
            source_identity=noise(64),
            web_identity=WebIdentity(noise(300), noise(255), noise(255)),
            forwarded=Forwarding(
                tuple(ServiceName(noise(63)) for _ in range(5)),
                Region("ap-southeast-2"),
                1 << 41,
                SESSION.access_key_id,
                long_term=False,
            ),
        )
        if packed_size(full) <= MAX_PACKED:
            assert len(new_session_token(SEALER, full)) <= MAX_TOKEN
            return
    raise AssertionError("nothing fitted")


def test_what_does_not_fit_is_refused() -> None:
    chance = random.Random(1)
    name = "".join(chr(chance.randrange(0x21, 0x3000)) for _ in range(6000))
    with pytest.raises(ValueError, match="does not fit"):
        new_session_token(
            SEALER,
            Session(
                SessionKind.ROLE, SESSION.access_key_id, "", SESSION.account, None, name, issued=0, expires=0
            ),
        )


def test_secrets_are_not_shown() -> None:
    assert "ssss" not in repr(SESSION)


def test_a_token_may_be_as_long_as_requests_may_carry() -> None:
    assert MAX_TOKEN == sigv4_claim.MAX_TOKEN
