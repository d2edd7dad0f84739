"""AWS owned keys: the verbs and their statements."""

from sqlalchemy import select

from keystead.model import OwnedKey
from keystead.store.connection import ReadConnection, WriteConnection, insert_if_absent
from keystead.store.port import Topic
from keystead.store.tables import OWNED_KEY

_OWNED_KEYS = select(OWNED_KEY).order_by(OWNED_KEY.c.purpose, OWNED_KEY.c.number)
_ADD_OWNED_KEY = insert_if_absent(OWNED_KEY)


class OwnedKeyReads(ReadConnection):
    """The verb of `ReadTx` about owned keys."""

    def owned_keys(self) -> tuple[OwnedKey, ...]:
        return tuple(
            OwnedKey(row.purpose, row.number, row.sealed, row.created) for row in self.rows(_OWNED_KEYS, {})
        )


class OwnedKeyWrites(OwnedKeyReads, WriteConnection):
    """The verb of `WriteTx` about owned keys."""

    def add_owned_key(self, key: OwnedKey) -> None:
        row = {"purpose": key.purpose, "number": key.number, "sealed": key.sealed, "created": key.created}
        self.add(_ADD_OWNED_KEY, row, f"owned key {key.number} for {key.purpose}")
        self.record(Topic.OWNED_KEY, key.purpose)
