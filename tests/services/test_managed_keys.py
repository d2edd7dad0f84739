"""AWS managed keys: how they come to be, whom they let in, and what nobody can do to them."""

import json
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from service_scene import ROOT, Scene, Who
from tests.iam.in_process import ACCOUNT
from tests.kms.world import refused

from keystead.crypto.key_families import new_key_pair
from keystead.crypto.key_material import KeyPair
from keystead.kinds import KeySpec
from keystead.service.kms import data_keys

S3 = "alias/aws/s3"
YEAR = 365 * 24 * 3600


def key_of(scene: Scene, alias: str = S3, kms: Any = None) -> str:
    return str((kms or scene.kms).describe_key(KeyId=alias)["KeyMetadata"]["Arn"])


def listed(kms: Any) -> dict[str, str | None]:
    return {entry["AliasName"]: entry.get("TargetKeyId") for entry in kms.list_aliases()["Aliases"]}


def test_describing_a_predefined_alias_makes_its_key(scene: Scene) -> None:
    assert listed(scene.kms)[S3] is None
    told = scene.kms.describe_key(KeyId=S3)["KeyMetadata"]
    assert told["KeyManager"] == "AWS"
    assert told["Description"] == "Default key that protects my S3 objects when no other key is defined"
    assert (told["KeySpec"], told["MultiRegion"], told["KeyState"]) == ("SYMMETRIC_DEFAULT", False, "Enabled")
    assert listed(scene.kms)[S3] == told["KeyId"]
    assert [key["KeyArn"] for key in scene.kms.list_keys()["Keys"]] == [told["Arn"]]
    again = f"arn:aws:kms:us-east-1:{ACCOUNT}:{S3}"
    assert key_of(scene, again) == key_of(scene) == told["Arn"]
    made, described = scene.inside.events()[1:3]
    assert (made["eventName"], made["eventType"]) == ("CreateKey", "AwsServiceEvent")
    assert made["serviceEventDetails"] == {"keyId": told["KeyId"], "aliasName": S3}
    assert described["eventName"] == "DescribeKey"
    assert described["resources"][0]["ARN"] == told["Arn"]


def test_each_account_and_region_has_its_own(scene: Scene) -> None:
    elsewhere = scene.inside.client("kms", region="eu-west-1")
    stranger = scene.inside.client("kms", ("111122223333", "test"))
    arns = {key_of(scene), key_of(scene, kms=elsewhere), key_of(scene, kms=stranger)}
    assert len(arns) == 3
    assert (
        "s3.eu-west-1.amazonaws.com" in elsewhere.get_key_policy(KeyId=key_of(scene, kms=elsewhere))["Policy"]
    )


def test_the_policy_of_s3s_key_is_as_aws_writes_it(scene: Scene) -> None:
    policy = scene.kms.get_key_policy(KeyId=key_of(scene))["Policy"]
    assert policy.splitlines()[:9] == [
        "{",
        '  "Version" : "2012-10-17",',
        '  "Id" : "auto-s3-2",',
        '  "Statement" : [ {',
        '    "Sid" : "Allow access through S3 for all principals in the account that are authorized to '
        'use S3",',
        '    "Effect" : "Allow",',
        '    "Principal" : {',
        '      "AWS" : "*"',
        "    },",
    ]
    through, direct = json.loads(policy)["Statement"]
    assert through["Action"] == [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncrypt*",
        "kms:GenerateDataKey*",
        "kms:DescribeKey",
    ]
    assert through["Condition"] == {
        "StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com", "kms:CallerAccount": ACCOUNT}
    }
    assert direct == {
        "Sid": "Allow direct access to key metadata to the account",
        "Effect": "Allow",
        "Principal": {"AWS": ROOT},
        "Action": ["kms:Describe*", "kms:Get*", "kms:List*"],
        "Resource": "*",
    }


