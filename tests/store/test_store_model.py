"""Any order of verbs, beside dictionaries that say what must come out."""

from dataclasses import replace

import pytest
import store_records as make
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from keystead.kinds import KeyState, PrincipalType
from keystead.model import Alias, Key, Principal
from keystead.store import AlreadyExists, StoreError, Topic, open_store

NUMBERS = st.integers(0, 3)
NAMES = st.sampled_from(["a", "A", "b", "B-", "c_"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


class StoreBesideDictionaries(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.store = open_store(":memory:")
        self.accounts: set[str] = set()
        self.keys: dict[int, Key] = {}
        self.aliases: dict[str, Alias] = {}
        self.users: dict[str, Principal] = {}
        self.untold: list[tuple[Topic, str]] = []

    def teardown(self) -> None:
        self.store.close()

    @initialize()
    def add_account(self) -> None:
        with self.store.write("test") as tx:
            tx.add_account(make.account())
        self.untold.append((Topic.ACCOUNT, make.ACCOUNT))

    @rule(number=NUMBERS, text=TEXTS, fails=st.booleans())
    def add_key(self, number: int, text: str, fails: bool) -> None:
        key = replace(make.key(number), description=text)
        with self.store.write("test") as tx:
            if number in self.keys:
                with pytest.raises(AlreadyExists):
                    tx.add_key(key, None)
            elif fails:
                with pytest.raises(make.Interruption):
                    make.interrupted(tx.savepoint(), lambda _: tx.add_key(key, make.material(key.arn)))
            else:
                tx.add_key(key, None)
                self.keys[number] = key
                self.untold.append((Topic.KEY, str(key.arn)))

    @rule(number=NUMBERS, state=st.sampled_from(KeyState), text=TEXTS)
    def alter_key(self, number: int, state: KeyState, text: str) -> None:
        arn = make.key_arn(number)
        with self.store.write("test") as tx:
            if number not in self.keys:
                with pytest.raises(StoreError):
                    tx.set_key_state(arn, state)
                return
            tx.set_key_state(arn, state)
            tx.set_key_policy(arn, text)
        self.keys[number] = replace(self.keys[number], state=state, policy=text)
        self.untold += [(Topic.KEY, str(arn))] * 2

    @rule(name=NAMES, number=NUMBERS)
    def add_alias(self, name: str, number: int) -> None:
        alias = make.alias(f"alias/{name}", number)
        if number not in self.keys:
            return
        with self.store.write("test") as tx:
            if name in self.aliases:
                with pytest.raises(AlreadyExists):
                    tx.add_alias(alias)
                return
            tx.add_alias(alias)
        self.aliases[name] = alias
        self.untold.append((Topic.ALIAS, str(alias.arn)))

    @rule(name=NAMES)
    def delete_alias(self, name: str) -> None:
        arn = make.alias_arn(f"alias/{name}")
        with self.store.write("test") as tx:
            if self.aliases.pop(name, None) is None:
                with pytest.raises(StoreError):
                    tx.delete_alias(arn)
                return
            tx.delete_alias(arn)
        self.untold.append((Topic.ALIAS, str(arn)))

    @rule(name=NAMES, path=st.sampled_from(["/", "/a/", "/a/b/"]))
    def add_user(self, name: str, path: str) -> None:
        user = make.user(name, path)
        with self.store.write("test") as tx:
            if name.lower() in self.users:
                with pytest.raises(AlreadyExists):
                    tx.add_principal(user)
                return
            tx.add_principal(user)
        self.users[name.lower()] = user
        self.untold.append((Topic.PRINCIPAL, user.unique_id))

    @rule(number=NUMBERS)
    def fail(self, number: int) -> None:
        """A whole transaction, undone."""
        with pytest.raises(make.Interruption):
            make.interrupted(self.store.write("test"), lambda tx: tx.reset())

    @rule()
    def reset(self) -> None:
        with self.store.write("test") as tx:
            tx.reset()
            tx.add_account(make.account())
        for kept in (self.keys, self.aliases, self.users):
            kept.clear()
        self.untold = [(Topic.RESET, ""), (Topic.ACCOUNT, make.ACCOUNT)]

    @rule()
    def changes(self) -> None:
        told = self.store.changes()
        assert told is not None
        assert [(change.topic, change.subject) for change in told] == self.untold
        self.untold = []

    @invariant()
    def same(self) -> None:
        with self.store.read() as tx:
            for number in range(4):
                assert tx.key(make.REGION, make.key_arn(number).key_id) == self.keys.get(number)
                assert tx.key_material(make.key_arn(number), make.MATERIAL) is None
                of_key = [alias for alias in self.by_name() if alias.target == make.key_arn(number).key_id]
                assert list(tx.aliases_of_key(make.key_arn(number), "", 99)) == of_key
            assert list(tx.aliases(make.ACCOUNT, make.REGION, "", 99)) == self.by_name()
            for prefix in ("/", "/a/", "/b/"):
                users = [user for _, user in sorted(self.users.items()) if user.path.startswith(prefix)]
                assert list(tx.principals(make.ACCOUNT, PrincipalType.USER, prefix, "", 99)) == users

    def by_name(self) -> list[Alias]:
        return sorted(self.aliases.values(), key=lambda alias: alias.name)


TestStoreBesideDictionaries = StoreBesideDictionaries.TestCase
TestStoreBesideDictionaries.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
