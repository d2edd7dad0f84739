"""Any order of verbs, beside dictionaries that say what must come out."""

from dataclasses import replace

import pytest
import store_records as make
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from keystead.kinds import KeyState, PrincipalType
from keystead.model import Alias, Grant, Key, Principal
from keystead.names import KeyArn
from keystead.store import AlreadyExists, StoreError, Topic, open_store

NUMBERS = st.integers(0, 3)
GRANTEES = st.sampled_from(["A", "B"])
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
        self.grants: dict[tuple[int, int], Grant] = {}
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
                    tx.set_key_life(replace(make.key(number), state=state))
                return
            tx.set_key_life(replace(self.keys[number], state=state))
            tx.set_key_policy(arn, text)
        self.keys[number] = replace(self.keys[number], state=state, policy=text)
        self.untold += [(Topic.KEY, str(arn))] * 2

    @rule(number=NUMBERS)
    def delete_key(self, number: int) -> None:
        arn = make.key_arn(number)
        with self.store.write("test") as tx:
            if self.keys.pop(number, None) is None:
                with pytest.raises(StoreError):
                    tx.delete_key(arn)
                return
            tx.delete_key(arn)
        gone = [name for name, alias in sorted(self.aliases.items()) if alias.target == arn.key_id]
        for name in gone:
            self.untold.append((Topic.ALIAS, str(self.aliases.pop(name).arn)))
            self.untold.append((Topic.KEY_ALIASES, str(arn)))
        self.grants = {place: grant for place, grant in self.grants.items() if place[0] != number}
        self.untold.append((Topic.KEY, str(arn)))

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
        self.untold.append((Topic.KEY_ALIASES, str(make.key_arn(number))))

    @rule(name=NAMES)
    def delete_alias(self, name: str) -> None:
        arn = make.alias_arn(f"alias/{name}")
        with self.store.write("test") as tx:
            alias = self.aliases.pop(name, None)
            if alias is None:
                with pytest.raises(StoreError):
                    tx.delete_alias(arn)
                return
            tx.delete_alias(arn)
        self.untold.append((Topic.ALIAS, str(arn)))
        self.untold.append((Topic.KEY_ALIASES, str(KeyArn(arn.region, arn.account, alias.target))))

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

    @rule(
        number=NUMBERS, id=NUMBERS, grantee=GRANTEES, name=st.sampled_from([None, "n"]), fails=st.booleans()
    )
    def add_grant(self, number: int, id: int, grantee: str, name: str | None, fails: bool) -> None:
        grant = make.grant(id, make.key_arn(number), grantee=grantee, name=name)
        if number not in self.keys:
            return
        same = [one for one in self.grants_of(number) if (one.grantee, one.name) == (grantee, "n")]
        with self.store.write("test") as tx:
            assert tx.grant_like(grant) == (same[0] if same and name else None)
            if (number, id) in self.grants or (same and name):
                with pytest.raises(AlreadyExists):
                    tx.add_grant(grant)
            elif fails:
                with pytest.raises(make.Interruption):
                    make.interrupted(tx.savepoint(), lambda _: tx.add_grant(grant))
            else:
                tx.add_grant(grant)
                self.grants[number, id] = grant
                self.untold.append((Topic.GRANT, str(grant.key)))

    @rule(number=NUMBERS, id=NUMBERS)
    def delete_grant(self, number: int, id: int) -> None:
        key = make.key_arn(number)
        with self.store.write("test") as tx:
            if self.grants.pop((number, id), None) is None:
                with pytest.raises(StoreError):
                    tx.delete_grant(key, make.grant_id(id))
                return
            tx.delete_grant(key, make.grant_id(id))
        self.untold.append((Topic.GRANT, str(key)))

    def grants_of(self, number: int) -> list[Grant]:
        return [grant for (key, _), grant in sorted(self.grants.items()) if key == number]

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
        for kept in (self.keys, self.aliases, self.users, self.grants):
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
                grants = self.grants_of(number)
                assert tx.grant_count(make.key_arn(number)) == len(grants)
                found = tx.grants_to(make.key_arn(number), ["A", "B"], 99)
                assert {grant.grantee for grant in found} == {grant.grantee for grant in grants}
                assert all(grant in grants for grant in found)
            assert tx.key_count(make.ACCOUNT, make.REGION) == len(self.keys)
            assert list(tx.aliases(make.ACCOUNT, make.REGION, "", 99)) == self.by_name()
            for prefix in ("/", "/a/", "/b/"):
                users = [user for _, user in sorted(self.users.items()) if user.path.startswith(prefix)]
                assert list(tx.principals(make.ACCOUNT, PrincipalType.USER, prefix, "", 99)) == users

    def by_name(self) -> list[Alias]:
        return sorted(self.aliases.values(), key=lambda alias: alias.name)


TestStoreBesideDictionaries = StoreBesideDictionaries.TestCase
TestStoreBesideDictionaries.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
