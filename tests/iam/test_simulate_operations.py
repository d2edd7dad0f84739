"""SimulateCustomPolicy, SimulatePrincipalPolicy and GetContextKeysFor..., in process."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from in_process import ACCOUNT, InProcess, allow, statement

from keystead.service.iam import simulate
from keystead.service.iam.simulate import MOST_CHARACTERS, MOST_STEPS

Refused = Callable[..., tuple[int, str, str]]

KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FOREIGN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/team/Alice"
EVERYTHING = statement("Allow", "*", "*")


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def to(principal: str, **elements: Any) -> dict[str, Any]:
    whole = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "kms:*", "Resource": "*"}
    return whole | elements


@pytest.fixture
def alice(root: Any) -> Any:
    root.create_user(UserName="Alice", Path="/team/")
    return root.create_access_key(UserName="alice")["AccessKey"]


def test_policies_as_texts(root: Any) -> None:
    answer = root.simulate_custom_policy(
        PolicyInputList=[statement("Allow", "kms:*", "*"), statement("Deny", "kms:Disable*", "*")],
        ActionNames=["kms:Decrypt", "kms:DisableKey", "s3:GetObject"],
    )
    assert answer["IsTruncated"] is False
    assert "Marker" not in answer
    allowed, denied, silent = answer["EvaluationResults"]
    assert allowed == {
        "EvalActionName": "kms:Decrypt",
        "EvalResourceName": "*",
        "EvalDecision": "allowed",
        "MatchedStatements": [
            {
                "SourcePolicyId": "PolicyInputList.1",
                "SourcePolicyType": "IAM Policy",
                "StartPosition": {"Line": 1, "Column": 41},
                "EndPosition": {"Line": 1, "Column": 96},
            }
        ],
        "MissingContextValues": [],
    }
    assert denied["EvalDecision"] == "explicitDeny"
    assert [each["SourcePolicyId"] for each in denied["MatchedStatements"]] == ["PolicyInputList.2"]
    assert (silent["EvalDecision"], silent["MatchedStatements"]) == ("implicitDeny", [])


def test_a_key_policy_as_the_resource_policy(root: Any) -> None:
    def decision(resource_policy: str | None, identity: list[str], resource: str = KEY) -> str:
        given = {} if resource_policy is None else {"ResourcePolicy": resource_policy}
        answer = root.simulate_custom_policy(
            PolicyInputList=identity,
            ActionNames=["kms:Decrypt"],
            ResourceArns=[resource],
            CallerArn=ALICE,
            **given,
        )
        (result,) = answer["EvaluationResults"]
        assert result["EvalResourceName"] == resource
        assert bool(result["EvalDecisionDetails"]) is (resource == FOREIGN)
        return str(result["EvalDecision"])

    delegates = document(to(f"arn:aws:iam::{ACCOUNT}:root"))
    assert decision(delegates, []) == "implicitDeny"
    assert decision(delegates, [EVERYTHING]) == "allowed"
    assert decision(document(to(ALICE)), []) == "allowed"
    assert decision(document(to(ALICE + "x")), [EVERYTHING]) == "implicitDeny"
    assert decision(None, [EVERYTHING]) == "allowed"
    assert decision(document(to(ALICE)), [EVERYTHING], FOREIGN) == "allowed"
    assert decision(document(to(ALICE)), [], FOREIGN) == "implicitDeny"
    assert decision(None, [EVERYTHING], FOREIGN) == "implicitDeny"


def test_across_accounts_every_kind_of_policy_is_answered(root: Any) -> None:
    answer = root.simulate_custom_policy(
        PolicyInputList=[EVERYTHING],
        PermissionsBoundaryPolicyInputList=[statement("Allow", "iam:*", "*")],
        ActionNames=["s3:PutObject"],
        ResourceArns=["arn:aws:s3:::mary/a", "arn:aws:s3:::mary/b"],
        ResourceOwner="arn:aws:iam::111122223333:root",
        ResourcePolicy=document(to(ALICE, Action="s3:*", Resource="arn:aws:s3:::mary/a")),
        CallerArn=ALICE,
    )
    (result,) = answer["EvaluationResults"]
    assert (result["EvalDecision"], result["EvalResourceName"]) == (
        "implicitDeny",
        "arn:aws:s3:::${BucketName}/${KeyName}",
    )
    limit = {"AllowedByPermissionsBoundary": False}
    assert result["PermissionsBoundaryDecisionDetail"] == limit
    kinds = {"IAM Policy": "allowed", "Permissions Boundary Policy": "implicitDeny"}
    assert result["EvalDecisionDetails"] == kinds | {"Resource Policy": "implicitDeny"}
    first, second = result["ResourceSpecificResults"]
    assert first["EvalResourceName"] == "arn:aws:s3:::mary/a"
    assert first["EvalResourceDecision"] == "implicitDeny"
    assert first["PermissionsBoundaryDecisionDetail"] == limit
    assert first["EvalDecisionDetails"] == kinds | {"Resource Policy": "allowed"}
    assert {each["SourcePolicyId"] for each in first["MatchedStatements"]} == {
        "ResourcePolicy",
        "PolicyInputList.1",
    }
    assert second["EvalDecisionDetails"] == kinds | {"Resource Policy": "implicitDeny"}


def test_an_organization(root: Any) -> None:
    def result(*levels: list[str]) -> Any:
        answer = root.simulate_custom_policy(
            PolicyInputList=[EVERYTHING],
            OrderedOrganizationPolicyInputList=[{"ServiceControlPolicyInputList": level} for level in levels],
            ActionNames=["kms:Decrypt"],
        )
        return answer["EvaluationResults"][0]

    open_ = result([EVERYTHING], [EVERYTHING])
    assert open_["EvalDecision"] == "allowed"
    assert open_["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": True}
    closed = result([EVERYTHING], [EVERYTHING, statement("Deny", "kms:*", "*")])
    assert (closed["EvalDecision"], closed["MatchedStatements"]) == ("explicitDeny", [])
    assert closed["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": False}
    assert result([EVERYTHING], [statement("Allow", "s3:*", "*")])["EvalDecision"] == "implicitDeny"


def test_context_and_what_of_it_is_missing(root: Any) -> None:
    condition = {
        "StringEquals": {"kms:EncryptionContext:Dept": "pay"},
        "ForAnyValue:StringEquals": {"aws:TagKeys": "team"},
    }
    policy = document({"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Condition": condition})

    def simulated(*entries: tuple[str, str, list[str]]) -> Any:
        answer = root.simulate_custom_policy(
            PolicyInputList=[policy],
            ActionNames=["kms:Decrypt"],
            ContextEntries=[
                {"ContextKeyName": name, "ContextKeyType": kind, "ContextKeyValues": values}
                for name, kind, values in entries
            ],
        )
        (result,) = answer["EvaluationResults"]
        return result["EvalDecision"], result["MissingContextValues"]

    dept = ("kms:encryptioncontext:dept", "string", ["pay"])
    assert simulated() == ("implicitDeny", ["aws:TagKeys", "kms:EncryptionContext:Dept"])
    assert simulated(dept) == ("implicitDeny", ["aws:TagKeys"])
    assert simulated(dept, ("aws:TagKeys", "stringList", ["team", "x"])) == ("allowed", [])
    assert root.get_context_keys_for_custom_policy(PolicyInputList=[policy, EVERYTHING]) | {
        "ResponseMetadata": None
    } == {
        "ContextKeyNames": ["aws:TagKeys", "kms:EncryptionContext:Dept"],
        "ResponseMetadata": None,
    }


def test_results_come_in_pages(root: Any) -> None:
    actions = [f"kms:Action{number}" for number in range(7)]
    paginator = root.get_paginator("simulate_custom_policy")
    for size in (1, 3, 7, 100):
        pages = list(
            paginator.paginate(
                PolicyInputList=[EVERYTHING], ActionNames=actions, PaginationConfig={"PageSize": size}
            )
        )
        results = [result for page in pages for result in page["EvaluationResults"]]
        assert [result["EvalActionName"] for result in results] == actions
        assert len(pages) == -(-len(actions) // size)
    other = root.simulate_custom_policy(PolicyInputList=[], ActionNames=["a:b", "c:d", "e:f"], Marker="2")
    assert [result["EvalActionName"] for result in other["EvaluationResults"]] == ["e:f"]


def test_a_page_ends_early_when_it_would_be_much_work(root: Any, refused: Refused) -> None:
    one = {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*"}
    policy = document(*[one] * 100)
    resources = [f"arn:aws:s3:::b/{number}" for number in range(100)]
    for count, marker in ((12, "2"), (100, "1")):
        answer = root.simulate_custom_policy(
            PolicyInputList=[policy], ActionNames=["s3:A", "s3:B", "s3:C"], ResourceArns=resources[:count]
        )
        assert (answer["IsTruncated"], answer["Marker"]) == (True, marker)
        assert len(answer["EvaluationResults"]) == int(marker)
    status, code, message = refused(
        root.simulate_custom_policy,
        PolicyInputList=[policy],
        ActionNames=["s3:A"],
        ResourceArns=resources * 2,
    )
    assert (status, code) == (400, "InvalidInput")
    steps = re.fullmatch(
        r"The simulation of s3:A on 200 resources takes ([0-9]+) steps, which is more than "
        f"{MOST_STEPS}; give fewer resources, or fewer patterns, statements and context values.",
        message,
    )
    assert steps is not None
    assert int(steps[1]) > MOST_STEPS


def test_a_page_ends_before_an_action_that_is_too_much(
    root: Any, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names of actions are compared with patterns, so a long one is more work."""
    given = {"PolicyInputList": [under(Action=numbered("s3:*?@?*", 200))]}
    short, long = "s3:A", "s3:" + "A" * 110

    def steps(action: str) -> int:
        with monkeypatch.context() as none:
            none.setattr(simulate, "MOST_STEPS", 0)
            message = refused(root.simulate_custom_policy, ActionNames=[action], **given)[2]
        found = re.search("takes ([0-9]+) steps", message)
        assert found is not None
        return int(found[1])

    assert steps(long) > steps(short)
    monkeypatch.setattr(simulate, "MOST_STEPS", steps(short))
    monkeypatch.setattr(simulate, "PAGE_STEPS", steps(short))
    actions = [short, long]
    answer = root.simulate_custom_policy(ActionNames=actions, **given)
    assert (answer["Marker"], len(answer["EvaluationResults"])) == ("1", 1)
    _, code, message = refused(root.simulate_custom_policy, ActionNames=actions, Marker="1", **given)
    assert code == "InvalidInput"
    assert message.startswith(f"The simulation of {long} on 1 resources takes ")


