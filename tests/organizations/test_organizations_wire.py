"""Organizations through real clients: the whole life, by the AWS CLI and boto3, on two workers."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ACCOUNT, Server, dev_server
from tests.organizations.scene import RCP, SCP, document, statement

pytestmark = pytest.mark.wire

WITHIN = 1.0
"""Seconds in which a change is in force everywhere."""


@pytest.fixture
def two_workers(tmp_path: Path, servers: Callable[[Server], Server]) -> Server:
    return servers(dev_server(tmp_path, "--workers", "2")).start()


class Cli:
    """`aws organizations`."""

    def __init__(self, server: Server, account: str = ACCOUNT) -> None:
        self._server = server
        self._credentials = (account, "test")

    def __call__(self, *arguments: str) -> Any:
        done = self._server.aws(
            "organizations", *arguments, "--output", "json", credentials=self._credentials
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else None

    def refusal(self, *arguments: str) -> str:
        done = self._server.aws("organizations", *arguments, credentials=self._credentials)
        assert done.returncode != 0
        return done.stderr.strip()


def on_both_workers(server: Server, account: str, call: Callable[[Any], object]) -> list[str]:
    """What `call` is refused with, or empty, on connections of their own: some for each worker."""
    outcomes = []
    for _ in range(6):
        client = server.client("kms", (account, "test"))
        try:
            call(client)
        except client.exceptions.ClientError as error:
            outcomes.append(error.response["Error"]["Message"])
        else:
            outcomes.append("")
    return outcomes


def test_the_whole_life(two_workers: Server) -> None:
    """The AWS CLI does what it does in the guides; boto3, which starts faster, the rest."""
    server = two_workers
    aws, boto = Cli(server), server.client("organizations")
    organization = aws("create-organization", "--feature-set", "ALL")["Organization"]
    root = boto.list_roots()["Roots"][0]["Id"]
    aws("enable-policy-type", "--root-id", root, "--policy-type", SCP)
    boto.enable_policy_type(RootId=root, PolicyType=RCP)
    made = aws("create-account", "--email", "pay@example.com", "--account-name", "Payments")
    request = made["CreateAccountStatus"]["Id"]
    status = boto.describe_create_account_status(CreateAccountRequestId=request)["CreateAccountStatus"]
    account = status["AccountId"]
    below = aws("create-organizational-unit", "--parent-id", root, "--name", "Prod")
    unit = below["OrganizationalUnit"]["Id"]
    source, destination = ("--source-parent-id", root), ("--destination-parent-id", unit)
    aws("move-account", "--account-id", account, *source, *destination)
    assert [child["Id"] for child in boto.list_accounts_for_parent(ParentId=unit)["Accounts"]] == [account]

    kms = server.client("kms", (account, "test"))
    key = kms.create_key()["KeyMetadata"]["Arn"]

    def refusals() -> list[str]:
        return on_both_workers(server, account, lambda kms: kms.encrypt(KeyId=key, Plaintext=b"secret"))

    def in_force_within_a_second(expected: str) -> None:
        deadline = time.monotonic() + WITHIN
        while not all(each.endswith(expected) if expected else not each for each in refusals()):
            assert time.monotonic() < deadline, refusals()

    in_force_within_a_second("")
    new = {"Name": "no-encryption", "Description": ""}
    scp = json.loads(document(statement("Deny", "kms:Encrypt")))
    text = ("--name", new["Name"], "--description", "", "--type", SCP, "--content", json.dumps(scp))
    policy = aws("create-policy", *text)["Policy"]["PolicySummary"]
    attached = ("--policy-id", policy["Id"], "--target-id", unit)
    aws("attach-policy", *attached)
    in_force_within_a_second(f"with an explicit deny in a service control policy: {policy['Arn']}")
    aws("detach-policy", *attached)
    in_force_within_a_second("")

    content = document(statement("Deny", "kms:Encrypt", Principal="*"))
    policy = boto.create_policy(**new, Type=RCP, Content=content)["Policy"]["PolicySummary"]
    boto.attach_policy(PolicyId=policy["Id"], TargetId=unit)
    in_force_within_a_second(f"with an explicit deny in a resource control policy: {policy['Arn']}")
    listed = boto.list_targets_for_policy(PolicyId=policy["Id"])["Targets"]
    assert [target["TargetId"] for target in listed] == [unit]
    boto.detach_policy(PolicyId=policy["Id"], TargetId=unit)
    in_force_within_a_second("")
    boto.delete_policy(PolicyId=policy["Id"])

    other = server.client("organizations", ("111122223333", "test"))
    other.list_handshakes_for_account()
    invited = aws("invite-account-to-organization", "--target", "Id=111122223333,Type=ACCOUNT")["Handshake"]
    (handshake,) = other.list_handshakes_for_account()["Handshakes"]
    assert handshake["Id"] == invited["Id"]
    Cli(server, "111122223333")("accept-handshake", "--handshake-id", handshake["Id"])
    pages = boto.get_paginator("list_accounts").paginate(PaginationConfig={"PageSize": 1})
    accounts = sorted(each["Id"] for page in pages for each in page["Accounts"])
    assert accounts == sorted([ACCOUNT, account, "111122223333"])
    other.leave_organization()
    with pytest.raises(other.exceptions.AWSOrganizationsNotInUseException):
        other.describe_organization()
    member = Cli(server, account)
    assert "You don't have permissions to access this resource." in member.refusal("list-accounts")
    joined = server.client("organizations", (account, "test")).describe_organization()["Organization"]
    assert joined["Id"] == organization["Id"]

    boto.close_account(AccountId=account)
    in_force_within_a_second("The security token included in the request is invalid.")
    assert boto.describe_account(AccountId=account)["Account"]["Status"] == "SUSPENDED"
    boto.remove_account_from_organization(AccountId=account)
    boto.delete_organizational_unit(OrganizationalUnitId=unit)
    boto.delete_organization()
    with pytest.raises(boto.exceptions.AWSOrganizationsNotInUseException):
        boto.describe_organization()


def test_it_survives_a_restart(tmp_path: Path, servers: Callable[[Server], Server]) -> None:
    server = servers(dev_server(tmp_path)).start()
    boto = server.client("organizations")
    boto.create_organization()
    root = boto.list_roots()["Roots"][0]["Id"]
    boto.enable_policy_type(RootId=root, PolicyType=SCP)
    account = boto.create_account(AccountName="a", Email="a@example.com")["CreateAccountStatus"]["AccountId"]
    policy = boto.create_policy(
        Name="n", Description="", Type=SCP, Content=document(statement("Deny", "kms:CreateKey"))
    )["Policy"]["PolicySummary"]["Id"]
    boto.attach_policy(PolicyId=policy, TargetId=account)
    assert server.stop() == 0
    server.start()
    kms = server.client("kms", (account, "test"))
    with pytest.raises(kms.exceptions.ClientError, match="explicit deny in a service control policy"):
        kms.create_key()
