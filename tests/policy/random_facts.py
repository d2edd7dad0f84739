"""Requests and facts made at random by hypothesis, as the product's own values, likely to mean something."""

from typing import Any

from hypothesis import strategies as st
from scenes import (
    CALLERS,
    FEDERATED_ARN,
    FOREIGN_ARN,
    KEY,
    OTHER_ARN,
    ROLE_ARN,
    ROOT_A,
    ROOT_B,
    SESSION_ARN,
    USER_ARN,
    A,
    B,
    ask,
    grant,
    policy,
    statement,
)

from keystead.policy import Facts, Grant, PolicyKind

ACTIONS = st.sampled_from(["*", "kms:*", "kms:Encrypt", "kms:Dec*", "s3:*"])
RESOURCES = st.sampled_from(["*", KEY, f"arn:aws:kms:*:{A}:key/*", "arn:aws:s3:::b"])
PRINCIPALS = st.sampled_from(
    [ROOT_A, ROOT_B, USER_ARN, OTHER_ARN, ROLE_ARN, SESSION_ARN, FEDERATED_ARN, FOREIGN_ARN, "*", A]
)
CONDITIONS = st.sampled_from(
    [
        None,
        {"StringEquals": {"kms:ViaService": "x"}},
        {"StringNotEquals": {"kms:ViaService": "x"}},
        {"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}},
        {"ArnLike": {"aws:PrincipalArn": "${kms:ViaService}"}},
    ]
)
CONTEXTS = st.fixed_dictionaries(
    {"aws:principalarn": st.sampled_from([USER_ARN, ROLE_ARN])},
    optional={"kms:viaservice": st.sampled_from(["x", "y"]), "aws:tagkeys": st.just(("a", "b"))},
)
REQUESTS = st.builds(
    lambda caller, action, context: ask(caller, action, context=context, encryption_context={}),
    st.sampled_from(CALLERS),
    st.sampled_from(["kms:Encrypt", "kms:Decrypt"]),
    CONTEXTS,
)


@st.composite
def statements(draw: st.DrawFn, *, principal: bool) -> dict[str, Any]:
    made = statement(
        Effect=draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"])),
        Action=draw(ACTIONS),
        Resource=draw(RESOURCES),
        Condition=draw(CONDITIONS),
    )
    return made | (
        {"Principal": {"AWS": draw(st.lists(PRINCIPALS, min_size=1, max_size=2))}} if principal else {}
    )


def lists(principal: bool) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(statements(principal=principal), min_size=1, max_size=3)


KEY_STATEMENTS, IDENTITY_STATEMENTS = lists(True), lists(False)
GRANTS: st.SearchStrategy[tuple[Grant, ...]] = st.lists(
    st.builds(lambda whom, by: grant(whom, "Encrypt", issued_by=by), PRINCIPALS, st.sampled_from([A, B])),
    max_size=1,
).map(tuple)


def facts_of(key: list[dict[str, Any]], identity: list[dict[str, Any]], grants: tuple[Grant, ...]) -> Facts:
    return Facts(
        key_policy=policy(PolicyKind.KEY, *key),
        identity=(policy(PolicyKind.IDENTITY, *identity),),
        grants=grants,
    )


FACTS = st.builds(facts_of, KEY_STATEMENTS, IDENTITY_STATEMENTS, GRANTS)
