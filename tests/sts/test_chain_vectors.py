"""The cases on trust policies whose caller is a session (`vectors/policy/assume-role.json`) over HTTP."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from live_scene import Credentials, Scene, name_and_path, replaced, trusting
from session_cases import CHAINS, by_run
from tests.policy.policy_cases import members

pytestmark = pytest.mark.wire

CASES = by_run()[CHAINS]
TAG = "aws:PrincipalTag/"
MAY_FEDERATE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:GetFederationToken", "Resource": "*"}],
}
"""What an issuer needs beside the policies of its case; it allows nothing that the cases ask for."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_session_assumes_a_role(case: dict[str, Any], scene: Scene) -> None:
    check_all_is_made(case)
    case = scene.in_own_accounts(case)
    principal, target = case["principal"], case["resource"]["arn"]
    if principal["type"] == "federated-user":
        caller = federated_in(case, scene)
        make_target(case, scene)
    elif principal["role_arn"] == target:
        caller = session_of_target(case, scene)
    else:
        caller = session_beside_target(case, scene)
    expect = case["expect"]
    assume = scene.client("sts", caller).assume_role
    if expect["decision"] == "allow":
        assume(RoleArn=target, RoleSessionName="next")
        return
    with pytest.raises(ClientError) as caught:
        assume(RoleArn=target, RoleSessionName="next")
    told = caught.value.response["Error"]
    assert (told["Code"], told["Message"]) == ("AccessDenied", sentence_of(case))


def sentence_of(case: dict[str, Any]) -> str:
    principal, expect = case["principal"], case["expect"]
    if principal["type"] == "federated-user":
        return "Roles may not be assumed by federated users."  # whatever the policies say (unverified)
    # Of a trust policy that is silent STS says nothing.
    why = {"session": " because no session policy allows the sts:AssumeRole action", "resource": ""}
    on = f"sts:AssumeRole on resource: {case['resource']['arn']}"
    assert expect["reason"] == "implicit"
    return f"User: {principal['arn']} is not authorized to perform: {on}" + why[expect["layer"]]


def check_all_is_made(case: dict[str, Any]) -> None:
    """Fails for a case with a circumstance that would not be made here."""
    members(case["policies"], {"identity", "trust"}, {"session"}, case["id"])
    assert all(name.startswith(TAG) for name in case["context"])
    assert not {"grants", "request", "cross_account", "encryption_context"} & set(case)


def make_target(case: dict[str, Any], scene: Scene, documents: Any = ()) -> None:
    name, path = name_and_path(case["resource"]["arn"])
    account = case["resource"]["account"]
    scene.role(account, name, list(documents), case["policies"]["trust"], path)


def federated_in(case: dict[str, Any], scene: Scene) -> Credentials:
    principal, policies = case["principal"], case["policies"]
    name, path = name_and_path(principal["issuer_arn"])
    documents = [*policies["identity"], MAY_FEDERATE]
    issuer = scene.user(principal["account"], name, documents, path)
    (policy,) = policies.get("session", [None])
    return scene.federated(issuer, principal["arn"].rpartition("/")[2], policy)


def session_of_target(case: dict[str, Any], scene: Scene) -> Credentials:
    """Of the very role that is to be assumed, for the user whom it trusts."""
    (statement,) = case["policies"]["trust"]["Statement"]
    name, path = name_and_path(statement["Principal"]["AWS"])
    user = scene.user(case["principal"]["account"], name, [], path)
    make_target(case, scene, case["policies"]["identity"])
    return issued(case, scene, user)


def session_beside_target(case: dict[str, Any], scene: Scene) -> Credentials:
    """Of another role, which may come to be after the trust policy that names it or its namesake."""
    principal = case["principal"]
    account = principal["account"]
    starter = scene.user(account, "starter", [])
    name, path = name_and_path(principal["role_arn"])
    namesake = f"arn:aws:iam::{account}:role/{name}"
    trust = trusting(f"arn:aws:iam::{account}:user/starter")
    documents = case["policies"]["identity"]
    if namesake != principal["role_arn"] and namesake in json.dumps(case["policies"]["trust"]):
        scene.role(account, name, [])
        make_target(case, scene)
        scene.of(account, "iam").delete_role(RoleName=name)
        scene.role(account, name, documents, trust, path)
    else:
        unique_id = scene.role(account, name, documents, trust, path)
        make_target(replaced(case, {principal["userid"].partition(":")[0]: unique_id}), scene)
    return issued(case, scene, starter)


def issued(case: dict[str, Any], scene: Scene, who: Credentials) -> Credentials:
    """The session of the case, for whoever its role trusts."""
    principal = case["principal"]
    (policy,) = case["policies"].get("session", [None])
    tags = {
        name.removeprefix(TAG): value for name, given in case["context"].items() for value in given["values"]
    }
    return scene.session(who, principal["role_arn"], principal["arn"].rpartition("/")[2], policy, tags)
