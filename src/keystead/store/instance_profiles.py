"""Instance profiles: the verbs and their statements."""

from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from keystead.model import InstanceProfile
from keystead.names import AccountId
from keystead.store.connection import ReadConnection, WriteConnection, at, insert_if_absent, page_by_name
from keystead.store.tables import INSTANCE_PROFILE
from keystead.store.tags import tags_of, tags_text

_IN_ACCOUNT = INSTANCE_PROFILE.c.account == bindparam("account")
_NAMED = select(INSTANCE_PROFILE).where(_IN_ACCOUNT, INSTANCE_PROFILE.c.lower_name == bindparam("lower_name"))
_PROFILES = page_by_name(INSTANCE_PROFILE, _IN_ACCOUNT)
_OF_ROLE = (
    select(INSTANCE_PROFILE)
    .where(INSTANCE_PROFILE.c.role == bindparam("role"), INSTANCE_PROFILE.c.lower_name > bindparam("after"))
    .order_by(INSTANCE_PROFILE.c.lower_name)
    .limit(bindparam("limit"))
)
_ADD = insert_if_absent(INSTANCE_PROFILE)
_SET = (
    update(INSTANCE_PROFILE)
    .where(*at(INSTANCE_PROFILE))
    .values(role=bindparam("role"), tags=bindparam("tags"))
)
_DELETE = delete(INSTANCE_PROFILE).where(*at(INSTANCE_PROFILE))


class InstanceProfileReads(ReadConnection):
    """The verbs of `ReadTx` about instance profiles."""

    def instance_profile_named(self, account: AccountId, name: str) -> InstanceProfile | None:
        row = self.row(_NAMED, {"account": account, "lower_name": name.lower()})
        return _profile(row) if row else None

    def instance_profiles(
        self, account: AccountId, path_prefix: str, after: str, limit: int
    ) -> tuple[InstanceProfile, ...]:
        page = {"account": account, "path_prefix": path_prefix, "after": after, "limit": limit}
        return tuple(_profile(row) for row in self.rows(_PROFILES, page))

    def instance_profiles_of(self, role: str, after: str, limit: int) -> tuple[InstanceProfile, ...]:
        page = {"role": role, "after": after, "limit": limit}
        return tuple(_profile(row) for row in self.rows(_OF_ROLE, page))


class InstanceProfileWrites(InstanceProfileReads, WriteConnection):
    """The verbs of `WriteTx` about instance profiles. No decision reads one, so nothing is told of them."""

    def add_instance_profile(self, profile: InstanceProfile) -> None:
        row = {
            "unique_id": profile.unique_id,
            "account": profile.account,
            "path": profile.path,
            "name": profile.name,
            "lower_name": profile.name.lower(),
            "created": profile.created,
            "role": profile.role,
            "tags": tags_text(profile.tags),
        }
        self.add(_ADD, row, f"instance profile {profile.name}")

    def alter_instance_profile(self, profile: InstanceProfile) -> None:
        row = {"at_unique_id": profile.unique_id, "role": profile.role, "tags": tags_text(profile.tags)}
        self.alter(_SET, row, f"instance profile {profile.unique_id}")

    def delete_instance_profile(self, unique_id: str) -> None:
        self.alter(_DELETE, {"at_unique_id": unique_id}, f"instance profile {unique_id}")


def _profile(row: Row[Any]) -> InstanceProfile:
    return InstanceProfile(
        unique_id=row.unique_id,
        account=AccountId(row.account),
        path=row.path,
        name=row.name,
        created=row.created,
        role=row.role,
        tags=tags_of(row.tags),
    )
