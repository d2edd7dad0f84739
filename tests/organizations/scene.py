"""An organization in a service of the test's own, and whoever belongs to it."""

import json
from dataclasses import dataclass
from typing import Any

from tests.iam.in_process import ACCOUNT, InProcess

SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
FULL_ACCESS = {SCP: "p-FullAWSAccess", RCP: "p-RCPFullAWSAccess"}
NOT_THE_MANAGEMENT = ("AccessDeniedException", "You don't have permissions to access this resource.", "")
NO_ORGANIZATION = (
    "AWSOrganizationsNotInUseException",
    "Your account is not a member of an organization.",
    "",
)


def root_of(account: str) -> tuple[str, str]:
    """The development credentials of an account's root user."""
    return account, "test"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(effect: str, action: str, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": "*"} | more


ALLOW_ALL = document(statement("Allow", "*"))


@dataclass
class Organization:
    """What tests do to an organization; `client` is its management account's."""

    inside: InProcess
    client: Any
    id: str
    root: str

    @classmethod
    def made(cls, inside: InProcess) -> "Organization":
        client = inside.client("organizations")
        made = client.create_organization(FeatureSet="ALL")["Organization"]
        return cls(inside, client, made["Id"], client.list_roots()["Roots"][0]["Id"])

    @property
    def management(self) -> str:
        return ACCOUNT

    def enable(self, *types: str) -> None:
        for each in types:
            self.client.enable_policy_type(RootId=self.root, PolicyType=each)

    def account(self, name: str, parent: str | None = None) -> str:
        """The id of a new account."""
        status = self.client.create_account(AccountName=name, Email=f"{name}@example.com")
        account: str = status["CreateAccountStatus"]["AccountId"]
        if parent is not None:
            self.move(account, self.root, parent)
        return account

    def unit(self, name: str, parent: str | None = None) -> str:
        made = self.client.create_organizational_unit(ParentId=parent or self.root, Name=name)
        unit: str = made["OrganizationalUnit"]["Id"]
        return unit

    def move(self, account: str, source: str, destination: str) -> None:
        self.client.move_account(AccountId=account, SourceParentId=source, DestinationParentId=destination)

    def policy(self, content: str, name: str = "limits", type: str = SCP) -> str:
        made = self.client.create_policy(Name=name, Description="", Type=type, Content=content)
        policy: str = made["Policy"]["PolicySummary"]["Id"]
        return policy

    def attach(self, policy: str, target: str) -> None:
        self.client.attach_policy(PolicyId=policy, TargetId=target)

    def detach(self, policy: str, target: str) -> None:
        self.client.detach_policy(PolicyId=policy, TargetId=target)

    def attached(self, target: str, type: str = SCP) -> list[str]:
        found = self.client.list_policies_for_target(TargetId=target, Filter=type)["Policies"]
        return [policy["Id"] for policy in found]

    def of(self, account: str, service: str = "organizations") -> Any:
        """A client of the account's root user."""
        return self.inside.client(service, root_of(account))
