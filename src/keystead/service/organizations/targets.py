"""What policies are attached to: the root, a unit or an account."""

from dataclasses import dataclass

from keystead.model import Organization
from keystead.service.organization_arns import entity_arn
from keystead.service.organizations.members import account_of
from keystead.service.organizations.organization import ROOT_NAME
from keystead.service.organizations.place import as_account
from keystead.service.organizations.units import unit_of
from keystead.shapes import organizations as shapes
from keystead.store.port import ReadTx


@dataclass(frozen=True, slots=True)
class Target:
    """An entity with the name that it is listed by; `kind` is that of the API, `TargetType`."""

    id: str
    kind: str
    name: str

    def shown(self, organization: Organization) -> shapes.PolicyTargetSummary:
        """As ListTargetsForPolicy answers it."""
        return shapes.PolicyTargetSummary(
            target_id=self.id, arn=entity_arn(organization, self.id), name=self.name, type=self.kind
        )


def target_of(tx: ReadTx, organization: Organization, id: str) -> Target | None:
    """The entity of the organization that `id` names, or None."""
    if id == organization.root:
        return Target(id, "ROOT", ROOT_NAME)
    account = as_account(id)
    if account is None:
        unit = unit_of(tx, organization, id)
        return None if unit is None else Target(id, "ORGANIZATIONAL_UNIT", unit.name)
    member = tx.organization_member(account)
    if member is None or member.organization != organization.id:
        return None
    # An account may have no name, and a target must have one.
    return Target(id, "ACCOUNT", account_of(tx, member).name or id)
