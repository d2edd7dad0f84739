import json
from collections.abc import Callable
from typing import Any

import pytest
from in_process import ACCOUNT, InProcess, statement

Refused = Callable[..., tuple[int, str, str]]

TRUST = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}}'
ARN = f"arn:aws:iam::{ACCOUNT}:policy/x"


def tags(**pairs: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in pairs.items()]


KINDS = {
    "user": ({"UserName": "x"}, {}),
    "role": ({"RoleName": "x"}, {"AssumeRolePolicyDocument": TRUST}),
    "policy": ({"PolicyName": "x"}, {"PolicyDocument": statement("Allow", "kms:*", "*")}),
    "instance_profile": ({"InstanceProfileName": "x"}, {}),
}


class Tagged:
    """One of what has tags."""

    def __init__(self, root: Any, kind: str) -> None:
        named, more = KINDS[kind]
        getattr(root, f"create_{kind}")(**named, **more, Tags=tags(first="1"))
        self.named = {"PolicyArn": ARN} if kind == "policy" else named
        self.root, self.kind = root, kind

    def call(self, name: str, **more: Any) -> Any:
        return getattr(self.root, name.format(self.kind))(**self.named, **more)

    def tags(self) -> list[dict[str, str]]:
        listed: list[dict[str, str]] = self.call("list_{}_tags")["Tags"]
        return listed


@pytest.fixture(params=KINDS)
def tagged(root: Any, request: pytest.FixtureRequest) -> Tagged:
    return Tagged(root, request.param)


def test_tags_are_added_changed_and_taken(tagged: Tagged) -> None:
    tagged.call("tag_{}", Tags=tags(b="2", a=""))
    assert tagged.tags() == tags(a="", b="2", first="1")
    tagged.call("tag_{}", Tags=tags(b="3"))
    tagged.call("untag_{}", TagKeys=["first", "never"])
    assert tagged.tags() == tags(a="", b="3")


def test_tags_come_in_pages(tagged: Tagged) -> None:
    tagged.call("tag_{}", Tags=tags(B="2", c="3"))
    first = tagged.call("list_{}_tags", MaxItems=2)
    assert (first["Tags"], first["IsTruncated"]) == (tags(B="2", c="3"), True)
    rest = tagged.call("list_{}_tags", Marker=first["Marker"])
    assert (rest["Tags"], rest["IsTruncated"]) == (tags(first="1"), False)


def test_case_counts_where_it_does_on_aws(tagged: Tagged) -> None:
    tagged.call("tag_{}", Tags=tags(FIRST="2"))
    caseless = tagged.kind in ("user", "role")
    assert tagged.tags() == (tags(FIRST="2") if caseless else tags(FIRST="2", first="1"))
    tagged.call("untag_{}", TagKeys=["First"])
    assert len(tagged.tags()) == (0 if caseless else 2)


def test_fifty_tags_at_most_and_none_of_aws_s(tagged: Tagged, refused: Refused) -> None:
    many = tags(**{f"k{number}": "v" for number in range(50)})
    assert refused(tagged.call, name="tag_{}", Tags=many) == (
        409,
        "LimitExceeded",
        "The number of tags has reached the maximum limit of 50.",
    )
    assert refused(tagged.call, name="tag_{}", Tags=tags(**{"aws:x": "v"}))[1] == "InvalidInput"
    assert refused(tagged.call, name="tag_{}", Tags=[*tags(k="1"), *tags(k="2")])[1] == "InvalidInput"
    tagged.call("tag_{}", Tags=many[:49])
    assert len(tagged.tags()) == 50


def test_tags_are_conditions(inside: InProcess, root: Any, refused: Refused, tagged: Tagged) -> None:
    """Who may touch what is its team's, and may set that tag to its own team alone."""
    root.create_user(UserName="a")
    condition = {"StringEquals": {"aws:ResourceTag/first": "1"}}
    only = {
        "StringEqualsIfExists": {"aws:RequestTag/first": "1"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["first", "b"]},
    }
    may = {"Effect": "Allow", "Action": "iam:*", "Resource": "*", "Condition": condition | only}
    document = json.dumps({"Version": "2012-10-17", "Statement": may})
    root.put_user_policy(UserName="a", PolicyName="p", PolicyDocument=document)
    tagged.root = inside.client("iam", root.create_access_key(UserName="a")["AccessKey"])
    tagged.call("tag_{}", Tags=tags(b="2"))
    for denied in (
        {"name": "tag_{}", "Tags": tags(first="2")},
        {"name": "tag_{}", "Tags": tags(c="2")},
        {"name": "untag_{}", "TagKeys": ["c"]},
    ):
        assert refused(tagged.call, **denied)[1] == "AccessDenied", denied
    assert tagged.tags() == tags(b="2", first="1")
    tagged.call("untag_{}", TagKeys=["first"])
    assert refused(tagged.call, name="list_{}_tags")[1] == "AccessDenied"


def test_events_show_tags(inside: InProcess, root: Any) -> None:
    root.create_user(UserName="u")
    root.tag_user(UserName="u", Tags=tags(k="v"))
    shown = inside.events()[-1]["requestParameters"]
    assert shown == {"userName": "u", "tags": [{"key": "k", "value": "v"}]}
    root.untag_user(UserName="u", TagKeys=["k"])
    assert inside.events()[-1]["requestParameters"] == {"userName": "u", "tagKeys": ["k"]}


def test_tags_at_creation_need_the_permission_to_tag(inside: InProcess, root: Any, refused: Refused) -> None:
    root.create_user(UserName="a")
    root.put_user_policy(UserName="a", PolicyName="p", PolicyDocument=statement("Allow", "iam:Create*", "*"))
    a = inside.client("iam", root.create_access_key(UserName="a")["AccessKey"])
    for kind, action in (
        ("user", "TagUser"),
        ("role", "TagRole"),
        ("policy", "TagPolicy"),
        ("instance_profile", "TagInstanceProfile"),
    ):
        named, more = KINDS[kind]
        create = getattr(a, f"create_{kind}")
        assert f"perform: iam:{action} on" in refused(create, **named, **more, Tags=tags(k="v"))[2]
        create(**named, **more)
