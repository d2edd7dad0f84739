"""What ends the use of credentials, from the next request on."""

from typing import Any

import pytest
from sts_world import ALL, World, document, role_arn, trusts, user_arn
from tests.iam.in_process import Chance

from keystead.crypto.owned_keys import PURPOSES

Refused = Any

KMS_INVALID = ("UnrecognizedClientException", "The security token included in the request is invalid.")
INVALID = ("InvalidClientTokenId", "The security token included in the request is invalid.")
EXPIRED = "The security token included in the request is expired"


def session_of(world: World, name: str = "reader") -> Any:
    return world.assume(world.user("ada"), world.role(name, trusts(user_arn("ada"))))


def test_sessions_end(world: World, refused: Refused) -> None:
    session = session_of(world)
    kms, sts = world.client("kms", session), world.client("sts", session)
    world.wait(3600 - 1 - world.inside.now % 1)
    kms.list_keys()
    world.wait(1)
    assert refused(kms.list_keys) == ("ExpiredTokenException", EXPIRED)
    assert refused(sts.get_caller_identity) == ("ExpiredToken", EXPIRED)
    assert refused(world.client("iam", session).list_users) == ("ExpiredToken", EXPIRED)


@pytest.mark.parametrize("seen", [False, True])
def test_the_sessions_of_a_deleted_role_end(world: World, refused: Refused, seen: bool) -> None:
    kms = world.client("kms", session_of(world))
    if seen:
        kms.list_keys()
    world.delete_role("reader")
    assert refused(kms.list_keys) == KMS_INVALID
    world.role("reader", trusts(user_arn("ada")))  # the same name, and another role
    assert refused(kms.list_keys) == KMS_INVALID


def test_the_sessions_of_a_deleted_user_end(world: World, refused: Refused) -> None:
    ada = world.user("ada", ALL)
    sts = world.client("sts", ada)
    own = world.client("kms", sts.get_session_token()["Credentials"])
    own.list_keys()
    world.iam.delete_user_policy(UserName="ada", PolicyName="p")
    world.iam.delete_access_key(UserName="ada", AccessKeyId=ada["AccessKeyId"])
    assert refused(own.list_keys)[0] == "AccessDeniedException"
    world.iam.delete_user(UserName="ada")
    assert refused(own.list_keys) == KMS_INVALID
    assert refused(sts.get_caller_identity) == INVALID


def test_a_deactivated_key_signs_nothing_more(world: World, refused: Refused) -> None:
    ada = world.user("ada", ALL)
    sts = world.client("sts", ada)
    session = sts.get_session_token()["Credentials"]
    world.iam.update_access_key(UserName="ada", AccessKeyId=ada["AccessKeyId"], Status="Inactive")
    assert refused(sts.get_caller_identity) == INVALID
    # As on AWS, sessions made before live on until they end; a policy can end them, as below.
    assert world.client("sts", session).get_caller_identity()


def test_a_policy_ends_sessions_by_when_they_were_issued(world: World, refused: Refused) -> None:
    """What "Revoke active sessions" of AWS's console puts on a role."""
    ada, role = world.user("ada"), world.role("reader", trusts(user_arn("ada")))
    before = world.client("kms", world.assume(ada, role))
    before.list_keys()
    now = "2027-01-15T08:02:04Z"  # a second later
    world.wait(2)
    revoke = {
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": now}},
    }
    world.set_policy("reader", ALL, revoke)
    assert refused(before.list_keys)[1].endswith("with an explicit deny in an identity-based policy")
    world.client("kms", world.assume(ada, role)).list_keys()


def test_what_was_allowed_before_is_decided_anew(world: World, refused: Refused) -> None:
    """A decision that rested on policies alone is remembered, and not beyond a change of them."""
    kms, key = world.client("kms", session_of(world)), world.key()
    for _ in range(2):
        kms.encrypt(KeyId=key, Plaintext=b"x")
    world.set_policy("reader", ALL | {"Action": "kms:ListKeys"})
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x")[0] == "AccessDeniedException"
    world.set_policy("reader", ALL)
    kms.encrypt(KeyId=key, Plaintext=b"x")
    world.set_boundary("reader", world.managed_policy("B", ALL | {"Action": "kms:ListKeys"}))
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x")[1].endswith(
        "because no permissions boundary allows the kms:Encrypt action"
    )
    world.set_boundary("reader", None)
    kms.encrypt(KeyId=key, Plaintext=b"x")


