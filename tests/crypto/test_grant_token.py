import base64

from hypothesis import given
from hypothesis import strategies as st

from keystead.crypto.grant_token import (
    GRANT_TOKEN,
    InvalidGrantToken,
    NamedGrant,
    new_grant_token,
    open_grant_token,
)
from keystead.crypto.material import Sealer
from keystead.names import GrantId, KeyArn

SEALER = Sealer(bytes(range(32)))
KEY = KeyArn.parse("arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
GRANT = NamedGrant(KEY, GrantId.parse("5a" * 32))
TOKEN = new_grant_token(SEALER, GRANT)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def refused(token: str) -> bool:
    try:
        open_grant_token(SEALER, token)
    except InvalidGrantToken:
        return True
    return False


def test_tokens_of_one_grant_differ_and_name_it() -> None:
    tokens = {new_grant_token(SEALER, GRANT) for _ in range(100)}
    assert len(tokens) == 100
    assert {open_grant_token(SEALER, token) for token in tokens} == {GRANT}
    assert max(map(len, tokens)) <= 400


def test_what_else_the_root_key_sealed_is_no_token() -> None:
    text = f"{GRANT.key} {GRANT.id}".encode()
    for purpose, names in (("key material", ()), (GRANT_TOKEN, ("",)), ("", ())):
        sealed = SEALER.seal(text, purpose, names)
        assert refused(base64.urlsafe_b64encode(sealed).rstrip(b"=").decode())
    for content in (b"", b"arn", text[:-1], text + b"0", text.upper()):
        sealed = SEALER.seal(content.ljust(110), GRANT_TOKEN, ())
        assert refused(base64.urlsafe_b64encode(sealed).rstrip(b"=").decode())


@given(st.text(max_size=500) | st.text(ALPHABET, min_size=190, max_size=410))
def test_no_text_gives_another_exception(text: str) -> None:
    assert refused(text)