@pytest.mark.parametrize(
    ("alias", "policy_id", "via", "sid", "grants"),
    [
        ("sqs", "auto-sqs-1", "sqs", "SQS", True),
        ("ebs", "auto-ebs-2", "ec2", "EBS", True),
        ("lambda", "auto-awslambda", "lambda", "AWS Lambda", True),
        ("ssm", "auto-ssm-1", "ssm", "SSM", False),
    ],
)
def test_the_policies_of_other_services(
    scene: Scene, alias: str, policy_id: str, via: str, sid: str, grants: bool
) -> None:
    policy = json.loads(scene.kms.get_key_policy(KeyId=key_of(scene, f"alias/aws/{alias}"))["Policy"])
    through, direct = policy["Statement"]
    assert policy["Id"] == policy_id
    assert through["Condition"]["StringEquals"]["kms:ViaService"] == f"{via}.us-east-1.amazonaws.com"
    assert through["Sid"].endswith(f" authorized to use {sid}")
    assert ("kms:CreateGrant" in through["Action"]) == ("kms:RevokeGrant" in direct["Action"]) == grants


def test_secrets_manager_makes_data_keys_in_any_region(scene: Scene) -> None:
    key = key_of(scene, "alias/aws/secretsmanager")
    through, anywhere, _ = json.loads(scene.kms.get_key_policy(KeyId=key)["Policy"])["Statement"]
    assert "kms:GenerateDataKey*" not in through["Action"]
    assert anywhere["Action"] == "kms:GenerateDataKey*"
    assert "Sid" not in anywhere  # AWS repeats the first one's, which no policy may
    assert anywhere["Condition"] == {
        "StringEquals": {"kms:CallerAccount": ACCOUNT},
        "StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"},
    }


CHANGES: dict[str, Callable[[Any, str], Any]] = {
    "PutKeyPolicy": lambda kms, key: kms.put_key_policy(KeyId=key, Policy="{}"),
    "DisableKey": lambda kms, key: kms.disable_key(KeyId=key),
    "EnableKey": lambda kms, key: kms.enable_key(KeyId=key),
    "ScheduleKeyDeletion": lambda kms, key: kms.schedule_key_deletion(KeyId=key),
    "TagResource": lambda kms, key: kms.tag_resource(KeyId=key, Tags=[{"TagKey": "a", "TagValue": "b"}]),
    "UntagResource": lambda kms, key: kms.untag_resource(KeyId=key, TagKeys=["a"]),
    "UpdateKeyDescription": lambda kms, key: kms.update_key_description(KeyId=key, Description="mine"),
    "EnableKeyRotation": lambda kms, key: kms.enable_key_rotation(KeyId=key),
    "DisableKeyRotation": lambda kms, key: kms.disable_key_rotation(KeyId=key),
    "RotateKeyOnDemand": lambda kms, key: kms.rotate_key_on_demand(KeyId=key),
    "CreateGrant": lambda kms, key: kms.create_grant(
        KeyId=key, GranteePrincipal=ROOT, Operations=["Decrypt"]
    ),
    "CreateAlias": lambda kms, key: kms.create_alias(AliasName="alias/mine", TargetKeyId=key),
    "Encrypt": lambda kms, key: kms.encrypt(KeyId=key, Plaintext=b"x"),
    "GenerateDataKey": lambda kms, key: kms.generate_data_key(KeyId=key, NumberOfBytes=8),
}


@pytest.mark.parametrize("operation", CHANGES)
def test_nobody_changes_or_uses_it_directly(scene: Scene, operation: str) -> None:
    key = key_of(scene)
    message = refused("AccessDeniedException", CHANGES[operation], kms=scene.kms, key=key)
    assert message == (
        f"User: {ROOT} is not authorized to perform: kms:{operation} on resource: {key} "
        f"because no resource-based policy allows the kms:{operation} action"
    )


def test_its_alias_is_nobodys_to_move(scene: Scene) -> None:
    key_of(scene)
    own = scene.key()
    for call in (scene.kms.create_alias, scene.kms.update_alias):
        assert refused("NotAuthorizedException", call, AliasName=S3, TargetKeyId=own) == ""
    assert refused("NotAuthorizedException", scene.kms.delete_alias, AliasName=S3) == ""


def test_what_is_denied_makes_nothing(scene: Scene) -> None:
    nobody = scene.client(scene.user("nobody"))
    before = refused("AccessDeniedException", nobody.describe_key, KeyId=S3)
    refused("AccessDeniedException", scene.kms.encrypt, KeyId=S3, Plaintext=b"x")
    assert scene.kms.list_keys()["Keys"] == []
    assert listed(scene.kms)[S3] is None
    key = key_of(scene)
    assert refused("AccessDeniedException", nobody.describe_key, KeyId=S3) == before
    assert key in before  # a denial names the key that was then made


