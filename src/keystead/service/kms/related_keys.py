"""Related multi-Region keys in the store: what they share is changed in all of them, in one transaction.

Which properties those are is in `keystead.model.multi_region`.
"""

from dataclasses import replace

from keystead.crypto.material import Sealer, reseal_material
from keystead.model import Key, KeyMaterial
from keystead.model.multi_region import sharing
from keystead.names import KeyArn
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
        tx.set_key_life(sharing(other, key))


def add_shared_material(tx: WriteTx, sealer: Sealer, key: Key, material: KeyMaterial) -> None:
    """Adds a version to `key` and, sealed for each of them, to the keys related to it."""
    tx.add_key_material(material)
    for other in others(tx, key):
        tx.add_key_material(copied(sealer, material, other.arn))


def copied(sealer: Sealer, material: KeyMaterial, to: KeyArn) -> KeyMaterial:
    """A version of material for a related key, whose row alone opens it."""
    sealed = reseal_material(sealer, material.id, material.sealed, key=material.key, to=to)
    return replace(material, key=to, sealed=sealed)
