"""How events name errors: a denial has one name in CloudTrail, whatever the service answers."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.iam.in_process import ACCOUNT, InProcess


@pytest.fixture
def inside() -> Iterator[InProcess]:
    made = InProcess()
    yield made
    made.store.close()


CALLS: dict[str, tuple[str, dict[str, Any], str]] = {
    "kms": ("list_keys", {}, "AccessDeniedException"),
    "organizations": ("describe_organization", {}, "AccessDeniedException"),
    "iam": ("list_users", {}, "AccessDenied"),
    "sts": (
        "assume_role",
        {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/r", "RoleSessionName": "session"},
        "AccessDenied",
    ),
}


@pytest.mark.parametrize("service", CALLS)
def test_a_denial(inside: InProcess, service: str) -> None:
    operation, request, answered = CALLS[service]
    iam = inside.client("iam")
    iam.create_user(UserName="u")
    nobody = inside.client(service, iam.create_access_key(UserName="u")["AccessKey"])
    with pytest.raises(ClientError) as caught:
        getattr(nobody, operation)(**request)
    assert caught.value.response["Error"]["Code"] == answered
    event = inside.events()[-1]
    assert (event["eventSource"], event["errorCode"]) == (f"{service}.amazonaws.com", "AccessDenied")
    assert event["errorMessage"] == caught.value.response["Error"]["Message"]


def test_other_errors_have_the_name_of_their_shape(inside: InProcess) -> None:
    with pytest.raises(ClientError, match="NoSuchEntity"):
        inside.client("iam").get_user(UserName="nobody")
    assert inside.events()[-1]["errorCode"] == "NoSuchEntityException"
