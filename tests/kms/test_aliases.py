"""CreateAlias, UpdateAlias, DeleteAlias, ListAliases: names, targets, quotas, permissions, pages."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from scene import Scene, arn
from tests.iam.in_process import ACCOUNT, NOW
from world import refused

PREFIX = (
    'Alias must start with the prefix "alias/". Please see '
    "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"
)
OTHER = "111122223333"
ABSENT = "00000000-0000-4000-8000-00000000dead"


def alias_arn(name: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:kms:us-east-1:{account}:alias/{name}"


def key_id(key: str) -> str:
    return key.rpartition("/")[2]


def names(kms: Any, **filtered: Any) -> list[str]:
    """Of the aliases that have a key, which predefined ones have not."""
    pages = kms.get_paginator("list_aliases").paginate(**filtered)
    listed = [entry for page in pages for entry in page["Aliases"]]
    return [entry["AliasName"].removeprefix("alias/") for entry in listed if "TargetKeyId" in entry]


def new_key(scene: Scene) -> str:
    return str(scene.kms.create_key()["KeyMetadata"]["Arn"])


class TestNames:
    @pytest.mark.parametrize(
        "name", ["alias/a", "alias/A:b/c_d-9", "alias/alias/x", "alias/awsome", "alias/" + "n" * 250]
    )
    def test_accepted(self, scene: Scene, name: str) -> None:
        scene.kms.create_alias(AliasName=name, TargetKeyId=key_id(scene.key))
        (entry,) = scene.kms.list_aliases(KeyId=scene.key)["Aliases"]
        assert entry == {
            "AliasName": name,
            "AliasArn": alias_arn(name.removeprefix("alias/")),
            "TargetKeyId": key_id(scene.key),
            "CreationDate": datetime.fromtimestamp(NOW, UTC).astimezone(entry["CreationDate"].tzinfo),
            "LastUpdatedDate": entry["CreationDate"],
        }
        assert scene.kms.describe_key(KeyId=name)["KeyMetadata"]["Arn"] == scene.key

    @pytest.mark.parametrize(
        ("name", "code", "said"),
        [
            ("pay", "ValidationException", PREFIX),
            ("ALIAS/pay", "ValidationException", PREFIX),
            ("alias/", "ValidationException", "alias/ contains invalid characters for an alias"),
            ("alias/aws/", "NotAuthorizedException", ""),
            ("alias/aws/s3", "NotAuthorizedException", ""),
        ],
    )
    @pytest.mark.parametrize("operation", ["create_alias", "update_alias", "delete_alias"])
    def test_refused(self, scene: Scene, operation: str, name: str, code: str, said: str) -> None:
        target = {} if operation == "delete_alias" else {"TargetKeyId": scene.key}
        assert refused(code, getattr(scene.kms, operation), AliasName=name, **target) == said

    def test_the_shape_bounds_them(self, scene: Scene) -> None:
        for name, constraint in (
            ("alias/" + "n" * 251, "Member must have length less than or equal to 256"),
            ("alias/a b", "Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$"),
        ):
            said = refused(
                "ValidationException", scene.kms.create_alias, AliasName=name, TargetKeyId=scene.key
            )
            assert said.endswith(f"at 'aliasName' failed to satisfy constraint: {constraint}")

    def test_case_counts(self, scene: Scene) -> None:
        scene.kms.create_alias(AliasName="alias/pay", TargetKeyId=scene.key)
        scene.kms.create_alias(AliasName="alias/Pay", TargetKeyId=scene.key)
        refused("NotFoundException", scene.kms.describe_key, KeyId="alias/PAY")

    def test_a_name_is_unique_in_account_and_region(self, scene: Scene) -> None:
        scene.kms.create_alias(AliasName="alias/pay", TargetKeyId=scene.key)
        other = new_key(scene)
        said = refused(
            "AlreadyExistsException", scene.kms.create_alias, AliasName="alias/pay", TargetKeyId=other
        )
        assert said == f"An alias with the name {alias_arn('pay')} already exists"
        elsewhere = scene.inside.client("kms", region="eu-west-1")
        key = elsewhere.create_key()["KeyMetadata"]["KeyId"]
        elsewhere.create_alias(AliasName="alias/pay", TargetKeyId=key)
        stranger = scene.inside.client("kms", (OTHER, "test"))
        stranger.create_alias(
            AliasName="alias/pay", TargetKeyId=stranger.create_key()["KeyMetadata"]["KeyId"]
        )
        assert names(scene.kms) == names(stranger) == ["pay"]


class TestTargets:
    @pytest.mark.parametrize("operation", ["create_alias", "update_alias"])
    def test_refused(self, scene: Scene, operation: str) -> None:
        scene.kms.create_alias(AliasName="alias/there", TargetKeyId=scene.key)
        name = "alias/new" if operation == "create_alias" else "alias/there"
        for target, code, said in (
            ("alias/there", "ValidationException", "Aliases must refer to keys. Not aliases"),
            (alias_arn("there"), "ValidationException", "Aliases must refer to keys. Not aliases"),
            ("no-key", "NotFoundException", "Invalid keyId 'no-key'"),
            (
                ABSENT,
                "NotFoundException",
                f"Key 'arn:aws:kms:us-east-1:{ACCOUNT}:key/{ABSENT}' does not exist",
            ),
            (scene.key.replace("us-east-1", "eu-west-1"), "NotFoundException", "Invalid arn eu-west-1"),
        ):
            call = getattr(scene.kms, operation)
            assert refused(code, call, AliasName=name, TargetKeyId=target) == said

    def test_the_key_of_another_account_is_none_whatever_its_policy_says(self, scene: Scene) -> None:
        stranger = scene.inside.client("kms", (OTHER, "test"))
        policy = json.loads(scene.kms.get_key_policy(KeyId=scene.key)["Policy"])
        policy["Statement"][0]["Principal"] = {"AWS": [f"arn:aws:iam::{a}:root" for a in (ACCOUNT, OTHER)]}
        scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(policy))
        stranger.encrypt(KeyId=scene.key, Plaintext=b"x")
        own = stranger.create_key()["KeyMetadata"]["KeyId"]
        stranger.create_alias(AliasName="alias/own", TargetKeyId=own)
        for operation, name in (("create_alias", "alias/new"), ("update_alias", "alias/own")):
            said = refused(
                "AccessDeniedException", getattr(stranger, operation), AliasName=name, TargetKeyId=scene.key
            )
            assert scene.key not in said

    def test_update_moves_the_name_and_its_date(self, scene: Scene) -> None:
        other = new_key(scene)
        scene.kms.create_alias(AliasName="alias/pay", TargetKeyId=scene.key)
        blob = scene.kms.encrypt(KeyId="alias/pay", Plaintext=b"x")["CiphertextBlob"]
        scene.inside.pass_time(60)
        scene.kms.update_alias(AliasName="alias/pay", TargetKeyId=other)
        (entry,) = scene.kms.list_aliases(KeyId=other)["Aliases"]
        assert entry["TargetKeyId"] == key_id(other)
        assert (entry["LastUpdatedDate"] - entry["CreationDate"]).total_seconds() == 60
        assert scene.kms.encrypt(KeyId="alias/pay", Plaintext=b"x")["KeyId"] == other
        assert scene.kms.decrypt(CiphertextBlob=blob)["KeyId"] == scene.key
        refused("IncorrectKeyException", scene.kms.decrypt, CiphertextBlob=blob, KeyId="alias/pay")

    def test_update_to_the_same_key_is_fine(self, scene: Scene) -> None:
        scene.kms.create_alias(AliasName="alias/pay", TargetKeyId=scene.key)
        scene.kms.update_alias(AliasName="alias/pay", TargetKeyId=scene.key)
        (entry,) = scene.kms.list_aliases(KeyId=scene.key)["Aliases"]
        assert (entry["AliasName"], entry["TargetKeyId"]) == ("alias/pay", key_id(scene.key))

    def test_update_keeps_the_usage(self, scene: Scene) -> None:
        mac = scene.mac_key()
        scene.kms.create_alias(AliasName="alias/pay", TargetKeyId=scene.key)
        assert refused(
            "ValidationException", scene.kms.update_alias, AliasName="alias/pay", TargetKeyId=mac
        ) == (
            f"Alias {alias_arn('pay')} cannot be changed from a CMK with key usage ENCRYPT_DECRYPT to a CMK "
            "with key usage GENERATE_VERIFY_MAC. "
            "The key usage of the current CMK and the new CMK must be the same."
        )

    @pytest.mark.parametrize("back", [False, True])
    def test_update_keeps_the_type(self, scene: Scene, back: bool) -> None:
        pair = scene.new("RSA_2048", "ENCRYPT_DECRYPT")
        old, new = (pair, scene.key) if back else (scene.key, pair)
        types = ("ASYMMETRIC", "SYMMETRIC") if back else ("SYMMETRIC", "ASYMMETRIC")
        scene.kms.create_alias(AliasName="alias/pay", TargetKeyId=old)
        assert refused(
            "ValidationException", scene.kms.update_alias, AliasName="alias/pay", TargetKeyId=new
        ) == (
            f"Alias {alias_arn('pay')} cannot be changed from a CMK with key type {types[0]} to a CMK with "
            f"key type {types[1]}. The key type of the current CMK and the new CMK must be the same."
        )

    def test_update_between_key_specs_of_one_usage_and_type(self, scene: Scene) -> None:
        scene.kms.create_alias(AliasName="alias/s", TargetKeyId=scene.new("ECC_NIST_P256", "SIGN_VERIFY"))
        other = scene.new("ML_DSA_44", "SIGN_VERIFY")
        scene.kms.update_alias(AliasName="alias/s", TargetKeyId=other)
        assert scene.kms.describe_key(KeyId="alias/s")["KeyMetadata"]["Arn"] == other

    @pytest.mark.parametrize("operation", ["update_alias", "delete_alias"])
    def test_an_alias_that_is_not_there(self, scene: Scene, operation: str) -> None:
        target = {} if operation == "delete_alias" else {"TargetKeyId": scene.key}
        said = refused("NotFoundException", getattr(scene.kms, operation), AliasName="alias/none", **target)
        assert said == f"Alias {alias_arn('none')} is not found."


def test_a_key_has_fifty_aliases_at_most(scene: Scene) -> None:
    for number in range(50):
        scene.kms.create_alias(AliasName=f"alias/n{number:02d}", TargetKeyId=scene.key)
    full = f"Key {scene.key} has 50 aliases, and none can be added."
    asked = {"AliasName": "alias/more", "TargetKeyId": scene.key}
    assert refused("LimitExceededException", scene.kms.create_alias, **asked) == full
    other = new_key(scene)
    scene.kms.create_alias(AliasName="alias/elsewhere", TargetKeyId=other)
    moved = {"AliasName": "alias/elsewhere", "TargetKeyId": scene.key}
    assert refused("LimitExceededException", scene.kms.update_alias, **moved) == full
    scene.kms.update_alias(AliasName="alias/n00", TargetKeyId=scene.key)
    scene.kms.delete_alias(AliasName="alias/n00")
    scene.kms.update_alias(**moved)


class TestPermissions:
    """Of the alias and of every key (KMS Developer Guide, "Controlling access to aliases")."""

    def user(self, scene: Scene, action: str, *resources: str) -> Any:
        only = {"Effect": "Allow", "Action": action, "Resource": list(resources)}
        return scene.user("user", {"Version": "2012-10-17", "Statement": [only]})

    @pytest.mark.parametrize("missing", [0, 1])
    def test_create(self, scene: Scene, missing: int) -> None:
        needed = [alias_arn("pay"), scene.key]
        user = self.user(scene, "kms:CreateAlias", needed[1 - missing])
        said = refused(
            "AccessDeniedException", user.create_alias, AliasName="alias/pay", TargetKeyId=scene.key
        )
        assert said == (
            f"User: {arn('user')} is not authorized to perform: kms:CreateAlias "
            f"on resource: {needed[missing]} "
            "because no identity-based policy allows the kms:CreateAlias action"
        )
        assert names(scene.kms) == []

    @pytest.mark.parametrize("missing", [0, 1, 2])
    def test_update(self, scene: Scene, missing: int) -> None:
        other = new_key(scene)
        scene.kms.create_alias(AliasName="alias/pay", TargetKeyId=scene.key)
        needed = [alias_arn("pay"), scene.key, other]
        user = self.user(scene, "kms:UpdateAlias", *(r for r in needed if r != needed[missing]))
        said = refused("AccessDeniedException", user.update_alias, AliasName="alias/pay", TargetKeyId=other)
        assert f"on resource: {needed[missing]} " in said

    @pytest.mark.parametrize("missing", [0, 1])
    def test_delete(self, scene: Scene, missing: int) -> None:
        scene.kms.create_alias(AliasName="alias/pay", TargetKeyId=scene.key)
        needed = [alias_arn("pay"), scene.key]
        user = self.user(scene, "kms:DeleteAlias", needed[1 - missing])
        said = refused("AccessDeniedException", user.delete_alias, AliasName="alias/pay")
        assert f"on resource: {needed[missing]} " in said
        assert names(scene.kms) == ["pay"]

    def test_all_of_them_suffice(self, scene: Scene) -> None:
        other = new_key(scene)
        user = self.user(scene, "kms:*Alias", alias_arn("pay"), scene.key, other)
        user.create_alias(AliasName="alias/pay", TargetKeyId=scene.key)
        user.update_alias(AliasName="alias/pay", TargetKeyId=other)
        user.delete_alias(AliasName="alias/pay")
        assert names(scene.kms) == []


class TestAccessByAliases:
    """ABAC (KMS Developer Guide, "Using aliases to control access to KMS keys")."""

    def user(self, scene: Scene, condition: dict[str, Any]) -> Any:
        only = {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*", "Condition": condition}
        return scene.user("user", {"Version": "2012-10-17", "Statement": [only]})

    def test_by_an_alias_of_the_key_however_it_is_named(self, scene: Scene) -> None:
        user = self.user(scene, {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/pay*"}})
        refused("AccessDeniedException", user.encrypt, KeyId=scene.key, Plaintext=b"x")
        for name in ("other", "payroll"):
            scene.kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=scene.key)
        for named in (scene.key, "alias/other", alias_arn("payroll")):
            user.encrypt(KeyId=named, Plaintext=b"x")
        scene.kms.delete_alias(AliasName="alias/payroll")
        refused("AccessDeniedException", user.encrypt, KeyId=scene.key, Plaintext=b"x")

    def test_by_the_alias_of_the_request(self, scene: Scene) -> None:
        user = self.user(scene, {"StringEquals": {"kms:RequestAlias": "alias/pay"}})
        for name in ("pay", "other"):
            scene.kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=scene.key)
        user.encrypt(KeyId="alias/pay", Plaintext=b"x")
        user.encrypt(KeyId=alias_arn("pay"), Plaintext=b"x")
        for named in (scene.key, "alias/other"):
            refused("AccessDeniedException", user.encrypt, KeyId=named, Plaintext=b"x")


class TestLists:
    def test_in_pages_of_fifty_and_a_hundred_at_most(self, scene: Scene) -> None:
        keys = [new_key(scene) for _ in range(3)]
        made = sorted(f"n{number:03d}" for number in range(120))
        for number, name in enumerate(made):
            scene.kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=keys[number % 3])
        for limit, first in ((None, 50), (7, 7), (100, 100), (1000, 100)):
            asked = {} if limit is None else {"Limit": limit}
            answer = scene.kms.list_aliases(**asked)
            assert (len(answer["Aliases"]), answer["Truncated"]) == (first, True)
        assert names(scene.kms) == made
        assert names(scene.kms, PaginationConfig={"PageSize": 7}) == made
        assert names(scene.kms, KeyId=keys[1]) == made[1::3]
        assert names(scene.kms, KeyId=key_id(keys[1]), PaginationConfig={"PageSize": 3}) == made[1::3]

    def test_a_marker_is_good_where_it_was_given(self, scene: Scene) -> None:
        for name in ("a", "b"):
            scene.kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=scene.key)
        first = len(scene.kms.list_aliases()["Aliases"]) - 1  # predefined ones, and `alias/a`
        marker = scene.kms.list_aliases(Limit=first)["NextMarker"]
        assert [a["AliasName"] for a in scene.kms.list_aliases(Marker=marker)["Aliases"]] == ["alias/b"]
        scene.kms.delete_alias(AliasName="alias/a")
        assert [a["AliasName"] for a in scene.kms.list_aliases(Marker=marker)["Aliases"]] == ["alias/b"]
        elsewhere = scene.inside.client("kms", region="eu-west-1")
        stranger = scene.inside.client("kms", (OTHER, "test"))
        for call in (elsewhere.list_aliases, stranger.list_aliases, scene.kms.list_keys):
            assert refused("InvalidMarkerException", call, Marker=marker) == ""
        for forged in ("alias/a", marker[:-4], marker + "AAAA", "A" * 1024):
            assert refused("InvalidMarkerException", scene.kms.list_aliases, Marker=forged) == ""

    def test_the_filter_names_a_key_of_the_caller(self, scene: Scene) -> None:
        stranger = scene.inside.client("kms", (OTHER, "test"))
        for named, code in (
            ("alias/pay", "NotFoundException"),
            ("nonsense", "NotFoundException"),
            ("arn:aws:kms:nonsense", "InvalidArnException"),
            (ABSENT, "NotFoundException"),
        ):
            refused(code, scene.kms.list_aliases, KeyId=named)
        there = refused("NotFoundException", stranger.list_aliases, KeyId=scene.key)
        absent = scene.key[:-12] + "00000000dead"
        assert there == f"Key '{scene.key}' does not exist"
        assert refused("NotFoundException", stranger.list_aliases, KeyId=absent) == (
            f"Key '{absent}' does not exist"
        )


def test_what_the_events_show(scene: Scene) -> None:
    other = new_key(scene)
    both = [
        {"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": one} for one in (alias_arn("pay"), scene.key)
    ]
    scene.kms.create_alias(AliasName="alias/pay", TargetKeyId=scene.key)
    event = scene.last_event()
    assert event["requestParameters"] == {"aliasName": "alias/pay", "targetKeyId": scene.key}
    assert event["responseElements"] == {"keyId": scene.key}
    scene.kms.update_alias(AliasName="alias/pay", TargetKeyId=other)
    event = scene.last_event()
    assert event["responseElements"] == {"keyId": other}
    assert event["resources"][:2] == both
    scene.kms.delete_alias(AliasName="alias/pay")
    event = scene.last_event()
    assert event["requestParameters"] == {"aliasName": "alias/pay"}
    assert event["responseElements"] == {"keyId": other}


@pytest.mark.wire
def test_the_aws_cli_makes_moves_and_removes_an_alias(shared_dev: Any, kms: Any) -> None:
    one, two = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    name = f"alias/cli-{one}"
    for arguments in (
        ("create-alias", "--alias-name", name, "--target-key-id", one),
        ("update-alias", "--alias-name", name, "--target-key-id", two),
    ):
        done = shared_dev.aws("kms", *arguments)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    listed = json.loads(shared_dev.aws("kms", "list-aliases", "--key-id", two).stdout)
    assert [alias["AliasName"] for alias in listed["Aliases"]] == [name]
    assert shared_dev.aws("kms", "delete-alias", "--alias-name", name).returncode == 0
    assert names(kms, KeyId=two) == []
