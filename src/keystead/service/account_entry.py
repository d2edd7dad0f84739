"""An account as decisions see it: its state, its place in an organization, and the policies that limit it."""

from collections.abc import Callable
from dataclasses import dataclass

from keystead.kinds import AccountState, OrganizationPolicyType
from keystead.model import Account, Organization
from keystead.names import AccountId
from keystead.policy import AttachedPolicy, Policy, PolicyKind
from keystead.service.organization_policies import AWS_POLICIES, RCP, SCP, as_decided
from keystead.store.port import ReadTx

Levels = tuple[tuple[AttachedPolicy, ...], ...]
"""Policies from the organization's root down to the account, a level each."""


@dataclass(frozen=True, slots=True, eq=False)
class AccountEntry:
    """An account ready for use.

    Compared by identity: a change to the account, to its place or to a policy above it makes another value.

    Attributes:
        organization: None for an account that is in none.
        path: `o-.../r-.../ou-.../`, empty without organization.
        scps: what limits the account's principals; None where service control policies are not enabled, and
            for a management account, which they do not limit.
        rcps: the same for its resources and resource control policies.
    """

    account: Account
    organization: Organization | None = None
    path: str = ""
    scps: Levels | None = None
    rcps: Levels | None = None

    @property
    def closed(self) -> bool:
        """Whether nobody signs for the account and nobody reaches its resources."""
        return self.account.state is AccountState.CLOSED

    @property
    def management(self) -> bool:
        """Whether it is its organization's management account."""
        return self.organization is not None and self.organization.management == self.account.id


def load_account(
    tx: ReadTx, id: AccountId, compiled: Callable[[PolicyKind, str], Policy]
) -> AccountEntry | None:
    """The account `id` as `tx` sees it, or None; `compiled` makes a policy from its kind and text."""
    account = tx.account(id)
    if account is None:
        return None
    member = tx.organization_member(id)
    organization = None if member is None else tx.organization(member.organization)
    if member is None or organization is None:
        return AccountEntry(account)
    units = [unit.id for unit in tx.units_above(member.parent)]
    path = "/".join((organization.id, organization.root, *units, ""))
    if organization.management == id or not organization.policy_types:
        return AccountEntry(account, organization, path)
    levels = _levels(tx, organization, [organization.root, *units, id], compiled)
    return AccountEntry(account, organization, path, levels.get(SCP), levels.get(RCP))


def _levels(
    tx: ReadTx,
    organization: Organization,
    targets: list[str],
    compiled: Callable[[PolicyKind, str], Policy],
) -> dict[OrganizationPolicyType, Levels]:
    """The levels of each enabled type. A level without policies stays one, and allows nothing."""
    found: dict[tuple[OrganizationPolicyType, str], list[AttachedPolicy]] = {}
    for attachment, kept in tx.policies_attached_to(organization.id, targets):
        policy = AWS_POLICIES[attachment.policy] if kept is None else kept
        found.setdefault((attachment.type, attachment.target), []).append(
            as_decided(organization, policy, compiled)
        )
    return {
        enabled: tuple(tuple(found.get((enabled, target), ())) for target in targets)
        for enabled in organization.policy_types
    }
