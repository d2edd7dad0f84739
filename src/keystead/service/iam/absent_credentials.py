"""Lists of credentials that Keystead does not have: SSH keys, certificates, MFA devices and the like.

Users and accounts have none of them, and the lists say so. Tools ask for those of a user before they delete
it, and for those of an account when they take stock of it.
"""

from typing import Any

from keystead.service.call import Call
from keystead.service.iam.named_user import on_user, user_of
from keystead.service.iam.pages import page
from keystead.service.operation import OnNothing, reads, recorded
from keystead.shapes.iam import (
    ListMFADevicesRequest,
    ListMFADevicesResponse,
    ListSAMLProvidersRequest,
    ListSAMLProvidersResponse,
    ListServerCertificatesRequest,
    ListServerCertificatesResponse,
    ListServiceSpecificCredentialsRequest,
    ListServiceSpecificCredentialsResponse,
    ListSigningCertificatesRequest,
    ListSigningCertificatesResponse,
    ListSSHPublicKeysRequest,
    ListSSHPublicKeysResponse,
    ListVirtualMFADevicesRequest,
    ListVirtualMFADevicesResponse,
)


def _check_user(call: Call, request: Any) -> None:
    """NoSuchEntityException if the user that the request names is not there."""
    page(call, request)
    with call.reading() as tx:
        user_of(call, tx, request.user_name)


@reads(
    "iam",
    "ListSSHPublicKeys",
    on_user("iam:ListSSHPublicKeys"),
    recorded=recorded("user_name", "marker", "max_items"),
)
def list_ssh_public_keys(call: Call, request: ListSSHPublicKeysRequest) -> ListSSHPublicKeysResponse:
    """None: they are for CodeCommit."""
    _check_user(call, request)
    return ListSSHPublicKeysResponse(ssh_public_keys=[], is_truncated=False)


@reads(
    "iam",
    "ListSigningCertificates",
    on_user("iam:ListSigningCertificates"),
    recorded=recorded("user_name", "marker", "max_items"),
)
def list_signing_certificates(
    call: Call, request: ListSigningCertificatesRequest
) -> ListSigningCertificatesResponse:
    """None: nothing here takes a request that a certificate signs."""
    _check_user(call, request)
    return ListSigningCertificatesResponse(certificates=[], is_truncated=False)


@reads(
    "iam",
    "ListServiceSpecificCredentials",
    on_user("iam:ListServiceSpecificCredentials"),
    recorded=recorded("user_name", "service_name", "all_users", "marker", "max_items"),
)
def list_service_specific_credentials(
    call: Call, request: ListServiceSpecificCredentialsRequest
) -> ListServiceSpecificCredentialsResponse:
    """None: they are for services that are not here."""
    if not request.all_users:
        _check_user(call, request)
    return ListServiceSpecificCredentialsResponse(service_specific_credentials=[])


@reads(
    "iam",
    "ListMFADevices",
    on_user("iam:ListMFADevices"),
    recorded=recorded("user_name", "marker", "max_items"),
)
def list_mfa_devices(call: Call, request: ListMFADevicesRequest) -> ListMFADevicesResponse:
    """None: there is no MFA yet."""
    _check_user(call, request)
    return ListMFADevicesResponse(mfa_devices=[], is_truncated=False)


@reads(
    "iam",
    "ListVirtualMFADevices",
    OnNothing("iam:ListVirtualMFADevices"),
    recorded=recorded("assignment_status", "marker", "max_items"),
)
def list_virtual_mfa_devices(
    call: Call, request: ListVirtualMFADevicesRequest
) -> ListVirtualMFADevicesResponse:
    """None: there is no MFA yet."""
    page(call, request)
    return ListVirtualMFADevicesResponse(virtual_mfa_devices=[], is_truncated=False)


@reads(
    "iam",
    "ListServerCertificates",
    OnNothing("iam:ListServerCertificates"),
    recorded=recorded("path_prefix", "marker", "max_items"),
)
def list_server_certificates(
    call: Call, request: ListServerCertificatesRequest
) -> ListServerCertificatesResponse:
    """None: they are for load balancers."""
    page(call, request)
    return ListServerCertificatesResponse(server_certificate_metadata_list=[], is_truncated=False)


@reads("iam", "ListSAMLProviders", OnNothing("iam:ListSAMLProviders"))
def list_saml_providers(_call: Call, _request: ListSAMLProvidersRequest) -> ListSAMLProvidersResponse:
    """None: there is no AssumeRoleWithSAML."""
    return ListSAMLProvidersResponse(saml_provider_list=[])
