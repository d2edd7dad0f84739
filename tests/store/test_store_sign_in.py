from dataclasses import replace

import pytest
import store_records as make

from keystead.model import LoginProfile, PasswordPolicy
from keystead.store import AlreadyExists, Store, StoreError, Topic

PROFILE = LoginProfile("AIDABOB", b"\0sealed\xff", 5, 6, reset_required=True)
POLICY = PasswordPolicy(make.ACCOUNT, 8, True, False, True, False, True, 90, 3, False)


@pytest.fixture(autouse=True)
def accounts(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_account(make.account(make.OTHER))
        tx.add_principal(make.user())
    store.changes()


def told(store: Store) -> list[tuple[Topic, str]]:
    return [(change.topic, change.subject) for change in store.changes() or ()]


def test_login_profiles(store: Store) -> None:
    with store.write("test") as tx:
        assert tx.login_profile("AIDABOB") is None
        tx.add_login_profile(PROFILE)
        with pytest.raises(AlreadyExists, match="login profile of AIDABOB"):
            tx.add_login_profile(replace(PROFILE, sealed_passwords=b"other"))
    with store.read() as read:
        assert read.login_profile("AIDABOB") == PROFILE
    changed = replace(PROFILE, sealed_passwords=b"next", changed=9, reset_required=False)
    with store.write("test") as tx:
        tx.put_login_profile(changed)
        assert tx.login_profile("AIDABOB") == changed
    with store.write("test") as tx:
        tx.delete_login_profile("AIDABOB")
        with pytest.raises(StoreError, match="login profile of AIDABOB does not exist"):
            tx.delete_login_profile("AIDABOB")
    assert told(store) == [(Topic.PRINCIPAL, "AIDABOB")] * 3


def test_no_password_outlives_its_user(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_login_profile(PROFILE)
    with pytest.raises(StoreError, match="still referred to"), store.write("test") as tx:
        tx.delete_principal("AIDABOB")


def test_password_policies(store: Store) -> None:
    with store.write("test") as tx:
        assert tx.password_policy(make.ACCOUNT) is None
        tx.put_password_policy(POLICY)
        tx.put_password_policy(replace(POLICY, max_age=0))
    with store.read() as read:
        found = read.password_policy(make.ACCOUNT)
        assert found == replace(POLICY, max_age=0)
        assert found.require_symbols is True
        assert read.password_policy(make.OTHER) is None
    with store.write("test") as tx:
        tx.delete_password_policy(make.ACCOUNT)
        with pytest.raises(StoreError, match="does not exist"):
            tx.delete_password_policy(make.ACCOUNT)
    assert told(store) == [(Topic.ACCOUNT, make.ACCOUNT)] * 3


def test_account_aliases_are_unique(store: Store) -> None:
    with store.write("test") as tx:
        assert tx.account_alias(make.ACCOUNT) is None
        assert tx.account_with_alias("ours") is None
        tx.put_account_alias(make.ACCOUNT, "ours")
        tx.put_account_alias(make.ACCOUNT, "ours")
        with pytest.raises(AlreadyExists, match="account alias ours"):
            tx.put_account_alias(make.OTHER, "ours")
        tx.put_account_alias(make.ACCOUNT, "new")
        tx.put_account_alias(make.OTHER, "ours")
    with store.read() as read:
        assert (read.account_alias(make.ACCOUNT), read.account_alias(make.OTHER)) == ("new", "ours")
        assert read.account_with_alias("ours") == make.OTHER
    with store.write("test") as tx:
        tx.delete_account_alias(make.ACCOUNT)
        with pytest.raises(StoreError, match="does not exist"):
            tx.delete_account_alias(make.ACCOUNT)
        assert tx.account_with_alias("new") is None
    assert set(told(store)) == {(Topic.ACCOUNT, make.ACCOUNT), (Topic.ACCOUNT, make.OTHER)}
