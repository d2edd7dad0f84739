"""Terraform with its AWS provider, where both are installed; nothing is ever downloaded for it."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Server

PROVIDER = "registry.terraform.io/hashicorp/aws"


def _mirrors() -> Iterator[Path]:
    """Where providers may be installed (Terraform, "Implied Local Mirror Directories"; and below /opt)."""
    yield Path.home() / ".terraform.d" / "plugins"
    yield from (Path(share) / "terraform" / "plugins" for share in ("/usr/local/share", "/usr/share"))
    yield from sorted(Path("/opt").glob("*"))


def installed_plugins() -> Path:
    """The directory that holds the provider; skips the test where there is none."""
    if shutil.which("terraform") is None:
        pytest.skip("there is no `terraform`")
    found = next((mirror for mirror in _mirrors() if (mirror / PROVIDER).is_dir()), None)
    if found is None:
        pytest.skip(f"no directory of Terraform's holds {PROVIDER}")
    return found


class Terraform:
    """`terraform` on a configuration with the variables `endpoint` and `account`.

    Attributes:
        account: a fresh account of the server, whose root user Terraform is.
    """

    def __init__(self, configuration: Path, server: Server, directory: Path) -> None:
        plugins = installed_plugins()
        shutil.copy(configuration, directory)
        self.account = f"{uuid.uuid4().int % 10**12:012d}"
        self._directory = directory
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            "CHECKPOINT_DISABLE": "1",
            "TF_VAR_endpoint": server.url,
            "TF_VAR_account": self.account,
            "TF_IN_AUTOMATION": "1",
        }
        self("init", f"-plugin-dir={plugins}")

    def __call__(self, *arguments: str) -> str:
        """Its output; it must succeed."""
        done = subprocess.run(
            ["terraform", *arguments, "-no-color", "-input=false"],
            cwd=self._directory,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr
        return done.stdout