def numbered(pattern: str, number: int) -> list[str]:
    return [pattern.replace("@", str(at)) for at in range(number)]


def under(**elements: Any) -> str:
    return document({"Effect": "Allow", "Action": "*", "Resource": "*"} | elements)


BUCKETS = [f"arn:aws:s3:::bucket/{at}" for at in range(900)]
TAGS = {
    "ContextKeyName": "aws:TagKeys",
    "ContextKeyType": "stringList",
    "ContextKeyValues": ["v" * 100 + str(at) for at in range(300)],
}


def matching(number: int) -> str:
    return under(Condition={"ForAnyValue:StringLike": {"aws:TagKeys": numbered("*?%@?*", number)}})


SPELLINGS = {
    "".join(one.upper() if at >> place & 1 else one for place, one in enumerate("aws:tagkeys")): "1"
    for at in range(1_024)
}
"""One key in ways that differ in capitals, as many as there are: each is a condition."""

HOSTILE: dict[str, dict[str, Any]] = {
    "resource patterns": {
        "PolicyInputList": [under(Resource=numbered(f"arn:*:*:*:*:*?{at}-@x", 1_000)) for at in range(8)],
        "ActionNames": ["s3:GetObject"],
        "ResourceArns": BUCKETS,
    },
    "one policy of resource patterns": {
        "PolicyInputList": [under(Resource=numbered("arn:*:*:*:*:*?@x", 1_400))],
        "ActionNames": ["s3:GetObject"],
        "ResourceArns": BUCKETS[:100],
    },
    "context values": {
        "PolicyInputList": [matching(2_500)],
        "ActionNames": ["s3:GetObject"],
        "ContextEntries": [TAGS],
    },
    "context values under many small policies": {
        "PolicyInputList": [matching(3)] * 60,
        "ActionNames": ["s3:GetObject"] * 50,
        "ResourceArns": BUCKETS[:20],
        "ContextEntries": [TAGS],
    },
    "action patterns": {
        "PolicyInputList": [under(Action=numbered(f"s3:*?{at}-@x*", 1_800)) for at in range(7)],
        "ActionNames": numbered("s3:Get@", 100),
    },
    "values that are read": {
        "PolicyInputList": [under(Condition={"ForAllValues:NumericNotEquals": SPELLINGS})],
        "ActionNames": ["s3:GetObject"],
        "ContextEntries": [TAGS | {"ContextKeyValues": numbered("7@", 300)}],
    },
    "keys that are missing": {
        "PolicyInputList": [
            under(Condition={"StringEquals": {f"app:{part}-{at}": "x" for at in range(1_500)}})
            for part in range(4)
        ],
        "ActionNames": ["s3:GetObject"],
        "ResourceArns": BUCKETS[:100],
    },
    "keys of variables that are missing": {
        "PolicyInputList": [
            under(Condition={"StringEquals": {"app:b": numbered("${app:@}", 2_300)}}, Resource="*")
        ],
        "ActionNames": ["s3:GetObject"],
        "ResourceArns": BUCKETS[:100],
    },
    "a long value": {
        "PolicyInputList": [
            under(Condition={"StringNotLike": {"app:b": numbered("*?" + "a" * 30 + "@%*", 700)}})
        ],
        "ActionNames": ["s3:GetObject"],
        "ContextEntries": [
            {"ContextKeyName": "app:b", "ContextKeyType": "string", "ContextKeyValues": ["a" * 300_000]}
        ],
    },
    "statements that match": {
        "PolicyInputList": [document(*[{"Effect": "Allow", "Action": "*", "Resource": "*"}] * 100)],
        "ActionNames": ["s3:GetObject"] * 50,
        "ResourceArns": BUCKETS[:100],
    },
}


