"""How much of each kind an account has, in one statement."""

from sqlalchemy import ScalarSelect, Table, bindparam, func, select

from keystead.kinds import PrincipalType
from keystead.names import AccountId
from keystead.store.connection import ReadConnection
from keystead.store.port import EntityCounts
from keystead.store.principals import GROUP
from keystead.store.tables import (
    CREDENTIAL,
    INSTANCE_PROFILE,
    MANAGED_POLICY,
    OIDC_PROVIDER,
    POLICY_VERSION,
    PRINCIPAL,
)


def _count(table: Table) -> ScalarSelect[int]:
    mine = select(func.count()).select_from(table).where(table.c.account == bindparam("account"))
    return mine.scalar_subquery()


def _principals(kind: str) -> ScalarSelect[int]:
    mine = select(func.count()).where(
        PRINCIPAL.c.account == bindparam("account"), PRINCIPAL.c.type == bindparam(None, kind)
    )
    return mine.scalar_subquery()


_VERSIONS = (
    select(func.count())
    .select_from(POLICY_VERSION)
    .join(MANAGED_POLICY, MANAGED_POLICY.c.arn == POLICY_VERSION.c.policy)
    .where(MANAGED_POLICY.c.account == bindparam("account"))
    .scalar_subquery()
)
_ROOT_KEYS = (
    select(func.count())
    .select_from(CREDENTIAL)
    .where(CREDENTIAL.c.account == bindparam("account"), CREDENTIAL.c.principal.is_(None))
    .scalar_subquery()
)
# In the order of EntityCounts.
_COUNTS = select(
    _principals(PrincipalType.USER.value).label("users"),
    _principals(PrincipalType.ROLE.value).label("roles"),
    _principals(GROUP).label("groups"),
    _count(MANAGED_POLICY).label("policies"),
    _VERSIONS.label("policy_versions"),
    _count(INSTANCE_PROFILE).label("instance_profiles"),
    _count(OIDC_PROVIDER).label("oidc_providers"),
    _ROOT_KEYS.label("root_access_keys"),
)


class EntityCountReads(ReadConnection):
    """The verb of `ReadTx` that counts."""

    def entity_counts(self, account: AccountId) -> EntityCounts:
        row = self.row(_COUNTS, {"account": account})
        assert row is not None, "counting gives one row"
        return EntityCounts._make(row)
