"""What every generated record is, and what the generated tables hold."""

from dataclasses import dataclass
from typing import ClassVar

import msgspec

_TOKENS = frozenset({"grant_token", "grant_tokens", "import_token"})
"""Members that no model marks as sensitive, so that AWS's errors repeat them; no repr of ours does."""


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="pascal", gc=False):
    """One structure of a service model.

    Attributes are snake_case, the wire's names are AWS's. An optional member is None if and only if it is
    absent. Blobs are `bytes`, timestamps `float` seconds since 1970-01-01T00:00:00Z, enumerations their
    texts. Constructing a record checks nothing: requests are checked where they are decoded.

    The garbage collector does not track records (`gc=False`): one that is put into a cycle is never freed.
    """

    SENSITIVE: ClassVar[frozenset[str]] = frozenset()
    """The attributes that the model marks as sensitive: never in a repr, an error or a log."""

    def __repr__(self) -> str:
        """The members that are present; blobs by their size, sensitive ones not at all."""
        shown = ", ".join(
            f"{name}={self._shown(name, value)}"
            for name in self.__struct_fields__
            if (value := getattr(self, name)) is not None
        )
        return f"{type(self).__name__}({shown})"

    def _shown(self, name: str, value: object) -> str:
        if name in self.SENSITIVE or name in _TOKENS:
            return "<sensitive>"
        return f"<{len(value)} bytes>" if isinstance(value, bytes) else repr(value)


@dataclass(frozen=True, slots=True)
class OperationShape:
    """One operation of a service model; `response` is None when the operation has no output shape."""

    name: str
    request: type[Record]
    response: type[Record] | None


@dataclass(frozen=True, slots=True)
class ServiceShape:
    """One service model.

    Attributes:
        name: its short name.
        version: of its API.
        namespace: of its XML, in the Query protocol.
        operations: those that there are shapes for, by name.
        others: the names of all others that the model has.
    """

    name: str
    version: str
    namespace: str | None
    operations: dict[str, OperationShape]
    others: frozenset[str] = frozenset()
