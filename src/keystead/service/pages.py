"""Pages of the List operations: markers that only this installation can have given.

A marker is the last name of a page, sealed under an owned key of the installation for the operation, the
account, the Region and the list it was given in: no other text is a marker, and a marker is none elsewhere.
How a service names the members, and what it says of a bad marker, is in its own `pages`.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from keystead.crypto.material import SealBroken
from keystead.crypto.owned_keys import MARKER
from keystead.service.call import Call

T = TypeVar("T")


class BrokenMarker(Exception):
    """A text is no marker of this list."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page; `marker` is None on the last."""

    items: Sequence[T]
    marker: str | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a page of the list `of` begins (after this name) and how many items it holds at most."""

    after: str
    limit: int
    call: Call
    of: str

    def cut(self, found: Sequence[T], name: Callable[[T], str]) -> Page[T]:
        """The page of `found`, which holds one item more than fits when there is a next page."""
        if len(found) <= self.limit:
            return Page(found, None)
        items = found[: self.limit]
        return Page(items, _marker(self.call, self.of, name(items[-1])))


def bounds(call: Call, marker: str | None, limit: int, of: str = "") -> Bounds:
    """The bounds of the page that begins at `marker`, or at the start; raises `BrokenMarker`.

    An operation with several lists tells them apart by `of`.
    """
    return Bounds("" if marker is None else _after(call, of, marker), limit, call, of)


def _names(call: Call, of: str) -> tuple[str, ...]:
    return (call.operation.name, call.account, call.region, of)


def _marker(call: Call, of: str, name: str) -> str:
    sealed = call.sealer.seal(name.encode(), MARKER, _names(call, of), random=call.random)
    return base64.urlsafe_b64encode(sealed).decode()


def _after(call: Call, of: str, marker: str) -> str:
    try:
        sealed = base64.b64decode(marker, altchars=b"-_", validate=True)
        return call.sealer.open(sealed, MARKER, _names(call, of)).decode()
    except (binascii.Error, ValueError, SealBroken):
        raise BrokenMarker from None
