from collections.abc import Iterator

import pytest
from service_scene import Scene


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.inside.store.close()
