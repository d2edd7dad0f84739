"""An account on a running server: its principals, its keys, and statements for their policies."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError


class World:
    """An account with a root user and clients for it."""

    def __init__(self, server: Any, account: str) -> None:
        self.server = server
        self.account = account
        self.iam = server.client("iam", (account, "test"))
        self.kms = server.client("kms", (account, "test"))

    @property
    def root(self) -> str:
        return f"arn:aws:iam::{self.account}:root"

    def user(self, name: str, policy: dict[str, Any] | None = None) -> Any:
        """A KMS client of a new IAM user."""
        self.iam.create_user(UserName=name)
        if policy is not None:
            self.iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
        return self.client(name)

    def client(self, name: str, service: str = "kms") -> Any:
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return self.server.client(service, (key["AccessKeyId"], key["SecretAccessKey"]))

    def arn(self, name: str) -> str:
        return f"arn:aws:iam::{self.account}:user/{name}"

    def key(self, *statements: dict[str, Any], root: bool = True) -> str:
        policy = document(*([delegation(self.root)] if root else []), *statements)
        return str(self.kms.create_key(Policy=json.dumps(policy))["KeyMetadata"]["Arn"])


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def delegation(root: str) -> dict[str, Any]:
    return allow({"AWS": root}, "kms:*", Sid="Enable IAM User Permissions")


def allow(principal: Any, *actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": list(actions), "Resource": "*", **more}


def deny(principal: Any, *actions: str, **more: Any) -> dict[str, Any]:
    return allow(principal, *actions, **more) | {"Effect": "Deny"}


def refused(code: str, call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    return str(error["Message"])
