"""The 19 situations of a KMS authorization probe, over HTTP: each ends in an answer or in AWS's own words.

A refusal's sentence names the layer that refused, so each is compared whole.
"""

import json
from typing import Any

import pytest
from world import World, allow, deny, document, refused

pytestmark = pytest.mark.wire

ANYTHING = document({"Effect": "Allow", "Action": "kms:*", "Resource": "*"})
ENCRYPTION = ("kms:Encrypt", "kms:Decrypt")
APP = {"app": "pay"}


def no(world: World, action: str, key: str, reason: str, name: str = "user") -> str:
    return f"User: {world.arn(name)} is not authorized to perform: {action} on resource: {key} {reason}"


def silent(layer: str, action: str) -> str:
    return f"because no {layer} allows the {action} action"


def test_01_a_wrong_secret(world: World) -> None:
    user = world.iam.create_user(UserName="user")["User"]
    made = world.iam.create_access_key(UserName="user")["AccessKey"]
    key = world.key(allow({"AWS": user["Arn"]}, "kms:*"))
    wrong = world.server.client("kms", (made["AccessKeyId"], made["SecretAccessKey"][::-1]))
    assert refused("InvalidSignatureException", wrong.describe_key, KeyId=key) == (
        "The request signature we calculated does not match the signature you provided. Check your AWS "
        "Secret Access Key and signing method. Consult the service documentation for details."
    )
    right = world.server.client("kms", (made["AccessKeyId"], made["SecretAccessKey"]))
    right.describe_key(KeyId=key)


def test_02_no_identity_policy_under_delegation(world: World) -> None:
    user, key = world.user("user"), world.key()
    assert refused("AccessDeniedException", user.encrypt, KeyId=key, Plaintext=b"x") == no(
        world, "kms:Encrypt", key, silent("identity-based policy", "kms:Encrypt")
    )


def test_03_an_identity_policy_under_delegation(world: World) -> None:
    user, key = world.user("user", ANYTHING), world.key()
    assert user.encrypt(KeyId=key, Plaintext=b"x")["KeyId"] == key


def test_04_an_identity_policy_without_delegation(world: World) -> None:
    user = world.user("user", ANYTHING)
    world.user("somebody")
    only = document(allow({"AWS": world.arn("somebody")}, "kms:*"))
    key = world.kms.create_key(Policy=json.dumps(only), BypassPolicyLockoutSafetyCheck=True)
    arn = key["KeyMetadata"]["Arn"]
    assert refused("AccessDeniedException", user.encrypt, KeyId=arn, Plaintext=b"x") == no(
        world, "kms:Encrypt", arn, silent("resource-based policy", "kms:Encrypt")
    )


def test_05_named_in_the_key_policy_alone(world: World) -> None:
    user = world.user("user")
    only = document(allow({"AWS": world.arn("user")}, "kms:*"))
    key = world.kms.create_key(Policy=json.dumps(only), BypassPolicyLockoutSafetyCheck=True)
    arn = key["KeyMetadata"]["Arn"]
    assert user.encrypt(KeyId=arn, Plaintext=b"x")["KeyId"] == arn


def granted(world: World, key: str) -> str:
    grant = world.kms.create_grant(
        KeyId=key,
        GranteePrincipal=world.arn("user"),
        Operations=["Encrypt", "Decrypt"],
        Constraints={"EncryptionContextSubset": APP},
    )
    return str(grant["GrantToken"])


def test_06_a_grant_and_the_encryption_context_of_its_constraint(world: World) -> None:
    user, key = world.user("user"), world.key()
    granted(world, key)
    context = {"order": "1", **APP}
    blob = user.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext=context)["CiphertextBlob"]
    assert user.decrypt(CiphertextBlob=blob, EncryptionContext=context)["Plaintext"] == b"secret"


