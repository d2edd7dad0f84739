"""AWS owned keys: of no account, in no list. Keystead seals its own tokens under them."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OwnedKey:
    """One key for one purpose.

    Attributes:
        purpose: what is sealed under it, such as `session token`.
        number: from 1 on; the highest of a purpose seals, all of them open.
        sealed: its material, which opens only under the root key and for this purpose and number.
        created: milliseconds since the epoch.
    """

    purpose: str
    number: int
    sealed: bytes = field(repr=False)
    created: int
