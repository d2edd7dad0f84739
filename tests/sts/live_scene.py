"""What a recorded case speaks of, made on a running server by the calls an administrator would make."""

import json
import re
from collections.abc import Mapping
from itertools import count
from types import MappingProxyType
from typing import Any

import botocore.session
from botocore.config import Config
from sts_world import trusts
from tests.conftest import REGION, Server
from tests.organizations.scene import FULL_ACCESS, SCP

STAND_INS = ("111111111111", "222222222222")
"""The accounts that the cases name."""

_session = botocore.session.Session()  # its loader remembers the models it has read
_accounts = count(700_000_000_001)

Credentials = tuple[str, ...]
"""Access key id and secret, of a session the token too."""


def credentials_of(answer: dict[str, Any]) -> Credentials:
    """From an `AccessKey` of IAM or the `Credentials` of STS."""
    named = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    return tuple(answer[name] for name in named if name in answer)


def root_of(account: str) -> Credentials:
    """The development credentials of an account's root user."""
    return account, "test"


def replaced(case: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The case with names in its texts changed, wherever they stand."""
    text = json.dumps(case)
    for old, new in names.items():
        text = text.replace(old, new)
    changed: dict[str, Any] = json.loads(text)
    return changed


def trusting(*principals: str) -> dict[str, Any]:
    """A trust policy under which these may assume the role and tag the session."""
    statement = trusts(list(principals), "sts:AssumeRole", "sts:TagSession")
    return {"Version": "2012-10-17", "Statement": [statement]}


class Scene:
    """Clients of one server over HTTP, and who and what a case needs."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._clients: dict[tuple[str, Credentials], Any] = {}

    def close(self) -> None:
        for client in self._clients.values():
            client.close()

    def client(self, service: str, who: Credentials) -> Any:
        """A boto3-style client; those of `Server` read their models anew, too slow for hundreds."""
        if (service, who) not in self._clients:
            key, secret, *token = who
            self._clients[service, who] = _session.create_client(
                service,
                region_name=REGION,
                endpoint_url=self._server.url,
                aws_access_key_id=key,
                aws_secret_access_key=secret,
                aws_session_token=token[0] if token else None,
                config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30),
            )
        return self._clients[service, who]

    def of(self, account: str, service: str) -> Any:
        """A client of an account's root user."""
        return self.client(service, root_of(account))

    def account(self) -> str:
        """A new account."""
        made = str(next(_accounts))
        self.of(made, "sts").get_caller_identity()  # the first call of its root makes it
        return made

    def in_own_accounts(self, case: dict[str, Any]) -> dict[str, Any]:
        """The case in accounts that no other case has."""
        text = json.dumps(case)
        return replaced(case, {stand_in: self.account() for stand_in in STAND_INS if stand_in in text})

    # Identities.

    def managed_policy(self, account: str, name: str, document: Any) -> str:
        iam = self.of(account, "iam")
        made = iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(document))["Policy"]
        return str(made["Arn"])

    def user(
        self, account: str, name: str, documents: list[Any], path: str = "/", boundary: Any = None
    ) -> Credentials:
        """A user's access key; its first document is inline, the second managed, the third a group's."""
        iam = self.of(account, "iam")
        more = self._boundary(account, name, boundary)
        iam.create_user(UserName=name, Path=path, **more)
        assert len(documents) <= 3
        for document in documents[:1]:
            iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=json.dumps(document))
        for document in documents[1:2]:
            arn = self.managed_policy(account, f"{name}-managed", document)
            iam.attach_user_policy(UserName=name, PolicyArn=arn)
        if documents[2:]:
            self.group(account, f"{name}-group", documents[2:], members=[name])
        return credentials_of(iam.create_access_key(UserName=name)["AccessKey"])

    def group(
        self, account: str, name: str, documents: list[Any], members: list[str], path: str = "/"
    ) -> None:
        """A group under its first document inline and the second managed."""
        iam = self.of(account, "iam")
        iam.create_group(GroupName=name, Path=path)
        assert len(documents) <= 2
        for document in documents[:1]:
            iam.put_group_policy(GroupName=name, PolicyName="inline", PolicyDocument=json.dumps(document))
        for document in documents[1:]:
            arn = self.managed_policy(account, f"{name}-managed", document)
            iam.attach_group_policy(GroupName=name, PolicyArn=arn)
        for member in members:
            iam.add_user_to_group(GroupName=name, UserName=member)

    def role(
        self,
        account: str,
        name: str,
        documents: list[Any],
        trust: Any = None,
        path: str = "/",
        boundary: Any = None,
    ) -> str:
        """A role under inline documents; it trusts its account unless told whom. Its unique id."""
        iam = self.of(account, "iam")
        trust_policy = json.dumps(trust or trusting(f"arn:aws:iam::{account}:root"))
        more = self._boundary(account, name, boundary)
        made = iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust_policy, **more)
        for number, document in enumerate(documents):
            text = json.dumps(document)
            iam.put_role_policy(RoleName=name, PolicyName=f"inline-{number}", PolicyDocument=text)
        return str(made["Role"]["RoleId"])

    def _boundary(self, account: str, name: str, document: Any) -> dict[str, str]:
        if document is None:
            return {}
        return {"PermissionsBoundary": self.managed_policy(account, f"{name}-boundary", document)}

    def has_role(self, account: str, name: str) -> bool:
        iam = self.of(account, "iam")
        try:
            iam.get_role(RoleName=name)
        except iam.exceptions.NoSuchEntityException:
            return False
        return True

    def session(
        self,
        who: Credentials,
        role: str,
        name: str,
        policy: Any = None,
        tags: Mapping[str, str] = MappingProxyType({}),
    ) -> Credentials:
        """A session of a role, of this name, under this session policy and with these tags."""
        more: dict[str, Any] = {} if policy is None else {"Policy": json.dumps(policy)}
        if tags:
            more["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
        sts = self.client("sts", who)
        return credentials_of(sts.assume_role(RoleArn=role, RoleSessionName=name, **more)["Credentials"])

    def federated(self, who: Credentials, name: str, policy: Any = None) -> Credentials:
        """A federated user of this name and under this session policy."""
        more = {} if policy is None else {"Policy": json.dumps(policy)}
        return credentials_of(self.client("sts", who).get_federation_token(Name=name, **more)["Credentials"])

    def key(self, account: str, policy: Any = None) -> str:
        """The ARN of a key of the account's root user."""
        more: dict[str, Any] = {}
        if policy is not None:
            more = {"Policy": json.dumps(policy), "BypassPolicyLockoutSafetyCheck": True}
        return str(self.of(account, "kms").create_key(**more)["KeyMetadata"]["Arn"])

    # Organizations.

    def organization(self, management: str, member: str, type: str) -> str:
        """An organization of two accounts with policies of this type; the id of its root."""
        manager, invited = self.of(management, "organizations"), self.of(member, "organizations")
        manager.create_organization(FeatureSet="ALL")
        target = {"Id": member, "Type": "ACCOUNT"}
        handshake = manager.invite_account_to_organization(Target=target)["Handshake"]["Id"]
        invited.accept_handshake(HandshakeId=handshake)
        (root,) = manager.list_roots()["Roots"]
        manager.enable_policy_type(RootId=root["Id"], PolicyType=type)
        return str(root["Id"])

    def attach(self, management: str, target: str, name: str, type: str, document: Any) -> str:
        """A new policy, attached; its ARN."""
        manager = self.of(management, "organizations")
        new = {"Name": name, "Description": "", "Type": type, "Content": json.dumps(document)}
        policy = manager.create_policy(**new)["Policy"]["PolicySummary"]
        manager.attach_policy(PolicyId=policy["Id"], TargetId=target)
        return str(policy["Arn"])

    def set_scps(self, management: str, targets: list[str], levels: list[list[Any]]) -> None:
        """Attaches each level's documents to its target, and takes from it what allows everything."""
        for number, (target, documents) in enumerate(zip(targets, levels, strict=True)):
            for each, document in enumerate(documents):
                self.attach(management, target, f"level-{number}-{each}", SCP, document)
            manager = self.of(management, "organizations")
            manager.detach_policy(PolicyId=FULL_ACCESS[SCP], TargetId=target)


def name_and_path(arn: str) -> tuple[str, str]:
    """Of a user, group or role: its name, and its path with both slashes."""
    matched = re.fullmatch(r"arn:aws:iam::\d{12}:(?:user|group|role)(/(?:.+/)?)([^/]+)", arn)
    assert matched, arn
    return matched[2], matched[1]
