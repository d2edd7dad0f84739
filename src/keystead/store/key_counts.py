"""How many customer managed keys an account has in a Region, kept beside them: nothing counts rows."""

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.dialects import sqlite

from keystead.kinds import KeyManager
from keystead.model import Key
from keystead.names import AccountId, KeyArn, Region
from keystead.store.connection import ReadConnection, WriteConnection, at
from keystead.store.tables import KEY_COUNT, KMS_KEY

_COUNT = select(KEY_COUNT.c.customer_keys).where(*at(KEY_COUNT))
_MORE = sqlite.insert(KEY_COUNT).on_conflict_do_update(
    index_elements=list(KEY_COUNT.primary_key.columns),
    set_={"customer_keys": KEY_COUNT.c.customer_keys + 1},
)
_FEWER = (
    update(KEY_COUNT)
    .where(
        *at(KEY_COUNT),
        exists().where(
            KMS_KEY.c.account == bindparam("at_account"),
            KMS_KEY.c.region == bindparam("at_region"),
            KMS_KEY.c.key_id == bindparam("key_id"),
            KMS_KEY.c.manager == bindparam(None, KeyManager.CUSTOMER.value),
        ),
    )
    .values(customer_keys=KEY_COUNT.c.customer_keys - 1)
)


class KeyCountReads(ReadConnection):
    """The verb of `ReadTx` that knows the number of keys."""

    def key_count(self, account: AccountId, region: Region) -> int:
        row = self.row(_COUNT, _where(account, region))
        return int(row.customer_keys) if row else 0


class KeyCountWrites(KeyCountReads, WriteConnection):
    """Keeps the number true; whoever adds or deletes keys calls it in the same transaction."""

    def _count_added(self, key: Key) -> None:
        if key.manager is not KeyManager.CUSTOMER:
            return
        first = {"account": key.arn.account, "region": key.arn.region, "customer_keys": 1}
        self.connection.execute(_MORE, first)

    def _count_deleted(self, key: KeyArn) -> None:
        """Before the key is deleted; a key that is not there changes nothing."""
        self.connection.execute(_FEWER, _where(key.account, key.region) | {"key_id": key.key_id})


def _where(account: AccountId, region: Region) -> dict[str, object]:
    return {"at_account": account, "at_region": region}
