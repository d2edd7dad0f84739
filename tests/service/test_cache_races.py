"""What one thread loads while another learns of a change: what is stale is used once and not kept."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from keystead.crypto.material import Sealer
from keystead.kinds import PrincipalType
from keystead.model import Account, OwnedKey, Principal
from keystead.names import AccountId
from keystead.service.cached_records import CachedRecords
from keystead.service.compiled_policies import CompiledPolicies
from keystead.store import Store, open_store
from keystead.store.port import StoreError

ID = AccountId("111122223333")
USER = Principal("AIDA0", ID, PrincipalType.USER, "/", "u", 1)
SEALER = Sealer(bytes(32))


def delete(store: Store) -> None:
    with store.write("test") as tx:
        tx.delete_principal(USER.unique_id)


@pytest.fixture
def store() -> Iterator[Store]:
    made = open_store(":memory:")
    with made.write("test") as tx:
        tx.add_account(Account(ID, 1))
        tx.add_principal(USER)
    yield made
    made.close()


def test_a_change_learned_of_while_a_value_is_being_kept(store: Store) -> None:
    records = CachedRecords(store, SEALER, CompiledPolicies())
    records.refresh()
    keep = records._principals.keep
    learning: list[Thread] = []

    def interrupted(*entry: Any) -> None:
        """As if the thread lost its turn here, and the event loop got one."""
        if not learning:
            delete(store)
            learning.append(Thread(target=records.refresh))
            learning[0].start()
            learning[0].join(0.2)
        keep(*entry)

    # On this one mapping: the class is that of all caches.
    records._principals.keep = interrupted  # type: ignore[method-assign]
    assert records.principal(USER.unique_id) is not None  # it was read before
    learning[0].join()
    assert records.principal(USER.unique_id) is None


def test_what_fails_while_changes_are_learned_of_hides_none_of_them(store: Store) -> None:
    def fails() -> None:
        raise StoreError("the disk is gone")

    records = CachedRecords(store, SEALER, CompiledPolicies(), fails)
    records.refresh()
    assert records.principal(USER.unique_id) is not None
    with store.write("test") as tx:
        tx.add_owned_key(OwnedKey("marker", 1, b"sealed", 1))
        tx.delete_principal(USER.unique_id)
    with pytest.raises(StoreError):
        records.refresh()
    assert records.principal(USER.unique_id) is None
