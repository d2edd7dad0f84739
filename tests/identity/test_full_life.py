"""A full life of identities, and each layer's refusal in AWS's words, by boto3 and by the AWS CLI.

An organization with a management account and the members A and B. A user of A assumes a role of B, with an
external id, a session policy and session tags, and uses a key of B whose policy looks at the tags. Then each
layer refuses in turn. The sentences follow `vectors/policy/messages.json` and AWS's guide to access denied
errors.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from client_hands import ROOT, AwsCli, Boto3, Credentials, Hand, Refused
from tests.conftest import ACCOUNT, Server, dev_server

pytestmark = pytest.mark.wire

SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
EXTERNAL_ID = "contract-17"
TAGS = [{"Key": "team", "Value": "payments"}]
DENIED = "AccessDeniedException"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(effect: str, action: str | list[str], **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": "*"} | more


ALLOW_ENCRYPT = statement("Allow", "kms:Encrypt")
DENY_ENCRYPT = statement("Deny", "kms:Encrypt")
ALLOW_LIST = statement("Allow", "kms:ListKeys")
"""Says nothing of Encrypt."""


class Life:
    """Whoever lives, made by `hand`; in between tests of layers all is such that Encrypt is allowed."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        self._policies = 0
        self.organization: str = self.managing("CreateOrganization")["Organization"]["Id"]
        self.root: str = self.managing("ListRoots")["Roots"][0]["Id"]
        for each in (SCP, RCP):
            self.managing("EnablePolicyType", RootId=self.root, PolicyType=each)
        self.account_a, self.account_b = self._account("apps"), self._account("keys")
        self.admin = self._admin()
        self.ada_arn = f"arn:aws:iam::{self.account_a}:user/ada"
        self.role_arn = f"arn:aws:iam::{self.account_b}:role/crypto/sealer"
        self.caller_arn = f"arn:aws:sts::{self.account_b}:assumed-role/sealer/run"
        self.ada = self._ada(self._into(self.account_a))
        self.admin_b = self._into(self.account_b)
        self.ceiling = self.managed_policy("ceiling", ALLOW_ENCRYPT)
        self._role()
        self.key: str = self.in_b("kms", "CreateKey", Policy=self.key_policy())["KeyMetadata"]["Arn"]

    def managing(self, operation: str, **parameters: Any) -> Any:
        """A call of Organizations by the management account."""
        return self.hand(ROOT, "organizations", operation, **parameters)

    def in_b(self, service: str, operation: str, **parameters: Any) -> Any:
        """A call by the administrator of account B."""
        return self.hand(self.admin_b, service, operation, **parameters)

    def _account(self, name: str) -> str:
        made = self.managing("CreateAccount", AccountName=name, Email=f"{name}@example.com")
        told = self.managing(
            "DescribeCreateAccountStatus", CreateAccountRequestId=made["CreateAccountStatus"]["Id"]
        )
        account: str = told["CreateAccountStatus"]["AccountId"]
        return account

    def _user(self, who: Credentials, name: str, *statements: dict[str, Any]) -> Credentials:
        self.hand(who, "iam", "CreateUser", UserName=name)
        policy = document(*statements)
        self.hand(who, "iam", "PutUserPolicy", UserName=name, PolicyName="own", PolicyDocument=policy)
        key = self.hand(who, "iam", "CreateAccessKey", UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def _admin(self) -> Credentials:
        """A user of the management account who may go into the members, and nothing else."""
        role = "arn:aws:iam::*:role/OrganizationAccountAccessRole"
        return self._user(ROOT, "operator", statement("Allow", "sts:AssumeRole", Resource=role))

    def _into(self, account: str) -> Credentials:
        """A session of a member's role for the management account."""
        role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
        made = self.hand(self.admin, "sts", "AssumeRole", RoleArn=role, RoleSessionName="setup")
        return session_of(made)

    def _ada(self, admin: Credentials) -> Credentials:
        may = statement("Allow", ["sts:AssumeRole", "sts:TagSession"], Resource=self.role_arn)
        return self._user(admin, "ada", may)

    def managed_policy(self, name: str, *statements: dict[str, Any]) -> str:
        made = self.in_b("iam", "CreatePolicy", PolicyName=name, PolicyDocument=document(*statements))
        arn: str = made["Policy"]["Arn"]
        return arn

    def _role(self) -> None:
        trust = {
            "Effect": "Allow",
            "Principal": {"AWS": self.ada_arn},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
        }
        self.in_b(
            "iam",
            "CreateRole",
            Path="/crypto/",
            RoleName="sealer",
            AssumeRolePolicyDocument=document(trust),
            PermissionsBoundary=self.ceiling,
        )
        self.give(ALLOW_ENCRYPT)

    def give(self, *statements: dict[str, Any]) -> None:
        """The role's one identity policy."""
        policy = document(*statements)
        self.in_b("iam", "PutRolePolicy", RoleName="sealer", PolicyName="own", PolicyDocument=policy)

    def key_policy(self, *more: dict[str, Any]) -> str:
        """The account administers the key; who is of the team payments may be given its use."""
        account = {"Principal": {"AWS": f"arn:aws:iam::{self.account_b}:root"}}
        of_the_team = {"StringEquals": {"aws:PrincipalTag/team": "payments"}}
        return document(
            statement("Allow", ["kms:Describe*", "kms:Get*", "kms:Put*"], **account),
            statement("Allow", "kms:Encrypt", **account, Condition=of_the_team),
            *more,
        )

    def put_key_policy(self, *more: dict[str, Any]) -> None:
        self.in_b("kms", "PutKeyPolicy", KeyId=self.key, PolicyName="default", Policy=self.key_policy(*more))

    def assume(self, **changed: Any) -> Credentials:
        """Ada's session of the role; without changes one that may encrypt."""
        asked = {"ExternalId": EXTERNAL_ID, "Policy": document(ALLOW_ENCRYPT), "Tags": TAGS} | changed
        asked = {name: value for name, value in asked.items() if value is not None}
        made = self.hand(self.ada, "sts", "AssumeRole", RoleArn=self.role_arn, RoleSessionName="run", **asked)
        return session_of(made)

    def encrypt(self, session: Credentials) -> None:
        assert self.hand(session, "kms", "Encrypt", KeyId=self.key, Plaintext=b"secret")["KeyId"] == self.key

    def denied(self, session: Credentials, reason: str) -> None:
        """Encrypt is refused with the whole sentence that AWS would answer."""
        with pytest.raises(Refused) as caught:
            self.encrypt(session)
        assert (caught.value.code, caught.value.sentence) == (
            DENIED,
            f"User: {self.caller_arn} is not authorized to perform: kms:Encrypt on resource: {self.key} "
            f"{reason}",
        )

    def not_let_in(self, reason: str, **changed: Any) -> None:
        """AssumeRole is refused to Ada, who is of another account, with the whole sentence."""
        with pytest.raises(Refused) as caught:
            self.assume(**changed)
        assert (caught.value.code, caught.value.sentence) == (
            "AccessDenied",
            f"User: {self.ada_arn} is not authorized to perform: sts:AssumeRole on resource: {self.role_arn}"
            f"{reason}",
        )

    def organization_policy(self, type: str, *statements: dict[str, Any]) -> tuple[str, str]:
        """Id and ARN of a policy."""
        self._policies += 1
        asked = {"Name": f"limits-{self._policies}", "Description": "", "Type": type}
        made = self.managing("CreatePolicy", **asked, Content=document(*statements))
        summary = made["Policy"]["PolicySummary"]
        arn = f"arn:aws:organizations::{ACCOUNT}:policy/{self.organization}/{type.lower()}/{summary['Id']}"
        assert summary["Arn"] == arn
        return summary["Id"], arn

    def attach(self, policy: str) -> None:
        self.managing("AttachPolicy", PolicyId=policy, TargetId=self.account_b)

    def detach(self, policy: str) -> None:
        self.managing("DetachPolicy", PolicyId=policy, TargetId=self.account_b)


def session_of(made: dict[str, Any]) -> Credentials:
    given = made["Credentials"]
    return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]


