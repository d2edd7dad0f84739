import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from attested import Attested
from scene import Scene
from world import World


@pytest.fixture
def account() -> str:
    """A fresh account, by the root credentials of its twelve digits."""
    return f"{uuid.uuid4().int % 10**12:012d}"


@pytest.fixture
def world(shared_dev: Any, account: str) -> World:
    return World(shared_dev, account)


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.inside.store.close()


@pytest.fixture
def attested() -> Iterator[Attested]:
    made = Attested()
    yield made
    made.inside.store.close()
