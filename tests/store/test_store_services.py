"""Services, their access keys, and owned keys in a store."""

from dataclasses import replace

import pytest

from keystead.kinds import CredentialStatus
from keystead.model import OwnedKey, RegisteredService, ServiceCredential
from keystead.names import AccessKeyId, ServiceName
from keystead.store import AlreadyExists, Store, StoreError, Topic, open_store

SERVICE = RegisteredService(ServiceName.parse("objectstore"), "Object Store", 1)
CREDENTIAL = ServiceCredential(
    AccessKeyId.parse("AKIASERVICE000000000"), SERVICE.name, CredentialStatus.ACTIVE, b"sealed", 2
)


@pytest.fixture
def store() -> Store:
    return open_store(":memory:")


def topics(store: Store) -> list[tuple[Topic, str]]:
    return [(change.topic, change.subject) for change in store.changes() or ()]


def test_a_service_is_kept_until_it_is_deleted_with_its_access_keys(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_service(SERVICE)
        tx.add_service_credential(CREDENTIAL)
        with pytest.raises(AlreadyExists):
            tx.add_service(replace(SERVICE, display_name="Other"))
        assert tx.services() == (SERVICE,)
        assert tx.service_credentials(SERVICE.name) == (CREDENTIAL,)
        tx.set_service_credential_status(CREDENTIAL.access_key_id, CredentialStatus.INACTIVE)
        changed = tx.service_credential(CREDENTIAL.access_key_id)
        assert changed == replace(CREDENTIAL, status=CredentialStatus.INACTIVE)
    with store.write("test") as tx:
        tx.delete_service(SERVICE.name)
        assert tx.service(SERVICE.name) is None
        assert tx.service_credential(CREDENTIAL.access_key_id) is None
        with pytest.raises(StoreError):
            tx.delete_service(SERVICE.name)
    assert topics(store) == [
        (Topic.SERVICE, "objectstore"),
        (Topic.CREDENTIAL, CREDENTIAL.access_key_id),
        (Topic.CREDENTIAL, CREDENTIAL.access_key_id),
        (Topic.CREDENTIAL, CREDENTIAL.access_key_id),
        (Topic.SERVICE, "objectstore"),
    ]


def test_owned_keys_are_told_in_order_and_survive_a_reset(store: Store) -> None:
    keys = [OwnedKey("b", 1, b"b1", 1), OwnedKey("a", 2, b"a2", 2), OwnedKey("a", 1, b"a1", 1)]
    with store.write("test") as tx:
        tx.add_service(SERVICE)
        for key in keys:
            tx.add_owned_key(key)
        with pytest.raises(AlreadyExists):
            tx.add_owned_key(OwnedKey("a", 2, b"other", 3))
    with store.write("test") as tx:
        tx.reset()
    with store.read() as tx:
        assert tx.owned_keys() == (keys[2], keys[1], keys[0])
        assert tx.services() == ()
    assert "sealed=" not in repr(keys[0])
