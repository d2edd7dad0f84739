"""Where calls with a `Recipient` run: verification takes milliseconds, which the event loop does not have."""

from typing import Any

import pytest
from context_scene import call

import keystead.service.kms  # noqa: F401 - registers its operations
from keystead.service.operation import REGISTRY
from keystead.shapes import kms

ATTESTED = [name for (_, name), operation in REGISTRY.items() if operation.recipient]


def made(name: str, recipient: Any) -> Any:
    shape = kms.OPERATIONS[name].request
    given: dict[str, Any] = dict.fromkeys(shape.__struct_fields__) | {"recipient": recipient}
    return call(shape(**given), operation=REGISTRY["kms", name])


def test_there_are_five() -> None:
    assert len(ATTESTED) == 5


@pytest.mark.parametrize("name", ATTESTED)
def test_with_a_recipient_the_call_is_decided_in_a_thread(name: str) -> None:
    attested = made(name, kms.RecipientInfo())
    assert attested.attested
    assert not attested.inline
    assert attested.decided_first


@pytest.mark.parametrize("name", ATTESTED)
def test_without_one_it_runs_where_its_labour_belongs(name: str) -> None:
    plain = made(name, None)
    assert not plain.attested
    assert plain.inline == (plain.operation.labour is None)
    assert plain.decided_first