def scp_denies(life: Life, session: Credentials) -> None:
    scp, arn = life.organization_policy(SCP, DENY_ENCRYPT)
    life.attach(scp)
    life.denied(session, f"with an explicit deny in a service control policy: {arn}")
    life.detach(scp)


def scp_silent(life: Life, session: Credentials) -> None:
    scp, _ = life.organization_policy(SCP, ALLOW_LIST)
    life.attach(scp)
    life.detach("p-FullAWSAccess")
    life.denied(session, "because no service control policy allows the kms:Encrypt action")
    life.attach("p-FullAWSAccess")
    life.detach(scp)


def rcp_denies(life: Life, session: Credentials) -> None:
    """Of the key and of the role, which is named to other accounts too, as recorded."""
    deny = statement("Deny", ["kms:Encrypt", "sts:AssumeRole"], Principal="*")
    rcp, arn = life.organization_policy(RCP, deny)
    life.attach(rcp)
    reason = f"with an explicit deny in a resource control policy: {arn}"
    life.denied(session, reason)
    life.not_let_in(f" {reason}")
    life.detach(rcp)


def session_denies(life: Life, session: Credentials) -> None:
    inline = life.assume(Policy=document(ALLOW_ENCRYPT, DENY_ENCRYPT))
    life.denied(inline, "with an explicit deny in a session policy")
    arn = life.managed_policy("no-encryption", DENY_ENCRYPT)
    managed = life.assume(Policy=None, PolicyArns=[{"arn": arn}])
    life.denied(managed, f"with an explicit deny in a session policy: {arn}")