def test_sessions_of_one_role_do_not_share_decisions(world: World, refused: Refused) -> None:
    ada, key = world.user("ada"), world.key()
    role = world.role("reader", trusts(user_arn("ada")))
    free, bound = (
        world.assume(ada, role),
        world.assume(ada, role, Policy=document(ALL | {"Action": "kms:ListKeys"})),
    )
    world.client("kms", free).encrypt(KeyId=key, Plaintext=b"x")
    limited = world.client("kms", bound)
    assert refused(limited.encrypt, KeyId=key, Plaintext=b"x")[0] == "AccessDeniedException"


@pytest.mark.parametrize("seen", [False, True])
def test_tampered_tokens_are_refused(world: World, refused: Refused, seen: bool) -> None:
    session = session_of(world)
    if seen:
        world.client("sts", session).get_caller_identity()
    token = session["SessionToken"]
    other = "A" if token[60] != "A" else "B"
    for wrong in (token[:60] + other + token[61:], token[:-1], token + "A", token[1:], "", "x" * 200):
        tampered = session | {"SessionToken": wrong}
        assert refused(world.client("sts", tampered).get_caller_identity) == INVALID
        assert refused(world.client("kms", tampered).list_keys) == KMS_INVALID
    assert world.client("sts", session).get_caller_identity()


def test_tokens_belong_to_their_keys(world: World, refused: Refused) -> None:
    ada = world.user("ada", ALL)
    first = world.assume(ada, world.role("first", trusts(user_arn("ada"))))
    second = world.assume(ada, world.role("second", trusts(user_arn("ada"))))
    for session in (first, second):
        world.client("sts", session).get_caller_identity()
    for mixed in (
        first | {"SessionToken": second["SessionToken"]},
        ada | {"SessionToken": first["SessionToken"]},
        {name: first[name] for name in ("AccessKeyId", "SecretAccessKey")},
    ):
        assert refused(world.client("sts", mixed).get_caller_identity) == INVALID
    stolen = first | {"SecretAccessKey": second["SecretAccessKey"]}
    assert refused(world.client("sts", stolen).get_caller_identity)[0] == "SignatureDoesNotMatch"


def test_no_last_use_is_kept_of_temporary_keys(world: World) -> None:
    session = session_of(world)
    world.client("kms", session).list_keys()
    world.inside.service.keep_last_uses()
    used = world.iam.get_access_key_last_used(AccessKeyId=world_key(world))["AccessKeyLastUsed"]
    assert used["ServiceName"] == "sts"


def world_key(world: World) -> str:
    (key,) = world.iam.list_access_keys(UserName="ada")["AccessKeyMetadata"]
    return str(key["AccessKeyId"])


class OtherOwnedKeys(Chance):
    """Draws what every world draws, but for the material of owned keys, which comes first."""

    def __init__(self) -> None:
        super().__init__()
        self._left = 2 * len(PURPOSES)  # the material, then the salt and nonce that seal it

    def __call__(self, length: int) -> bytes:
        drawn = super().__call__(length)
        if not self._left:
            return drawn
        self._left -= 1
        return bytes(255 - byte for byte in drawn)


def test_tokens_of_another_server_are_refused(world: World, refused: Refused) -> None:
    other = World(root_key=b"\x08" * 32, random=OtherOwnedKeys())
    try:
        foreign = session_of(other)
        session_of(world)
        assert other.role_id("reader") == world.role_id("reader"), "but for keys that seal all is the same"
        assert other.client("sts", foreign).get_caller_identity()
        assert refused(world.client("sts", foreign).get_caller_identity) == INVALID
    finally:
        other.close()


def test_a_role_that_trusts_no_more_keeps_its_sessions(world: World, refused: Refused) -> None:
    """As on AWS: trust is for the moment of assuming."""
    ada, role = world.user("ada"), world.role("reader", trusts(user_arn("ada")))
    session = world.assume(ada, role)
    world.user("bob")
    world.iam.update_assume_role_policy(RoleName="reader", PolicyDocument=document(trusts(user_arn("bob"))))
    assert world.client("sts", session).get_caller_identity()
    sts = world.client("sts", ada)
    assert refused(sts.assume_role, RoleArn=role_arn("reader"), RoleSessionName="run")[0] == "AccessDenied"
