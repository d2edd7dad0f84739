"""The simulator beyond the recorded cases: answers, positions, inputs, and that it invents nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_cases import read_cases
from random_facts import CONTEXTS, IDENTITY_STATEMENTS, KEY_STATEMENTS
from scenes import ALIAS, KEY, ROLE_ARN, ROOT_A, USER_ARN, A, B, policy, statement, to

from keystead.policy import (
    Allowed,
    AttachedPolicy,
    ExplicitlyDenied,
    Facts,
    Malformed,
    PolicyKind,
    Request,
    authorize,
    parse_policy,
)
from keystead.policy.language.positions import Extent, Position, statement_extents
from keystead.policy.simulate import (
    ContextEntry,
    EvalDecision,
    InvalidSimulation,
    PolicySource,
    Simulation,
    Simulator,
    caller_of,
    check_actions,
    check_resources,
    context_keys,
    owner_of,
    read_context,
)

ALLOWED, IMPLICIT, EXPLICIT = EvalDecision.ALLOWED, EvalDecision.IMPLICIT_DENY, EvalDecision.EXPLICIT_DENY
USER = caller_of(USER_ARN)
OBJECT, OTHER_OBJECT = "arn:aws:s3:::b/one", "arn:aws:s3:::b/two"


def attached(name: str, kind: PolicyKind, text: str) -> AttachedPolicy:
    parsed = parse_policy(text, kind)
    assert not isinstance(parsed, Malformed), parsed
    return AttachedPolicy(parsed, name)


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def identity(*statements: dict[str, Any]) -> tuple[AttachedPolicy, ...]:
    return (attached("PolicyInputList.1", PolicyKind.IDENTITY, document(*statements)),)


def boundary(*statements: dict[str, Any]) -> AttachedPolicy:
    return attached("Boundary", PolicyKind.BOUNDARY, document(*statements))


def resource(*statements: dict[str, Any]) -> AttachedPolicy:
    return attached("ResourcePolicy", PolicyKind.RESOURCE, document(*statements))


def key(*statements: dict[str, Any]) -> AttachedPolicy:
    return attached("ResourcePolicy", PolicyKind.KEY, document(*statements))


# Positions.


def extent(*places: int) -> Extent:
    line, column, end_line, end_column = places
    return Extent(Position(line, column), Position(end_line, end_column))


@pytest.mark.parametrize(
    ("text", "extents"),
    [
        # The first two as IAM's API Reference shows them, `SimulatePrincipalPolicy`, first example.
        (
            '{\n  "Version":"2012-10-17",\n  "Statement":{\n    "Effect":"Allow",\n'
            '    "Action":"s3:PutObject",\n    "Resource":"arn:aws:s3:::my-test-bucket"\n  }\n}',
            [extent(3, 16, 7, 4)],
        ),
        ('{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n    }\n  ]\n}', [extent(3, 17, 5, 6)]),
        ('{"Statement":[{} , {"Sid":"}"}],"Version":"x"}', [extent(1, 15, 1, 17), extent(1, 17, 1, 31)]),
        ('{"Version":"x",\r\n"Statement":\r[\n{}]}', [extent(3, 2, 4, 3)]),
        ('{"Statement":[]}', []),
        ("[]", []),
    ],
)
def test_statements_are_placed_as_the_simulator_places_them(text: str, extents: list[Extent]) -> None:
    assert list(statement_extents(text)) == extents


@given(st.lists(st.sampled_from(["\n", "\r", "\r\n", " ", "\t"]), max_size=6).map("".join), st.integers(1, 3))
def test_an_extent_ends_with_its_statement(blank: str, count: int) -> None:
    statements = [f'{blank}{{"Sid"{blank}:"s{number}"}}' for number in range(count)]
    text = f'{{{blank}"Statement"{blank}:{blank}[{",".join(statements)}{blank}]}}'
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, (_, end) in enumerate(statement_extents(text)):
        assert lines[end.line - 1][: end.column - 1].endswith(f'"s{number}"}}')


def test_every_statement_of_a_policy_has_its_place() -> None:
    documents = [
        document
        for case in read_cases()
        if case.kind == "simulate"
        for document in case.data["policies"].get("identity", [])
    ]
    assert len(documents) > 50
    for written in documents:
        for text in (json.dumps(written), json.dumps(written, indent=2)):
            parsed = attached("p", PolicyKind.IDENTITY, text).policy
            assert len(statement_extents(text)) == len(parsed.statements)


# Results.


def test_no_resource_means_every_resource() -> None:
    result = Simulator(Simulation(identity=identity(statement()))).simulate("kms:ListKeys", [])
    assert (result.eval_decision, result.eval_resource_name) == (ALLOWED, "*")
    assert (result.eval_decision_details, result.resource_specific_results) == (None, ())
    assert (result.allowed_by_organizations, result.allowed_by_permissions_boundary) == (None, None)
    (matched,) = result.matched_statements
    assert (matched.source_policy_id, matched.source_policy_type) == ("PolicyInputList.1", PolicySource.IAM)
    assert matched.start_position == (1, 41)


def test_one_resource_is_named_and_in_one_account_the_details_are_empty() -> None:
    simulator = Simulator(Simulation(identity=identity(statement()), caller=USER))
    result = simulator.simulate("kms:Encrypt", [KEY])
    assert (result.eval_decision, result.eval_resource_name) == (ALLOWED, KEY)
    assert result.eval_decision_details == {}
    (one,) = result.resource_specific_results
    assert (one.eval_resource_name, one.eval_resource_decision) == (KEY, ALLOWED)
    assert one.matched_statements == result.matched_statements
    assert one.eval_decision_details is None


def test_the_strictest_of_several_resources_is_reported_over_a_template() -> None:
    simulator = Simulator(
        Simulation(
            identity=identity(
                statement(Resource=OBJECT),
                statement(Effect="Deny", Resource="arn:aws:s3:::b/no"),
                statement(Action="x:y", Condition={"Bool": {"aws:SecureTransport": "true"}}),
            )
        )
    )
    result = simulator.simulate("s3:GetObject", [OBJECT, OTHER_OBJECT])
    assert (result.eval_decision, result.eval_resource_name) == (
        IMPLICIT,
        "arn:aws:s3:::${BucketName}/${KeyName}",
    )
    assert [one.eval_resource_decision for one in result.resource_specific_results] == [ALLOWED, IMPLICIT]
    assert len(result.matched_statements) == 1, "matched statements are reported all the same"
    assert result.missing_context_values == ("aws:SecureTransport",)
    missing = [one.missing_context_values for one in result.resource_specific_results]
    assert missing == [(), ("aws:SecureTransport",)]
    denied = simulator.simulate("s3:GetObject", [OBJECT, OTHER_OBJECT, "arn:aws:s3:::b/no"])
    assert (denied.eval_decision, denied.missing_context_values) == (EXPLICIT, ())
    assert len(denied.matched_statements) == 1
    assert denied.matched_statements[0].start_position.column > 41


def test_across_accounts_each_kind_of_policy_is_reported() -> None:
    """IAM API Reference, `SimulatePrincipalPolicy`, third example."""
    simulator = Simulator(
        Simulation(
            boundary=boundary(statement(Action="iam:*")),
            resource_policy=resource(
                to(USER_ARN, Action=["s3:List*", "s3:Put*"], Resource="arn:aws:s3:::b/*")
            ),
            caller=USER,
            owner=owner_of(f"arn:aws:iam::{B}:root"),
        )
    )
    result = simulator.simulate("s3:PutObject", [OBJECT])
    assert result.eval_decision is IMPLICIT
    assert result.eval_decision_details == {
        PolicySource.IAM: IMPLICIT,
        PolicySource.RESOURCE: ALLOWED,
        PolicySource.BOUNDARY: IMPLICIT,
    }
    assert result.allowed_by_permissions_boundary is False
    (one,) = result.resource_specific_results
    assert one.eval_decision_details == result.eval_decision_details
    assert [each.source_policy_type for each in one.matched_statements] == [PolicySource.RESOURCE]


def test_across_accounts_an_explicit_deny_is_not_hidden() -> None:
    simulation = Simulation(identity=identity(statement(Effect="Deny")), caller=USER, owner=B)
    result = Simulator(simulation).simulate("s3:GetObject", [OBJECT])
    assert (result.eval_decision, len(result.matched_statements)) == (EXPLICIT, 1)


@pytest.mark.parametrize(
    ("level", "decision"),
    [
        ([], IMPLICIT),
        ([statement(Action="kms:*")], IMPLICIT),
        ([statement(), statement(Effect="Deny")], EXPLICIT),
    ],
)
def test_an_organization_that_denies_ends_the_simulation(
    level: list[dict[str, Any]], decision: EvalDecision
) -> None:
    full = (policy(PolicyKind.SCP, statement()),)
    denying = (policy(PolicyKind.SCP, *level),) if level else ()
    foreign = resource(to(USER_ARN))
    simulation = Simulation(
        identity=identity(statement()),
        scps=(full, denying),
        resource_policy=foreign,
        caller=USER,
        owner=B,
    )
    result = Simulator(simulation).simulate("s3:GetObject", [OBJECT])
    assert (result.eval_decision, result.matched_statements) == (decision, ())
    assert (result.allowed_by_organizations, result.eval_decision_details) == (False, None)


def test_what_a_boundary_denies_is_matched_and_what_it_allows_is_not() -> None:
    silent = Simulator(
        Simulation(identity=identity(statement()), boundary=boundary(statement(Action="iam:*")))
    )
    result = silent.simulate("s3:GetObject", [OBJECT])
    assert (result.eval_decision, result.allowed_by_permissions_boundary) == (IMPLICIT, False)
    assert [each.source_policy_id for each in result.matched_statements] == ["PolicyInputList.1"]
    denies = Simulator(
        Simulation(identity=identity(statement()), boundary=boundary(statement(Effect="Deny")))
    )
    result = denies.simulate("s3:GetObject", [OBJECT])
    assert (result.eval_decision, result.allowed_by_permissions_boundary) == (EXPLICIT, False)
    assert [each.source_policy_id for each in result.matched_statements] == ["Boundary"]


# Keys: the resource policy is the key policy.


@pytest.mark.parametrize(
    ("key_statements", "identity_statements", "decision"),
    [
        ([to(ROOT_A, Action="kms:*")], [], IMPLICIT),
        ([to(ROOT_A, Action="kms:*")], [statement()], ALLOWED),
        ([to(USER_ARN)], [], ALLOWED),
        ([to(f"arn:aws:iam::{A}:user/else")], [statement()], IMPLICIT),
        ([to(USER_ARN), to("*", Effect="Deny")], [statement()], EXPLICIT),
        (None, [statement()], ALLOWED),
        (None, [], IMPLICIT),
    ],
)
def test_a_key_policy_decides_as_it_does_live(
    key_statements: list[dict[str, Any]] | None,
    identity_statements: list[dict[str, Any]],
    decision: EvalDecision,
) -> None:
    simulation = Simulation(
        identity=identity(*identity_statements) if identity_statements else (),
        key_policy=None if key_statements is None else key(*key_statements),
        caller=USER,
    )
    assert Simulator(simulation).simulate("kms:Decrypt", [KEY]).eval_decision is decision


def test_a_role_is_limited_by_its_boundary_as_it_is_live() -> None:
    simulation = Simulation(
        boundary=boundary(statement(Action="iam:*")), key_policy=key(to(ROLE_ARN)), caller=caller_of(ROLE_ARN)
    )
    result = Simulator(simulation).simulate("kms:Decrypt", [KEY])
    assert (result.eval_decision, result.allowed_by_permissions_boundary) == (IMPLICIT, False)


def test_a_foreign_key_needs_both_sides() -> None:
    stranger = caller_of(f"arn:aws:iam::{B}:user/x")
    for identity_policies, decision in ((identity(statement()), ALLOWED), ((), IMPLICIT)):
        simulation = Simulation(
            identity=identity_policies, key_policy=key(to(f"arn:aws:iam::{B}:root")), caller=stranger
        )
        result = Simulator(simulation).simulate("kms:Decrypt", [KEY])
        assert result.eval_decision is decision
        assert result.eval_decision_details == {
            PolicySource.IAM: decision,
            PolicySource.RESOURCE: ALLOWED,
        }


@pytest.mark.parametrize(
    ("action", "resource", "decision"),
    [
        ("iam:GetUser", OBJECT, IMPLICIT),
        ("S3:getobject", USER_ARN, IMPLICIT),
        ("iam:GetUser", USER_ARN, ALLOWED),
        ("sts:AssumeRole", ROLE_ARN, ALLOWED),
        ("kms:Decrypt", ALIAS, IMPLICIT),
        ("kms:CreateAlias", ALIAS, ALLOWED),
        ("kms:ListRetirableGrants", KEY, IMPLICIT),
        ("kms:ListKeys", KEY, IMPLICIT),
        ("kms:ListKeys", "*", ALLOWED),
        ("madeup:X", OBJECT, ALLOWED),
        ("kms:MadeUp", KEY, ALLOWED),
    ],
)
def test_an_action_is_allowed_on_resources_of_its_types(
    action: str, resource: str, decision: EvalDecision
) -> None:
    simulator = Simulator(Simulation(identity=identity(statement())))
    result = simulator.simulate(action, [resource])
    assert (result.eval_decision, bool(result.matched_statements)) == (decision, decision is ALLOWED)


# Context.


def test_a_value_of_the_context_beats_the_simulators_own() -> None:
    named = identity(statement(Condition={"StringEquals": {"aws:username": "w"}}))
    for context, decision in (({}, IMPLICIT), ({"aws:username": "w"}, ALLOWED)):
        simulation = Simulation(identity=named, caller=USER, context=dict(context))
        assert Simulator(simulation).simulate("s3:GetObject", []).eval_decision is decision


@pytest.mark.parametrize(
    ("operator", "values", "decision"),
    [
        ("NumericNotEquals", "2", ALLOWED),
        ("NumericNotEquals", "1", IMPLICIT),
        ("NumericNotEqualsIfExists", "x", IMPLICIT),
        ("NumericNotEqualsIfExists", None, ALLOWED),
        ("ForAllValues:NumericNotEquals", ("2", "x"), IMPLICIT),
        ("ForAllValues:NumericNotEquals", ("2", "3"), ALLOWED),
        ("ForAnyValue:NumericNotEquals", ("2", "x"), ALLOWED),
        ("ForAnyValue:NumericNotEquals", ("1", "x"), IMPLICIT),
    ],
)
def test_what_is_no_number_satisfies_no_inequality(
    operator: str, values: str | tuple[str, ...] | None, decision: EvalDecision
) -> None:
    conditional = identity(statement(Condition={operator: {"app:n": "1"}}))
    context = {} if values is None else {"app:n": values}
    simulator = Simulator(Simulation(identity=conditional, context=context))
    assert simulator.simulate("s3:GetObject", []).eval_decision is decision


def test_the_keys_that_policies_read() -> None:
    text = document(
        statement(
            Resource=["arn:aws:s3:::${aws:PrincipalTag/Team}/*", "arn:aws:s3:::${*}/x"],
            Condition={
                "StringLike": {"aws:SourceVpc": ["${App:Key, 'd'}", "${app:key}"]},
                "Null": {"aws:TokenIssueTime": "true"},
                "NumericEquals": {"s3:max-keys": "10"},
            },
        ),
        statement(NotResource="arn:aws:s3:::${aws:username}", Resource=None),
    )
    now = attached("p", PolicyKind.IDENTITY, text).policy
    assert context_keys([now, now]) == (
        "app:key",
        "App:Key",
        "aws:PrincipalTag/Team",
        "aws:SourceVpc",
        "aws:TokenIssueTime",
        "aws:username",
        "s3:max-keys",
    )
    older = attached("p", PolicyKind.IDENTITY, text.replace("2012", "2008")).policy
    assert context_keys([older]) == ("aws:SourceVpc", "aws:TokenIssueTime", "s3:max-keys")


# Inputs.


def entries(*given: tuple[str, str, list[str]]) -> list[ContextEntry]:
    return [ContextEntry.parse(*each) for each in given]


def test_context_values_are_read_by_their_type() -> None:
    assert read_context(
        entries(
            ("App:A", "string", ["x"]),
            ("app:b", "stringList", ["x"]),
            ("app:c", "numericList", ["1", "2.5"]),
            ("app:d", "boolean", ["maybe"]),
            ("app:e", "ip", ["2001:db8::1"]),
            ("app:f", "dateList", []),
            ("app:g", "binary", ["YQ=="]),
            ("app:h", "date", ["2026-01-02T03:04:05Z"]),
        )
    ) == {
        "app:a": "x",
        "app:b": ("x",),
        "app:c": ("1", "2.5"),
        "app:d": "maybe",
        "app:e": "2001:db8::1",
        "app:g": "YQ==",
        "app:h": "2026-01-02T03:04:05Z",
    }


INVALID: list[tuple[str, Callable[[], object]]] = [
    (
        "Duplicate context key: STACK:TEST.",
        lambda: read_context(entries(("stack:test", "string", ["a"]), ("STACK:TEST", "string", ["b"]))),
    ),
    (
        "Context key string expected a single value, but received 2.",
        lambda: read_context(entries(("app:a", "string", ["a", "b"]))),
    ),
    (
        "Context key ip expected a single value, but received 0.",
        lambda: read_context(entries(("app:a", "ip", []))),
    ),
    (
        "Invalid context value for key App:A: expected numeric format.",
        lambda: read_context(entries(("App:A", "numericList", ["1", "NaN"]))),
    ),
    (
        "Invalid context value for key app:a: expected DateTime format.",
        lambda: read_context(entries(("app:a", "date", ["soon"]))),
    ),
    (
        "Invalid context value for key app:a: expected IP address.",
        lambda: read_context(entries(("app:a", "ip", ["192.0.2.1/32"]))),
    ),
    (
        "Invalid context value for key app:a: expected base-64 encoded binary format.",
        lambda: read_context(entries(("app:a", "binary", ["YQ"]))),
    ),
    (
        "`text` is not a type of a context key; the types are string, stringList, numeric, numericList, "
        "boolean, booleanList, ip, ipList, binary, binaryList, date, dateList.",
        lambda: ContextEntry.parse("app:a", "text", ["x"]),
    ),
    ("The action is invalid since it is missing names", lambda: check_actions(["s3:", "GetObject"])),
    ("Wildcards are not supported in action names: s3:Get*.", lambda: check_actions(["s3:Get*"])),
    ("At least one action name must be given.", lambda: check_actions([])),
    ("ResourceNames are not in a valid ARN format: key.", lambda: check_resources(["key"])),
    ("ResourceNames are not in a valid ARN format: *.", lambda: check_resources([KEY, "*"])),
    (
        "ResourceNames are not in a valid ARN format: arn:aws:s3:::.",
        lambda: check_resources(["arn:aws:s3:::"]),
    ),
    ("'123456789012' is not a valid as a Resource Owner.", lambda: owner_of("123456789012")),
    (f"'{USER_ARN}' is not a valid as a Resource Owner.", lambda: owner_of(USER_ARN)),
    *(
        (
            f"Invalid Entity Arn: {arn} does not clearly define entity type and name.",
            lambda arn=arn: caller_of(arn),
        )
        for arn in ("", "*", ROOT_A, f"arn:aws:sts::{A}:assumed-role/r/s", f"arn:aws:iam::{A}:group/", KEY)
    ),
]


@pytest.mark.parametrize(("sentence", "call"), INVALID, ids=[sentence for sentence, _ in INVALID])
def test_what_cannot_be_simulated_is_refused(sentence: str, call: Callable[[], object]) -> None:
    with pytest.raises(InvalidSimulation) as caught:
        call()
    assert str(caught.value) == sentence


def test_a_group_is_simulated_like_a_user() -> None:
    caller = caller_of(f"arn:aws:iam::{A}:group/team/writers")
    assert (caller.account, caller.arn) == (A, f"arn:aws:iam::{A}:group/team/writers")


# No semantics of its own.


@settings(max_examples=200, deadline=None)
@given(KEY_STATEMENTS, IDENTITY_STATEMENTS, st.none() | IDENTITY_STATEMENTS, CONTEXTS)
def test_on_keys_the_simulator_decides_what_authorize_decides(
    key_statements: list[dict[str, Any]],
    identity_statements: list[dict[str, Any]],
    limit: list[dict[str, Any]] | None,
    context: dict[str, str | tuple[str, ...]],
) -> None:
    facts = Facts(
        key_policy=key(*key_statements),
        identity=identity(*identity_statements),
        boundary=None if limit is None else boundary(*limit),
    )
    request = Request(USER, "kms:Encrypt", KEY, A, on_key=True, cross_account=True, context=context)
    decision = authorize(request, facts)
    simulation = Simulation(
        identity=facts.identity,
        boundary=facts.boundary,
        key_policy=facts.key_policy,
        caller=USER,
        context=context,
    )
    result = Simulator(simulation).simulate("kms:Encrypt", [KEY])
    expected = (
        ALLOWED
        if isinstance(decision, Allowed)
        else EXPLICIT
        if isinstance(decision, ExplicitlyDenied)
        else IMPLICIT
    )
    assert result.eval_decision is expected
    assert bool(result.missing_context_values) <= (result.eval_decision is IMPLICIT)
    if result.eval_decision is not IMPLICIT:
        assert result.matched_statements