REFUSED = set(HOSTILE) - {"values that are read", "action patterns", "statements that match"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_simulation_takes_some_tenths_of_a_second(root: Any, refused: Refused, name: str) -> None:
    """Regression: found by an attacker in November 2026. One such request held a worker for 88 s."""
    start = time.process_time()
    if name in REFUSED:
        assert refused(root.simulate_custom_policy, **HOSTILE[name])[1] == "InvalidInput"
    else:
        assert root.simulate_custom_policy(**HOSTILE[name])["EvaluationResults"]
    assert time.process_time() - start < 2.0  # with the client's part, on a busy machine


def test_policies_that_are_too_long_together_are_not_read(root: Any, alice: Any, refused: Refused) -> None:
    blank = '{"Statement":' + " " * 100_000 + '{"Effect":"Allow","Action":"*","Resource":"*"}}'
    wanted = (
        400,
        "InvalidInput",
        f"The policies of the request have {3 * len(blank)} characters together, which is more than "
        f"{MOST_CHARACTERS}.",
    )
    action, documents = {"ActionNames": ["kms:Decrypt"]}, [blank] * 3
    assert refused(root.simulate_custom_policy, PolicyInputList=documents, **action) == wanted
    assert refused(root.get_context_keys_for_custom_policy, PolicyInputList=documents) == wanted
    source = {"PolicySourceArn": ALICE}
    assert refused(root.simulate_principal_policy, PolicyInputList=documents, **source, **action) == wanted
    assert refused(root.get_context_keys_for_principal_policy, PolicyInputList=documents, **source) == wanted
    elsewhere = {
        "PolicyInputList": [blank],
        "PermissionsBoundaryPolicyInputList": [blank],
        "OrderedOrganizationPolicyInputList": [{"ServiceControlPolicyInputList": [blank]}],
    }
    assert refused(root.simulate_custom_policy, **elsewhere, **action) == wanted
    elsewhere.pop("OrderedOrganizationPolicyInputList")
    resource = {"ResourcePolicy": blank, "CallerArn": ALICE}
    assert refused(root.simulate_custom_policy, **elsewhere, **resource, **action) == wanted
    assert root.simulate_custom_policy(PolicyInputList=documents[:2], **action)["EvaluationResults"]


def test_no_simulation_runs_in_the_event_loop(
    inside: InProcess, root: Any, alice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    inline: dict[str, bool] = {}
    finish = inside.service.finish

    def noted(call: Any) -> Any:
        inline[call.operation.name] = call.inline
        return finish(call)

    monkeypatch.setattr(inside.service, "finish", noted)
    root.simulate_custom_policy(PolicyInputList=[EVERYTHING], ActionNames=["kms:Decrypt"])
    root.simulate_principal_policy(PolicySourceArn=ALICE, ActionNames=["kms:Decrypt"])
    root.get_context_keys_for_custom_policy(PolicyInputList=[EVERYTHING])
    root.get_context_keys_for_principal_policy(PolicySourceArn=ALICE)
    root.list_users()
    assert inline.pop("ListUsers")
    assert len(inline) == 4
    assert not any(inline.values())


CUSTOM: dict[str, Any] = {"PolicyInputList": [EVERYTHING], "ActionNames": ["kms:Decrypt"]}
INVALID: list[tuple[str, dict[str, Any]]] = [
    ("The action is invalid since it is missing names", {"ActionNames": ["Decrypt"]}),
    ("Wildcards are not supported in action names: kms:*.", {"ActionNames": ["kms:*"]}),
    ("At least one action name must be given.", {"ActionNames": []}),
    ("ResourceNames are not in a valid ARN format: x.", {"ResourceArns": ["x"]}),
    ("Policy input list item 2 has invalid content", {"PolicyInputList": [EVERYTHING, "{}"]}),
    (
        "The list of Permissions Boundary policies cannot exceed 1 items.",
        {"PermissionsBoundaryPolicyInputList": [EVERYTHING, EVERYTHING]},
    ),
    (
        "PermissionsBoundaryPolicyInputList.1 has invalid content: the policy is not valid JSON: a value is "
        "expected (line 1, column 0)",
        {"PermissionsBoundaryPolicyInputList": ["x"]},
    ),
    (
        "Organization policy at index 2 must contain at least one service control policy",
        {
            "OrderedOrganizationPolicyInputList": [
                {"ServiceControlPolicyInputList": [EVERYTHING]},
                {"ServiceControlPolicyInputList": []},
            ]
        },
    ),
    (
        "OrderedOrganizationPolicyInputList.1 has invalid content: the policy has no statement "
        "(line 1, column 0)",
        {
            "OrderedOrganizationPolicyInputList": [
                {"ServiceControlPolicyInputList": ['{"Version":"2012-10-17"}']}
            ]
        },
    ),
    (
        "ResourcePolicy has invalid content: the policy has no statement (line 1, column 0)",
        {"ResourcePolicy": "{}", "CallerArn": ALICE},
    ),
    ("CallerArn is required with a ResourcePolicy.", {"ResourcePolicy": document(to("*"))}),
    (
        "Simulation of resource-based policies isn't supported for IAM roles.",
        {"ResourcePolicy": document(to("*")), "CallerArn": f"arn:aws:iam::{ACCOUNT}:role/r"},
    ),
    (
        "Invalid Entity Arn: arn:aws:sts::000000000000:assumed-role/r/s does not clearly define entity type "
        "and name.",
        {"CallerArn": f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s"},
    ),
    (f"'{ACCOUNT}' is not a valid as a Resource Owner.", {"ResourceOwner": ACCOUNT}),
    ("'EC2' is not a valid ResourceHandlingOption.", {"ResourceHandlingOption": "EC2"}),
    ("Invalid marker for pagination.", {"Marker": "x"}),
    ("Invalid marker for pagination.", {"Marker": "1"}),
    ("Invalid marker for pagination.", {"Marker": "-1"}),
    (
        "A context entry needs ContextKeyName and ContextKeyType.",
        {"ContextEntries": [{"ContextKeyName": "aws:a", "ContextKeyValues": ["x"]}]},
    ),
    (
        "Duplicate context key: STACK:TEST.",
        {
            "ContextEntries": [
                {"ContextKeyName": name, "ContextKeyType": "string", "ContextKeyValues": ["x"]}
                for name in ("stack:test", "STACK:TEST")
            ]
        },
    ),
]


@pytest.mark.parametrize(("sentence", "given"), INVALID, ids=[sentence[:60] for sentence, _ in INVALID])
def test_what_cannot_be_simulated_is_invalid_input(
    root: Any, refused: Refused, sentence: str, given: dict[str, Any]
) -> None:
    assert refused(root.simulate_custom_policy, **CUSTOM | given) == (400, "InvalidInput", sentence)


def test_the_models_constraints_hold(root: Any, refused: Refused) -> None:
    for given in (
        {"PolicyInputList": ["\u20ac"]},
        {"OrderedOrganizationPolicyInputList": [{"ServiceControlPolicyInputList": [EVERYTHING]}] * 8},
        {"ContextEntries": [{"ContextKeyName": "aws:a", "ContextKeyType": "text"}]},
    ):
        assert refused(root.simulate_custom_policy, **CUSTOM | given)[:2] == (400, "ValidationError")


def test_an_option_for_ec2_changes_nothing(root: Any) -> None:
    answer = root.simulate_custom_policy(**CUSTOM, ResourceHandlingOption="EC2-VPC-EBS")
    assert answer["EvaluationResults"][0]["EvalDecision"] == "allowed"


# The policies of a user.


def test_the_policies_of_a_user(root: Any, alice: Any) -> None:
    allow(root, "Alice", "kms:Decrypt", "arn:aws:kms:*:*:key/${aws:username}*")
    root.put_user_policy(UserName="Alice", PolicyName="no", PolicyDocument=statement("Deny", "kms:Sign", "*"))
    # The path does not count, and neither does the case of the name.
    answer = root.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:user/else/where/ALICE",
        ActionNames=["kms:Decrypt", "kms:Sign", "kms:Encrypt", "aws:x"],
        ResourceArns=[f"arn:aws:kms:us-east-1:{ACCOUNT}:key/Alice"],
        PolicyInputList=[statement("Allow", "kms:Encrypt", "*")],
    )
    results = answer["EvaluationResults"]
    assert [result["EvalDecision"] for result in results] == [
        "allowed",
        "explicitDeny",
        "allowed",
        "implicitDeny",
    ]
    sources = [[each["SourcePolicyId"] for each in result["MatchedStatements"]] for result in results]
    assert sources == [["user_Alice_p"], ["user_Alice_no"], ["PolicyInputList.1"], []]
    keys = root.get_context_keys_for_principal_policy(PolicySourceArn=ALICE)["ContextKeyNames"]
    assert keys == ["aws:username"]
    with_input = root.get_context_keys_for_principal_policy(
        PolicySourceArn=ALICE,
        PolicyInputList=[
            document(
                {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Null": {"a:b": "true"}}}
            )
        ],
    )
    assert with_input["ContextKeyNames"] == ["a:b", "aws:username"]


def test_the_user_is_the_caller_unless_another_is_named(root: Any, alice: Any) -> None:
    def decision(**given: str) -> str:
        answer = root.simulate_principal_policy(
            PolicySourceArn=ALICE,
            ActionNames=["kms:Decrypt"],
            ResourceArns=[KEY],
            ResourcePolicy=document(to(ALICE)),
            **given,
        )
        return str(answer["EvaluationResults"][0]["EvalDecision"])

    assert decision() == "allowed"
    assert decision(CallerArn=ALICE + "x") == "implicitDeny"


def test_policies_can_be_left_out(root: Any, alice: Any, refused: Refused) -> None:
    allow(root, "Alice", "kms:Decrypt", "*")

    def decision(*exclusions: dict[str, Any]) -> str:
        answer = root.simulate_principal_policy(
            PolicySourceArn=ALICE, ActionNames=["kms:Decrypt"], PolicyExclusionList=list(exclusions)
        )
        return str(answer["EvaluationResults"][0]["EvalDecision"])

    def inline(name: str, kind: str, entity: str) -> dict[str, Any]:
        named = {"PolicyName": name, "AttachmentType": kind, "AttachmentName": entity}
        return {"InlinePolicyIdentifier": named}

    assert decision() == "allowed"
    assert decision({"PolicyType": "inline"}) == "implicitDeny"
    assert decision(inline("p", "user", "ALICE")) == "implicitDeny"
    for other in (
        inline("q", "user", "Alice"),
        inline("p", "role", "Alice"),
        inline("p", "user", "Bob"),
        {"PolicyType": "user-managed"},
        {"PolicyArn": "arn:aws:iam::aws:policy/Power*"},
    ):
        assert decision(other) == "allowed", other
    simulate = root.simulate_principal_policy
    given = {"PolicySourceArn": ALICE, "ActionNames": ["kms:Decrypt"]}
    for wrong in ("arn:aws:iam::*:policy/power", "arn:aws:s3:::bucket/policy", "arn:aws:iam::aws:policy/*a*"):
        assert refused(simulate, **given, PolicyExclusionList=[{"PolicyArn": wrong}]) == (
            400,
            "InvalidInput",
            f"{wrong} is not the ARN of a managed policy, or has wildcards where none may be.",
        )


def test_a_source_that_is_not_there(root: Any, refused: Refused) -> None:
    def refusal(arn: str) -> tuple[int, str, str]:
        answers = {
            refused(root.simulate_principal_policy, PolicySourceArn=arn, ActionNames=["kms:Decrypt"]),
            refused(root.get_context_keys_for_principal_policy, PolicySourceArn=arn),
        }
        (answer,) = answers
        return answer

    for kind in ("user", "role", "group"):
        missing = (404, "NoSuchEntity", f"The {kind} with name Bob cannot be found.")
        assert refusal(f"arn:aws:iam::{ACCOUNT}:{kind}/x/Bob") == missing
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s"
    assert refusal(session) == (
        400,
        "InvalidInput",
        f"Invalid Entity Arn: {session} does not clearly define entity type and name.",
    )
    assert refusal("arn:aws:iam::111122223333:user/Bob") == (
        400,
        "InvalidInput",
        f"Invalid Policy Source Arn: caller's account {ACCOUNT} does not have access to policies in account "
        "111122223333",
    )


# Who may simulate, and what is recorded.


def test_simulating_needs_permission(inside: InProcess, root: Any, alice: Any, refused: Refused) -> None:
    iam = inside.client("iam", alice)

    def denied(action: str, resource: str) -> tuple[int, str, str]:
        sentence = (
            f"User: {ALICE} is not authorized to perform: {action} on resource: {resource} because no "
            f"identity-based policy allows the {action} action"
        )
        return (403, "AccessDenied", sentence)

    source = {"PolicySourceArn": f"arn:aws:iam::{ACCOUNT}:user/alice"}
    custom, principal = iam.simulate_custom_policy, iam.simulate_principal_policy
    # Not even whether the input is valid is told.
    assert refused(custom, **CUSTOM | {"ActionNames": ["x:*"]}) == denied("iam:SimulateCustomPolicy", "*")
    assert refused(principal, **source, ActionNames=["kms:Decrypt"]) == denied(
        "iam:SimulatePrincipalPolicy", ALICE
    )
    assert refused(iam.get_context_keys_for_custom_policy, PolicyInputList=[EVERYTHING]) == denied(
        "iam:GetContextKeysForCustomPolicy", "*"
    )
    assert refused(iam.get_context_keys_for_principal_policy, **source) == denied(
        "iam:GetContextKeysForPrincipalPolicy", ALICE
    )
    role = f"arn:aws:iam::{ACCOUNT}:role/r"  # the path of what is not there does not count
    assert refused(
        principal, PolicySourceArn=role.replace("/r", "/deep/r"), ActionNames=["kms:Decrypt"]
    ) == denied("iam:SimulatePrincipalPolicy", role)
    allow(root, "Alice", "iam:Simulate*", ALICE)
    assert principal(**source, ActionNames=["iam:GetUser"])["EvaluationResults"]
    assert refused(custom, **CUSTOM) == denied("iam:SimulateCustomPolicy", "*")


def test_simulations_are_recorded(inside: InProcess, root: Any, alice: Any, refused: Refused) -> None:
    root.simulate_custom_policy(**CUSTOM, ResourceArns=[KEY], MaxItems=5)
    refused(inside.client("iam", alice).simulate_principal_policy, PolicySourceArn=ALICE, ActionNames=["a:b"])
    custom, principal = inside.events()[-2:]
    assert (custom["eventName"], custom["eventSource"]) == ("SimulateCustomPolicy", "iam.amazonaws.com")
    assert custom["readOnly"] is True
    assert custom["requestParameters"] == {
        "actionNames": ["kms:Decrypt"],
        "resourceArns": [KEY],
        "maxItems": 5,
    }
    assert custom["responseElements"] is None
    assert (principal["eventName"], principal["errorCode"]) == ("SimulatePrincipalPolicy", "AccessDenied")
    assert principal["requestParameters"] == {"policySourceArn": ALICE, "actionNames": ["a:b"]}


def test_places_in_a_stored_policy_are_those_of_the_text_as_it_was_put(root: Any, alice: Any) -> None:
    text = '{\n\n "Statement" :   \r\n {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
    root.put_user_policy(UserName="Alice", PolicyName="p", PolicyDocument=text)
    given = {"ActionNames": ["kms:Decrypt"]}
    (stored,) = root.simulate_principal_policy(PolicySourceArn=ALICE, **given)["EvaluationResults"]
    (sent,) = root.simulate_custom_policy(PolicyInputList=[text], **given)["EvaluationResults"]
    places = [each["MatchedStatements"][0]["StartPosition"] for each in (stored, sent)]
    assert places[0] == places[1] == {"Line": 4, "Column": 3}