@pytest.mark.parametrize("context", [{}, {"app": "play"}, {"app": "PAY"}, {"order": "1"}])
def test_07_a_grant_and_another_encryption_context(world: World, context: dict[str, str]) -> None:
    user, key = world.user("user"), world.key()
    token = granted(world, key)
    user.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext=APP)
    for tokens in ({}, {"GrantTokens": [token]}):
        assert refused(
            "AccessDeniedException",
            user.encrypt,
            KeyId=key,
            Plaintext=b"x",
            EncryptionContext=context,
            **tokens,
        ) == no(world, "kms:Encrypt", key, silent("identity-based policy", "kms:Encrypt"))


def key_for_payments(world: World) -> str:
    unless = {"StringNotEquals": {"kms:EncryptionContext:app": "pay"}}
    return world.key(allow({"AWS": world.arn("user")}, *ENCRYPTION), deny("*", *ENCRYPTION, Condition=unless))


def test_08_a_deny_unless_the_context_says_so_and_it_does(world: World) -> None:
    user = world.user("user")
    key = key_for_payments(world)
    blob = user.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext=APP)["CiphertextBlob"]
    assert user.decrypt(CiphertextBlob=blob, EncryptionContext=APP)["Plaintext"] == b"secret"


@pytest.mark.parametrize("context", [{}, {"app": "play"}])
def test_09_a_deny_unless_the_context_says_so_and_it_does_not(world: World, context: dict[str, str]) -> None:
    user = world.user("user")
    key = key_for_payments(world)
    assert refused(
        "AccessDeniedException", user.encrypt, KeyId=key, Plaintext=b"x", EncryptionContext=context
    ) == no(world, "kms:Encrypt", key, "with an explicit deny in a resource-based policy")


def user_of_the_alias(world: World) -> tuple[Any, str]:
    only = {"StringEquals": {"kms:RequestAlias": "alias/pay"}}
    allowed = {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*", "Condition": only}
    user, key = world.user("user", document(allowed)), world.key()
    world.kms.create_alias(AliasName="alias/pay", TargetKeyId=key)
    return user, key


def test_10_request_alias_and_the_key_called_by_its_alias(world: World) -> None:
    user, key = user_of_the_alias(world)
    assert user.encrypt(KeyId="alias/pay", Plaintext=b"x")["KeyId"] == key
    by_arn = f"{key.rpartition(':')[0]}:alias/pay"
    assert user.encrypt(KeyId=by_arn, Plaintext=b"x")["KeyId"] == key


def test_11_request_alias_and_the_key_called_by_its_id(world: World) -> None:
    user, key = user_of_the_alias(world)
    for name in (key, key.rpartition("/")[2]):
        assert refused("AccessDeniedException", user.encrypt, KeyId=name, Plaintext=b"x") == no(
            world, "kms:Encrypt", key, silent("identity-based policy", "kms:Encrypt")
        )


def user_of_the_key(world: World) -> tuple[Any, str]:
    key = world.key()
    allowed = {"Effect": "Allow", "Action": list(ENCRYPTION), "Resource": key}
    world.kms.create_alias(AliasName="alias/pay", TargetKeyId=key)
    return world.user("user", document(allowed)), key


def test_12_an_identity_policy_for_the_key_and_the_key_called_by_alias(world: World) -> None:
    user, key = user_of_the_key(world)
    assert user.encrypt(KeyId="alias/pay", Plaintext=b"x")["KeyId"] == key


def test_13_an_identity_policy_for_the_key_and_a_decrypt_without_key_id(world: World) -> None:
    user, key = user_of_the_key(world)
    blob = user.encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]
    assert user.decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"
    other = world.key()
    blob = world.kms.encrypt(KeyId=other, Plaintext=b"secret")["CiphertextBlob"]
    assert refused("AccessDeniedException", user.decrypt, CiphertextBlob=blob) == (
        f"User: {world.arn('user')} is not authorized to perform: kms:Decrypt on resource: {other} "
        f"{silent('identity-based policy', 'kms:Decrypt')}"
    )


