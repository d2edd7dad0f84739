from collections.abc import Iterator
from pathlib import Path

import pytest

from keystead.store import Store, open_store


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "keystead.db")


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, file: str) -> Iterator[Store]:
    store = open_store(file if request.param == "file" else ":memory:", durable=False)
    yield store
    store.close()