def session_silent(life: Life, session: Credentials) -> None:
    limited = life.assume(Policy=document(ALLOW_LIST))
    life.denied(limited, "because no session policy allows the kms:Encrypt action")


def boundary_denies(life: Life, session: Credentials) -> None:
    with_version(life, ALLOW_ENCRYPT, DENY_ENCRYPT)
    life.denied(session, f"with an explicit deny in a permissions boundary: {life.ceiling}")
    life.in_b("iam", "SetDefaultPolicyVersion", PolicyArn=life.ceiling, VersionId="v1")


def boundary_silent(life: Life, session: Credentials) -> None:
    with_version(life, ALLOW_LIST)
    life.denied(session, "because no permissions boundary allows the kms:Encrypt action")
    life.in_b("iam", "SetDefaultPolicyVersion", PolicyArn=life.ceiling, VersionId="v1")


def with_version(life: Life, *statements: dict[str, Any]) -> None:
    asked = {"PolicyDocument": document(*statements), "SetAsDefault": True}
    life.in_b("iam", "CreatePolicyVersion", PolicyArn=life.ceiling, **asked)


def key_policy_denies(life: Life, session: Credentials) -> None:
    of_the_role = {"ArnEquals": {"aws:PrincipalArn": life.role_arn}}
    life.put_key_policy(DENY_ENCRYPT | {"Principal": "*", "Condition": of_the_role})
    life.denied(session, "with an explicit deny in a resource-based policy")
    life.put_key_policy()


def key_policy_silent(life: Life, session: Credentials) -> None:
    """It looks at the tags of the session."""
    for tags in ([{"Key": "team", "Value": "sales"}], None):
        life.denied(life.assume(Tags=tags), "because no resource-based policy allows the kms:Encrypt action")


def identity_denies(life: Life, session: Credentials) -> None:
    life.give(ALLOW_ENCRYPT, DENY_ENCRYPT)
    life.denied(session, "with an explicit deny in an identity-based policy")
    life.give(ALLOW_ENCRYPT)
    arn = life.managed_policy("no-encryption-for-roles", DENY_ENCRYPT)
    life.in_b("iam", "AttachRolePolicy", RoleName="sealer", PolicyArn=arn)
    life.denied(session, f"with an explicit deny in an identity-based policy: {arn}")
    life.in_b("iam", "DetachRolePolicy", RoleName="sealer", PolicyArn=arn)


def identity_silent(life: Life, session: Credentials) -> None:
    life.give(ALLOW_LIST)
    life.denied(session, "because no identity-based policy allows the kms:Encrypt action")
    life.give(ALLOW_ENCRYPT)


Refusal = Callable[[Life, Credentials], None]
"""Makes a layer refuse Encrypt, sees that it does, and takes it back."""

SCP_THEN_RCP: tuple[Refusal, ...] = (scp_denies, rcp_denies)
EVERY_LAYER: tuple[Refusal, ...] = (
    *SCP_THEN_RCP,
    scp_silent,
    session_denies,
    session_silent,
    boundary_denies,
    boundary_silent,
    key_policy_denies,
    key_policy_silent,
    identity_denies,
    identity_silent,
)
EVERY_LAYER_ONCE: tuple[Refusal, ...] = (
    *SCP_THEN_RCP,
    session_silent,
    boundary_silent,
    key_policy_denies,
    identity_silent,
)


def live(life: Life, refusals: tuple[Refusal, ...]) -> None:
    session = life.assume()
    assert life.hand(session, "sts", "GetCallerIdentity")["Arn"] == life.caller_arn
    life.not_let_in("", ExternalId="contract-18")
    life.encrypt(session)
    for refusal in refusals:
        refusal(life, session)
        life.encrypt(session)


@pytest.mark.parametrize("workers", [1, 2])
def test_with_boto3(tmp_path: Path, servers: Callable[[Server], Server], workers: int) -> None:
    """With two workers every outcome is that of four connections, the first after a change included."""
    server = servers(dev_server(tmp_path, "--workers", str(workers))).start()
    live(Life(Boto3(server, connections=1 if workers == 1 else 4)), EVERY_LAYER)


@pytest.mark.parametrize(
    "refusals",
    [
        pytest.param(EVERY_LAYER_ONCE, id="every layer once"),
        pytest.param(EVERY_LAYER, id="every layer", marks=pytest.mark.slow),
    ],
)
def test_with_the_aws_cli(dev: Server, tmp_path: Path, refusals: tuple[Refusal, ...]) -> None:
    live(Life(AwsCli(dev, tmp_path)), refusals)
