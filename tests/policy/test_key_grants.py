"""`Grants` decides as a tuple of the same grants does, however many there are."""

import random

import pytest
from scenes import CALLERS, KEY, A, B, ask, key_policy, to
from worlds import PRINCIPALS, SERVICE

from keystead.policy import Facts, Grant, Grants, authorize

POLICY = key_policy(to(f"arn:aws:iam::{A}:user/nobody"))


def made(number: int, grantee: str, operation: str = "Encrypt") -> Grant:
    return Grant(f"{number:064x}", grantee, frozenset({operation}), A if number % 2 else B)


def test_a_collection_decides_as_a_tuple() -> None:
    dice = random.Random(0)
    grantees = [
        *PRINCIPALS,
        SERVICE,
        "logs.amazonaws.com",
        *(c.arn for c in CALLERS),
        *(c.unique_id for c in CALLERS),
    ]
    for _ in range(300):
        grants = tuple(
            made(number, dice.choice(grantees), dice.choice(["Encrypt", "Decrypt"]))
            for number in range(dice.randint(0, 6))
        )
        for caller in CALLERS:
            request = ask(caller, resource=KEY)
            of_tuple = authorize(request, Facts(key_policy=POLICY, grants=grants))
            assert authorize(request, Facts(key_policy=POLICY, grants=Grants(grants))) == of_tuple


def test_adding_and_taking_away_leaves_the_first_as_it_was() -> None:
    one, two, three = made(1, A), made(2, B), made(3, A)
    first = Grants([one, two])
    more = first.with_grant(three)
    assert list(first) == [one, two]
    assert list(more) == [one, two, three] == list(Grants([one, two, three]))
    less = more.without(one.grant_id)
    assert list(less) == [two, three]
    assert list(less.without("no such grant")) == [two, three]
    assert list(less.without(two.grant_id).without(three.grant_id)) == []
    assert (len(more), one in more, one in less) == (3, True, False)
    caller = next(caller for caller in CALLERS if caller.account == A)
    assert more.held_by(caller) == (one, three)
    assert less.held_by(caller) == (three,)


def test_an_id_stands_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        Grants([made(1, A), made(1, B)])
    with pytest.raises(ValueError, match="twice"):
        Grants([made(1, A)]).with_grant(made(1, B))
