"""The sealed root key: the verbs and their statements."""

from sqlalchemy import select

from keystead.model import SealedRootKey
from keystead.store.connection import ReadConnection, WriteConnection, insert_if_absent
from keystead.store.tables import ROOT_KEY

_ROOT_KEY = select(ROOT_KEY)
_ADD_ROOT_KEY = insert_if_absent(ROOT_KEY)


class RootKeyReads(ReadConnection):
    """The verb of `ReadTx` about the root key."""

    def root_key(self) -> SealedRootKey | None:
        row = self.row(_ROOT_KEY, {})
        return SealedRootKey(row.provider, row.parameters, row.sealed, row.created) if row else None


class RootKeyWrites(RootKeyReads, WriteConnection):
    """The verb of `WriteTx` about the root key."""

    def add_root_key(self, root_key: SealedRootKey) -> None:
        row = {
            "id": 1,
            "provider": root_key.provider,
            "parameters": root_key.parameters,
            "sealed": root_key.sealed,
            "created": root_key.created,
        }
        self.add(_ADD_ROOT_KEY, row, "the root key")
