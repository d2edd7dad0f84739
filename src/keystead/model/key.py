"""KMS keys, their material and aliases."""

from dataclasses import dataclass, field

from keystead.kinds import KeyManager, KeySpec, KeyState, KeyUsage, Origin
from keystead.model.tag import Tag
from keystead.names import AccountId, AliasArn, AliasName, KeyArn, KeyId, KeyMaterialId, Region


@dataclass(frozen=True, slots=True)
class Key:
    """A KMS key without its material.

    `policy` is the key policy named `default` as stored: JSON text in which IAM users and roles stand
    by unique id, so that a re-created principal is a different one. Tag keys are case-sensitive.
    """

    arn: KeyArn
    spec: KeySpec
    usage: KeyUsage
    origin: Origin
    manager: KeyManager
    state: KeyState
    multi_region: bool
    description: str
    policy: str
    created: int
    current_material: KeyMaterialId | None
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """One version of a key's material; `sealed` opens only under the root key and this key's names."""

    key: KeyArn
    id: KeyMaterialId
    sealed: bytes = field(repr=False)
    created: int


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
