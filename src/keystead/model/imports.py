"""Imported key material: which wrapping suits which key, and what the versions of a key come to.

Sources: KMS API, GetParametersForImport; KMS Developer Guide, "Importing key material"; recordings, which
win.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from keystead.kinds import KeySpec, KeyState, Origin, WrappingAlgorithm
from keystead.model.key import NEED_MATERIAL, Imported, Key, KeyMaterial
from keystead.model.key_spec import TRAITS

_RSA: Final = frozenset({KeySpec.RSA_2048, KeySpec.RSA_3072, KeySpec.RSA_4096})
_OAEP: Final = frozenset({WrappingAlgorithm.RSAES_OAEP_SHA_1, WrappingAlgorithm.RSAES_OAEP_SHA_256})

# A P-521 key is too long for it. Ed25519 is refused as well (recorded for SHA-256).
_NOT_DIRECTLY_UNDER_RSA_2048: Final = frozenset({KeySpec.ECC_NIST_P521, KeySpec.ECC_NIST_EDWARDS25519})


def may_wrap(algorithm: str, wrapping_key: str, spec: KeySpec) -> bool:
    """Whether material of a key of `spec` may come under this wrapping.

    Args:
        algorithm: any of the API's `AlgorithmSpec`.
        wrapping_key: any of the API's `WrappingKeySpec`.
        spec: of the key whose material is to be imported.
    """
    if wrapping_key not in _RSA or algorithm not in tuple(WrappingAlgorithm):
        return False
    directly = algorithm in _OAEP
    if TRAITS[spec].symmetric:
        return directly
    if spec in _RSA:
        return not directly
    return not (directly and wrapping_key == KeySpec.RSA_2048 and spec in _NOT_DIRECTLY_UNDER_RSA_2048)


def staged(versions: Sequence[KeyMaterial]) -> KeyMaterial | None:
    """The version that waits for a rotation; a key has one at most."""
    return next((version for version in versions if version.staged), None)


def settled(key: Key, versions: Sequence[KeyMaterial]) -> Key:
    """A key of origin EXTERNAL as the versions of its material make it. Every change of them ends with this.

    One version that is missing, be it an old one, makes the whole key PendingImport; when none is missing any
    more it is Enabled. A staged version does not count. Keys of other origins stay as they are.
    """
    if key.origin is not Origin.EXTERNAL:
        return key
    needed = [version for version in versions if not version.staged]
    complete = bool(needed) and all(version.sealed is not None for version in needed)
    state = key.state
    if complete and state is KeyState.PENDING_IMPORT:
        state = KeyState.ENABLED
    elif not complete and state in NEED_MATERIAL:
        state = KeyState.PENDING_IMPORT
    held = [version for version in versions if version.sealed is not None]
    current = next((version for version in held if version.id == key.current_material), None)
    shown = current if complete else None
    return replace(
        key,
        state=state,
        imported=Imported(
            expiration_model=None if shown is None else shown.expiration_model,
            valid_to=None if shown is None else shown.valid_to,
            usable_until=_first(version.valid_to for version in held if not version.staged),
            next_expiry=_first(version.valid_to for version in held),
        ),
    )


def _first(times: Iterable[int | None]) -> int | None:
    return min((time for time in times if time is not None), default=None)
