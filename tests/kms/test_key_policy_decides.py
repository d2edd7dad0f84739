"""What the product is for, shown with real clients: the key policy decides who may use a key."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from world import World, allow, delegation, deny, document, refused

pytestmark = pytest.mark.wire


def test_writer_may_encrypt_but_not_decrypt(world: World) -> None:
    writer = world.user("writer")
    key = world.key(allow({"AWS": world.arn("writer")}, "kms:Encrypt"))
    blob = writer.encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]
    told = (
        f"User: {world.arn('writer')} is not authorized to perform: kms:Decrypt on resource: {key} "
        "because no identity-based policy allows the kms:Decrypt action"
    )
    assert refused("AccessDeniedException", writer.decrypt, CiphertextBlob=blob, KeyId=key) == told
    assert refused("AccessDeniedException", writer.decrypt, CiphertextBlob=blob) == told
    assert world.kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"


def test_delegated_only_through_its_iam_policy_while_the_root_statement_stands(world: World) -> None:
    identity = document({"Effect": "Allow", "Action": ["kms:Encrypt", "kms:PutKeyPolicy"], "Resource": "*"})
    delegated = world.user("delegated", identity)
    plain = world.user("plain")
    key = world.key()
    delegated.encrypt(KeyId=key, Plaintext=b"x")
    assert "no identity-based policy allows" in refused(
        "AccessDeniedException", plain.encrypt, KeyId=key, Plaintext=b"x"
    )

    only_plain = document(allow({"AWS": world.arn("plain")}, "kms:*"))
    world.kms.put_key_policy(KeyId=key, Policy=json.dumps(only_plain), BypassPolicyLockoutSafetyCheck=True)
    assert refused("AccessDeniedException", delegated.encrypt, KeyId=key, Plaintext=b"x") == (
        f"User: {world.arn('delegated')} is not authorized to perform: kms:Encrypt on resource: {key} "
        "because no resource-based policy allows the kms:Encrypt action"
    )
    assert "no resource-based policy allows" in refused(
        "AccessDeniedException", world.kms.encrypt, KeyId=key, Plaintext=b"x"
    )
    plain.encrypt(KeyId=key, Plaintext=b"x")


def test_an_explicit_deny_wins(world: World) -> None:
    everything = document({"Effect": "Allow", "Action": "kms:*", "Resource": "*"})
    user = world.user("user", everything)
    me = {"AWS": world.arn("user")}
    key = world.key(allow(me, "kms:*"), deny(me, "kms:Encrypt"))
    assert refused("AccessDeniedException", user.encrypt, KeyId=key, Plaintext=b"x") == (
        f"User: {world.arn('user')} is not authorized to perform: kms:Encrypt on resource: {key} "
        "with an explicit deny in a resource-based policy"
    )
    user.describe_key(KeyId=key)

    denied = document({"Effect": "Deny", "Action": "kms:DescribeKey", "Resource": key})
    world.iam.put_user_policy(UserName="user", PolicyName="no", PolicyDocument=json.dumps(denied))
    assert refused("AccessDeniedException", user.describe_key, KeyId=key).endswith(
        "with an explicit deny in an identity-based policy"
    )
    world.iam.delete_user_policy(UserName="user", PolicyName="no")
    user.describe_key(KeyId=key)


def test_a_deny_unless_the_encryption_context_says_so_holds_in_both_directions(world: World) -> None:
    user = world.user("payer")
    unless = {"StringNotEquals": {"kms:EncryptionContext:app": "pay"}}
    key = world.key(
        allow({"AWS": world.arn("payer")}, "kms:Encrypt", "kms:Decrypt"),
        deny("*", "kms:Encrypt", "kms:Decrypt", Condition=unless),
    )
    pay, other = {"app": "pay"}, {"app": "play"}
    blob = user.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext=pay)["CiphertextBlob"]
    assert user.decrypt(CiphertextBlob=blob, EncryptionContext=pay)["Plaintext"] == b"x"
    for arguments in ({}, {"EncryptionContext": other}, {"EncryptionContext": {"App": "PAY"}}):
        for client in (user, world.kms):
            assert refused(
                "AccessDeniedException", client.encrypt, KeyId=key, Plaintext=b"x", **arguments
            ).endswith("with an explicit deny in a resource-based policy")
            refused("AccessDeniedException", client.decrypt, CiphertextBlob=blob, **arguments)


def test_a_policy_that_locks_the_caller_out_is_refused_and_accepted_with_the_bypass(world: World) -> None:
    key = world.key()
    before = world.kms.get_key_policy(KeyId=key)["Policy"]
    world.user("other")
    only_other = json.dumps(document(allow({"AWS": world.arn("other")}, "kms:*")))
    sentence = "The new key policy will not allow you to update the key policy in the future."
    assert (
        refused("MalformedPolicyDocumentException", world.kms.put_key_policy, KeyId=key, Policy=only_other)
        == sentence
    )
    assert world.kms.get_key_policy(KeyId=key)["Policy"] == before
    assert refused("MalformedPolicyDocumentException", world.kms.create_key, Policy=only_other) == sentence

    world.kms.put_key_policy(KeyId=key, Policy=only_other, BypassPolicyLockoutSafetyCheck=True)
    refused("AccessDeniedException", world.kms.get_key_policy, KeyId=key)
    world.client("other").describe_key(KeyId=key)


def test_a_made_up_role_is_no_principal(world: World) -> None:
    role = f"arn:aws:iam::{world.account}:role/made-up"
    policy = json.dumps(document(delegation(world.root), allow({"AWS": role}, "kms:Encrypt")))
    sentence = "Policy contains a statement with one or more invalid principals."
    assert refused("MalformedPolicyDocumentException", world.kms.create_key, Policy=policy) == sentence
    key = world.key()
    assert (
        refused("MalformedPolicyDocumentException", world.kms.put_key_policy, KeyId=key, Policy=policy)
        == sentence
    )


def test_the_default_policy_is_aws_s_to_the_letter(world: World) -> None:
    key = world.kms.create_key()["KeyMetadata"]["KeyId"]
    answer = world.kms.get_key_policy(KeyId=key)
    assert answer["PolicyName"] == "default"
    assert answer["Policy"] == (
        "{\n"
        '  "Version" : "2012-10-17",\n'
        '  "Id" : "key-default-1",\n'
        '  "Statement" : [ {\n'
        '    "Sid" : "Enable IAM User Permissions",\n'
        '    "Effect" : "Allow",\n'
        '    "Principal" : {\n'
        f'      "AWS" : "arn:aws:iam::{world.account}:root"\n'
        "    },\n"
        '    "Action" : "kms:*",\n'
        '    "Resource" : "*"\n'
        "  } ]\n"
        "}"
    )


def test_another_account_needs_both_sides_and_never_sees_the_arn(world: World, shared_dev: Any) -> None:
    other = World(shared_dev, f"{(int(world.account) + 1) % 10**12:012d}")
    permitted = other.user("in", document({"Effect": "Allow", "Action": "kms:*", "Resource": "*"}))
    unpermitted = other.user("out")
    shared = world.key(allow({"AWS": other.root}, "kms:Encrypt"))
    private = world.key()

    permitted.encrypt(KeyId=shared, Plaintext=b"x")
    other.kms.encrypt(KeyId=shared, Plaintext=b"x")
    assert refused("AccessDeniedException", unpermitted.encrypt, KeyId=shared, Plaintext=b"x") == (
        f"User: {other.arn('out')} is not authorized to perform: kms:Encrypt on this resource "
        "because no identity-based policy allows the kms:Encrypt action"
    )
    hidden = (
        f"User: {other.arn('in')} is not authorized to perform: kms:Encrypt on this resource because the "
        "resource does not exist in this Region, no resource-based policies allow access, or a "
        "resource-based policy explicitly denies access"
    )
    absent = private[:-12] + "000000000000"
    for key in (private, absent):
        assert refused("AccessDeniedException", permitted.encrypt, KeyId=key, Plaintext=b"x") == hidden
    refused("AccessDeniedException", permitted.get_key_policy, KeyId=shared)


def test_a_foreign_caller_learns_nothing_of_an_alias(world: World, shared_dev: Any) -> None:
    """Regression: found by an attacker in November 2026. The caller's own policies told what was there."""
    world.kms.create_alias(AliasName="alias/there", TargetKeyId=world.key())
    other = World(shared_dev, f"{(int(world.account) + 1) % 10**12:012d}")
    keys_only = {"Effect": "Allow", "Action": "kms:*", "Resource": f"arn:aws:kms:*:{world.account}:key/*"}
    guess = {"Effect": "Deny", "Action": "kms:*", "Resource": "*"}
    guess["Condition"] = {"StringLike": {"kms:KeySpec": "*"}}
    for name, policy in (("one", document(keys_only)), ("two", document(keys_only, guess))):
        client = other.user(name, policy)
        told = {
            refused(
                "AccessDeniedException",
                client.describe_key,
                KeyId=f"arn:aws:kms:us-east-1:{world.account}:alias/{alias}",
            )
            for alias in ("there", "absent")
        }
        assert len(told) == 1, told


