"""Terraform with its AWS provider: it applies, sees no drift, and destroys.

Runs where `terraform version` answers and the provider is on the machine: in the directory that
KEYSTEAD_TERRAFORM_PLUGINS names, or in one of those where Terraform or a system keeps plugins. Nothing is
downloaded.
"""

import base64
import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.wire, pytest.mark.slow]  # the provider alone keeps a core busy for a minute

HERE = Path(__file__).parent
PROVIDER = Path("registry.terraform.io", "hashicorp", "aws")


def plugin_directories() -> Iterator[Path]:
    """Where the provider may be, the explicit place first."""
    environment = os.environ
    if "KEYSTEAD_TERRAFORM_PLUGINS" in environment:
        yield Path(environment["KEYSTEAD_TERRAFORM_PLUGINS"])
        return
    if "TF_PLUGIN_CACHE_DIR" in environment:
        yield Path(environment["TF_PLUGIN_CACHE_DIR"])
    yield Path.home() / ".terraform.d" / "plugins"
    yield from (Path(share, "terraform", "plugins") for share in ("/usr/local/share", "/usr/share"))
    yield from Path("/opt").glob("*")


@pytest.fixture(scope="module")
def plugins() -> Path:
    """The directory with the provider; skips, with the reason, where there is none or no Terraform."""
    if shutil.which("terraform") is None:
        pytest.skip("there is no `terraform` on the path")
    version = subprocess.run(["terraform", "version"], capture_output=True, text=True, check=False)
    if version.returncode != 0:
        pytest.skip(f"`terraform version` fails: {version.stderr.strip()[:200]}")
    for directory in plugin_directories():
        if (directory / PROVIDER).is_dir():
            return directory
    pytest.skip(f"no directory with {PROVIDER}: KEYSTEAD_TERRAFORM_PLUGINS may name one")


