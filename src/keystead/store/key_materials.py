"""The versions of a key's material: the verbs and their statements."""

from typing import Any

from sqlalchemy import bindparam, delete, select, update

from keystead.kinds import RotationType
from keystead.model import KeyMaterial
from keystead.names import KeyArn, KeyMaterialId
from keystead.store.connection import PointRead, ReadConnection, WriteConnection, at, insert_if_absent
from keystead.store.key_rows import at_key, key_names, of_key
from keystead.store.port import Topic
from keystead.store.tables import KEY_MATERIAL

_MATERIAL = PointRead(
    select(KEY_MATERIAL).where(*at(KEY_MATERIAL), KEY_MATERIAL.c.account == bindparam("account"))
)
_MATERIALS = (
    select(KEY_MATERIAL)
    .where(*of_key(KEY_MATERIAL))
    .order_by(KEY_MATERIAL.c.created, KEY_MATERIAL.c.material_id)
)

_ADD_MATERIAL = insert_if_absent(KEY_MATERIAL)
_AT_MATERIAL = (*of_key(KEY_MATERIAL), KEY_MATERIAL.c.material_id == bindparam("at_material_id"))
_SET_MATERIAL = (
    update(KEY_MATERIAL)
    .where(*_AT_MATERIAL)
    .values(
        {
            name: bindparam(name)
            for name in ("sealed", "rotated", "rotation_type", "staged", "valid_to", "description")
        }
    )
)
_DELETE_MATERIAL = delete(KEY_MATERIAL).where(*_AT_MATERIAL)


class KeyMaterialReads(ReadConnection):
    """The verbs of `ReadTx` about key material."""

    def key_material(self, key: KeyArn, id: KeyMaterialId) -> KeyMaterial | None:
        where = {
            "account": key.account,
            "at_region": key.region,
            "at_key_id": key.key_id,
            "at_material_id": id,
        }
        row = self.point(_MATERIAL, where)
        return _material(key, row) if row else None

    def key_materials(self, key: KeyArn) -> tuple[KeyMaterial, ...]:
        return tuple(_material(key, row) for row in self.rows(_MATERIALS, at_key(key)))


class KeyMaterialWrites(KeyMaterialReads, WriteConnection):
    """The verbs of `WriteTx` about key material."""

    def add_key_material(self, material: KeyMaterial) -> None:
        self._add_material(material)
        self.record(Topic.KEY, material.key)

    def _add_material(self, material: KeyMaterial) -> None:
        names = key_names(material.key) | {"material_id": material.id, "created": material.created}
        self.add(_ADD_MATERIAL, names | _version(material), f"key material {material.id}")

    def set_key_material(self, material: KeyMaterial) -> None:
        where = _at_material(material.key, material.id)
        self.alter(_SET_MATERIAL, where | _version(material), f"key material {material.id}")
        self.removed_secrets = True
        self.record(Topic.KEY, material.key)

    def delete_key_material(self, key: KeyArn, id: KeyMaterialId) -> None:
        self.alter(_DELETE_MATERIAL, _at_material(key, id), f"key material {id}")
        self.removed_secrets = True
        self.record(Topic.KEY, key)


def _at_material(key: KeyArn, id: KeyMaterialId) -> dict[str, object]:
    return at_key(key) | {"at_material_id": id}


def _version(material: KeyMaterial) -> dict[str, object]:
    """What may change of a version of material."""
    return {
        "sealed": material.sealed,
        "rotated": material.rotated,
        "rotation_type": material.rotation_type,
        "staged": material.staged,
        "valid_to": material.valid_to,
        "description": material.description,
    }


def _material(key: KeyArn, row: Any) -> KeyMaterial:
    return KeyMaterial(
        key=key,
        id=KeyMaterialId(row.material_id),
        sealed=row.sealed,
        created=row.created,
        rotated=row.rotated,
        rotation_type=None if row.rotation_type is None else RotationType(row.rotation_type),
        staged=row.staged,
        valid_to=row.valid_to,
        description=row.description,
    )
