"""A whole service in process with users, roles and sessions, made in the store where that is shorter."""

import json
from dataclasses import replace
from typing import Any

from tests.iam.in_process import ACCOUNT, InProcess

from keystead.kinds import PrincipalType
from keystead.model import InlinePolicy, ManagedPolicy, Principal, RoleDetails, Tag
from keystead.names import AccountId

OTHER = "111122223333"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trusts(principal: Any, *actions: str, **conditions: Any) -> dict[str, Any]:
    """A statement of a trust policy; `principal` is an ARN or an element."""
    named = {"AWS": principal} if isinstance(principal, str | list) else principal
    more = {"Condition": conditions} if conditions else {}
    return {"Effect": "Allow", "Principal": named, "Action": list(actions) or "sts:AssumeRole"} | more


def role_arn(name: str, account: str = ACCOUNT, path: str = "/") -> str:
    return f"arn:aws:iam::{account}:role{path}{name}"


def user_arn(name: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:iam::{account}:user/{name}"


class World:
    """A service, its root user, and whoever a test makes."""

    def __init__(self, **options: Any) -> None:
        self.inside = InProcess(**options)
        self.iam = self.inside.client("iam")
        self.kms = self.inside.client("kms")
        self.client = self.inside.client
        self._made = 0

    def close(self) -> None:
        self.inside.store.close()

    def wait(self, seconds: float) -> None:
        self.inside.now += seconds

    def user(self, name: str, *statements: dict[str, Any], account: str = ACCOUNT) -> Any:
        """A user with one inline policy, if any; its access key."""
        iam = self.client("iam", (account, "test"))
        iam.create_user(UserName=name)
        if statements:
            iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document(*statements))
        return iam.create_access_key(UserName=name)["AccessKey"]

    def role(
        self,
        name: str,
        *trust: dict[str, Any],
        allow: dict[str, Any] | None = ALL,
        account: str = ACCOUNT,
        path: str = "/",
        seconds: int = 3600,
        tags: dict[str, str] | None = None,
        boundary: str | None = None,
    ) -> str:
        """A role with a trust policy and one inline policy; its ARN."""
        self._made += 1
        self._account(account)
        role = Principal(
            unique_id=f"AROA{self._made:017}",
            account=AccountId(account),
            type=PrincipalType.ROLE,
            path=path,
            name=name,
            created=0,
            tags=tuple(Tag(key, value) for key, value in (tags or {}).items()),
            boundary=boundary,
            role=RoleDetails(document(*trust), max_session_duration=seconds),
        )
        with self.inside.store.write("role") as tx:
            tx.add_principal(role)
            if allow is not None:
                tx.put_inline_policy(InlinePolicy(role.unique_id, "p", document(allow)))
        return str(role.arn)

    def _account(self, account: str) -> None:
        self.client("sts", (account, "test")).get_caller_identity()  # the first call of its root makes it

    def role_id(self, name: str, account: str = ACCOUNT) -> str:
        with self.inside.store.read() as tx:
            found = tx.principal_named(AccountId(account), PrincipalType.ROLE, name)
        assert found is not None
        return found.unique_id

    def delete_role(self, name: str) -> None:
        unique_id = self.role_id(name)
        with self.inside.store.write("delete") as tx:
            for policy in tx.inline_policies(unique_id):
                tx.delete_inline_policy(unique_id, policy.name)
            tx.delete_principal(unique_id)

    def set_boundary(self, name: str, boundary: str | None) -> None:
        unique_id = self.role_id(name)
        with self.inside.store.write("boundary") as tx:
            role = tx.principal(unique_id)
            assert role is not None
            tx.alter_principal(replace(role, boundary=boundary))

    def tag_user(self, name: str, **tags: str) -> None:
        with self.inside.store.read() as tx:
            user = tx.principal_named(AccountId(ACCOUNT), PrincipalType.USER, name)
        assert user is not None
        with self.inside.store.write("tags") as tx:
            tx.alter_principal(replace(user, tags=tuple(Tag(key, value) for key, value in tags.items())))

    def set_policy(self, name: str, *statements: dict[str, Any], account: str = ACCOUNT) -> None:
        unique_id = self.role_id(name, account)
        with self.inside.store.write("policy") as tx:
            tx.put_inline_policy(InlinePolicy(unique_id, "p", document(*statements)))

    def managed_policy(self, name: str, *statements: dict[str, Any], account: str = ACCOUNT) -> str:
        self._account(account)
        policy = ManagedPolicy(f"ANPA{name}", AccountId(account), "/", name, "", 0, 0)
        with self.inside.store.write("managed policy") as tx:
            tx.add_managed_policy(policy, document(*statements))
        return str(policy.arn)

    def assume(self, who: Any, arn: str, session: str = "run", **more: Any) -> Any:
        """The credentials of a role session."""
        sts = self.client("sts", who)
        return sts.assume_role(RoleArn=arn, RoleSessionName=session, **more)["Credentials"]

    def key(self, *statements: dict[str, Any]) -> str:
        """A key; with statements, under a policy of the account and them."""
        if not statements:
            return str(self.kms.create_key()["KeyMetadata"]["Arn"])
        administers = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}
        policy = document(administers, *statements)
        return str(self.kms.create_key(Policy=policy)["KeyMetadata"]["Arn"])

    def last_event(self) -> dict[str, Any]:
        return self.inside.events()[-1]
