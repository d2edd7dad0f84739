from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.iam.in_process import InProcess
from tests.organizations.scene import Organization

Refused = Callable[..., tuple[str, str, str]]


@pytest.fixture
def inside() -> Iterator[InProcess]:
    """A service of the test's own."""
    made = InProcess()
    yield made
    made.store.close()


@pytest.fixture
def organizations(inside: InProcess) -> Any:
    """An Organizations client of the root user of an account without organization."""
    return inside.client("organizations")


@pytest.fixture
def organization(inside: InProcess) -> Organization:
    """An organization with all features, managed by the account."""
    return Organization.made(inside)


@pytest.fixture
def refused() -> Refused:
    """Calls, and gives code, sentence and reason of the refusal; the reason is empty where there is none."""

    def refusal(call: Callable[..., object], **parameters: object) -> tuple[str, str, str]:
        with pytest.raises(ClientError) as caught:
            call(**parameters)
        response = caught.value.response
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
        return response["Error"]["Code"], response["Error"]["Message"], response.get("Reason", "")

    return refusal
