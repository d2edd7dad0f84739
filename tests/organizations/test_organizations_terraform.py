"""Terraform's AWS provider applies, plans without drift and destroys an organization."""

from pathlib import Path

import pytest
from tests.conftest import Server
from tests.terraform_program import Terraform

pytestmark = pytest.mark.wire

CONFIGURATION = Path(__file__).parent / "terraform" / "main.tf"


def test_terraform_manages_an_organization(shared_dev: Server, tmp_path: Path) -> None:
    terraform = Terraform(CONFIGURATION, shared_dev, tmp_path)
    terraform("apply", "-auto-approve")
    organizations = shared_dev.client("organizations", (terraform.account, "test"))
    accounts = {
        account["Name"]: account["Id"]
        for account in organizations.list_accounts()["Accounts"]
        if "Name" in account
    }
    (parent,) = organizations.list_parents(ChildId=accounts["payments"])["Parents"]
    attached = organizations.list_policies_for_target(TargetId=parent["Id"], Filter="SERVICE_CONTROL_POLICY")[
        "Policies"
    ]
    assert {policy["Name"] for policy in attached} == {"FullAWSAccess", "keep-keys"}
    # Without -detailed-exitcode a plan with changes succeeds too.
    terraform("plan", "-detailed-exitcode")
    terraform("destroy", "-auto-approve")
    with pytest.raises(organizations.exceptions.AWSOrganizationsNotInUseException):
        organizations.describe_organization()
