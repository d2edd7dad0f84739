"""The cells of ReplicateKey and UpdatePrimaryRegion in the table of key states, on each key that counts."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError
from related import ELSEWHERE, HERE, THERE, Related

from keystead.kinds import KeyState
from keystead.model.lifecycle import Refusal, refusal
from keystead.names import KeyArn


@pytest.fixture
def related() -> Iterator[Related]:
    made = Related(THERE)
    yield made
    made.inside.store.close()


def set_state(one: Related, region: str, state: KeyState) -> None:
    """As if something had led the key to `state`."""
    arn = KeyArn.parse(one.arn(region))
    with one.inside.store.write("test") as tx:
        key = tx.key(arn.region, arn.key_id)
        assert key is not None
        tx.set_key_life(replace(key, state=state))


def check(one: Related, caught: ClientError | None, refused: Refusal | None, region: str) -> None:
    if refused is None:
        assert caught is None
        return
    assert caught is not None
    error = caught.response["Error"]
    assert (error["Code"], error["Message"]) == (refused.fault, f"{one.arn(region)} {refused.predicate}")


@pytest.mark.parametrize("state", KeyState)
def test_replicate_key(related: Related, state: KeyState) -> None:
    set_state(related, HERE, state)
    caught = None
    try:
        related.replicate(ELSEWHERE)
    except ClientError as error:
        caught = error
    check(related, caught, refusal("ReplicateKey", state), HERE)
    assert related.state(HERE) == state


@pytest.mark.parametrize("state", KeyState)
@pytest.mark.parametrize("region", [HERE, THERE])
def test_update_primary_region(related: Related, region: str, state: KeyState) -> None:
    set_state(related, region, state)
    caught = None
    try:
        related.promote(THERE)
    except ClientError as error:
        caught = error
    check(related, caught, refusal("UpdatePrimaryRegion", state), region)
    if caught is None:
        assert [related.state(region) for region in (HERE, THERE)] == ["Updating"] * 2
    else:
        assert related.state(region) == state
        assert related.metadata(HERE)["MultiRegionConfiguration"]["MultiRegionKeyType"] == "PRIMARY"


@pytest.mark.parametrize("state", KeyState)
def test_the_state_of_a_third_key_does_not_matter(related: Related, state: KeyState) -> None:
    related.replicate(ELSEWHERE)
    set_state(related, ELSEWHERE, state)
    related.promote(THERE)
    metadata = related.metadata(ELSEWHERE)
    assert metadata["KeyState"] == state
    assert metadata["MultiRegionConfiguration"]["PrimaryKey"]["Region"] == THERE
