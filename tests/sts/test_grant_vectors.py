"""The recorded cases on sessions and keys (`vectors/policy`) over HTTP: grants, boundaries, and an RCP.

Role or issuer, session, key, grants and organization are made by calls, and then the case's call is made.
"""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from live_scene import Credentials, Scene, name_and_path, replaced, trusting
from session_cases import GRANTS, by_run
from tests.organizations.scene import RCP
from tests.policy.policy_cases import members

pytestmark = pytest.mark.wire

CASES = by_run()[GRANTS]


def test_these_cases_run() -> None:
    assert len(CASES) == 25


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_session_uses_a_key(case: dict[str, Any], scene: Scene) -> None:
    """With credentials issued before the grants, and with others issued after them."""
    check_all_is_made(case)
    case = scene.in_own_accounts(case)
    owner = case["resource"]["account"]
    key = scene.key(owner, case["policies"]["key_policy"])
    case = replaced(case, {case["resource"]["arn"]: key})
    sealed = scene.of(owner, "kms").encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    issue = issuing(case, scene)
    before = issue()
    for arn in spoken_of(case):
        make_role_of(arn, scene)
    grants = [granted(grant, key, scene) for grant in case["grants"]]
    after = issue()
    case = under_rcps(case, scene)
    asked = parameters(case, key, grants)
    # A grant is retired once.
    for credentials in (after,) if case["action"] == "kms:RetireGrant" else (before, after):
        assert refusal(case["action"], scene.client("kms", credentials), sealed, asked) == expected(case)


def parameters(case: dict[str, Any], key: str, grants: list[dict[str, str]]) -> dict[str, Any]:
    """Of the call of the case; `grants` are the answers to its grants."""
    presented = [
        made["GrantToken"]
        for grant, made in zip(case["grants"], grants, strict=True)
        if grant["token_presented"]
    ]
    if case["action"] != "kms:RetireGrant":
        return {"KeyId": key, "GrantTokens": presented} | case.get("request", {})
    (made,) = grants
    if "request" not in case:
        return {"KeyId": key, "GrantId": made["GrantId"]}
    assert case["request"] == {"GrantToken": "<of the grant>"}
    return {"GrantToken": made["GrantToken"]}


def check_all_is_made(case: dict[str, Any]) -> None:
    """Fails for a case with a circumstance that would not be made here."""
    members(case["policies"], {"identity", "key_policy"}, {"session", "boundary", "rcp"}, case["id"])
    members(case["context"], set(), {"aws:PrincipalArn"}, case["id"])
    assert not {"cross_account", "encryption_context"} & set(case)
    assert all("bound_to_deleted_principal" not in grant for grant in case["grants"])


def expected(case: dict[str, Any]) -> tuple[str, str] | None:
    expect = case["expect"]
    return None if expect["decision"] == "allow" else ("AccessDeniedException", expect["message"])


def refusal(action: str, kms: Any, sealed: bytes, asked: dict[str, Any]) -> tuple[str, str] | None:
    """Code and sentence of the refusal, if the call is refused."""
    call, more = {
        "kms:Decrypt": (kms.decrypt, {"CiphertextBlob": sealed}),
        "kms:Encrypt": (kms.encrypt, {"Plaintext": b"x"}),
        "kms:DescribeKey": (kms.describe_key, {}),
        "kms:CreateGrant": (kms.create_grant, {}),
        "kms:RetireGrant": (kms.retire_grant, {}),
    }[action]
    try:
        call(**asked, **more)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]
    return None


def issuing(case: dict[str, Any], scene: Scene) -> Callable[[], Credentials]:
    """Makes the role or the user behind the session of the case; what issues credentials of the session."""
    policies, principal = case["policies"], case["principal"]
    account, session = principal["account"], principal["arn"].rpartition("/")[2]
    (policy,) = policies.get("session", [None])
    (boundary,) = policies.get("boundary", [None])
    if principal["type"] == "federated-user":
        issuer = scene.user(account, "issuer", policies["identity"], boundary=boundary)
        return lambda: scene.federated(issuer, session, policy)
    caller = scene.user(account, "caller", [])
    name, path = name_and_path(principal["role_arn"])
    trust = trusting(f"arn:aws:iam::{account}:user/caller")
    scene.role(account, name, policies["identity"], trust, path, boundary)
    return lambda: scene.session(caller, principal["role_arn"], session, policy)


def spoken_of(case: dict[str, Any]) -> set[str]:
    """The principals that grants of the case name, and the grant that it asks for."""
    parts = ("grantee_principal", "retiring_principal")
    named = {grant[part] for grant in case["grants"] for part in parts if part in grant}
    return named | {value for part, value in case.get("request", {}).items() if part == "GranteePrincipal"}


def make_role_of(arn: str, scene: Scene) -> None:
    """The role of a principal that the case speaks of and nobody calls as."""
    account, resource = arn.split(":")[4], arn.split(":")[5].split("/")
    if resource[0] in ("role", "assumed-role") and not scene.has_role(account, resource[1]):
        scene.role(account, resource[1], [])


def granted(grant: dict[str, Any], key: str, scene: Scene) -> dict[str, str]:
    """Makes the grant as a principal of its issuing account; its id and its token."""
    ask: dict[str, Any] = {"GranteePrincipal": grant["grantee_principal"], "Operations": grant["operations"]}
    if "retiring_principal" in grant:
        ask["RetiringPrincipal"] = grant["retiring_principal"]
    if "constraints" in grant:
        ask["Constraints"] = grant["constraints"]
    made: dict[str, str] = scene.of(grant["issuing_account"], "kms").create_grant(KeyId=key, **ask)
    return made


def under_rcps(case: dict[str, Any], scene: Scene) -> dict[str, Any]:
    """The case with the ARN of its RCP, which now holds in an organization of its accounts."""
    levels = case["policies"].get("rcp", [])
    # A policy without ARN is AWS's own, attached everywhere.
    own = [(level["target"], policy) for level in levels for policy in level["policies"] if "arn" in policy]
    if not levels:
        return case
    ((target, policy),) = own
    management, member = policy["arn"].split(":")[4], case["resource"]["account"]
    assert target == member
    scene.organization(management, member, RCP)
    arn = scene.attach(management, member, "limits", RCP, policy["document"])
    return replaced(case, {policy["arn"]: arn})
