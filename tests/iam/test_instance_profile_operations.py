import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from in_process import ACCOUNT, InProcess

Refused = Callable[..., tuple[int, str, str]]

TRUST = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}}'


@pytest.fixture
def role(root: Any) -> dict[str, Any]:
    made: dict[str, Any] = root.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]
    return made


def test_an_instance_profile_is_kept_as_it_was_made(root: Any, refused: Refused) -> None:
    tags = [{"Key": "k", "Value": "v"}]
    made = root.create_instance_profile(InstanceProfileName="Web", Path="/x/", Tags=tags)["InstanceProfile"]
    assert re.fullmatch("AIPA[A-Z2-7]{17}", made["InstanceProfileId"])
    assert made == {
        "Path": "/x/",
        "InstanceProfileName": "Web",
        "InstanceProfileId": made["InstanceProfileId"],
        "Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/x/Web",
        "CreateDate": datetime(2027, 1, 15, 8, 2, 3, tzinfo=UTC),
        "Roles": [],
        "Tags": tags,
    }
    assert root.get_instance_profile(InstanceProfileName="WEB")["InstanceProfile"] == made
    (listed,) = root.list_instance_profiles(PathPrefix="/x/")["InstanceProfiles"]
    assert listed == {name: value for name, value in made.items() if name != "Tags"}
    assert refused(root.create_instance_profile, InstanceProfileName="web") == (
        409,
        "EntityAlreadyExists",
        "Instance Profile web already exists.",
    )


def test_which_instance_profile_is_not_there(root: Any, refused: Refused, role: dict[str, Any]) -> None:
    missing = (404, "NoSuchEntity", "Instance Profile p cannot be found.")
    for call, more in (
        (root.get_instance_profile, {}),
        (root.delete_instance_profile, {}),
        (root.add_role_to_instance_profile, {"RoleName": role["RoleName"]}),
        (root.remove_role_from_instance_profile, {"RoleName": role["RoleName"]}),
        (root.tag_instance_profile, {"Tags": []}),
        (root.untag_instance_profile, {"TagKeys": ["k"]}),
        (root.list_instance_profile_tags, {}),
    ):
        assert refused(call, InstanceProfileName="p", **more) == missing


def test_one_role_at_most(root: Any, refused: Refused, role: dict[str, Any]) -> None:
    named = {"InstanceProfileName": "p"}
    root.create_instance_profile(**named)
    no_role = (404, "NoSuchEntity", "The role with name none cannot be found.")
    assert refused(root.add_role_to_instance_profile, **named, RoleName="none") == no_role
    assert refused(root.remove_role_from_instance_profile, **named, RoleName="none") == no_role
    root.add_role_to_instance_profile(**named, RoleName="R")
    (held,) = root.get_instance_profile(**named)["InstanceProfile"]["Roles"]
    assert held == role
    root.create_role(RoleName="other", AssumeRolePolicyDocument=TRUST)
    assert refused(root.add_role_to_instance_profile, **named, RoleName="other") == (
        409,
        "LimitExceeded",
        "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
    )
    assert refused(root.remove_role_from_instance_profile, **named, RoleName="other")[1] == "NoSuchEntity"
    stays = (409, "DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.")
    assert refused(root.delete_role, RoleName="r") == stays
    assert refused(root.delete_instance_profile, **named) == stays
    root.remove_role_from_instance_profile(**named, RoleName="r")
    root.delete_role(RoleName="r")
    root.delete_instance_profile(**named)
    assert root.list_instance_profiles()["InstanceProfiles"] == []


def test_the_instance_profiles_of_a_role(root: Any, refused: Refused, role: dict[str, Any]) -> None:
    for name in ("c", "B", "a"):
        root.create_instance_profile(InstanceProfileName=name)
        root.add_role_to_instance_profile(InstanceProfileName=name, RoleName="r")
    root.create_instance_profile(InstanceProfileName="other")

    def names(operation: str, **asked: Any) -> list[list[str]]:
        pages = root.get_paginator(operation).paginate(**asked, PaginationConfig={"PageSize": 2})
        return [[each["InstanceProfileName"] for each in page["InstanceProfiles"]] for page in pages]

    assert names("list_instance_profiles_for_role", RoleName="R") == [["a", "B"], ["c"]]
    assert names("list_instance_profiles") == [["a", "B"], ["c", "other"]]
    assert refused(root.list_instance_profiles_for_role, RoleName="x")[2] == (
        "The role with name x cannot be found."
    )


def test_a_role_is_handed_on_by_who_may_pass_it(
    inside: InProcess, root: Any, refused: Refused, role: dict[str, Any]
) -> None:
    root.create_user(UserName="a")
    root.create_instance_profile(InstanceProfileName="p")

    def may(service: str) -> None:
        passing = {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": role["Arn"],
            "Condition": {"StringEquals": {"iam:PassedToService": service}},
        }
        adding = {"Effect": "Allow", "Action": "iam:AddRoleToInstanceProfile", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [passing, adding]})
        root.put_user_policy(UserName="a", PolicyName="p", PolicyDocument=document)

    may("lambda.amazonaws.com")
    a = inside.client("iam", root.create_access_key(UserName="a")["AccessKey"])
    asked = {"InstanceProfileName": "p", "RoleName": "r"}
    assert (
        f"iam:PassRole on resource: {role['Arn']} because"
        in refused(a.add_role_to_instance_profile, **asked)[2]
    )
    may("ec2.amazonaws.com")
    a.add_role_to_instance_profile(**asked)