class Terraform:
    """Terraform in a directory, against an account of a server."""

    def __init__(self, directory: Path, server: Any, plugins: Path) -> None:
        self.account = f"{uuid.uuid4().int % 10**12:012d}"
        self._directory = directory
        self._plugins = plugins
        self._environment = server.aws_environment((self.account, "test")) | {
            "TF_VAR_endpoint": server.url,
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
            "TF_CLI_CONFIG_FILE": os.devnull,
        }
        del self._environment["AWS_ENDPOINT_URL"]  # endpoints are what provider.tf says

    def run(self, *arguments: str) -> tuple[int, str]:
        """The exit code, and everything that was printed."""
        done = subprocess.run(
            ["terraform", *arguments, "-no-color"],
            cwd=self._directory,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout

    def does(self, *arguments: str) -> str:
        """What it printed; it must succeed."""
        code, printed = self.run(*arguments)
        assert code == 0, f"terraform {' '.join(arguments)}:\n{printed}"
        return printed

    def outputs(self) -> dict[str, Any]:
        """The values of the configuration's outputs."""
        return {name: output["value"] for name, output in json.loads(self.does("output", "-json")).items()}

    def init(self) -> None:
        self.does("init", f"-plugin-dir={self._plugins}")


@pytest.fixture
def terraform(request: pytest.FixtureRequest, tmp_path: Path, shared_dev: Any, plugins: Path) -> Terraform:
    """Terraform with `provider.tf` and the configuration that the test is about."""
    for name in ("provider.tf", request.param):
        shutil.copy(HERE / name, tmp_path)
    made = Terraform(tmp_path, shared_dev, plugins)
    made.init()
    return made


def applied_without_drift(terraform: Terraform, *options: str) -> None:
    """Applies; a plan, which reads all resources again, then finds nothing to do."""
    terraform.does("apply", "-auto-approve", *options)
    code, printed = terraform.run("plan", "-detailed-exitcode", *options)
    assert code == 0, f"a plan after apply wants to change something:\n{printed}"


@pytest.mark.parametrize("terraform", ["identities.tf"], indirect=True)
def test_identities(terraform: Terraform, shared_dev: Any) -> None:
    applied_without_drift(terraform)
    iam = shared_dev.client("iam", (terraform.account, "test"))
    assert iam.get_role(RoleName="app")["Role"]["MaxSessionDuration"] == 7200
    attached = iam.list_attached_role_policies(RoleName="app")["AttachedPolicies"]
    assert {policy["PolicyName"] for policy in attached} == {"use", "AWSKeyManagementServicePowerUser"}

    terraform.does("destroy", "-auto-approve")
    assert iam.list_users()["Users"] == iam.list_roles()["Roles"] == iam.list_groups()["Groups"] == []
    assert iam.list_policies(Scope="Local")["Policies"] == []


@pytest.mark.parametrize("terraform", ["organizations.tf"], indirect=True)
def test_an_organization(terraform: Terraform, shared_dev: Any) -> None:
    applied_without_drift(terraform)
    organizations = shared_dev.client("organizations", (terraform.account, "test"))
    listed = organizations.list_accounts()["Accounts"]
    accounts = {account["Name"]: account["Id"] for account in listed if "Name" in account}
    (parent,) = organizations.list_parents(ChildId=accounts["payments"])["Parents"]
    attached = organizations.list_policies_for_target(TargetId=parent["Id"], Filter="SERVICE_CONTROL_POLICY")
    assert {policy["Name"] for policy in attached["Policies"]} == {"FullAWSAccess", "keep-keys"}

    terraform.does("destroy", "-auto-approve")
    with pytest.raises(organizations.exceptions.AWSOrganizationsNotInUseException):
        organizations.describe_organization()


@pytest.mark.parametrize("terraform", ["keys.tf"], indirect=True)
def test_keys(terraform: Terraform, shared_dev: Any) -> None:
    applied_without_drift(terraform)
    kms = shared_dev.client("kms", (terraform.account, "test"))
    key = kms.describe_key(KeyId="alias/pay")["KeyMetadata"]["KeyId"]
    assert "app-of-keys" in kms.get_key_policy(KeyId=key)["Policy"]
    assert len(kms.list_grants(KeyId=key)["Grants"]) == 1

    terraform.does("destroy", "-auto-approve")
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert not any("TargetKeyId" in alias for alias in kms.list_aliases()["Aliases"])
    assert kms.list_grants(KeyId=key)["Grants"] == []


@pytest.mark.parametrize("terraform", ["ciphertexts.tf"], indirect=True)
def test_ciphertexts(terraform: Terraform, shared_dev: Any) -> None:
    applied_without_drift(terraform)
    kms = shared_dev.client("kms", (terraform.account, "test"))
    told = terraform.outputs()
    metadata = kms.describe_key(KeyId="alias/sealing")["KeyMetadata"]
    key = metadata["KeyId"]
    assert told["key"] == told["target"] == metadata["Arn"]
    rotation = kms.get_key_rotation_status(KeyId=key)
    assert (rotation["KeyRotationEnabled"], rotation["RotationPeriodInDays"]) == (True, 180)
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    assert [statement["Sid"] for statement in policy["Statement"]] == ["Enable IAM User Permissions", "Read"]
    blob = base64.b64decode(told["ciphertext"])
    assert (
        kms.decrypt(CiphertextBlob=blob, EncryptionContext={"app": "shop"})["Plaintext"] == b"correct horse"
    )

    applied_without_drift(terraform, f"-var=sealed={told['ciphertext']}")
    assert terraform.outputs()["opened"] == "correct horse"

    terraform.does("destroy", "-auto-approve")
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert not any("TargetKeyId" in alias for alias in kms.list_aliases()["Aliases"])


@pytest.mark.parametrize("terraform", ["kinds.tf"], indirect=True)
def test_kinds_of_keys(terraform: Terraform, shared_dev: Any) -> None:
    applied_without_drift(terraform)
    told = terraform.outputs()
    assert told["public_key"].startswith("-----BEGIN PUBLIC KEY-----")
    kms = shared_dev.client("kms", (terraform.account, "test"))
    brought = kms.describe_key(KeyId=told["brought"])["KeyMetadata"]
    assert (brought["Origin"], brought["KeyState"]) == ("EXTERNAL", "Enabled")
    ireland = shared_dev.client("kms", (terraform.account, "test"), region="eu-west-1")
    replica = ireland.describe_key(KeyId=told["replica"])["KeyMetadata"]
    assert replica["MultiRegionConfiguration"]["MultiRegionKeyType"] == "REPLICA"
    assert ireland.list_resource_tags(KeyId=told["replica"])["Tags"] == [
        {"TagKey": "team", "TagValue": "pay"}
    ]

    terraform.does("destroy", "-auto-approve")
    assert kms.describe_key(KeyId=told["brought"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    primary = kms.describe_key(KeyId=replica["KeyId"])["KeyMetadata"]
    assert primary["KeyState"] == "PendingReplicaDeletion"
