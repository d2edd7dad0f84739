"""The recorded cases on boundaries and SCPs (`vectors/policy/boundaries-sessions.json`) over HTTP.

The simulator gave them, and ours is asked the same. Their decisions hold for live requests too (the README
there), so each is made one as well. Keystead has no S3: calls of KMS stand for the calls of S3.
"""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from live_scene import Credentials, Scene, name_and_path, replaced, trusting
from session_cases import BOUNDARIES, by_run
from tests.organizations.scene import SCP
from tests.policy.policy_cases import members

pytestmark = pytest.mark.wire

CASES = by_run()[BOUNDARIES]
SIMULATED = [case for case in CASES if "scp" not in case["policies"]]
"""All but those with SCPs: SimulateCustomPolicy takes none."""

STAND_FOR = {
    "s3:GetObject": "kms:DescribeKey",
    "s3:PutObject": "kms:GetKeyPolicy",
    "s3:DeleteObject": "kms:ListKeyPolicies",
}
OBJECTS = ("arn:aws:s3:::vectors/a", "arn:aws:s3:::vectors/b")
LAYERS = {
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "scp": "service control policy",
}
"""How the refusals of AWS name them."""


def test_these_cases_run() -> None:
    assert len(CASES) == 19
    assert len(SIMULATED) == 16


@pytest.mark.parametrize("case", SIMULATED, ids=lambda case: case["id"])
def test_the_simulator_says_so(case: dict[str, Any], scene: Scene, simulating: str) -> None:
    policies, expect = case["policies"], case["expect"]
    ask: dict[str, Any] = {
        "PolicyInputList": [json.dumps(document) for document in policies["identity"]],
        "ActionNames": [case["action"]],
        "ResourceArns": [case["resource"]["arn"]],
    }
    if "boundary" in policies:
        ask["PermissionsBoundaryPolicyInputList"] = [json.dumps(each) for each in policies["boundary"]]
    (result,) = scene.of(simulating, "iam").simulate_custom_policy(**ask)["EvaluationResults"]
    told = {"allowed": "allow", "explicitDeny": "explicit", "implicitDeny": "implicit"}
    assert told[result["EvalDecision"]] == expect.get("reason", expect["decision"])
    if "layer" in expect:
        allowed = result["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"]
        assert allowed is (expect["layer"] != "boundary")


@pytest.fixture(scope="module")
def simulating(scene: Scene) -> str:
    """An account whose root user simulates."""
    return scene.account()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_live_request_is_decided_so(case: dict[str, Any], scene: Scene) -> None:
    members(case["policies"], {"identity"}, {"boundary", "scp"}, case["id"])
    assert case["context"] == {}
    case = scene.in_own_accounts(case)
    account = case["principal"]["account"] if case["principal"] else scene.account()
    keys = [scene.key(account) for _ in OBJECTS]
    case = replaced(case, STAND_FOR | dict(zip(OBJECTS, keys, strict=True)))
    on = keys[0] if case["resource"]["arn"] == "*" else case["resource"]["arn"]
    kms = scene.client("kms", caller_of(case, scene, account))
    if "scp" in case["policies"]:
        management = scene.account()
        root = scene.organization(management, account, SCP)
        scene.set_scps(management, [root, account], case["policies"]["scp"])
    request = {
        "kms:DescribeKey": kms.describe_key,
        "kms:GetKeyPolicy": kms.get_key_policy,
        "kms:ListKeyPolicies": kms.list_key_policies,
    }[case["action"]]
    expect = case["expect"]
    if expect["decision"] == "allow":
        request(KeyId=on)
        return
    with pytest.raises(ClientError) as caught:
        request(KeyId=on)
    told = caught.value.response["Error"]
    assert told["Code"] == "AccessDeniedException"
    assert {
        "explicit": " with an explicit deny in a",
        "implicit": f" allows the {case['action']} action",
    }[expect["reason"]] in told["Message"]
    if "layer" in expect:
        assert LAYERS[expect["layer"]] in told["Message"]


def caller_of(case: dict[str, Any], scene: Scene, account: str) -> Credentials:
    """Whoever is under the policies of the case: a user, a member of a group, or a session of a role."""
    policies, principal = case["policies"], case["principal"]
    documents = policies["identity"]
    (boundary,) = policies.get("boundary", [None])
    if principal is None:
        return scene.user(account, "caller", documents, boundary=boundary)
    name, path = name_and_path(principal["arn"])
    if principal["type"] == "user":
        return scene.user(account, name, documents, path, boundary)
    assert boundary is None
    caller = scene.user(account, "caller", [])
    if principal["type"] == "group":
        scene.group(account, name, documents, ["caller"], path)
        return caller
    scene.role(account, name, documents, trusting(f"arn:aws:iam::{account}:user/caller"), path)
    return scene.session(caller, principal["arn"], "run")
