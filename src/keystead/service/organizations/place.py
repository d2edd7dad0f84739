"""Where a caller stands in an organization, and the checks on what a request names there.

Nearly everything is for the management account alone (Organizations API Reference: "can be called only from
the organization's management account"). What a request names is authorized by its ARN before it is looked
for, as if it were there; without an organization the ARN is `*`.
"""

from typing import Any

from keystead.model import Organization
from keystead.names import AccountId
from keystead.policy.catalogue import ResourceType
from keystead.service.call import Call
from keystead.service.operation import Named, OnArn
from keystead.service.organization_arns import entity_arn, handshake_arn
from keystead.service.organization_policies import arn_of, organization_policy
from keystead.shapes.errors import AccessDeniedException
from keystead.shapes.organizations_errors import AWSOrganizationsNotInUseException

NO_RESOURCE = "*"


def organization_of(call: Call) -> Organization:
    """The caller's organization, or AWSOrganizationsNotInUseException."""
    organization = _organization(call)
    if organization is None:
        raise AWSOrganizationsNotInUseException("Your account is not a member of an organization.")
    return organization


def managed(call: Call) -> Organization:
    """The organization that the caller's account manages.

    Raises:
        AWSOrganizationsNotInUseException: the account is in no organization.
        AccessDeniedException: it is a member account.
    """
    organization = organization_of(call)
    if organization.management != call.account:
        raise AccessDeniedException("You don't have permissions to access this resource.")
    return organization


def _organization(call: Call) -> Organization | None:
    return None if call.account_entry is None else call.account_entry.organization


def on_entity(action: str, member: str) -> OnArn:
    """A check on the root, unit, account or policy that a member of the request names by its id."""

    def named(call: Call, request: Any) -> Named:
        organization, entity = _organization(call), getattr(request, member)
        if organization is None:
            return Named(NO_RESOURCE)
        arn = (
            _policy_arn(call, organization, entity)
            if entity.startswith("p-")
            else entity_arn(organization, entity)
        )
        with call.reading() as tx:
            return Named(arn, tuple(tx.organization_tags(organization.id, entity)))

    return OnArn(action, named, ResourceType.ORGANIZATION)


def on_policy(action: str) -> OnArn:
    """A check on the policy that `PolicyId` names."""
    return on_entity(action, "policy_id")


def on_account(action: str) -> OnArn:
    """A check on the account that `AccountId` names."""
    return on_entity(action, "account_id")


def on_handshake(action: str) -> OnArn:
    """A check on the handshake that `HandshakeId` names, of whichever organization."""

    def named(call: Call, request: Any) -> Named:
        with call.reading() as tx:
            handshake = tx.handshake(request.handshake_id)
            organization = None if handshake is None else tx.organization(handshake.organization)
        if handshake is None or organization is None:
            return Named(NO_RESOURCE)
        return Named(handshake_arn(organization, handshake))

    return OnArn(action, named, ResourceType.ORGANIZATION)


def _policy_arn(call: Call, organization: Organization, policy: str) -> str:
    """The ARN, which needs the policy's type; `*` for one that is not there."""
    with call.reading() as tx:
        found = organization_policy(tx, organization, policy)
    return NO_RESOURCE if found is None else arn_of(organization, found)


def as_account(entity: str) -> AccountId | None:
    """The account that an id of a root, unit or account names, or None if it is no account's."""
    return AccountId.parse(entity) if AccountId.matches(entity) else None
