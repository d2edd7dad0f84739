"""Members of an organization: how an account joins, how it is found, how it is shown."""

from keystead.kinds import JoinedMethod
from keystead.model import Account, Member, Organization, OrganizationAttachment, Tag
from keystead.names import AccountId
from keystead.service.organization_arns import account_arn
from keystead.service.organization_policies import FULL_ACCESS
from keystead.shapes import organizations as shapes
from keystead.shapes.organizations_errors import AccountNotFoundException
from keystead.store.port import ReadTx, WriteTx


def join(tx: WriteTx, organization: Organization, member: Member, tags: tuple[Tag, ...] = ()) -> None:
    """Adds an account to the organization, under the policies of AWS that new members get."""
    tx.add_organization_member(member)
    give_full_access(tx, organization, member.account)
    for tag in tags:
        tx.put_organization_tag(organization.id, member.account, tag)


def invited(organization: Organization, account: AccountId, now: int) -> Member:
    """The member that an account becomes which was there before; so does the management account."""
    return Member(account, organization.id, organization.root, JoinedMethod.INVITED, now)


def give_full_access(tx: WriteTx, organization: Organization, target: str) -> None:
    """Attaches AWS's policy of each enabled type to a new unit or member."""
    for enabled in organization.policy_types:
        attached = OrganizationAttachment(organization.id, target, FULL_ACCESS[enabled].id, enabled)
        tx.attach_organization_policy(attached)


def member_of(tx: ReadTx, organization: Organization, account: str) -> Member:
    """The member `account`, or AccountNotFoundException: another organization's is not there."""
    member = tx.organization_member(AccountId(account))
    if member is None or member.organization != organization.id:
        raise AccountNotFoundException("You specified an account that doesn't exist.")
    return member


def account_of(tx: ReadTx, member: Member) -> Account:
    """The account of a member."""
    account = tx.account(member.account)
    assert account is not None, "members are accounts"
    return account


def status_of(account: Account) -> str:
    """The account's state in the older vocabulary (Organizations API, `AccountStatus`)."""
    return "ACTIVE" if account.state.value == "ACTIVE" else "SUSPENDED"


class ShownMembers:
    """Members as the API answers them; the paths of their parents are read once each."""

    def __init__(self, tx: ReadTx, organization: Organization) -> None:
        self._tx = tx
        self._organization = organization
        self._paths: dict[str, str] = {}

    def shown(self, member: Member) -> shapes.Account:
        """A member with what is known of it."""
        account = account_of(self._tx, member)
        return shapes.Account(
            id=account.id,
            arn=account_arn(self._organization, account.id),
            email=account.email or None,
            name=account.name or None,
            status=status_of(account),
            state=account.state.value,
            paths=[f"{self.path(member.parent)}{account.id}/"],
            joined_method=member.joined_method.value,
            joined_timestamp=member.joined / 1000,
        )

    def path(self, parent: str) -> str:
        """The path of a root or unit, `o-.../r-.../ou-.../`."""
        path = self._paths.get(parent)
        if path is None:
            units = (unit.id for unit in self._tx.units_above(parent))
            path = "/".join((self._organization.id, self._organization.root, *units, ""))
            self._paths[parent] = path
        return path
