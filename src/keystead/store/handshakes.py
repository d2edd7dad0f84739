"""Invitations into organizations, accounts made in them, services with access: the verbs and statements."""

from typing import Any

from sqlalchemy import Row, bindparam, delete, or_, select, update

from keystead.kinds import CreateAccountState, HandshakeState
from keystead.model import AccountCreation, Handshake
from keystead.names import AccountId
from keystead.store.connection import ReadConnection, WriteConnection, at, insert_if_absent, upsert
from keystead.store.tables import ORGANIZATION_CREATION, ORGANIZATION_HANDSHAKE, ORGANIZATION_SERVICE
from keystead.store.tags import tags_of, tags_text

_HANDSHAKE = select(ORGANIZATION_HANDSHAKE).where(*at(ORGANIZATION_HANDSHAKE))
_PAGE = (
    select(ORGANIZATION_HANDSHAKE)
    .where(ORGANIZATION_HANDSHAKE.c.id > bindparam("after"))
    .order_by(ORGANIZATION_HANDSHAKE.c.id)
    .limit(bindparam("limit"))
)
_HANDSHAKES_OF = _PAGE.where(ORGANIZATION_HANDSHAKE.c.organization == bindparam("organization"))
_HANDSHAKES_TO = _PAGE.where(
    or_(
        ORGANIZATION_HANDSHAKE.c.account == bindparam("account"),
        # NULL, for an account without an address, equals nothing.
        ORGANIZATION_HANDSHAKE.c.lower_email == bindparam("lower_email"),
    )
)
_ADD_HANDSHAKE = insert_if_absent(ORGANIZATION_HANDSHAKE)
_SET_STATE = (
    update(ORGANIZATION_HANDSHAKE).where(*at(ORGANIZATION_HANDSHAKE)).values(state=bindparam("state"))
)
_FORGET = delete(ORGANIZATION_HANDSHAKE).where(
    ORGANIZATION_HANDSHAKE.c.organization == bindparam("organization"),
    ORGANIZATION_HANDSHAKE.c.expires < bindparam("expired_before"),
)

_CREATION = select(ORGANIZATION_CREATION).where(
    *at(ORGANIZATION_CREATION), ORGANIZATION_CREATION.c.organization == bindparam("organization")
)
_CREATIONS = (
    select(ORGANIZATION_CREATION)
    .where(
        ORGANIZATION_CREATION.c.organization == bindparam("organization"),
        ORGANIZATION_CREATION.c.id > bindparam("after"),
    )
    .order_by(ORGANIZATION_CREATION.c.id)
    .limit(bindparam("limit"))
)
_ADD_CREATION = insert_if_absent(ORGANIZATION_CREATION)

_SERVICES = (
    select(ORGANIZATION_SERVICE.c.principal, ORGANIZATION_SERVICE.c.enabled)
    .where(
        ORGANIZATION_SERVICE.c.organization == bindparam("organization"),
        ORGANIZATION_SERVICE.c.principal > bindparam("after"),
    )
    .order_by(ORGANIZATION_SERVICE.c.principal)
    .limit(bindparam("limit"))
)
_PUT_SERVICE = upsert(ORGANIZATION_SERVICE)
_DELETE_SERVICE = delete(ORGANIZATION_SERVICE).where(*at(ORGANIZATION_SERVICE))


class HandshakeReads(ReadConnection):
    """The verbs of `OrganizationReadTx` about invitations, new accounts and services."""

    def handshake(self, id: str) -> Handshake | None:
        row = self.row(_HANDSHAKE, {"at_id": id})
        return _handshake(row) if row else None

    def handshakes_of(self, organization: str, after: str, limit: int) -> tuple[Handshake, ...]:
        page = {"organization": organization, "after": after, "limit": limit}
        return tuple(_handshake(row) for row in self.rows(_HANDSHAKES_OF, page))

    def handshakes_to(self, account: AccountId, email: str, after: str, limit: int) -> tuple[Handshake, ...]:
        page = {"account": account, "lower_email": email.lower() or None, "after": after, "limit": limit}
        return tuple(_handshake(row) for row in self.rows(_HANDSHAKES_TO, page))

    def account_creation(self, organization: str, id: str) -> AccountCreation | None:
        row = self.row(_CREATION, {"at_id": id, "organization": organization})
        return _creation(row) if row else None

    def account_creations(self, organization: str, after: str, limit: int) -> tuple[AccountCreation, ...]:
        page = {"organization": organization, "after": after, "limit": limit}
        return tuple(_creation(row) for row in self.rows(_CREATIONS, page))

    def services_with_access(self, organization: str, after: str, limit: int) -> tuple[tuple[str, int], ...]:
        page = {"organization": organization, "after": after, "limit": limit}
        return tuple((row.principal, row.enabled) for row in self.rows(_SERVICES, page))


class HandshakeWrites(HandshakeReads, WriteConnection):
    """The verbs of `OrganizationWriteTx` about them; no decision rests on any."""

    def add_handshake(self, handshake: Handshake) -> None:
        row = {
            "id": handshake.id,
            "organization": handshake.organization,
            "account": handshake.account,
            "email": handshake.email or None,
            "lower_email": handshake.email.lower() or None,
            "notes": handshake.notes,
            "state": handshake.state.value,
            "requested": handshake.requested,
            "expires": handshake.expires,
            "tags": tags_text(handshake.tags),
        }
        self.add(_ADD_HANDSHAKE, row, f"handshake {handshake.id}")

    def set_handshake_state(self, id: str, state: HandshakeState) -> None:
        self.alter(_SET_STATE, {"at_id": id, "state": state.value}, f"handshake {id}")

    def forget_handshakes(self, organization: str, expired_before: int) -> None:
        self.connection.execute(_FORGET, {"organization": organization, "expired_before": expired_before})

    def add_account_creation(self, creation: AccountCreation) -> None:
        row = {
            "id": creation.id,
            "organization": creation.organization,
            "name": creation.name,
            "state": creation.state.value,
            "requested": creation.requested,
            "account": creation.account,
            "failure": creation.failure,
        }
        self.add(_ADD_CREATION, row, f"account creation {creation.id}")

    def put_service_access(self, organization: str, principal: str, enabled: int) -> None:
        row = {"organization": organization, "principal": principal, "enabled": enabled}
        self.connection.execute(_PUT_SERVICE, row)

    def delete_service_access(self, organization: str, principal: str) -> None:
        where = {"at_organization": organization, "at_principal": principal}
        self.connection.execute(_DELETE_SERVICE, where)


def _handshake(row: Row[Any]) -> Handshake:
    return Handshake(
        id=row.id,
        organization=row.organization,
        account=None if row.account is None else AccountId(row.account),
        email=row.email or "",
        notes=row.notes,
        state=HandshakeState(row.state),
        requested=row.requested,
        expires=row.expires,
        tags=tags_of(row.tags),
    )


def _creation(row: Row[Any]) -> AccountCreation:
    return AccountCreation(
        id=row.id,
        organization=row.organization,
        name=row.name,
        state=CreateAccountState(row.state),
        requested=row.requested,
        account=None if row.account is None else AccountId(row.account),
        failure=row.failure,
    )
