"""Key states: what each kind of operation may do to a key in each state, as one table.

Source: KMS Developer Guide, "Key states of AWS KMS keys", corrected where a recording differs
(a key pending deletion is refused with KMSInvalidStateException, never DisabledException).
"""

from enum import Enum, IntEnum, auto
from types import MappingProxyType

from keystead.kinds import KeyState


class Refusal(Enum):
    """Why a key's state refuses an operation; each is one AWS exception."""

    DISABLED = auto()
    """DisabledException."""
    INVALID_STATE = auto()
    """KMSInvalidStateException."""


class Demand(IntEnum):
    """What a kind of operation demands of the key's state; the rows of the table."""

    CRYPTOGRAPHIC = auto()
    """Encrypt, Decrypt, ReEncrypt on each key, GenerateDataKey and its variants."""
    NONE = auto()
    """DescribeKey, GetKeyPolicy, PutKeyPolicy, ListKeyPolicies, DeleteAlias, RevokeGrant: any state."""
    TOGGLE = auto()
    """EnableKey, DisableKey."""
    ALIAS_TARGET = auto()
    """CreateAlias, and the new target of UpdateAlias."""
    DESCRIPTION = auto()
    """UpdateKeyDescription."""
    GRANT = auto()
    """CreateGrant."""


_D, _S = Refusal.DISABLED, Refusal.INVALID_STATE
_PENDING = {KeyState.PENDING_DELETION: _S, KeyState.PENDING_REPLICA_DELETION: _S}

TABLE = MappingProxyType(
    {
        Demand.CRYPTOGRAPHIC: {
            KeyState.DISABLED: _D,
            **_PENDING,
            KeyState.PENDING_IMPORT: _S,
            KeyState.UNAVAILABLE: _S,
            KeyState.CREATING: _S,
        },
        Demand.NONE: {},
        Demand.TOGGLE: {
            **_PENDING,
            KeyState.PENDING_IMPORT: _S,
            KeyState.CREATING: _S,
            KeyState.UPDATING: _S,
        },
        Demand.ALIAS_TARGET: _PENDING,
        Demand.DESCRIPTION: _PENDING,
        Demand.GRANT: {
            KeyState.DISABLED: _D,
            **_PENDING,
            KeyState.PENDING_IMPORT: _S,
            KeyState.CREATING: _S,
        },
    }
)
"""Demand -> state -> refusal. A state that is not listed is accepted."""

PHRASES = MappingProxyType(
    {
        KeyState.DISABLED: "is disabled.",
        KeyState.PENDING_DELETION: "is pending deletion.",
        KeyState.PENDING_REPLICA_DELETION: "is pending replica deletion.",
        KeyState.PENDING_IMPORT: "is pending import.",
        KeyState.CREATING: "is creating.",
        KeyState.UPDATING: "is updating.",
        KeyState.UNAVAILABLE: "is unavailable.",
        KeyState.ENABLED: "is enabled.",
    }
)
"""How AWS ends the sentence that begins with the key's ARN."""


def refusal(demand: Demand, state: KeyState) -> Refusal | None:
    """Why a key in `state` does not meet `demand`, or None when it does."""
    return TABLE[demand].get(state)
