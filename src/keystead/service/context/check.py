"""The context of one check, computed as policies ask for it."""

from collections.abc import Iterator, Mapping

from keystead.policy.request import ContextValue
from keystead.service.call import Call, Touched
from keystead.service.compiled_policies import Undecidable
from keystead.service.context.table import FAMILIES, TABLE, VALUES
from keystead.service.context.value import Family, Unfilled


class CheckContext(Mapping[str, ContextValue]):
    """Condition key in lower case -> value, for the keys that AWS fills for this check."""

    __slots__ = ("_families", "_keys", "_known", "call", "touched")

    def __init__(self, call: Call, touched: Touched) -> None:
        self.call = call
        self.touched = touched
        self._keys = touched.target.keys
        self._known: dict[str, ContextValue | None] = {}
        self._families: dict[str, Mapping[str, str]] = {}

    def get(self, name: str, _default: object = None) -> ContextValue | None:  # type: ignore[override]  # absence is None
        """The value of a condition key, or None when it is absent."""
        known = self._known
        if name in known:
            return known[name]
        value = self._value(name)
        known[name] = value
        return value

    @property
    def consulted(self) -> bool:
        """Whether any condition key was asked for."""
        return bool(self._known)

    def _value(self, name: str) -> ContextValue | None:
        value = VALUES.get(name)
        if value is not None:
            return value(self.call, self.touched) if name in self._keys else None
        for start, family in FAMILIES.items():
            if name.startswith(start):
                if start not in self._keys:
                    return None
                named = self._families.get(start)
                if named is None:
                    # A policy may ask for hundreds of names, and a request have as many.
                    named = self._families[start] = _named(family.pairs(self.call, self.touched), start)
                return named.get(name)
        vouched = self.call.who.vouched
        return None if vouched is None else vouched.keys.get(name)

    def __getitem__(self, name: str) -> ContextValue:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        yield from (name for name in VALUES if self.get(name) is not None)
        for start, family in FAMILIES.items():
            if start in self._keys:
                yield from dict.fromkeys(
                    (start + name).lower() for name in family.pairs(self.call, self.touched)
                )

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def spelled(self) -> Iterator[tuple[str, ContextValue]]:
        """Every key that has a value, as AWS spells it: for people to read, not to decide by.

        What cannot be told is left out.
        """
        for name, row in TABLE.items():
            try:
                if isinstance(row, Family):
                    if name.lower() in self._keys:
                        pairs = row.pairs(self.call, self.touched)
                        yield from ((name + key, value) for key, value in pairs.items())
                elif not isinstance(row, Unfilled) and (value := self.get(name.lower())) is not None:
                    yield name, value
            except Undecidable:
                continue


def _named(pairs: Mapping[str, str], start: str) -> Mapping[str, str]:
    """The values of `pairs` by the key, in lower case, that stands for each.

    AWS shows no rule for names that differ in case alone: the last in code-point order counts (unverified).
    Whole keys are lower-cased, as in policies: what stands before a sigma decides whether it is a final one.
    """
    return {(start + name).lower(): pairs[name] for name in sorted(pairs)}
