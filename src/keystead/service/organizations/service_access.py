"""EnableAWSServiceAccess, DisableAWSServiceAccess, ListAWSServiceAccessForOrganization; delegation.

Which services have access is kept and listed; none of them is here, so that nothing else follows from it.
"""

from keystead.kinds import FeatureSet
from keystead.service.call import Call, WriteCall
from keystead.service.operation import OnNothing, reads, recorded, writes
from keystead.service.organizations.pages import page
from keystead.service.organizations.place import managed
from keystead.service.principals import is_service
from keystead.shapes import organizations as shapes
from keystead.shapes.organizations_errors import ConstraintViolationException, InvalidInputException

MOST_SERVICES = 200
"""Ours; AWS knows fewer services that can have access."""


@writes(
    "organizations",
    "EnableAWSServiceAccess",
    OnNothing("organizations:EnableAWSServiceAccess"),
    recorded=recorded("service_principal"),
)
def enable_aws_service_access(call: WriteCall, request: shapes.EnableAWSServiceAccessRequest) -> None:
    """Notes that a service may act in the organization."""
    organization, tx = managed(call), call.tx
    _check_service(request.service_principal)
    if organization.feature_set is not FeatureSet.ALL:
        raise ConstraintViolationException(
            "You must enable all features in your organization.",  # (unverified)
            reason="ORGANIZATION_NOT_IN_ALL_FEATURES_MODE",
        )
    kept = tx.services_with_access(organization.id, "", MOST_SERVICES)
    if request.service_principal in dict(kept):
        return  # since when it has access stays as it is
    if len(kept) == MOST_SERVICES:
        raise InvalidInputException(
            "There are too many services with access.", reason="UNRECOGNIZED_SERVICE_PRINCIPAL"
        )
    tx.put_service_access(organization.id, request.service_principal, call.time)


@writes(
    "organizations",
    "DisableAWSServiceAccess",
    OnNothing("organizations:DisableAWSServiceAccess"),
    recorded=recorded("service_principal"),
)
def disable_aws_service_access(call: WriteCall, request: shapes.DisableAWSServiceAccessRequest) -> None:
    """Takes the note away; for a service without access nothing happens."""
    organization = managed(call)
    _check_service(request.service_principal)
    call.tx.delete_service_access(organization.id, request.service_principal)


@reads(
    "organizations",
    "ListAWSServiceAccessForOrganization",
    OnNothing("organizations:ListAWSServiceAccessForOrganization"),
    recorded=recorded("next_token", "max_results"),
)
def list_aws_service_access_for_organization(
    call: Call, request: shapes.ListAWSServiceAccessForOrganizationRequest
) -> shapes.ListAWSServiceAccessForOrganizationResponse:
    """The services that may act in the organization, by name."""
    organization, bounds = managed(call), page(call, request)
    with call.reading() as tx:
        found = tx.services_with_access(organization.id, bounds.after, bounds.limit + 1)
    services = bounds.cut(found, lambda service: service[0])
    return shapes.ListAWSServiceAccessForOrganizationResponse(
        enabled_service_principals=[
            shapes.EnabledServicePrincipal(service_principal=principal, date_enabled=enabled / 1000)
            for principal, enabled in services.items
        ],
        next_token=services.marker,
    )


@reads(
    "organizations",
    "ListDelegatedAdministrators",
    OnNothing("organizations:ListDelegatedAdministrators"),
    recorded=recorded("service_principal", "next_token", "max_results"),
)
def list_delegated_administrators(
    call: Call, request: shapes.ListDelegatedAdministratorsRequest
) -> shapes.ListDelegatedAdministratorsResponse:
    """Nobody: there is no delegation here, and RegisterDelegatedAdministrator is not offered."""
    managed(call)
    page(call, request)
    return shapes.ListDelegatedAdministratorsResponse(delegated_administrators=[])


def _check_service(principal: str) -> None:
    if not is_service(principal):
        raise InvalidInputException(
            "You specified an unrecognized service principal.", reason="UNRECOGNIZED_SERVICE_PRINCIPAL"
        )