def re_encrypting(world: World, *actions: str) -> tuple[Any, str, str, bytes]:
    user = world.user(
        "user", document({"Effect": "Allow", "Action": [*ENCRYPTION, *actions], "Resource": "*"})
    )
    source, destination = world.key(), world.key()
    return user, source, destination, user.encrypt(KeyId=source, Plaintext=b"secret")["CiphertextBlob"]


def test_14_re_encrypt_without_its_own_actions(world: World) -> None:
    user, source, destination, blob = re_encrypting(world)
    assert refused(
        "AccessDeniedException", user.re_encrypt, CiphertextBlob=blob, DestinationKeyId=destination
    ) == (
        f"User: {world.arn('user')} is not authorized to perform: kms:ReEncryptFrom on resource: "
        f"{source} {silent('identity-based policy', 'kms:ReEncryptFrom')}"
    )


def test_14_re_encrypt_with_one_of_its_actions(world: World) -> None:
    user, _, destination, blob = re_encrypting(world, "kms:ReEncryptFrom")
    assert refused(
        "AccessDeniedException", user.re_encrypt, CiphertextBlob=blob, DestinationKeyId=destination
    ) == no(world, "kms:ReEncryptTo", destination, silent("identity-based policy", "kms:ReEncryptTo"))


def test_15_re_encrypt_with_both_of_its_actions(world: World) -> None:
    user, source, destination, blob = re_encrypting(world, "kms:ReEncryptFrom", "kms:ReEncryptTo")
    answer = user.re_encrypt(CiphertextBlob=blob, DestinationKeyId=destination)
    assert (answer["SourceKeyId"], answer["KeyId"]) == (source, destination)
    assert user.decrypt(CiphertextBlob=answer["CiphertextBlob"])["Plaintext"] == b"secret"


def test_16_a_policy_that_locks_its_caller_out(world: World) -> None:
    key = world.key()
    world.user("user")
    policy = json.dumps(document(allow({"AWS": world.arn("user")}, "kms:*")))
    assert refused(
        "MalformedPolicyDocumentException", world.kms.put_key_policy, KeyId=key, Policy=policy
    ) == ("The new key policy will not allow you to update the key policy in the future.")
    world.kms.describe_key(KeyId=key)


def test_17_a_policy_with_an_unknown_principal(world: World) -> None:
    policy = json.dumps(
        document(allow({"AWS": world.root}, "kms:*"), allow({"AWS": world.arn("nobody")}, "kms:*"))
    )
    assert refused(
        "MalformedPolicyDocumentException", world.kms.put_key_policy, KeyId=world.key(), Policy=policy
    ) == ("Policy contains a statement with one or more invalid principals.")


def test_18_a_dry_run_tells_what_the_call_would_have_got(world: World) -> None:
    user, key = world.user("user"), world.key()
    asked = {"KeyId": key, "Plaintext": b"x", "DryRun": True}
    assert refused("AccessDeniedException", user.encrypt, **asked) == no(
        world, "kms:Encrypt", key, silent("identity-based policy", "kms:Encrypt")
    )
    assert refused("DryRunOperationException", world.kms.encrypt, **asked) == (
        "The request would have succeeded, but the DryRun option is set."
    )


def test_19_the_wrong_context_for_a_ciphertext(world: World) -> None:
    user = world.user("user", ANYTHING)
    blob = user.encrypt(KeyId=world.key(), Plaintext=b"x", EncryptionContext=APP)["CiphertextBlob"]
    for context in ({}, {"app": "play"}, {"App": "pay"}, {**APP, "order": "1"}):
        assert (
            refused(
                "InvalidCiphertextException", user.decrypt, CiphertextBlob=blob, EncryptionContext=context
            )
            == ""
        )
    assert user.decrypt(CiphertextBlob=blob, EncryptionContext=APP)["Plaintext"] == b"x"