def test_others_have_none_by_a_like_name(scene: Scene) -> None:
    for alias in ("alias/aws/nonsense", "alias/aws/ec2", "alias/aws/s3/more", "alias/aws/S3"):
        refused("NotFoundException", scene.kms.describe_key, KeyId=alias)
    foreign = f"arn:aws:kms:us-east-1:111122223333:{S3}"
    refused("AccessDeniedException", scene.kms.describe_key, KeyId=foreign)
    refused("AccessDeniedException", scene.client(scene.service("s3")).describe_key, KeyId=foreign)


# Use through the service.


@pytest.fixture
def store(scene: Scene) -> Who:
    return scene.service("s3")


def test_callers_use_it_through_its_service(scene: Scene, store: Who) -> None:
    """The first use makes the key; the caller needs no identity policy, as the policy names everybody."""
    ada = scene.user("ada")
    kms = scene.client(scene.forwarded(store, ada, "s3"))
    context = {"aws:s3:arn": "arn:aws:s3:::bucket"}
    made = kms.generate_data_key(KeyId=S3, KeySpec="AES_256", EncryptionContext=context)
    opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=context)
    assert opened["Plaintext"] == made["Plaintext"]
    assert opened["KeyId"] == key_of(scene)
    event = scene.inside.events()[-2]
    assert event["eventName"] == "Decrypt"
    assert event["userIdentity"]["invokedBy"] == "s3.amazonaws.com"
    used = scene.kms.get_key_last_usage(KeyId=made["KeyId"])["KeyLastUsage"]
    assert used["Operation"] == "Decrypt"


def test_the_first_use_counts(scene: Scene, store: Who) -> None:
    kms = scene.client(scene.forwarded(store, ("test", "test"), "s3"))
    key = kms.encrypt(KeyId=S3, Plaintext=b"x")["KeyId"]
    assert scene.kms.get_key_last_usage(KeyId=key)["KeyLastUsage"]["Operation"] == "Encrypt"


