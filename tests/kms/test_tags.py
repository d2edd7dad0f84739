"""TagResource, UntagResource, ListResourceTags, tags in CreateKey, and what policies make of tags."""

import json
from typing import Any

import pytest
from scene import Scene, arn, no_identity_policy
from tests.iam.in_process import ACCOUNT
from world import refused

Pairs = dict[str, str]


def given(tags: Pairs) -> list[Pairs]:
    return [{"TagKey": key, "TagValue": value} for key, value in tags.items()]


def tags_of(kms: Any, key: str) -> Pairs:
    pages = kms.get_paginator("list_resource_tags").paginate(KeyId=key)
    return {tag["TagKey"]: tag["TagValue"] for page in pages for tag in page["Tags"]}


def identity(*statements: dict[str, Any]) -> dict[str, Any]:
    whole = [{"Effect": "Allow", "Resource": "*"} | statement for statement in statements]
    return {"Version": "2012-10-17", "Statement": whole}


def test_tags_are_added_changed_and_removed(scene: Scene) -> None:
    key = scene.key.rpartition("/")[2]
    assert scene.kms.list_resource_tags(KeyId=key)["Tags"] == []
    scene.kms.tag_resource(KeyId=key, Tags=given({"Cost": "1", "cost": "", "Team": "pay"}))
    scene.kms.tag_resource(KeyId=scene.key, Tags=given({"Cost": "2", "ü": "ключ"}))
    assert tags_of(scene.kms, key) == {"Cost": "2", "cost": "", "Team": "pay", "ü": "ключ"}
    scene.kms.untag_resource(KeyId=key, TagKeys=["Team", "Team", "absent", "COST"])
    assert tags_of(scene.kms, key) == {"Cost": "2", "cost": "", "ü": "ключ"}
    scene.kms.untag_resource(KeyId=key, TagKeys=["absent"])
    assert len(tags_of(scene.kms, key)) == 3


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ([*given({"a": "1"}), *given({"a": "2"})], "Duplicate tag keys"),
        (given({"aws:cost": "1"}), "Tags beginning with aws: are reserved"),
        (given({"AwS:x": ""}), "Tags beginning with aws: are reserved"),
        (given({f"k{number}": "" for number in range(51)}), "Too many tags"),
    ],
)
def test_refused_tags(scene: Scene, tags: list[Pairs], said: str) -> None:
    assert refused("TagException", scene.kms.tag_resource, KeyId=scene.key, Tags=tags) == said
    assert refused("TagException", scene.kms.create_key, Tags=tags) == said
    assert tags_of(scene.kms, scene.key) == {}


def test_fifty_tags_are_the_most_whoever_came_first(scene: Scene) -> None:
    scene.kms.tag_resource(KeyId=scene.key, Tags=given({f"k{number}": "" for number in range(50)}))
    scene.kms.tag_resource(KeyId=scene.key, Tags=given({"k7": "changed"}))
    one_more = {"KeyId": scene.key, "Tags": given({"k7": "again", "new": ""})}
    assert refused("TagException", scene.kms.tag_resource, **one_more) == "Too many tags"
    assert tags_of(scene.kms, scene.key)["k7"] == "changed"
    scene.kms.untag_resource(KeyId=scene.key, TagKeys=["k0"])
    scene.kms.tag_resource(**one_more)
    assert len(tags_of(scene.kms, scene.key)) == 50


@pytest.mark.parametrize(
    ("tag", "path", "constraint"),
    [
        (
            {"TagKey": "k" * 129, "TagValue": ""},
            "Value '" + "k" * 129 + "' at 'tags.1.member.tagKey'",
            "Member must have length less than or equal to 128",
        ),
        (
            {"TagKey": "k", "TagValue": "v" * 257},
            "Value '" + "v" * 257 + "' at 'tags.1.member.tagValue'",
            "Member must have length less than or equal to 256",
        ),
    ],
)
def test_lengths(scene: Scene, tag: Pairs, path: str, constraint: str) -> None:
    said = refused("ValidationException", scene.kms.tag_resource, KeyId=scene.key, Tags=[tag])
    assert said == f"1 validation error detected: {path} failed to satisfy constraint: {constraint}"


