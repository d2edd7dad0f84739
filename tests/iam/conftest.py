from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from in_process import InProcess


@pytest.fixture
def inside() -> Iterator[InProcess]:
    """A service of the test's own."""
    made = InProcess()
    yield made
    made.store.close()


@pytest.fixture
def root(inside: InProcess) -> Any:
    """An IAM client of the account's root user."""
    return inside.client("iam")


@pytest.fixture
def refused() -> Callable[..., tuple[int, str, str]]:
    """Calls, and gives status, code and sentence of the refusal."""

    def refusal(call: Callable[..., object], **parameters: object) -> tuple[int, str, str]:
        with pytest.raises(ClientError) as caught:
            call(**parameters)
        response = caught.value.response
        error = response["Error"]
        return response["ResponseMetadata"]["HTTPStatusCode"], error["Code"], error["Message"]

    return refusal
