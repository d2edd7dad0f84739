"""The two transactions, put together from their subjects."""

from collections.abc import Iterator
from contextlib import contextmanager

from keystead.store.aliases import AliasReads
from keystead.store.grants import GrantReads, GrantWrites
from keystead.store.journal import JournalReads, JournalWrites
from keystead.store.keys import KeyReads, KeyWrites
from keystead.store.principals import PrincipalReads, PrincipalWrites
from keystead.store.root_key import RootKeyReads, RootKeyWrites


class SqlReadTx(PrincipalReads, KeyReads, AliasReads, GrantReads, RootKeyReads, JournalReads):
    """`ReadTx` on one connection."""


class SqlWriteTx(PrincipalWrites, KeyWrites, GrantWrites, RootKeyWrites, JournalWrites):
    """`WriteTx` on the writer's connection."""

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        with self.connection.begin_nested():
            yield
