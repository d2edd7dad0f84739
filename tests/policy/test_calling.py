"""What follows from names alone: callers, and which operations have what."""

import pytest

from keystead.names import InvalidName
from keystead.policy import CallerKind
from keystead.policy.calling import ACROSS_ACCOUNTS, WITH_ENCRYPTION_CONTEXT, caller_of, make_request

A, B = "111111111111", "222222222222"
ALICE = f"arn:aws:iam::{A}:user/team/alice"
KEY = f"arn:aws:kms:us-east-1:{A}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        (f"arn:aws:iam::{A}:root", CallerKind.ROOT),
        (ALICE, CallerKind.USER),
        (f"arn:aws:sts::{A}:assumed-role/r/run", CallerKind.ROLE_SESSION),
        (f"arn:aws:sts::{A}:federated-user/fred", CallerKind.FEDERATED_USER),
        ("logs.amazonaws.com", CallerKind.SERVICE),
    ],
)
def test_callers(arn: str, kind: CallerKind) -> None:
    caller = caller_of(arn)
    assert (caller.kind, caller.arn) == (kind, arn)
    assert caller.account == ("" if kind is CallerKind.SERVICE else A)
    if kind is CallerKind.ROLE_SESSION:
        assert caller.role_arn == f"arn:aws:iam::{A}:role/r"


@pytest.mark.parametrize("role", [f"arn:aws:iam::{A}:role/other", f"arn:aws:iam::{B}:role/r", ALICE, "r"])
def test_a_session_has_its_own_role(role: str) -> None:
    with pytest.raises(InvalidName):
        caller_of(f"arn:aws:sts::{A}:assumed-role/r/run", role_arn=role)
    with pytest.raises(InvalidName):
        caller_of(f"arn:aws:iam::{A}:role/r")


def test_a_service_has_no_account() -> None:
    request = make_request(
        caller_of("logs.amazonaws.com"), "kms:Encrypt", KEY, context={}, encryption_context=None
    )
    assert request.context == {"aws:principalisawsservice": "true", "aws:resourceaccount": A}


def test_the_tables_agree_with_what_the_service_declares() -> None:
    import keystead.service.service  # noqa: F401 - declares the operations
    from keystead.service.operation import REGISTRY, OnKey

    targets = [
        each for operation in REGISTRY.values() for each in operation.targets if isinstance(each, OnKey)
    ]
    assert len(targets) > 5
    for target in targets:
        operation = target.action.removeprefix("kms:")
        assert (operation in ACROSS_ACCOUNTS) is target.cross_account, target
        assert (operation in WITH_ENCRYPTION_CONTEXT) is bool(target.encryption_context), target
