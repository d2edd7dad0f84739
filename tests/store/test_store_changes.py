"""The change feed."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import store_records as make

from keystead.kinds import CredentialStatus, KeyState
from keystead.model import PolicyVersion, Tag
from keystead.names import AccessKeyId
from keystead.store import Store, Topic, WriteTx, changes, connection, open_store

POLICY = str(make.managed_policy().arn)

VERBS: list[tuple[Callable[[WriteTx], None], Topic, object]] = [
    (lambda tx: tx.add_account(make.account()), Topic.ACCOUNT, make.ACCOUNT),
    (lambda tx: tx.add_principal(make.user()), Topic.PRINCIPAL, "AIDABOB"),
    (lambda tx: tx.put_inline_policy(make.policy()), Topic.PRINCIPAL, "AIDABOB"),
    (lambda tx: tx.delete_inline_policy("AIDABOB", "allow"), Topic.PRINCIPAL, "AIDABOB"),
    (lambda tx: tx.add_credential(make.credential()), Topic.CREDENTIAL, "AKIAONE"),
    (
        lambda tx: tx.set_credential_status(AccessKeyId("AKIAONE"), CredentialStatus.INACTIVE),
        Topic.CREDENTIAL,
        "AKIAONE",
    ),
    (lambda tx: tx.delete_credential(AccessKeyId("AKIAONE")), Topic.CREDENTIAL, "AKIAONE"),
    (lambda tx: tx.alter_principal(make.user("Bob", "/ops/")), Topic.PRINCIPAL, "AIDABOB"),
    (lambda tx: tx.add_group(make.group()), Topic.PRINCIPAL, "AGPAOPS"),
    (lambda tx: tx.alter_group(make.group("Ops", "/ops/")), Topic.PRINCIPAL, "AGPAOPS"),
    (lambda tx: tx.add_member("AGPAOPS", "AIDABOB"), Topic.PRINCIPAL, "AIDABOB"),
    (lambda tx: tx.remove_member("AGPAOPS", "AIDABOB"), Topic.PRINCIPAL, "AIDABOB"),
    (lambda tx: tx.put_inline_policy(make.policy("AGPAOPS")), Topic.PRINCIPAL, "AGPAOPS"),
    (lambda tx: tx.delete_inline_policy("AGPAOPS", "allow"), Topic.PRINCIPAL, "AGPAOPS"),
    (lambda tx: tx.add_managed_policy(make.managed_policy(), "{}"), Topic.MANAGED_POLICY, POLICY),
    (
        lambda tx: tx.add_policy_version(PolicyVersion(POLICY, 2, "{}", 1)),
        Topic.MANAGED_POLICY,
        POLICY,
    ),
    (lambda tx: tx.alter_managed_policy(make.managed_policy()), Topic.MANAGED_POLICY, POLICY),
    (lambda tx: tx.attach_policy(make.ACCOUNT, "AGPAOPS", POLICY), Topic.PRINCIPAL, "AGPAOPS"),
    (lambda tx: tx.detach_policy("AGPAOPS", POLICY), Topic.PRINCIPAL, "AGPAOPS"),
    (lambda tx: tx.delete_policy_version(POLICY, 2), Topic.MANAGED_POLICY, POLICY),
    (lambda tx: tx.delete_managed_policy(POLICY), Topic.MANAGED_POLICY, POLICY),
    (lambda tx: tx.delete_group("AGPAOPS"), Topic.PRINCIPAL, "AGPAOPS"),
    (lambda tx: tx.delete_principal("AIDABOB"), Topic.PRINCIPAL, "AIDABOB"),
    (lambda tx: tx.add_key(make.key(), make.material(make.key_arn())), Topic.KEY, make.key_arn()),
    (
        lambda tx: tx.set_key_life(replace(make.key(), state=KeyState.DISABLED)),
        Topic.KEY,
        make.key_arn(),
    ),
    (lambda tx: tx.add_key_material(make.later_material(make.key_arn())), Topic.KEY, make.key_arn()),
    (lambda tx: tx.set_key_description(make.key_arn(), ""), Topic.KEY, make.key_arn()),
    (lambda tx: tx.set_key_tags(make.key_arn(), [Tag("a", "b")]), Topic.KEY, make.key_arn()),
    (lambda tx: tx.set_key_policy(make.key_arn(), "{}"), Topic.KEY, make.key_arn()),
    (lambda tx: tx.add_grant(make.grant()), Topic.GRANT, make.key_arn()),
    (lambda tx: tx.delete_grant(make.key_arn(), make.grant_id()), Topic.GRANT, make.key_arn()),
    (lambda tx: tx.delete_key(make.key_arn()), Topic.KEY, make.key_arn()),
    (lambda tx: tx.reset(), Topic.RESET, ""),
]


def test_every_verb_that_a_cache_could_hold_tells_once(store: Store) -> None:
    assert store.changes() == ()
    for number, (verb, topic, subject) in enumerate(VERBS, start=1):
        with store.write("test") as tx:
            verb(tx)
            assert tx.last_change() == number
        told = store.changes()
        assert told is not None
        assert [(change.topic, change.subject) for change in told] == [(topic, str(subject))]
        assert told[0].sequence == number
        assert told[0].topic is topic
        assert store.changes() == ()


def test_an_alias_tells_of_itself_and_of_each_key_that_has_one_more_or_less(store: Store) -> None:
    first, second = make.key_arn(1), make.key_arn(2)
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(1), None)
        tx.add_key(make.key(2), None)
    assert store.changes()
    verbs: list[tuple[Callable[[WriteTx], None], list[object]]] = [
        (lambda tx: tx.add_alias(make.alias(target=1)), [first]),
        (lambda tx: tx.set_alias_target(make.alias_arn(), second.key_id, 7), [second, first]),
        (lambda tx: tx.set_alias_target(make.alias_arn(), second.key_id, 8), [second]),
        (lambda tx: tx.delete_alias(make.alias_arn()), [second]),
    ]
    for verb, keys in verbs:
        with store.write("test") as tx:
            verb(tx)
        assert [(change.topic, change.subject) for change in store.changes() or ()] == [
            (Topic.ALIAS, str(make.alias_arn())),
            *((Topic.KEY_ALIASES, str(key)) for key in keys),
        ]


def test_events_and_failures_are_no_changes(store: Store) -> None:
    store.append_events(make.events(2))
    with store.write("test") as tx:
        tx.append_events(make.events(2))
    assert store.changes() == ()
    with pytest.raises(make.Interruption):
        make.interrupted(store.write("test"), lambda tx: tx.add_account(make.account()))
    assert store.changes() == ()


def test_a_store_starts_at_the_present(file: str) -> None:
    store = open_store(file, durable=False)
    with store.write("test") as tx:
        tx.add_account(make.account())
    late = open_store(file, durable=False)
    assert late.changes() == ()
    assert [change.subject for change in store.changes() or ()] == [make.ACCOUNT]
    store.close()
    late.close()


def test_two_stores_on_one_file_tell_each_other(file: str) -> None:
    one, two = open_store(file, durable=False), open_store(file, durable=False)
    for number in range(1, 20):
        with (one if number % 2 else two).write("test") as tx:
            if number == 1:
                tx.add_account(make.account())
            tx.add_key(make.key(number), None)
        for store in (one, two):
            told = store.changes()
            assert told is not None
            assert told[-1].subject == str(make.key_arn(number))
            assert store.changes() == ()
    one.close()
    two.close()


def test_stores_in_memory_are_strangers() -> None:
    one, two = open_store(":memory:"), open_store(":memory:")
    with one.write("test") as tx:
        tx.add_account(make.account())
    assert two.changes() == ()
    with two.read() as reading:
        assert reading.accounts() == ()
    one.close()
    two.close()


def test_who_was_away_for_too_long_is_told_so(file: str) -> None:
    store, away = open_store(file, durable=False, keep_changes=10), open_store(file, durable=False)
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(), None)
        for _ in range(connection.PRUNE_EVERY):
            tx.set_key_description(make.key_arn(), "")
    assert away.changes() is None
    assert away.changes() == ()
    with store.write("test") as tx:
        tx.set_key_description(make.key_arn(), "")
    assert [change.topic for change in away.changes() or ()] == [Topic.KEY]
    store.close()
    away.close()


def test_the_feed_keeps_what_it_promises(file: str) -> None:
    store, away = open_store(file, durable=False, keep_changes=10), open_store(file, durable=False)
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(), None)
        for _ in range(connection.PRUNE_EVERY - 2 - 10):
            tx.set_key_description(make.key_arn(), "")
    assert away.changes()
    with store.write("test") as tx:
        for _ in range(10):
            tx.set_key_description(make.key_arn(), "")
    assert len(away.changes() or ()) == 10
    store.close()
    away.close()


def test_too_many_changes_count_as_everything(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "AT_MOST", 5)
    with store.write("test") as tx:
        tx.add_account(make.account())
        for number in range(4):
            tx.add_key(make.key(number), None)
    assert len(store.changes() or ()) == 5
    with store.write("test") as tx:
        for number in range(4, 10):
            tx.add_key(make.key(number), None)
    assert store.changes() is None
    assert store.changes() == ()


def test_a_reset_is_told_even_after_other_changes(file: str) -> None:
    store, other = open_store(file, durable=False), open_store(file, durable=False)
    with store.write("test") as tx:
        tx.add_account(make.account())
    with store.write("test") as tx:
        tx.reset()
        tx.add_account(make.account())
    assert [change.topic for change in other.changes() or ()] == [Topic.RESET, Topic.ACCOUNT]
    store.close()
    other.close()


def test_the_time_of_a_change_comes_from_the_clock(file: str) -> None:
    import sqlite3
    from contextlib import closing

    store = open_store(file, durable=False, clock=lambda: 1_700_000_000_123)
    with store.write("test") as tx:
        tx.add_account(make.account())
    store.close()
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("SELECT committed FROM change").fetchall() == [(1_700_000_000_123,)]