def test_the_first_key_pair_is_made_while_others_write(
    scene: Scene, store: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is there before the pair, which takes long, and no transaction waits for that."""
    written: list[str] = []

    def write() -> None:
        written.extend(key["KeyArn"] for key in scene.kms.list_keys()["Keys"])  # and its event

    def slow(spec: KeySpec) -> KeyPair:
        other = Thread(target=write, daemon=True)
        other.start()
        other.join(5)
        return new_key_pair(spec)

    monkeypatch.setattr(data_keys, "new_key_pair", slow)
    kms = scene.client(scene.forwarded(store, ("test", "test"), "s3"))
    made = kms.generate_data_key_pair(KeyId=S3, KeyPairSpec="RSA_2048")
    assert written == [made["KeyId"]]
    opened = kms.decrypt(CiphertextBlob=made["PrivateKeyCiphertextBlob"])
    assert opened["Plaintext"] == made["PrivateKeyPlaintext"]
    names = [event["eventName"] for event in scene.inside.events()]
    assert names[-4:] == ["CreateKey", "ListKeys", "GenerateDataKeyPair", "Decrypt"]


def test_a_first_key_pair_that_is_denied_makes_nothing(
    scene: Scene, store: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_keys, "new_key_pair", lambda _: pytest.fail("a key pair was made"))
    refused("AccessDeniedException", scene.kms.generate_data_key_pair, KeyId=S3, KeyPairSpec="RSA_2048")
    event = scene.last_event()
    assert (event["eventName"], event["errorCode"]) == ("GenerateDataKeyPair", "AccessDenied")
    assert event["requestParameters"] == {"keyId": S3, "keyPairSpec": "RSA_2048"}
    assert scene.kms.list_keys()["Keys"] == []


def test_nobody_else_does(scene: Scene, store: Who) -> None:
    ada = scene.user("ada", "kms:*")
    made = scene.client(scene.forwarded(store, ada, "s3")).encrypt(KeyId=S3, Plaintext=b"x")
    blob, key = made["CiphertextBlob"], made["KeyId"]
    through_other = scene.forwarded(scene.service("sqs"), ada, "sqs")
    of_other_account = scene.forwarded(store, ("111122223333", "test"), "s3")
    for who in (ada, through_other, of_other_account, store):
        refused("AccessDeniedException", scene.client(who).decrypt, CiphertextBlob=blob)
        refused("AccessDeniedException", scene.client(who).encrypt, KeyId=key, Plaintext=b"x")


def test_a_service_of_ones_own_has_managed_keys(scene: Scene) -> None:
    store = scene.service("objectstore", "Object Store")
    alias = "alias/aws/objectstore"
    assert listed(scene.kms)[alias] is None
    kms = scene.client(scene.forwarded(store, scene.user("ada"), "objectstore"))
    key = kms.encrypt(KeyId=alias, Plaintext=b"x")["KeyId"]
    told = scene.kms.describe_key(KeyId=alias)["KeyMetadata"]
    assert told["Arn"] == key
    assert (
        told["Description"] == "Default key that protects my Object Store data when no other key is defined"
    )
    policy = json.loads(scene.kms.get_key_policy(KeyId=key)["Policy"])
    assert policy["Id"] == "auto-objectstore-1"
    assert "through Object Store for" in policy["Statement"][0]["Sid"]
    # The key outlives the registration, and nobody reaches it.
    scene.remove_service("objectstore")
    assert key_of(scene, alias) == key
    refused("UnrecognizedClientException", kms.encrypt, KeyId=alias, Plaintext=b"x")


def test_a_deny_of_the_callers_own_policies_counts(scene: Scene) -> None:
    ada = scene.user("ada")
    deny = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "kms:*", "Resource": "*"}}
    scene.iam.put_user_policy(UserName="ada", PolicyName="deny", PolicyDocument=json.dumps(deny))
    kms = scene.client(scene.forwarded(scene.service("s3"), ada, "s3"))
    message = refused("AccessDeniedException", kms.encrypt, KeyId=S3, Plaintext=b"x")
    assert message.endswith("with an explicit deny in an identity-based policy")
    assert scene.kms.list_keys()["Keys"] == []


# Rotation.


def test_it_rotates_every_year(scene: Scene, store: Who) -> None:
    def through_s3() -> Any:
        return scene.client(scene.forwarded(store, ("test", "test"), "s3"))

    blob = through_s3().encrypt(KeyId=S3, Plaintext=b"x")["CiphertextBlob"]
    key = key_of(scene)
    status = scene.kms.get_key_rotation_status(KeyId=key)
    assert not status["KeyRotationEnabled"]
    assert "NextRotationDate" not in status
    first = scene.kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"]
    scene.inside.pass_time(YEAR + 1)
    assert scene.kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"] != first
    assert scene.kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    (rotation,) = scene.kms.list_key_rotations(KeyId=key)["Rotations"]
    assert rotation["RotationType"] == "AUTOMATIC"
    assert through_s3().decrypt(CiphertextBlob=blob)["KeyMaterialId"] == first
    scene.inside.pass_time(YEAR)
    assert len(scene.kms.list_key_rotations(KeyId=key)["Rotations"]) == 2


# Lists.


def test_predefined_aliases_are_listed_in_order_with_the_others(scene: Scene) -> None:
    for name in ("a", "b", "aws-like", "z"):
        scene.kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=scene.key())
    key_of(scene, "alias/aws/sns")
    whole = list(listed(scene.kms))
    assert whole == sorted(whole)
    assert whole[:4] == ["alias/a", "alias/aws-like", "alias/aws/dynamodb", "alias/aws/ebs"]
    assert "alias/aws/sns" in whole
    assert "alias/aws/sqs" not in whole
    for size in (1, 3, 5):
        pages = scene.kms.get_paginator("list_aliases").paginate(PaginationConfig={"PageSize": size})
        assert [entry["AliasName"] for page in pages for entry in page["Aliases"]] == whole
    sns = scene.kms.list_aliases(KeyId=key_of(scene, "alias/aws/sns"))["Aliases"]
    assert [entry["AliasName"] for entry in sns] == ["alias/aws/sns"]
