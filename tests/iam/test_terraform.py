"""Terraform's AWS provider applies, plans without drift and destroys; nothing is ever downloaded for it."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# The provider takes ten seconds of the processor each time it starts, and it starts with every command.
pytestmark = [pytest.mark.wire, pytest.mark.slow]

CONFIGURATION = Path(__file__).parent / "terraform" / "main.tf"
PROVIDER = "registry.terraform.io/hashicorp/aws"


def mirrors() -> Iterator[Path]:
    """Where providers may be installed (Terraform, "Implied Local Mirror Directories"; and below /opt)."""
    yield Path.home() / ".terraform.d" / "plugins"
    yield from (Path(share) / "terraform" / "plugins" for share in ("/usr/local/share", "/usr/share"))
    yield from sorted(Path("/opt").glob("*"))


@pytest.fixture(scope="module")
def plugins() -> Path:
    if shutil.which("terraform") is None:
        pytest.skip("there is no `terraform`")
    found = next((mirror for mirror in mirrors() if (mirror / PROVIDER).is_dir()), None)
    if found is None:
        pytest.skip(f"no directory of Terraform's holds {PROVIDER}")
    return found


@pytest.fixture
def terraform(shared_dev: Any, plugins: Path, tmp_path: Path) -> Any:
    """Runs `terraform` on the configuration, in a fresh account of the server."""
    shutil.copy(CONFIGURATION, tmp_path)
    account = f"{uuid.uuid4().int % 10**12:012d}"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "CHECKPOINT_DISABLE": "1"}
    environment |= {"TF_VAR_endpoint": shared_dev.url, "TF_VAR_account": account, "TF_IN_AUTOMATION": "1"}

    def run(*arguments: str, status: int = 0) -> str:
        command = ["terraform", *arguments, "-no-color", "-input=false"]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == status, done.stdout[-4000:] + done.stderr
        return done.stdout

    run("init", f"-plugin-dir={plugins}")
    run.account = account  # type: ignore[attr-defined]  # for the test's own client
    return run


def test_terraform_manages_identities(shared_dev: Any, terraform: Any) -> None:
    terraform("apply", "-auto-approve")
    iam = shared_dev.client("iam", (terraform.account, "test"))
    (user,) = iam.list_users()["Users"]
    role = iam.get_role(RoleName="job")["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"AWS": user["Arn"]}
    # 0 says that there is nothing to change; 2 would say that there is.
    terraform("plan", "-detailed-exitcode")
    terraform("destroy", "-auto-approve")
    assert iam.list_users()["Users"] == []
    assert iam.list_policies(Scope="Local")["Policies"] == []
