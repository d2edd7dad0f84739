"""Of two things that are wrong with a call, which one it is told: KMS recordings, "order of checks"."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from scene import Scene, arn, no_identity_policy
from uses import USES, Use
from world import refused

from keystead.kinds import KeyState

DRY_RUN = "The request would have succeeded, but the DryRun option is set."
ABSENT = "00000000-0000-4000-8000-00000000dead"


class Keys(Scene):
    """A scene with keys of all kinds, and a user whom nothing allows anything."""

    def __init__(self) -> None:
        super().__init__()
        self.stranger = self.user("stranger")
        self._of: dict[tuple[str, str, bool], str] = {}

    def of(self, spec: str, usage: str, *, disabled: bool = False) -> str:
        """A key of a kind, made when it is first asked for."""
        name = (spec, usage, disabled)
        if name not in self._of:
            self._of[name] = self.new(spec, usage)
            if disabled:
                self.kms.disable_key(KeyId=self._of[name])
        return self._of[name]


@pytest.fixture(scope="module")
def keys() -> Iterator[Keys]:
    made = Keys()
    yield made
    made.inside.store.close()


class Asked(NamedTuple):
    """A call in the making."""

    kms: Any
    spec: str
    usage: str
    arguments: dict[str, Any]
    disabled: bool = False
    absent: bool = False


Spoil = Callable[[Asked], Asked]


class Wrong(NamedTuple):
    """Something that is wrong with a call, and the error that tells it, which may name the key's ARN."""

    code: str
    message: str
    spoil: Spoil


def replacing(arguments: dict[str, Any]) -> Spoil:
    return lambda asked: asked._replace(arguments=asked.arguments | arguments)


def wrongs(keys: Keys, use: Use) -> list[Wrong]:
    """All that can be wrong, in the order in which it is told."""
    spec, usage = use.misused
    refusal = no_identity_policy("stranger", f"kms:{use.operation}", "<key>")
    absent = keys.key.rpartition("/")[0] + f"/{ABSENT}"
    return [
        Wrong("InvalidGrantTokenException", "", replacing({"GrantTokens": ["no token"]})),
        Wrong(
            "NotFoundException", f"Key '{absent}' does not exist", lambda asked: asked._replace(absent=True)
        ),
        Wrong("AccessDeniedException", refusal, lambda asked: asked._replace(kms=keys.stranger)),
        Wrong("DisabledException", "<key> is disabled.", lambda asked: asked._replace(disabled=True)),
        Wrong(
            "InvalidKeyUsageException",
            f"<key> key usage is {usage} which is not valid for {use.operation}.",
            lambda asked: asked._replace(spec=spec, usage=usage),
        ),
        *(Wrong(fault.code, fault.message, replacing(fault.arguments)) for fault in use.faults),
        Wrong("DryRunOperationException", DRY_RUN, replacing({"DryRun": True})),
    ]


@pytest.mark.parametrize("use", USES, ids=lambda use: use.operation)
def test_the_first_thing_that_is_wrong_is_told(keys: Keys, use: Use) -> None:
    key = keys.of(use.spec, use.usage)
    good = Asked(keys.kms, use.spec, use.usage, use.arguments(keys.kms, key))
    use.call(good.kms, KeyId=key, **good.arguments)
    wrong = wrongs(keys, use)
    for number, first in enumerate(wrong):
        alone, together = first.spoil(good), good
        for one in reversed(wrong[number:]):
            if one.code == "AccessDeniedException" and first.code == "NotFoundException":
                continue  # whom nothing can allow the action is not told that there is no such key
            together = one.spoil(together)
        for asked in (alone, together):
            named = ABSENT if asked.absent else keys.of(asked.spec, asked.usage, disabled=asked.disabled)
            said = refused(first.code, getattr(asked.kms, use.method), KeyId=named, **asked.arguments)
            assert said == first.message.replace("<key>", named)


@pytest.mark.parametrize("use", USES, ids=lambda use: use.operation)
def test_whom_nothing_allows_the_action_does_not_learn_whether_a_key_is_there(keys: Keys, use: Use) -> None:
    arguments = use.arguments(keys.kms, keys.of(use.spec, use.usage))
    refused("AccessDeniedException", getattr(keys.stranger, use.method), KeyId=ABSENT, **arguments)


@pytest.mark.parametrize("use", USES, ids=lambda use: use.operation)
def test_aliases_and_their_arns_name_keys_too(keys: Keys, use: Use) -> None:
    key = keys.of(use.spec, use.usage)
    alias = f"alias/{use.operation}"
    keys.kms.create_alias(AliasName=alias, TargetKeyId=key)
    arguments = use.arguments(keys.kms, key)
    for name in (alias, key.rpartition(":")[0] + f":{alias}", key.rpartition("/")[2], key):
        assert use.call(keys.kms, KeyId=name, **arguments)["KeyId"] == key


