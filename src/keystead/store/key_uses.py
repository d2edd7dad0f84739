"""When keys were last used: the verbs and their statements."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select

from keystead.model import KeyUse
from keystead.names import KeyArn
from keystead.store.connection import ReadConnection, WriteConnection, upsert_later
from keystead.store.key_rows import at_key, of_key
from keystead.store.tables import KEY_LAST_USE, KMS_KEY

_LAST_USE = select(KEY_LAST_USE).where(*of_key(KEY_LAST_USE))

_NEW_USE = select(
    KMS_KEY.c.account,
    KMS_KEY.c.region,
    KMS_KEY.c.key_id,
    *(
        bindparam(column.name, type_=column.type)
        for column in (
            KEY_LAST_USE.c.operation,
            KEY_LAST_USE.c.time,
            KEY_LAST_USE.c.event_id,
            KEY_LAST_USE.c.request_id,
        )
    ),
).where(*of_key(KMS_KEY))
_PUT_USE = upsert_later(KEY_LAST_USE, _NEW_USE, KEY_LAST_USE.c.time)


class KeyUseReads(ReadConnection):
    """The verb of `ReadTx` about the last use of a key."""

    def key_last_use(self, key: KeyArn) -> KeyUse | None:
        row = self.row(_LAST_USE, at_key(key))
        return KeyUse(row.operation, row.time, row.event_id, row.request_id) if row else None


class KeyUseWrites(KeyUseReads, WriteConnection):
    """The verb of `WriteTx` about the last uses of keys."""

    def put_key_last_uses(self, uses: Mapping[KeyArn, KeyUse]) -> None:
        if uses:
            rows = [at_key(key) | use._asdict() for key, use in uses.items()]
            self.connection.execute(_PUT_USE, rows)
