"""What simulations take from users, roles and groups."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from in_process import ACCOUNT, statement

Refused = Callable[..., tuple[int, str, str]]

TRUST = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}}'
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
USER, ROLE, GROUP = (f"arn:aws:iam::{ACCOUNT}:{kind}/x/{kind[0]}" for kind in ("user", "role", "group"))


@pytest.fixture(autouse=True)
def entities(root: Any) -> None:
    root.create_user(UserName="u", Path="/x/")
    root.create_role(RoleName="r", Path="/x/", AssumeRolePolicyDocument=TRUST)
    root.create_group(GroupName="g", Path="/x/")
    root.add_user_to_group(GroupName="g", UserName="u")


def policy(root: Any, name: str, action: str) -> str:
    arn: str = root.create_policy(PolicyName=name, PolicyDocument=statement("Allow", action, "*"))["Policy"][
        "Arn"
    ]
    return arn


def simulated(root: Any, arn: str, action: str = "kms:Decrypt", **more: Any) -> tuple[str, list[str]]:
    """The decision and the ids of the policies that made it."""
    answer = root.simulate_principal_policy(PolicySourceArn=arn, ActionNames=[action], **more)
    (result,) = answer["EvaluationResults"]
    return result["EvalDecision"], [each["SourcePolicyId"] for each in result["MatchedStatements"]]


def test_the_policies_of_each_kind_of_entity(root: Any) -> None:
    decrypt = statement("Allow", "kms:Decrypt", "*")
    for arn in (USER, ROLE, GROUP):
        assert simulated(root, arn) == ("implicitDeny", [])
    root.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=decrypt)
    assert simulated(root, ROLE) == ("allowed", ["role_r_p"])
    root.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=decrypt)
    assert simulated(root, GROUP) == ("allowed", ["group_g_p"])
    assert simulated(root, USER) == ("allowed", ["group_g_p"])
    root.attach_user_policy(UserName="u", PolicyArn=policy(root, "own", "kms:*"))
    root.attach_group_policy(GroupName="g", PolicyArn=ADMINISTRATOR)
    root.attach_user_policy(UserName="u", PolicyArn=ADMINISTRATOR)
    assert sorted(simulated(root, USER)[1]) == ["AdministratorAccess", "group_g_p", "own"]


def test_a_boundary_is_the_entity_s_or_that_of_the_request(root: Any) -> None:
    root.attach_user_policy(UserName="u", PolicyArn=ADMINISTRATOR)
    bound = policy(root, "bound", "kms:Encrypt")
    root.put_user_permissions_boundary(UserName="u", PermissionsBoundary=bound)
    assert simulated(root, USER)[0] == "implicitDeny"
    assert simulated(root, USER, "kms:Encrypt")[0] == "allowed"
    other = [statement("Allow", "kms:Decrypt", "*")]
    assert simulated(root, USER, PermissionsBoundaryPolicyInputList=other)[0] == "allowed"
    for exclusion, decision in (
        ({"PolicyType": "user-managed"}, "implicitDeny"),
        ({"PolicyArn": bound}, "implicitDeny"),
        ({"PolicyType": "permission-boundary"}, "allowed"),
    ):
        assert simulated(root, USER, PolicyExclusionList=[exclusion])[0] == decision, exclusion
    answer = root.simulate_principal_policy(PolicySourceArn=USER, ActionNames=["kms:Decrypt"])
    (result,) = answer["EvaluationResults"]
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}


def test_exclusions_of_managed_policies(root: Any) -> None:
    root.attach_group_policy(GroupName="g", PolicyArn=ADMINISTRATOR)
    root.attach_user_policy(UserName="u", PolicyArn=policy(root, "keys", "kms:*"))
    for exclusions, left in (
        ([], ["AdministratorAccess", "keys"]),
        ([{"PolicyType": "aws-managed"}], ["keys"]),
        ([{"PolicyType": "user-managed"}], ["AdministratorAccess"]),
        ([{"PolicyArn": "arn:aws:iam::aws:policy/Admin*"}], ["keys"]),
        ([{"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/k?ys"}], ["AdministratorAccess"]),
        ([{"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/k?s"}], ["AdministratorAccess", "keys"]),
        ([{"PolicyType": "inline"}, {"PolicyType": "scp"}], ["AdministratorAccess", "keys"]),
    ):
        assert sorted(simulated(root, USER, PolicyExclusionList=exclusions)[1]) == left, exclusions


def test_context_keys_of_groups_and_boundaries(root: Any) -> None:
    def on(key: str) -> str:
        condition = {"StringEquals": {key: "x"}}
        allow = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
        return json.dumps({"Version": "2012-10-17", "Statement": allow})

    arn = root.create_policy(PolicyName="b", PolicyDocument=on("kms:ViaService"))["Policy"]["Arn"]
    root.put_user_permissions_boundary(UserName="u", PermissionsBoundary=arn)
    root.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=on("aws:username"))
    keys = root.get_context_keys_for_principal_policy(PolicySourceArn=USER)["ContextKeyNames"]
    assert sorted(keys) == ["aws:username", "kms:ViaService"]