@pytest.mark.parametrize(("limit", "sizes"), [(None, [50]), (1000, [50]), (20, [20, 20, 10]), (50, [50])])
def test_pages(scene: Scene, limit: int | None, sizes: list[int]) -> None:
    names = [f"k{number:02d}" for number in range(50)]
    scene.kms.tag_resource(KeyId=scene.key, Tags=given(dict.fromkeys(names, "")))
    asked: dict[str, Any] = {"KeyId": scene.key} | ({} if limit is None else {"Limit": limit})
    found, lengths = [], []
    while True:
        answer = scene.kms.list_resource_tags(**asked)
        found += [tag["TagKey"] for tag in answer["Tags"]]
        lengths.append(len(answer["Tags"]))
        assert answer["Truncated"] == ("NextMarker" in answer)
        if not answer["Truncated"]:
            break
        asked["Marker"] = answer["NextMarker"]
    assert (found, lengths) == (names, sizes)
    assert (
        refused("InvalidMarkerException", scene.kms.list_resource_tags, KeyId=scene.key, Marker="k01") == ""
    )


def test_what_the_events_show(scene: Scene) -> None:
    scene.kms.tag_resource(KeyId=scene.key, Tags=given({"a": "1"}))
    event = scene.last_event()
    assert event["requestParameters"] == {"keyId": scene.key, "tags": [{"tagKey": "a", "tagValue": "1"}]}
    assert event["responseElements"] == {"keyId": scene.key}
    scene.kms.untag_resource(KeyId=scene.key, TagKeys=["a"])
    event = scene.last_event()
    assert event["requestParameters"] == {"keyId": scene.key, "tagKeys": ["a"]}
    assert event["resources"] == [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": scene.key}]
    scene.kms.create_key(Tags=given({"a": "1"}))
    assert scene.last_event()["requestParameters"]["tags"] == [{"tagKey": "a", "tagValue": "1"}]
    scene.kms.list_resource_tags(KeyId=scene.key)
    event = scene.last_event()
    assert (event["readOnly"], event["responseElements"]) == (True, None)


def test_each_needs_its_own_permission_and_no_other_account_has_it(scene: Scene) -> None:
    user, other = scene.user("user"), scene.user("user", account="111122223333")
    for operation, name, more in (
        ("tag_resource", "TagResource", {"Tags": given({"a": "1"})}),
        ("untag_resource", "UntagResource", {"TagKeys": ["a"]}),
        ("list_resource_tags", "ListResourceTags", {}),
    ):
        said = refused("AccessDeniedException", getattr(user, operation), KeyId=scene.key, **more)
        assert said == no_identity_policy("user", f"kms:{name}", scene.key)
        refused("AccessDeniedException", getattr(other, operation), KeyId=scene.key, **more)
        assert refused("NotFoundException", getattr(scene.kms, operation), KeyId="alias/x", **more) == (
            "Invalid keyId 'alias/x'"
        )


def test_a_key_is_made_with_tags_by_whom_may_tag(scene: Scene) -> None:
    maker = scene.user("maker", identity({"Action": "kms:CreateKey"}))
    maker.create_key()
    assert refused("AccessDeniedException", maker.create_key, Tags=given({"a": "1"})) == (
        f"User: {arn('maker')} is not authorized to perform: kms:TagResource on resource: * "
        "because no identity-based policy allows the kms:TagResource action"
    )


class TestAccessByTags:
    """ABAC (KMS Developer Guide, "ABAC for AWS KMS")."""

    def test_by_the_tags_of_the_key(self, scene: Scene) -> None:
        by_team = {"StringEquals": {"aws:ResourceTag/Team": "pay"}}
        user = scene.user("user", identity({"Action": "kms:Encrypt", "Condition": by_team}))
        asked = {"KeyId": scene.key, "Plaintext": b"x"}
        refused("AccessDeniedException", user.encrypt, **asked)
        scene.kms.tag_resource(KeyId=scene.key, Tags=given({"team": "pay", "Other": "pay"}))
        user.encrypt(**asked)  # names of tags in condition keys ignore case
        scene.kms.untag_resource(KeyId=scene.key, TagKeys=["team"])
        refused("AccessDeniedException", user.encrypt, **asked)
        scene.kms.tag_resource(KeyId=scene.key, Tags=given({"Team": "PAY"}))
        refused("AccessDeniedException", user.encrypt, **asked)
        scene.kms.tag_resource(KeyId=scene.key, Tags=given({"Team": "pay"}))
        user.encrypt(**asked)

    def test_by_the_tags_of_the_request(self, scene: Scene) -> None:
        only = {
            "StringEquals": {"aws:RequestTag/Team": ["pay", "ship"]},
            "ForAllValues:StringEquals": {"aws:TagKeys": ["Team", "Cost"]},
        }
        user = scene.user(
            "user", identity({"Action": ["kms:TagResource", "kms:CreateKey"], "Condition": only})
        )
        user.tag_resource(KeyId=scene.key, Tags=given({"Team": "ship", "Cost": "1"}))
        user.create_key(Tags=given({"Team": "pay"}))
        for tags in ({"Team": "other"}, {"Cost": "1"}, {"Team": "pay", "More": ""}):
            refused("AccessDeniedException", user.tag_resource, KeyId=scene.key, Tags=given(tags))
            refused("AccessDeniedException", user.create_key, Tags=given(tags))
        refused("AccessDeniedException", user.create_key)

    def test_by_the_keys_that_are_removed(self, scene: Scene) -> None:
        only = {"ForAllValues:StringEquals": {"aws:TagKeys": "Cost"}}
        user = scene.user("user", identity({"Action": "kms:UntagResource", "Condition": only}))
        scene.kms.tag_resource(KeyId=scene.key, Tags=given({"Team": "pay", "Cost": "1"}))
        refused("AccessDeniedException", user.untag_resource, KeyId=scene.key, TagKeys=["Cost", "Team"])
        user.untag_resource(KeyId=scene.key, TagKeys=["Cost"])
        assert tags_of(scene.kms, scene.key) == {"Team": "pay"}

    def test_by_the_tag_of_the_key_that_is_tagged(self, scene: Scene) -> None:
        """Who may tag may take the tag away on which its own right rests, and then has it no more."""
        owned = {"StringEquals": {"aws:ResourceTag/Owner": "me"}}
        user = scene.user("user", identity({"Action": "kms:TagResource", "Condition": owned}))
        refused("AccessDeniedException", user.tag_resource, KeyId=scene.key, Tags=given({"Owner": "me"}))
        scene.kms.tag_resource(KeyId=scene.key, Tags=given({"Owner": "me"}))
        user.tag_resource(KeyId=scene.key, Tags=given({"Owner": "you"}))
        refused("AccessDeniedException", user.tag_resource, KeyId=scene.key, Tags=given({"Owner": "me"}))


@pytest.mark.wire
def test_the_aws_cli_tags(shared_dev: Any, kms: Any) -> None:
    key = kms.create_key(Tags=given({"made": "with"}))["KeyMetadata"]["KeyId"]
    done = shared_dev.aws("kms", "tag-resource", "--key-id", key, "--tags", "TagKey=Cost,TagValue=1")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    listed = json.loads(shared_dev.aws("kms", "list-resource-tags", "--key-id", key).stdout)
    assert listed["Tags"] == given({"Cost": "1", "made": "with"})
    assert shared_dev.aws("kms", "untag-resource", "--key-id", key, "--tag-keys", "made").returncode == 0
    assert tags_of(kms, key) == {"Cost": "1"}
