"""Lists of credentials that Keystead does not have."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.iam.in_process import ACCOUNT, InProcess, allow

OF_A_USER = {
    "list_ssh_public_keys": "SSHPublicKeys",
    "list_signing_certificates": "Certificates",
    "list_service_specific_credentials": "ServiceSpecificCredentials",
    "list_mfa_devices": "MFADevices",
}


def code_of(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])


@pytest.mark.parametrize(("operation", "member"), OF_A_USER.items())
def test_a_user_has_none(inside: InProcess, operation: str, member: str) -> None:
    iam = inside.client("iam")
    iam.create_user(UserName="ann")
    answer = getattr(iam, operation)(UserName="ann", MaxItems=5)
    assert answer[member] == []
    assert not answer.get("IsTruncated")
    assert code_of(getattr(iam, operation), UserName="bob") == "NoSuchEntity"
    event = inside.events()[-1]
    assert event["requestParameters"] == {"userName": "bob"}
    assert event["readOnly"] is True


@pytest.mark.parametrize(("operation", "member"), OF_A_USER.items())
def test_it_needs_permission_and_is_about_the_caller_by_default(
    inside: InProcess, operation: str, member: str
) -> None:
    iam = inside.client("iam")
    iam.create_user(UserName="ann")
    ann = inside.client("iam", iam.create_access_key(UserName="ann")["AccessKey"])
    assert code_of(getattr(ann, operation)) == "AccessDenied"
    name = inside.events()[-1]["eventName"]
    allow(iam, "ann", f"iam:{name}", f"arn:aws:iam::{ACCOUNT}:user/ann")
    assert getattr(ann, operation)()[member] == []


def test_nobody_has_a_credential_of_a_service_or_a_virtual_device(inside: InProcess) -> None:
    iam = inside.client("iam")
    assert iam.list_service_specific_credentials(AllUsers=True)["ServiceSpecificCredentials"] == []
    assert iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"] == []


OF_AN_ACCOUNT = {
    "list_virtual_mfa_devices": "VirtualMFADevices",
    "list_server_certificates": "ServerCertificateMetadataList",
    "list_saml_providers": "SAMLProviderList",
}


@pytest.mark.parametrize(("operation", "member"), OF_AN_ACCOUNT.items())
def test_an_account_has_none_and_the_list_needs_permission(
    inside: InProcess, operation: str, member: str
) -> None:
    iam = inside.client("iam")
    iam.create_user(UserName="ann")
    ann = inside.client("iam", iam.create_access_key(UserName="ann")["AccessKey"])
    assert code_of(getattr(ann, operation)) == "AccessDenied"
    event = inside.events()[-1]
    assert event["readOnly"] is True
    allow(iam, "ann", f"iam:{event['eventName']}", "*")
    answer = getattr(ann, operation)()
    assert answer[member] == []
    assert not answer.get("IsTruncated")


def test_a_marker_that_is_none_is_refused(inside: InProcess) -> None:
    assert code_of(inside.client("iam").list_server_certificates, Marker="nonsense") == "ValidationError"
