"""Ansible's modules for KMS keys, `amazon.aws.kms_key` and `amazon.aws.kms_key_info`.

Ansible is large, so it has an environment of its own, which `make test-slow` makes from
`requirements/ansible.txt`. KEYSTEAD_ANSIBLE names the directory of another `ansible-playbook`.
"""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.wire, pytest.mark.slow]  # each of its tasks starts an interpreter

PLAYBOOK = Path(__file__).with_name("keys.yml")


def ansible_playbook() -> Path:
    """The command; a test that asks for it where it is not fails, and says what is missing."""
    beside = Path(sys.executable).parents[1] / "ansible" / "bin"
    command = Path(os.environ.get("KEYSTEAD_ANSIBLE", beside)) / "ansible-playbook"
    if not command.exists():
        pytest.fail(f"{command} is missing: `make test-slow` installs requirements/ansible.txt there")
    return command


def key_policy(account: str, sid: str) -> str:
    """A key policy that leaves everything to the account's identity policies."""
    statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_the_life_of_a_key(shared_dev: Any, tmp_path: Path) -> None:
    command = ansible_playbook()
    account = f"{uuid.uuid4().int % 10**12:012d}"
    user = shared_dev.client("iam", (account, "test")).create_user(UserName="app")["User"]["Arn"]
    variables = tmp_path / "variables.json"
    variables.write_text(
        json.dumps(
            {
                "user_arn": user,
                "policy": key_policy(account, "TheAccount"),
                "other_policy": key_policy(account, "TheSameAccount"),
            }
        )
    )
    configuration = tmp_path / "ansible.cfg"
    configuration.touch()  # instead of the machine's
    done = subprocess.run(
        [command, "--inventory", "localhost,", "--extra-vars", f"@{variables}", PLAYBOOK],
        cwd=tmp_path,
        env=shared_dev.aws_environment((account, "test"))
        | {
            "ANSIBLE_CONFIG": str(configuration),
            "ANSIBLE_HOME": str(tmp_path),
            "ANSIBLE_LOCAL_TEMP": str(tmp_path),
            "ANSIBLE_NOCOLOR": "1",
            "LC_ALL": "C.UTF-8",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"the playbook failed:\n{done.stdout}"
    kms = shared_dev.client("kms", (account, "test"))
    (key,) = kms.list_keys()["Keys"]
    assert kms.describe_key(KeyId=key["KeyArn"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
