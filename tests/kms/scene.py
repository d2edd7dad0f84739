"""A whole service in process, with a key and whoever a test gives grants to."""

import json
from dataclasses import replace
from typing import Any

from tests.iam.in_process import ACCOUNT, InProcess

from keystead.kinds import KeyState, PrincipalType
from keystead.model import Grant, Principal, RoleDetails
from keystead.names import AccountId, GrantId, KeyArn

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
OTHER = "111122223333"


class Scene:
    """A service with a root user, a key with the default policy, and users made when asked for."""

    def __init__(self, **options: Any) -> None:
        self.inside = InProcess(**options)
        self.kms = self.inside.client("kms")
        self.iam = self.inside.client("iam")
        self.key = self.kms.create_key()["KeyMetadata"]["Arn"]

    def user(self, name: str, policy: dict[str, Any] | None = None, account: str = ACCOUNT) -> Any:
        iam = self.inside.client("iam", (account, "test"))
        iam.create_user(UserName=name)
        if policy is not None:
            iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
        return self.inside.client("kms", iam.create_access_key(UserName=name)["AccessKey"])

    def delete_user(self, name: str) -> None:
        for key in self.iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
            self.iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        self.iam.delete_user(UserName=name)

    def role(self, name: str, unique_id: str, path: str = "/") -> str:
        with self.inside.store.write("role") as tx:
            details = RoleDetails('{"Version": "2012-10-17", "Statement": []}')
            account = AccountId(ACCOUNT)
            role = Principal(unique_id, account, PrincipalType.ROLE, path, name, 1, role=details)
            tx.add_principal(role)
        return str(role.arn)

    def grant(self, name: str = "user", *operations: str, kms: Any = None, **more: Any) -> dict[str, Any]:
        given = {"KeyId": self.key, "GranteePrincipal": arn(name), "Operations": list(operations)}
        answer: dict[str, Any] = (kms or self.kms).create_grant(**(given | more))
        return answer

    def grant_to_root(self, *operations: str, **more: Any) -> dict[str, Any]:
        return self.grant("", *operations, GranteePrincipal=ROOT, **more)

    def stored(self, grant_id: str) -> Grant | None:
        with self.inside.store.read() as tx:
            return tx.grant(KeyArn.parse(self.key), GrantId(grant_id))

    def set_state(self, state: KeyState) -> None:
        """As if something had led the key to `state` that no operation does yet."""
        arn = KeyArn.parse(self.key)
        with self.inside.store.write("test") as tx:
            key = tx.key(arn.region, arn.key_id)
            assert key is not None
            tx.set_key_life(replace(key, state=state))

    def state(self) -> KeyState:
        return KeyState(self.kms.describe_key(KeyId=self.key)["KeyMetadata"]["KeyState"])

    def new(self, spec: str, usage: str) -> str:
        """The ARN of a new key of a kind."""
        return str(self.kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["Arn"])

    def mac_key(self) -> str:
        return self.new("HMAC_256", "GENERATE_VERIFY_MAC")

    def count(self) -> int:
        with self.inside.store.read() as tx:
            return tx.grant_count(KeyArn.parse(self.key))

    def last_event(self) -> dict[str, Any]:
        return self.inside.events()[-1]


def arn(name: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:iam::{account}:user/{name}"


def no_identity_policy(name: str, action: str, key: str) -> str:
    return (
        f"User: {arn(name)} is not authorized to perform: {action} on resource: {key} "
        f"because no identity-based policy allows the {action} action"
    )
