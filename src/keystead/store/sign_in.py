"""Login profiles, password policies and aliases of accounts: the verbs and their statements."""

from dataclasses import asdict

from sqlalchemy import bindparam, delete, select

from keystead.model import LoginProfile, PasswordPolicy
from keystead.names import AccountId
from keystead.store.connection import ReadConnection, WriteConnection, at, insert_if_absent, upsert
from keystead.store.port import AlreadyExists, Topic
from keystead.store.tables import ACCOUNT_ALIAS, LOGIN_PROFILE, PASSWORD_POLICY

_LOGIN_PROFILE = select(LOGIN_PROFILE).where(*at(LOGIN_PROFILE))
_PASSWORD_POLICY = select(PASSWORD_POLICY).where(*at(PASSWORD_POLICY))
_ACCOUNT_ALIAS = select(ACCOUNT_ALIAS).where(*at(ACCOUNT_ALIAS))
_WITH_ALIAS = select(ACCOUNT_ALIAS).where(ACCOUNT_ALIAS.c.alias == bindparam("alias"))
_ADD_LOGIN_PROFILE = insert_if_absent(LOGIN_PROFILE)
_PUT_LOGIN_PROFILE = upsert(LOGIN_PROFILE)
_DELETE_LOGIN_PROFILE = delete(LOGIN_PROFILE).where(*at(LOGIN_PROFILE))
_PUT_PASSWORD_POLICY = upsert(PASSWORD_POLICY)
_DELETE_PASSWORD_POLICY = delete(PASSWORD_POLICY).where(*at(PASSWORD_POLICY))
_PUT_ACCOUNT_ALIAS = upsert(ACCOUNT_ALIAS)
_DELETE_ACCOUNT_ALIAS = delete(ACCOUNT_ALIAS).where(*at(ACCOUNT_ALIAS))


class SignInReads(ReadConnection):
    """The verbs of `ReadTx` about signing in."""

    def login_profile(self, unique_id: str) -> LoginProfile | None:
        row = self.row(_LOGIN_PROFILE, {"at_principal": unique_id})
        return LoginProfile(**row._mapping) if row else None

    def password_policy(self, account: AccountId) -> PasswordPolicy | None:
        row = self.row(_PASSWORD_POLICY, {"at_account": account})
        return PasswordPolicy(**{**row._mapping, "account": account}) if row else None

    def account_alias(self, account: AccountId) -> str | None:
        row = self.row(_ACCOUNT_ALIAS, {"at_account": account})
        return row.alias if row else None

    def account_with_alias(self, alias: str) -> AccountId | None:
        row = self.row(_WITH_ALIAS, {"alias": alias})
        return AccountId(row.account) if row else None


class SignInWrites(SignInReads, WriteConnection):
    """The verbs of `WriteTx` about signing in."""

    def add_login_profile(self, profile: LoginProfile) -> None:
        self.add(_ADD_LOGIN_PROFILE, asdict(profile), f"login profile of {profile.principal}")
        self.record(Topic.PRINCIPAL, profile.principal)

    def put_login_profile(self, profile: LoginProfile) -> None:
        self.connection.execute(_PUT_LOGIN_PROFILE, asdict(profile))
        self.record(Topic.PRINCIPAL, profile.principal)

    def delete_login_profile(self, unique_id: str) -> None:
        where = {"at_principal": unique_id}
        self.alter(_DELETE_LOGIN_PROFILE, where, f"login profile of {unique_id}")
        self.record(Topic.PRINCIPAL, unique_id)

    def put_password_policy(self, policy: PasswordPolicy) -> None:
        self.connection.execute(_PUT_PASSWORD_POLICY, asdict(policy))
        self.record(Topic.ACCOUNT, policy.account)

    def delete_password_policy(self, account: AccountId) -> None:
        where = {"at_account": account}
        self.alter(_DELETE_PASSWORD_POLICY, where, f"password policy of {account}")
        self.record(Topic.ACCOUNT, account)

    def put_account_alias(self, account: AccountId, alias: str) -> None:
        holder = self.account_with_alias(alias)
        if holder is not None and holder != account:
            raise AlreadyExists(f"account alias {alias} exists already")
        self.connection.execute(_PUT_ACCOUNT_ALIAS, {"account": account, "alias": alias})
        self.record(Topic.ACCOUNT, account)

    def delete_account_alias(self, account: AccountId) -> None:
        self.alter(_DELETE_ACCOUNT_ALIAS, {"at_account": account}, f"alias of account {account}")
        self.record(Topic.ACCOUNT, account)
