"""The life of a key: what each operation may do to a key in each state, and where it leads, as one table.

The table decides (`service/pipeline.py`), is the page `docs/key-states.md`, and is tested cell by cell over
the API. It says nothing about kinds of keys: what refuses an origin or a key spec does so itself.

Sources: KMS Developer Guide, "Key states of AWS KMS keys", corrected where a recording differs: a key pending
deletion is refused with KMSInvalidStateException, never DisabledException; a disabled key shows its public
key.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from keystead.kinds import KeyState

CREATING, ENABLED, DISABLED = KeyState.CREATING, KeyState.ENABLED, KeyState.DISABLED
PENDING_IMPORT, UNAVAILABLE, UPDATING = KeyState.PENDING_IMPORT, KeyState.UNAVAILABLE, KeyState.UPDATING
PENDING_DELETION = KeyState.PENDING_DELETION
PENDING_REPLICA_DELETION = KeyState.PENDING_REPLICA_DELETION


class Fault(StrEnum):
    """The two exceptions by which a key's state refuses an operation."""

    DISABLED = "DisabledException"
    INVALID_STATE = "KMSInvalidStateException"


class Refusal(NamedTuple):
    """Why a key's state refuses an operation; `predicate` goes behind the key's ARN."""

    fault: Fault
    predicate: str


Cell = Refusal | KeyState
"""A refusal, or the state that the operation leads to. An operation without a cell leaves the state alone."""

Row = Mapping[KeyState, Cell]


def _invalid(predicate: str) -> Refusal:
    return Refusal(Fault.INVALID_STATE, predicate)


IS_DISABLED: Final = Refusal(Fault.DISABLED, "is disabled.")
_PENDING: Final[Row] = {
    PENDING_DELETION: _invalid("is pending deletion."),
    PENDING_REPLICA_DELETION: _invalid("is pending replica deletion."),
}
_IMPORT: Final[Row] = {PENDING_IMPORT: _invalid("is pending import.")}
_CREATING: Final[Row] = {CREATING: _invalid("is creating.")}
_UPDATING: Final[Row] = {UPDATING: _invalid("is updating.")}
_UNAVAILABLE: Final[Row] = {UNAVAILABLE: _invalid("is unavailable.")}
_DISABLED: Final[Row] = {DISABLED: IS_DISABLED}

# How AWS ends this sentence is unverified.
_NOT_PENDING: Final = _invalid("is not pending deletion.")

_TO_DELETION: Final[Row] = dict.fromkeys(
    (CREATING, ENABLED, DISABLED, PENDING_IMPORT, UNAVAILABLE), PENDING_DELETION
)
_SETTLED: Final[Row] = {**_PENDING, **_CREATING, **_UPDATING}

_ROWS: Final[tuple[tuple[str, Row], ...]] = (
    # Cryptography.
    (
        "Encrypt Decrypt ReEncrypt GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair"
        " GenerateDataKeyPairWithoutPlaintext Sign Verify GenerateMac VerifyMac DeriveSharedSecret"
        " Encapsulate Decapsulate",
        {**_DISABLED, **_PENDING, **_IMPORT, **_UNAVAILABLE, **_CREATING},
    ),
    ("GetPublicKey", {**_PENDING, **_IMPORT, **_UNAVAILABLE, **_CREATING}),
    # What reads or permits, and asks for no state.
    (
        "DescribeKey GetKeyPolicy PutKeyPolicy ListKeyPolicies ListGrants RetireGrant RevokeGrant"
        " ListResourceTags GetKeyRotationStatus ListKeyRotations GetKeyLastUsage DeleteAlias",
        {},
    ),
    ("CreateGrant", {**_DISABLED, **_PENDING, **_IMPORT, **_CREATING}),
    # The states. In Unavailable both take effect when the key store is back, so the state stays.
    ("EnableKey", {DISABLED: ENABLED, **_SETTLED, **_IMPORT}),
    ("DisableKey", {ENABLED: DISABLED, **_SETTLED, **_IMPORT}),
    ("ScheduleKeyDeletion", {**_TO_DELETION, **_PENDING, **_UPDATING}),
    (
        "CancelKeyDeletion",
        {
            **dict.fromkeys(KeyState, _NOT_PENDING),
            PENDING_DELETION: DISABLED,
            PENDING_REPLICA_DELETION: DISABLED,
        },
    ),
    # Names. Of the two keys of UpdateAlias the new one is meant; the old one may be in any state.
    ("CreateAlias UpdateAlias", _PENDING),
    ("TagResource UntagResource UpdateKeyDescription", _PENDING),
    # Material.
    (
        "EnableKeyRotation DisableKeyRotation",
        {**_DISABLED, **_PENDING, **_IMPORT, **_UNAVAILABLE, **_CREATING},
    ),
    ("RotateKeyOnDemand", {**_DISABLED, **_SETTLED, **_IMPORT, **_UNAVAILABLE}),
    ("GetParametersForImport", {**_SETTLED, **_UNAVAILABLE}),
    (
        "ImportKeyMaterial",
        {DISABLED: ENABLED, PENDING_IMPORT: ENABLED, **_PENDING, **_CREATING, **_UNAVAILABLE},
    ),
    (
        "DeleteImportedKeyMaterial",
        {ENABLED: PENDING_IMPORT, DISABLED: PENDING_IMPORT, **_CREATING, **_UPDATING},
    ),
    # Regions. On both keys of UpdatePrimaryRegion. No key store has multi-Region keys: none is Unavailable.
    ("ReplicateKey", {**_DISABLED, **_SETTLED, **_IMPORT, **_UNAVAILABLE}),
    (
        "UpdatePrimaryRegion",
        {ENABLED: UPDATING, **_DISABLED, **_PENDING, **_IMPORT, **_UNAVAILABLE, **_CREATING},
    ),
)

TABLE: Final[Mapping[str, Row]] = MappingProxyType(
    {operation: row for operations, row in _ROWS for operation in operations.split()}
)
"""Operation of the KMS API -> state of the key it is on -> what comes of it."""


def refusal(operation: str, state: KeyState) -> Refusal | None:
    """Why a key in `state` refuses `operation`, or None when it does not. KeyError for one without a row."""
    cell = TABLE[operation].get(state)
    return None if cell is None or isinstance(cell, KeyState) else cell


def after(operation: str, state: KeyState) -> KeyState:
    """The state that `operation` leaves a key in which was in `state` and did not refuse it."""
    cell = TABLE[operation].get(state, state)
    assert isinstance(cell, KeyState), f"{operation} is refused in the state {state}"
    return cell
