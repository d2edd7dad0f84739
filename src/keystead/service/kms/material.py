"""The material that an operation works with, and whether it suits what is asked of it."""

from typing import TypeVar

from keystead.model.key_spec import TRAITS
from keystead.service.call import Call
from keystead.service.entries import KeyEntry
from keystead.shapes.kms_errors import InvalidKeyUsageException, KMSInternalException

M = TypeVar("M")


def current_material(call: Call, entry: KeyEntry, kind: type[M]) -> M:
    """The current material of a key, which its usage has shown to be of this kind.

    Raises:
        KMSInternalException: the store has none, or another kind.
    """
    material = call.material(entry, entry.key.current_material)
    if not isinstance(material, kind):
        raise KMSInternalException(None)
    return material


def refuse_algorithm(entry: KeyEntry, algorithm: str) -> None:
    """Refuses an algorithm that the key is not for."""
    if algorithm not in TRAITS[entry.key.spec].algorithms[entry.key.usage]:
        raise InvalidKeyUsageException(
            f"Algorithm {algorithm} is incompatible with key spec {entry.key.spec}."
        )
