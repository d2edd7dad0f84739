"""Callers, keys and policies that tests put together."""

from collections.abc import Mapping
from typing import Any

from policy_cases import attach

from keystead.policy import (
    AttachedPolicy,
    Caller,
    CallerKind,
    ContextValue,
    Grant,
    PolicyKind,
    Request,
)

A, B = "111111111111", "222222222222"
KEY = f"arn:aws:kms:us-east-1:{A}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ALIAS = f"arn:aws:kms:us-east-1:{A}:alias/pay"
ROOT_A, ROOT_B = f"arn:aws:iam::{A}:root", f"arn:aws:iam::{B}:root"
USER_ARN, OTHER_ARN, FOREIGN_ARN = (
    f"arn:aws:iam::{A}:user/u",
    f"arn:aws:iam::{A}:user/w",
    f"arn:aws:iam::{B}:user/x",
)
ROLE_ARN, SESSION_ARN = f"arn:aws:iam::{A}:role/team/r", f"arn:aws:sts::{A}:assumed-role/r/run"
FEDERATED_ARN = f"arn:aws:sts::{A}:federated-user/fred"

USER = Caller(CallerKind.USER, USER_ARN, A, "AIDAEXAMPLE0000USER")
ROOT = Caller(CallerKind.ROOT, ROOT_A, A, A)
SESSION = Caller(CallerKind.ROLE_SESSION, SESSION_ARN, A, "AROAEXAMPLE0000ROLE:run", role_arn=ROLE_ARN)
LINKED = Caller(
    CallerKind.ROLE_SESSION, SESSION_ARN, A, "AROAEXAMPLE0000ROLE:run", role_arn=ROLE_ARN, service_linked=True
)
FEDERATED = Caller(
    CallerKind.FEDERATED_USER,
    FEDERATED_ARN,
    A,
    f"{A}:fred",
    issuer_arn=USER_ARN,
    issuer_id="AIDAEXAMPLE0000USER",
)
FOREIGN = Caller(CallerKind.USER, FOREIGN_ARN, B, "AIDAEXAMPLE000OTHER")
FOREIGN_ROOT = Caller(CallerKind.ROOT, ROOT_B, B, B)
SERVICE = Caller(CallerKind.SERVICE, "logs.amazonaws.com", "", "")
CALLERS = (USER, ROOT, SESSION, LINKED, FEDERATED, FOREIGN, FOREIGN_ROOT, SERVICE)


def statement(**elements: Any) -> dict[str, Any]:
    """An Allow of everything on everything, with elements replaced, or left out where None."""
    whole = {"Effect": "Allow", "Action": "*", "Resource": "*"} | elements
    return {name: value for name, value in whole.items() if value is not None}


def to(*names: str, **elements: Any) -> dict[str, Any]:
    """The same for AWS principals."""
    return statement(Principal={"AWS": list(names)}, **elements)


def policy(kind: PolicyKind, *statements: dict[str, Any], arn: str = "") -> AttachedPolicy:
    return attach({"Version": "2012-10-17", "Statement": list(statements)}, kind, arn)


def key_policy(*statements: dict[str, Any]) -> AttachedPolicy:
    return policy(PolicyKind.KEY, *statements)


DELEGATES = to(ROOT_A, Action="kms:*")
ALLOWS = (policy(PolicyKind.IDENTITY, statement()),)
SILENT = (policy(PolicyKind.IDENTITY, statement(Action="s3:GetObject")),)
DENIES = (policy(PolicyKind.IDENTITY, statement(Effect="Deny")),)
SILENT_BOUNDARY = policy(PolicyKind.BOUNDARY, statement(Action="s3:GetObject"))
SILENT_SESSION = (policy(PolicyKind.SESSION, statement(Action="s3:GetObject")),)
OPEN_BOUNDARY = policy(PolicyKind.BOUNDARY, statement())
OPEN_SESSION = (policy(PolicyKind.SESSION, statement()),)


def ask(
    caller: Caller,
    action: str = "kms:Encrypt",
    *,
    resource: str = KEY,
    cross_account: bool = True,
    context: Mapping[str, ContextValue] | None = None,
    **more: Any,
) -> Request:
    owner = caller.account if resource == "*" else resource.split(":")[4]
    return Request(
        caller,
        action,
        resource,
        owner,
        ":key/" in resource,
        cross_account,
        {} if context is None else context,
        **more,
    )


def grant(to_whom: str, *operations: str, issued_by: str = A, **more: Any) -> Grant:
    return Grant("grant-1", to_whom, frozenset(operations), issued_by, **more)