@pytest.mark.parametrize("use", USES, ids=lambda use: use.operation)
def test_a_grant_allows_it_and_its_token_is_taken(keys: Keys, use: Use) -> None:
    key = keys.of(use.spec, use.usage)
    arguments = use.arguments(keys.kms, key)
    asked = {"GranteePrincipal": arn("stranger"), "Operations": [use.operation]}
    grant = keys.kms.create_grant(KeyId=key, **asked)
    try:
        use.call(keys.stranger, KeyId=key, **arguments)
        use.call(keys.stranger, KeyId=key, GrantTokens=[grant["GrantToken"]], **arguments)
        asked = {"KeyId": key, "DryRun": True, "GrantTokens": [grant["GrantToken"]], **arguments}
        assert refused("DryRunOperationException", getattr(keys.stranger, use.method), **asked) == DRY_RUN
    finally:
        keys.kms.revoke_grant(KeyId=key, GrantId=grant["GrantId"])
    refused("AccessDeniedException", getattr(keys.stranger, use.method), KeyId=key, **arguments)


def test_a_grant_of_another_operation_allows_nothing_here(keys: Keys) -> None:
    key = keys.of("ECC_NIST_P256", "SIGN_VERIFY")
    asked = {"GranteePrincipal": arn("stranger"), "Operations": ["Verify", "GetPublicKey"]}
    grant = keys.kms.create_grant(KeyId=key, **asked)["GrantId"]
    keys.stranger.get_public_key(KeyId=key)
    refused(
        "AccessDeniedException",
        keys.stranger.sign,
        KeyId=key,
        Message=b"x",
        SigningAlgorithm="ECDSA_SHA_256",
    )
    keys.kms.revoke_grant(KeyId=key, GrantId=grant)


class TestGetPublicKey:
    @pytest.mark.parametrize(
        ("spec", "usage"),
        [("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"), ("HMAC_256", "GENERATE_VERIFY_MAC")],
    )
    def test_of_a_key_without_one(self, keys: Keys, spec: str, usage: str) -> None:
        key = keys.of(spec, usage)
        assert refused("UnsupportedOperationException", keys.kms.get_public_key, KeyId=key) == ""
        said = refused("AccessDeniedException", keys.stranger.get_public_key, KeyId=key)
        assert said == no_identity_policy("stranger", "kms:GetPublicKey", key)

    def test_order(self, keys: Keys) -> None:
        key = keys.of("ECC_NIST_P256", "SIGN_VERIFY")
        token = ["no token"]
        refused("InvalidGrantTokenException", keys.kms.get_public_key, KeyId=ABSENT, GrantTokens=token)
        refused("NotFoundException", keys.kms.get_public_key, KeyId=ABSENT)
        disabled = keys.of("ECC_NIST_P256", "SIGN_VERIFY", disabled=True)
        refused("AccessDeniedException", keys.stranger.get_public_key, KeyId=disabled)
        assert keys.kms.get_public_key(KeyId=disabled)["KeyId"] == disabled  # recorded
        assert keys.kms.get_public_key(KeyId=key)["KeyId"] == key


def test_a_data_key_pair_needs_a_symmetric_key(keys: Keys) -> None:
    """After the usage, before the dry run; recorded."""
    key = keys.of("RSA_2048", "ENCRYPT_DECRYPT")
    sentence = "You cannot generate a data key pair with an asymmetric CMK"
    asked = {"KeyId": key, "KeyPairSpec": "ECC_NIST_P256", "DryRun": True}
    for call in (keys.kms.generate_data_key_pair, keys.kms.generate_data_key_pair_without_plaintext):
        assert refused("InvalidKeyUsageException", call, **asked) == sentence


@pytest.mark.parametrize("state", [KeyState.PENDING_DELETION, KeyState.PENDING_IMPORT])
def test_the_state_comes_before_the_usage(scene: Scene, state: KeyState) -> None:
    scene.set_state(state)
    refused(
        "KMSInvalidStateException",
        scene.kms.sign,
        KeyId=scene.key,
        Message=b"x",
        SigningAlgorithm="ECDSA_SHA_256",
    )


@pytest.mark.parametrize("blob", [None, "no ciphertext", "of another key", "its own"])
def test_a_dry_run_that_ignores_the_ciphertext_looks_at_none(keys: Keys, blob: str | None) -> None:
    key = keys.key
    blobs: dict[str | None, bytes] = {
        "no ciphertext": b"x",
        "of another key": keys.kms.encrypt(
            KeyId=keys.kms.create_key()["KeyMetadata"]["KeyId"], Plaintext=b"x"
        )["CiphertextBlob"],
        "its own": keys.kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"],
    }
    given = {} if blob is None else {"CiphertextBlob": blobs[blob]}
    given |= {"DryRun": True, "DryRunModifiers": ["IGNORE_CIPHERTEXT"]}
    refused("DryRunOperationException", keys.kms.decrypt, KeyId=key, **given)
    refused("DryRunOperationException", keys.kms.re_encrypt, SourceKeyId=key, DestinationKeyId=key, **given)
    refused("AccessDeniedException", keys.stranger.decrypt, KeyId=key, **given)