def test_aliases_beyond_the_quota_cannot_hide_the_one_that_a_deny_names(world: World) -> None:
    """Regression: found by an attacker in November 2026. Only the first 50 names of a key were looked at."""
    everything = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    protected = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/prod"}}
    no_decrypt = {"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*", "Condition": protected}
    user = world.user("user", document(everything, no_decrypt))
    key = world.key()
    spare = world.key()
    world.kms.create_alias(AliasName="alias/prod", TargetKeyId=key)
    world.kms.create_alias(AliasName="alias/other", TargetKeyId=spare)
    blob = user.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    for number in range(49):
        user.create_alias(AliasName=f"alias/0-{number}", TargetKeyId=key)
    refused("LimitExceededException", user.create_alias, AliasName="alias/0-49", TargetKeyId=key)
    refused("LimitExceededException", user.update_alias, AliasName="alias/other", TargetKeyId=key)
    world.kms.update_alias(AliasName="alias/prod", TargetKeyId=key)
    refused("AccessDeniedException", user.decrypt, CiphertextBlob=blob)


def test_a_re_created_user_does_not_inherit(world: World) -> None:
    first = world.user("ann")
    key = world.key(allow({"AWS": world.arn("ann")}, "kms:Encrypt"))
    first.encrypt(KeyId=key, Plaintext=b"x")
    assert world.arn("ann") in world.kms.get_key_policy(KeyId=key)["Policy"]
    for entry in world.iam.list_access_keys(UserName="ann")["AccessKeyMetadata"]:
        world.iam.delete_access_key(UserName="ann", AccessKeyId=entry["AccessKeyId"])
    world.iam.delete_user(UserName="ann")
    refused("UnrecognizedClientException", first.encrypt, KeyId=key, Plaintext=b"x")
    second = world.user("ann")
    refused("AccessDeniedException", second.encrypt, KeyId=key, Plaintext=b"x")
    shown = world.kms.get_key_policy(KeyId=key)["Policy"]
    assert "AIDA" in shown
    assert world.arn("ann") not in shown


