"""Ids have the forms of AWS's model, and every character that may be there is."""

import os
import re
from collections import Counter
from collections.abc import Callable
from functools import partial

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.crypto.randomness import Random, below
from keystead.service.accounts import new_account_id
from keystead.service.organizations import identifiers

MODEL = botocore.session.get_session().get_service_model("organizations")


@pytest.mark.parametrize(
    ("shape", "make"),
    [
        ("OrganizationId", identifiers.new_organization_id),
        ("RootId", identifiers.new_root_id),
        ("OrganizationalUnitId", partial(identifiers.new_unit_id, "r-ab12")),
        ("PolicyId", identifiers.new_policy_id),
        ("HandshakeId", identifiers.new_handshake_id),
        ("CreateAccountRequestId", identifiers.new_creation_id),
        ("AccountId", new_account_id),
    ],
)
def test_ids_have_the_patterns_of_the_model(shape: str, make: Callable[[Random], str]) -> None:
    metadata = MODEL.shape_for(shape).metadata
    made = make(os.urandom)
    assert re.fullmatch(metadata["pattern"], made)
    assert len(made) <= metadata.get("max", len(made))


def test_every_character_is_drawn() -> None:
    seen = Counter("".join(identifiers.new_handshake_id(os.urandom)[2:] for _ in range(300)))
    assert set(seen) == set("0123456789abcdefghijklmnopqrstuvwxyz")


def test_account_ids_do_not_begin_with_0() -> None:
    assert new_account_id(bytes) == "100000000000"
    assert all(new_account_id(os.urandom)[0] != "0" for _ in range(200))


@given(st.integers(1, 2**64), st.binary(min_size=20, max_size=20))
def test_a_number_is_below_its_bound(bound: int, drawn: bytes) -> None:
    assert 0 <= below(bound, lambda count: drawn[:count]) < bound


def test_a_source_that_gives_too_little_is_refused() -> None:
    with pytest.raises(ValueError, match="the source of randomness"):
        below(10, lambda _: b"")
