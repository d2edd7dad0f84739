from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from live_scene import Scene
from sts_world import World
from tests.conftest import Server


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.close()


@pytest.fixture(scope="module")
def scene(shared_dev: Server) -> Iterator[Scene]:
    """What recorded cases need, made on the shared server over HTTP."""
    made = Scene(shared_dev)
    yield made
    made.close()


@pytest.fixture
def refused() -> Callable[..., tuple[str, str]]:
    """Calls, and gives code and sentence of the refusal."""

    def refusal(call: Callable[..., object], **parameters: object) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            call(**parameters)
        error: Any = caught.value.response["Error"]
        return error["Code"], error["Message"]

    return refusal
