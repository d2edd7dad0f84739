"""Related multi-Region keys in the store: what they share is changed in all of them, in one transaction.

Which properties those are is in `keystead.model.multi_region`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from keystead.crypto.material import Sealer, reseal_material
from keystead.kinds import ImportState, Origin
from keystead.model import Key, KeyMaterial
from keystead.model.imports import settled, staged
from keystead.model.multi_region import sharing
from keystead.names import KeyMaterialId
from keystead.store.port import ReadTx, WriteTx


def others(tx: ReadTx, key: Key) -> tuple[Key, ...]:
    """The keys related to `key`, in the order of their Regions; a single-Region key has none."""
    if not key.multi_region:
        return ()
    return tuple(other for other in tx.related_keys(key.arn) if other.arn != key.arn)


def set_shared_life(tx: WriteTx, key: Key) -> None:
    """Stores what the life of `key` changed, and what the keys related to it share of that."""
    tx.set_key_life(key)
    for other in others(tx, key):
        settle(tx, sharing(other, key))


def settle(tx: WriteTx, key: Key) -> None:
    """Stores the life of a key as the versions of its material make it."""
    if key.origin is Origin.EXTERNAL:
        key = settled(key, tx.key_materials(key.arn))
    tx.set_key_life(key)


def add_shared_material(tx: WriteTx, sealer: Sealer, key: Key, material: KeyMaterial) -> None:
    """Adds a version to `key` and to the keys related to it."""
    tx.add_key_material(material)
    for other in others(tx, key):
        tx.add_key_material(copied(sealer, material, other))


def copied(sealer: Sealer, material: KeyMaterial, to: Key) -> KeyMaterial:
    """A version for a related key, sealed so that its row alone opens it.

    Of imported material it is an entry without it: each Region imports for itself, by its own dates.
    """
    if to.origin is Origin.EXTERNAL or material.sealed is None:
        return replace(material, key=to.arn, sealed=None, valid_to=None)
    sealed = reseal_material(sealer, material.id, material.sealed, key=material.key, to=to.arn)
    return replace(material, key=to.arn, sealed=sealed)


def copies(tx: ReadTx, key: Key, id: KeyMaterialId) -> Iterable[KeyMaterial]:
    """The entries of one version in the keys related to `key`."""
    found = [tx.key_material(other.arn, id) for other in others(tx, key)]
    return [version for version in found if version is not None]


def awaits_imports(tx: ReadTx, key: Key, versions: Sequence[KeyMaterial]) -> bool:
    """Whether one of several related keys lacks the staged version of `versions`, those of `key`."""
    version = staged(versions)
    if version is None or not key.multi_region:
        return False
    present = (version, *copies(tx, key, version.id))
    return any(one.import_state is ImportState.PENDING_IMPORT for one in present)
