"""KMS keys, their material and aliases."""

from dataclasses import dataclass, field
from typing import NamedTuple

from keystead.kinds import (
    ExpirationModel,
    ImportState,
    KeyManager,
    KeySpec,
    KeyState,
    KeyUsage,
    MultiRegionKeyType,
    Origin,
    RotationType,
)
from keystead.model.key_spec import TRAITS
from keystead.model.tag import Tag
from keystead.names import AccountId, AliasArn, AliasName, KeyArn, KeyId, KeyMaterialId, Region

DAY = 86_400_000
"""Milliseconds."""

ON_DEMAND_TAKES = 5_000
"""Milliseconds from RotateKeyOnDemand to the new material. AWS takes about two minutes, and clients that wait
for the end of a rotation must see it under way."""


PASSING_TAKES = 1_000
"""Milliseconds that a key is Creating or Updating. AWS takes a few seconds; clients that wait must see it."""

PASSING = frozenset({KeyState.CREATING, KeyState.UPDATING})
"""The states that end by themselves."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """How the material of a key is rotated.

    Attributes:
        period: days between automatic rotations; None when they are off.
        next: when the next one is due, in milliseconds; None when they are off.
        on_demand: since when a rotation on demand is under way, in milliseconds; None when none is.
    """

    period: int | None = None
    next: int | None = None
    on_demand: int | None = None


NO_ROTATION = Rotation()


@dataclass(frozen=True, slots=True)
class Imported:
    """What the versions of imported material come to (`model/imports.py`); times are milliseconds.

    Attributes:
        expiration_model: of the current version; None while a version is missing, and for other origins.
        valid_to: when the current version expires; None if it does not, or if a version is missing.
        usable_until: when the first version expires of those that the key needs; None for never.
        next_expiry: when the next version expires, staged ones among them; None for never.
    """

    expiration_model: ExpirationModel | None = None
    valid_to: int | None = None
    usable_until: int | None = None
    next_expiry: int | None = None


NOTHING_IMPORTED = Imported()

NEED_MATERIAL = frozenset({KeyState.ENABLED, KeyState.DISABLED, KeyState.UPDATING})
"""The states that a key leaves for PendingImport when a version of its imported material is missing."""


@dataclass(frozen=True, slots=True)
class Key:
    """A KMS key without its material.

    Attributes:
        policy: the key policy named `default` as stored: JSON text in which IAM users and roles stand
            by unique id, so that a re-created principal is a different one.
        deletion_date: when it is deleted, in milliseconds; None unless it is pending deletion.
        rotation: kept while the key is pending deletion, so that cancelling brings it back. A replica has
            that of its primary, and is rotated with it.
        imported: of keys of origin EXTERNAL, what their material comes to.
        primary_region: of a multi-Region key, where the primary key is; None of a single-Region key.
        pending_window: the waiting period that begins when the last replica is gone, in days; None unless the
            key is pending replica deletion.
        passing_until: when the state ends, in milliseconds, if it is one of `PASSING`.
    """

    arn: KeyArn
    spec: KeySpec
    usage: KeyUsage
    origin: Origin
    manager: KeyManager
    state: KeyState
    description: str
    policy: str
    created: int
    current_material: KeyMaterialId | None
    tags: tuple[Tag, ...] = ()
    deletion_date: int | None = None
    rotation: Rotation = NO_ROTATION
    imported: Imported = NOTHING_IMPORTED
    primary_region: Region | None = None
    pending_window: int | None = None
    passing_until: int | None = None

    @property
    def multi_region(self) -> bool:
        """Whether it is, or may get, one of several related keys."""
        return self.primary_region is not None

    @property
    def multi_region_key_type(self) -> MultiRegionKeyType | None:
        """Primary or replica; None of a single-Region key."""
        if self.primary_region is None:
            return None
        primary = self.primary_region == self.arn.region
        return MultiRegionKeyType.PRIMARY if primary else MultiRegionKeyType.REPLICA

    @property
    def replica(self) -> bool:
        """Whether it follows a primary key in another Region."""
        return self.multi_region_key_type is MultiRegionKeyType.REPLICA

    @property
    def symmetric_encryption(self) -> bool:
        """Whether it is a symmetric encryption key: it makes data keys, has contexts, and can rotate."""
        return self.spec is KeySpec.SYMMETRIC_DEFAULT

    @property
    def symmetric(self) -> bool:
        """Whether it has no public key."""
        return TRAITS[self.spec].symmetric

    def expired(self, now: int) -> bool:
        """Whether a version of imported material that the key needs has expired, removed already or not."""
        until = self.imported.usable_until
        return until is not None and until <= now

    def state_at(self, now: int) -> KeyState:
        """The state that counts for a request: material that has expired counts as gone from that moment."""
        if self.expired(now) and self.state in NEED_MATERIAL:
            return KeyState.PENDING_IMPORT
        return self.state

    @property
    def due(self) -> int | None:
        """When time next does something to the key, in milliseconds; None for never."""
        dates = (
            self._settled_at,
            self._deleted_at,
            self._rotated_on_demand_at,
            self._rotated_at,
            self.imported.next_expiry,
        )
        return min((date for date in dates if date is not None), default=None)

    def settling_due(self, now: int) -> bool:
        """Whether the state is to end that ends by itself."""
        return self._settled_at is not None and self._settled_at <= now

    def deletion_due(self, now: int) -> bool:
        """Whether the key is to be deleted."""
        return self._deleted_at is not None and self._deleted_at <= now

    def expiry_due(self, now: int) -> bool:
        """Whether a version of imported material is to be removed; the key's state does not matter."""
        return self.imported.next_expiry is not None and self.imported.next_expiry <= now

    def on_demand_rotation_due(self, now: int) -> bool:
        """Whether a rotation that was asked for is to be done; the key's state does not matter (recorded)."""
        return self._rotated_on_demand_at is not None and self._rotated_on_demand_at <= now

    @property
    def _settled_at(self) -> int | None:
        return self.passing_until if self.state in PASSING else None

    @property
    def _deleted_at(self) -> int | None:
        return self.deletion_date if self.state is KeyState.PENDING_DELETION else None

    @property
    def _rotated_on_demand_at(self) -> int | None:
        if self.rotation.on_demand is None or self.replica:
            return None
        return self.rotation.on_demand + ON_DEMAND_TAKES

    @property
    def _rotated_at(self) -> int | None:
        """Automatic rotations are of enabled keys: of others they wait."""
        return self.rotation.next if self.state is KeyState.ENABLED and not self.replica else None


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """One version of a key's material.

    Attributes:
        sealed: opens only under the root key and this key's names; None when it was imported and is gone.
        created: in milliseconds; orders the versions of a key.
        rotated: when a rotation made it the current one, in milliseconds; None for the first.
        rotation_type: what led to that rotation; None for the first.
        staged: whether it was imported as new and waits for a rotation to make it the current one.
        valid_to: when imported material expires, or did, in milliseconds; None if it does not expire, and
            when it was deleted.
        description: what whoever imported it says of it.
    """

    key: KeyArn
    id: KeyMaterialId
    sealed: bytes | None = field(repr=False)
    created: int
    rotated: int | None = None
    rotation_type: RotationType | None = None
    staged: bool = False
    valid_to: int | None = None
    description: str | None = None

    @property
    def import_state(self) -> ImportState:
        """What ListKeyRotations says; what has expired goes on as imported, with its date (recorded)."""
        if self.sealed is None and self.valid_to is None:
            return ImportState.PENDING_IMPORT
        return ImportState.IMPORTED

    @property
    def expiration_model(self) -> ExpirationModel | None:
        """What its import said; None when it is missing."""
        if self.valid_to is not None:
            return ExpirationModel.EXPIRES
        return None if self.sealed is None else ExpirationModel.DOES_NOT_EXPIRE


class KeyUse(NamedTuple):
    """A successful cryptographic operation with a key: what, when in milliseconds, and its event and request.

    A tuple: each call makes one.
    """

    operation: str
    time: int
    event_id: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A name for a key, unique in its account and Region."""

    arn: AliasArn
    target: KeyId
    created: int
    updated: int

    @property
    def name(self) -> AliasName:
        """The name with its prefix, `alias/...`."""
        return self.arn.name

    @property
    def account(self) -> AccountId:
        """The account of the alias and of its key."""
        return self.arn.account

    @property
    def region(self) -> Region:
        """The Region of the alias and of its key."""
        return self.arn.region


@dataclass(frozen=True, slots=True)
class SealedRootKey:
    """The root key of an installation, sealed by a provider; `parameters` is what the provider needs."""

    provider: str
    parameters: str
    sealed: bytes = field(repr=False)
    created: int
