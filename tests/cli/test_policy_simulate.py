"""`keystead policy simulate`: what it prints, for people and for programs, and how it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from keystead.cli import commands
from tests.cli.conftest import Keystead

KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ALICE = "arn:aws:iam::111122223333:user/alice"
ROLE = "arn:aws:iam::111122223333:role/r"
FORBIDS = {"Effect": "Deny", "Action": "kms:Disable*", "Resource": "*"}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def use(**elements: Any) -> dict[str, Any]:
    return {"Sid": "Use", "Effect": "Allow", "Action": "kms:*", "Resource": "*"} | elements


def for_(principal: str) -> dict[str, Any]:
    return use(Principal={"AWS": principal})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    files = {
        "use.json": document(use(), FORBIDS),
        "pay.json": document(use(Condition={"StringEquals": {"kms:EncryptionContext:dept": "pay"}})),
        "tags.json": document(use(Condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}})),
        "s3.json": document(use(Action="s3:*")),
        "delegates.json": document(for_("arn:aws:iam::111122223333:root")),
        "alice.json": document(for_(ALICE)),
        "role.json": document(for_(ROLE)),
    }
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content))
    return tmp_path


def run(*arguments: str) -> Any:
    """The result of the command, in this process."""
    return CliRunner().invoke(commands, ["policy", "simulate", *arguments])


def test_a_table_for_each_resource(folder: Path) -> None:
    result = run(
        *("--policy", "use.json", "--policy", "pay.json", "--action", "kms:Decrypt"),
        *("--action", "kms:DisableKey", "--action", "s3:GetObject"),
        *("--resource", KEY, "--resource", "arn:aws:s3:::b/o"),
    )
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert [line for line in lines if line.startswith("arn:")] == [KEY, "arn:aws:s3:::b/o"]
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if line.startswith("│")]
    missing = "kms:EncryptionContext:dept"
    assert cells == [
        ["kms:Decrypt", "allowed", "use.json Statement[0] Use", ""],
        ["kms:DisableKey", "explicitDeny", "use.json Statement[1]", ""],
        ["s3:GetObject", "implicitDeny", "", missing],
        ["kms:Decrypt", "implicitDeny", "", missing],
        ["kms:DisableKey", "explicitDeny", "use.json Statement[1]", ""],
        ["s3:GetObject", "implicitDeny", "", missing],
    ]


DECIDED: list[tuple[int, list[str]]] = [
    (0, ["--policy", "use.json", "--action", "kms:Decrypt"]),
    (1, ["--policy", "use.json", "--action", "kms:Decrypt", "--action", "kms:DisableKey"]),
    (1, ["--policy", "pay.json", "--action", "kms:Decrypt"]),
    (0, ["--policy", "pay.json", "--action", "kms:Decrypt", "--context", "kms:encryptioncontext:DEPT=pay"]),
    (
        0,
        [
            *("--policy", "pay.json", "--action", "kms:Decrypt"),
            *("--context", "kms:EncryptionContext:dept:string=pay"),
        ],
    ),
    (
        0,
        [
            *("--policy", "tags.json", "--action", "kms:TagResource", "--context", "aws:TagKeys[]=a"),
            *("--context", "aws:TagKeys:stringList=b"),
        ],
    ),
    (
        1,
        [
            *("--policy", "tags.json", "--action", "kms:TagResource", "--context", "aws:TagKeys[]=a"),
            *("--context", "aws:TagKeys[]=c"),
        ],
    ),
    (1, ["--policy", "use.json", "--boundary", "s3.json", "--action", "kms:Decrypt"]),
    (1, ["--policy", "use.json", "--scp", "use.json", "--scp", "s3.json", "--action", "kms:Decrypt"]),
    (
        0,
        ["--policy", "use.json", "--scp", "use.json", "--scp", "s3.json,use.json", "--action", "kms:Decrypt"],
    ),
    (
        1,
        [
            *("--resource-policy", "delegates.json", "--caller", ALICE),
            *("--action", "kms:Decrypt", "--resource", KEY),
        ],
    ),
    (
        0,
        [
            *("--resource-policy", "delegates.json", "--identity-policy", "use.json", "--caller", ALICE),
            *("--action", "kms:Decrypt", "--resource", KEY),
        ],
    ),
    (0, ["--resource-policy", "alice.json", "--caller", ALICE, "--action", "kms:Decrypt", "--resource", KEY]),
    (0, ["--resource-policy", "role.json", "--caller", ROLE, "--action", "kms:Decrypt", "--resource", KEY]),
    (
        1,
        [
            *("--policy", "s3.json", "--caller", ALICE, "--action", "s3:GetObject"),
            *("--resource", "arn:aws:s3:::b/o", "--resource-owner", "arn:aws:iam::999999999999:root"),
        ],
    ),
]


@pytest.mark.parametrize(("code", "arguments"), DECIDED)
def test_the_exit_code_is_the_answer(folder: Path, code: int, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == code, result.output


def test_json_is_what_iam_answers(folder: Path) -> None:
    result = run(
        *("--policy", "use.json", "--boundary", "s3.json", "--resource-policy", "alice.json"),
        *("--scp", "use.json", "--caller", "arn:aws:iam::999999999999:user/bob"),
        *("--action", "kms:Decrypt", "--resource", KEY, "--json"),
    )
    assert result.exit_code == 1
    matched = {
        "SourcePolicyId": "use.json",
        "SourcePolicyType": "IAM Policy",
        "StartPosition": {"Line": 1, "Column": 41},
        "EndPosition": {"Line": 1, "Column": 110},
    }
    details = {
        "IAM Policy": "allowed",
        "Resource Policy": "implicitDeny",
        "Permissions Boundary Policy": "implicitDeny",
    }
    boundary = {"AllowedByPermissionsBoundary": False}
    assert json.loads(result.output) == {
        "EvaluationResults": [
            {
                "EvalActionName": "kms:Decrypt",
                "EvalResourceName": KEY,
                "EvalDecision": "implicitDeny",
                "MatchedStatements": [matched],
                "MissingContextValues": [],
                "OrganizationsDecisionDetail": {"AllowedByOrganizations": True},
                "PermissionsBoundaryDecisionDetail": boundary,
                "EvalDecisionDetails": details,
                "ResourceSpecificResults": [
                    {
                        "EvalResourceName": KEY,
                        "EvalResourceDecision": "implicitDeny",
                        "MatchedStatements": [matched],
                        "MissingContextValues": [],
                        "EvalDecisionDetails": details,
                        "PermissionsBoundaryDecisionDetail": boundary,
                    }
                ],
            }
        ],
        "IsTruncated": False,
    }


REFUSED: list[tuple[str, list[str]]] = [
    ("give the policies to simulate: --policy, --resource-policy, or both", ["--action", "kms:Decrypt"]),
    (
        "--resource-policy needs --caller, for its statements name who may call",
        ["--action", "kms:Decrypt", "--resource-policy", "alice.json"],
    ),
    ("The action is invalid since it is missing names", ["--policy", "use.json", "--action", "Decrypt"]),
    (
        "Wildcards are not supported in action names: kms:*.",
        ["--policy", "use.json", "--action", "kms:*"],
    ),
    (
        "ResourceNames are not in a valid ARN format: key.",
        ["--policy", "use.json", "--action", "kms:Decrypt", "--resource", "key"],
    ),
    (
        "--context takes KEY[:TYPE]=VALUE, not `aws:SourceIp`",
        ["--policy", "use.json", "--action", "kms:Decrypt", "--context", "aws:SourceIp"],
    ),
    (
        "Invalid context value for key aws:SourceIp: expected IP address.",
        ["--policy", "use.json", "--action", "kms:Decrypt", "--context", "aws:SourceIp:ip=here"],
    ),
    (
        "Duplicate context key: AWS:sourceip.",
        [
            *("--policy", "use.json", "--action", "kms:Decrypt", "--context", "aws:SourceIp=1"),
            *("--context", "AWS:sourceip=2"),
        ],
    ),
    (
        "Invalid Entity Arn: alice does not clearly define entity type and name.",
        ["--policy", "use.json", "--action", "kms:Decrypt", "--caller", "alice"],
    ),
    (
        "bad.json: line 2, column 13, Statement.Effect: the Effect is neither Allow nor Deny",
        ["--policy", "bad.json", "--action", "kms:Decrypt"],
    ),
    (
        "cannot read `none.json`: No such file or directory",
        ["--policy", "none.json", "--action", "kms:Decrypt"],
    ),
    (
        "alice.json: line 1, column 123, Statement[0].Principal: Policy document should not "
        "specify a principal.",
        ["--policy", "alice.json", "--action", "kms:Decrypt"],
    ),
]


@pytest.mark.parametrize(("sentence", "arguments"), REFUSED)
def test_a_wrong_input_is_refused(folder: Path, sentence: str, arguments: list[str]) -> None:
    (folder / "bad.json").write_text(
        '{"Statement": {\n   "Effect": "Maybe", "Action": "kms:*", "Resource": "*"}}'
    )
    result = run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"keystead: {sentence}\n")


def test_as_a_program(keystead: Keystead, tmp_path: Path) -> None:
    (tmp_path / "policy.json").write_text(json.dumps(document(use())))
    done = keystead("policy", "simulate", "--policy", "policy.json", "--action", "kms:ListKeys")
    assert (done.returncode, done.stderr) == (0, "")
    assert "policy.json Statement[0] Use" in done.stdout
    assert keystead("policy", "simulate").returncode == 2


def test_an_action_that_kms_does_not_have_is_refused_and_in_a_policy_warned_of(folder: Path) -> None:
    (folder / "typo.json").write_text(json.dumps(document(use(Action=["kms:Decript", "kms:Decrypt"]))))
    result = run("--policy", "typo.json", "--action", "kms:Decript")
    assert result.exit_code == 2
    assert "did you mean `kms:Decrypt`?" in result.output
    result = run("--policy", "typo.json", "--action", "kms:Decrypt")
    assert "typo.json: statement 0, line 1: `kms:Decript` is no action of AWS KMS" in result.stderr