def test_who_may_know_that_a_key_is_not_there(world: World) -> None:
    absent = "00000000-0000-4000-8000-00000000dead"
    permitted = world.user("may", document({"Effect": "Allow", "Action": "kms:*", "Resource": "*"}))
    nobody = world.user("nobody")
    assert refused("NotFoundException", permitted.describe_key, KeyId=absent).startswith("Key 'arn:aws:kms:")
    refused("NotFoundException", permitted.describe_key, KeyId="alias/none")
    refused("AccessDeniedException", nobody.describe_key, KeyId=absent)
    refused("AccessDeniedException", nobody.describe_key, KeyId="alias/none")


def test_the_cli_is_decided_the_same_way(world: World, shared_dev: Any, tmp_path: Path) -> None:
    world.iam.create_user(UserName="cli")
    key = world.key(allow({"AWS": world.arn("cli")}, "kms:Encrypt"))
    made = world.iam.create_access_key(UserName="cli")["AccessKey"]
    as_user = (made["AccessKeyId"], made["SecretAccessKey"])
    plain, sealed = tmp_path / "plain", tmp_path / "sealed"
    plain.write_bytes(b"hello")
    encrypt = ("kms", "encrypt", "--key-id", key, "--plaintext", f"fileb://{plain}")
    encrypted = shared_dev.aws(*encrypt, credentials=as_user)
    assert encrypted.returncode == 0, encrypted.stderr
    sealed.write_bytes(base64.b64decode(json.loads(encrypted.stdout)["CiphertextBlob"]))

    decrypt = ("kms", "decrypt", "--ciphertext-blob", f"fileb://{sealed}")
    denied = shared_dev.aws(*decrypt, credentials=as_user)
    assert denied.returncode != 0
    assert "AccessDeniedException" in denied.stderr
    assert "no identity-based policy allows the kms:Decrypt action" in denied.stderr
    opened = shared_dev.aws(*decrypt, credentials=(world.account, "test"))
    assert base64.b64decode(json.loads(opened.stdout)["Plaintext"]) == b"hello"
