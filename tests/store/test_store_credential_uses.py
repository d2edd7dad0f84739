import store_records as make

from keystead.model import CredentialUse
from keystead.names import AccessKeyId, Region
from keystead.store import Store

ONE, TWO = AccessKeyId("AKIAONE"), AccessKeyId("AKIATWO")


def use(time: int) -> CredentialUse:
    return CredentialUse(time, Region("eu-west-1"), "kms")


def test_the_latest_use_of_a_credential_stays(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_principal(make.user())
        for name in (ONE, TWO):
            tx.add_credential(make.credential(name))
    store.changes()
    for uses, kept in (
        ({}, (None, None)),
        ({ONE: use(5)}, (use(5), None)),
        ({ONE: use(4), TWO: use(1), AccessKeyId("AKIAGONE"): use(9)}, (use(5), use(1))),
        ({ONE: use(6), TWO: use(2)}, (use(6), use(2))),
    ):
        with store.write("test") as tx:
            tx.note_credential_uses(uses)
        with store.read() as read:
            assert (read.credential_use(ONE), read.credential_use(TWO)) == kept
            assert read.credential_use(AccessKeyId("AKIAGONE")) is None
            assert read.credential(ONE) == make.credential()
    assert not store.changes()


def test_credentials_of_root_users(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_account(make.account(make.OTHER))
        tx.add_principal(make.user())
        tx.add_credential(make.credential())
        roots = [make.credential(f"AKIAROOT{number}", None) for number in (2, 1)]
        for root in roots:
            tx.add_credential(root)
    with store.read() as read:
        assert read.root_credentials(make.ACCOUNT) == tuple(reversed(roots))
        assert read.root_credentials(make.OTHER) == ()
        assert read.credentials("AIDABOB") == (make.credential(),)
