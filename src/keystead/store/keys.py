"""KMS keys and their tags: the verbs and their statements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, select, update

from keystead.kinds import ExpirationModel, KeyManager, KeySpec, KeyState, KeyUsage, Origin
from keystead.model import Imported, Key, KeyMaterial, Rotation, Tag
from keystead.names import AccountId, KeyArn, KeyId, KeyMaterialId, Region
from keystead.store.aliases import AliasWrites
from keystead.store.connection import PointRead, at, insert_if_absent
from keystead.store.key_counts import KeyCountReads, KeyCountWrites
from keystead.store.key_materials import KeyMaterialReads, KeyMaterialWrites
from keystead.store.key_rows import at_key, key_names, of_key
from keystead.store.key_uses import KeyUseReads, KeyUseWrites
from keystead.store.port import Topic
from keystead.store.tables import KEY_LAST_USE, KEY_MATERIAL, KEY_TAG, KMS_GRANT, KMS_KEY

# Most keys have no tags, and asking whether costs a hundredth of a second statement.
_TAGGED = exists().where(KEY_TAG.c.region == KMS_KEY.c.region, KEY_TAG.c.key_id == KMS_KEY.c.key_id)
_KEY = PointRead(select(KMS_KEY, _TAGGED.label("tagged")).where(*at(KMS_KEY)))
_TAGS = (
    select(KEY_TAG.c.tag_key, KEY_TAG.c.tag_value)
    .where(KEY_TAG.c.region == bindparam("at_region"), KEY_TAG.c.key_id == bindparam("at_key_id"))
    .order_by(KEY_TAG.c.tag_key)
)
_KEYS = (
    select(KMS_KEY.c.key_id)
    .where(
        KMS_KEY.c.account == bindparam("account"),
        KMS_KEY.c.region == bindparam("region"),
        KMS_KEY.c.key_id > bindparam("after"),
    )
    .order_by(KMS_KEY.c.key_id)
    .limit(bindparam("limit"))
)
# An index of the multi-Region keys alone serves these two.
_MULTI_REGION = (
    select(KMS_KEY.c.region, KMS_KEY.c.key_id)
    .where(KMS_KEY.c.account == bindparam("account"), KMS_KEY.c.primary_region.is_not(None))
    .order_by(KMS_KEY.c.key_id, KMS_KEY.c.region)
    .limit(bindparam("limit"))
)
_RELATED = (
    select(KMS_KEY, _TAGGED.label("tagged"))
    .where(
        KMS_KEY.c.account == bindparam("account"),
        KMS_KEY.c.key_id == bindparam("key_id"),
        KMS_KEY.c.primary_region.is_not(None),
    )
    .order_by(KMS_KEY.c.region)
)
_DUE = (
    select(KMS_KEY.c.account, KMS_KEY.c.region, KMS_KEY.c.key_id)
    .where(KMS_KEY.c.due <= bindparam("now"))
    .order_by(KMS_KEY.c.due)
    .limit(bindparam("limit"))
)

_ADD_KEY = insert_if_absent(KMS_KEY)
_ADD_TAGS = insert(KEY_TAG)
# Beside the primary key, the account: an ARN with another account names no key.
_UPDATE_KEY = update(KMS_KEY).where(*of_key(KMS_KEY))
_LIFE = (
    "state",
    "deletion_date",
    "rotation_period",
    "rotation_next",
    "rotation_on_demand",
    "expiration_model",
    "valid_to",
    "usable_until",
    "next_expiry",
    "due",
    "current_material",
    "primary_region",
    "pending_window",
    "passing_until",
)
_SET_LIFE = _UPDATE_KEY.values({name: bindparam(name) for name in _LIFE})
_SET_DESCRIPTION = _UPDATE_KEY.values(description=bindparam("description"))
_SET_POLICY = _UPDATE_KEY.values(policy=bindparam("policy"))
# Tells whether the key is there.
_TOUCH = _UPDATE_KEY.values(account=KMS_KEY.c.account)
_DELETE_TAGS = delete(KEY_TAG).where(*of_key(KEY_TAG))
# Referring rows first.
_DELETE_OF_KEY = (
    delete(KMS_GRANT).where(*of_key(KMS_GRANT)),
    delete(KEY_MATERIAL).where(*of_key(KEY_MATERIAL)),
    delete(KEY_LAST_USE).where(*of_key(KEY_LAST_USE)),
    _DELETE_TAGS,
)
_DELETE_KEY = delete(KMS_KEY).where(*of_key(KMS_KEY))


class KeyReads(KeyCountReads, KeyMaterialReads, KeyUseReads):
    """The verbs of `ReadTx` about keys."""

    def key(self, region: Region, key_id: KeyId) -> Key | None:
        row = self.point(_KEY, {"at_region": region, "at_key_id": key_id})
        return None if row is None else _key(row, self._tags(row))

    def _tags(self, key: Any) -> tuple[Tag, ...]:
        if not key.tagged:
            return ()
        rows = self.rows(_TAGS, {"at_region": key.region, "at_key_id": key.key_id})
        return tuple(Tag(row.tag_key, row.tag_value) for row in rows)

    def related_keys(self, key: KeyArn) -> tuple[Key, ...]:
        rows = self.rows(_RELATED, {"account": key.account, "key_id": key.key_id})
        return tuple(_key(row, self._tags(row)) for row in rows)

    def multi_region_keys(self, account: AccountId, limit: int) -> tuple[KeyArn, ...]:
        rows = self.rows(_MULTI_REGION, {"account": account, "limit": limit})
        return tuple(KeyArn(Region(row.region), account, KeyId(row.key_id)) for row in rows)

    def keys(self, account: AccountId, region: Region, after: str, limit: int) -> tuple[KeyArn, ...]:
        page = {"account": account, "region": region, "after": after, "limit": limit}
        return tuple(KeyArn(region, account, KeyId(row.key_id)) for row in self.rows(_KEYS, page))

    def due_keys(self, now: int, limit: int) -> tuple[KeyArn, ...]:
        return tuple(
            KeyArn(Region(row.region), AccountId(row.account), KeyId(row.key_id))
            for row in self.rows(_DUE, {"now": now, "limit": limit})
        )


class KeyWrites(KeyReads, KeyCountWrites, KeyMaterialWrites, KeyUseWrites, AliasWrites):
    """The verbs of `WriteTx` about keys."""

    def add_key(self, key: Key, material: KeyMaterial | None) -> None:
        names = key_names(key.arn)
        row = names | {
            "spec": key.spec.value,
            "usage": key.usage.value,
            "origin": key.origin.value,
            "manager": key.manager.value,
            "description": key.description,
            "policy": key.policy,
            "created": key.created,
        }
        row |= _life(key)
        self.add(_ADD_KEY, row, f"key {key.arn}")
        self._count_added(key)
        self._add_tags(key.arn, key.tags)
        if material is not None:
            self._add_material(material)
        self.record(Topic.KEY, key.arn)

    def set_key_life(self, key: Key) -> None:
        self.alter(_SET_LIFE, at_key(key.arn) | _life(key), f"key {key.arn}")
        self.record(Topic.KEY, key.arn)

    def set_key_tags(self, key: KeyArn, tags: Sequence[Tag]) -> None:
        self.alter(_TOUCH, at_key(key), f"key {key}")
        self.connection.execute(_DELETE_TAGS, at_key(key))
        self._add_tags(key, tags)
        self.record(Topic.KEY, key)

    def _add_tags(self, key: KeyArn, tags: Sequence[Tag]) -> None:
        if tags:
            names = key_names(key)
            rows = [names | {"tag_key": tag.key, "tag_value": tag.value} for tag in tags]
            self.connection.execute(_ADD_TAGS, rows)

    def delete_key(self, key: KeyArn) -> None:
        self._delete_aliases(key)
        self._count_deleted(key)
        for statement in _DELETE_OF_KEY:
            self.connection.execute(statement, at_key(key))
        self.alter(_DELETE_KEY, at_key(key), f"key {key}")
        self.removed_secrets = True
        self.record(Topic.KEY, key)

    def set_key_description(self, key: KeyArn, description: str) -> None:
        self.alter(_SET_DESCRIPTION, at_key(key) | {"description": description}, f"key {key}")
        self.record(Topic.KEY, key)

    def set_key_policy(self, key: KeyArn, policy: str) -> None:
        self.alter(_SET_POLICY, at_key(key) | {"policy": policy}, f"key {key}")
        self.record(Topic.KEY, key)


def _life(key: Key) -> dict[str, object]:
    return {
        "state": key.state.value,
        "deletion_date": key.deletion_date,
        "rotation_period": key.rotation.period,
        "rotation_next": key.rotation.next,
        "rotation_on_demand": key.rotation.on_demand,
        "expiration_model": key.imported.expiration_model,
        "valid_to": key.imported.valid_to,
        "usable_until": key.imported.usable_until,
        "next_expiry": key.imported.next_expiry,
        "due": key.due,
        "current_material": key.current_material,
        "primary_region": key.primary_region,
        "pending_window": key.pending_window,
        "passing_until": key.passing_until,
    }


def _imported(row: Any) -> Imported:
    model = None if row.expiration_model is None else ExpirationModel(row.expiration_model)
    return Imported(model, row.valid_to, row.usable_until, row.next_expiry)


def _key(row: Any, tags: tuple[Tag, ...]) -> Key:
    return Key(
        arn=KeyArn(Region(row.region), AccountId(row.account), KeyId(row.key_id)),
        spec=KeySpec(row.spec),
        usage=KeyUsage(row.usage),
        origin=Origin(row.origin),
        manager=KeyManager(row.manager),
        state=KeyState(row.state),
        description=row.description,
        policy=row.policy,
        created=row.created,
        current_material=None if row.current_material is None else KeyMaterialId(row.current_material),
        tags=tags,
        deletion_date=row.deletion_date,
        rotation=Rotation(row.rotation_period, row.rotation_next, row.rotation_on_demand),
        imported=_imported(row),
        primary_region=None if row.primary_region is None else Region(row.primary_region),
        pending_window=row.pending_window,
        passing_until=row.passing_until,
    )
