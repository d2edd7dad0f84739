"""`keystead policy explain`: what it prints, for people and for programs, and how it refuses.

`explain/` holds requests and beside each what is printed for it. After a change that is meant, write them
anew: `python -m tests.cli.test_policy_explain`, and read the difference.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from keystead.cli import commands
from keystead.policy import Malformed, authorize, explanation_document, nearest_miss, read_scenario, remedies
from keystead.policy import explain as trace_of
from keystead.policy.decision import Allowed
from tests.cli.conftest import Keystead

FOLDER = Path(__file__).with_name("explain")
REQUESTS = sorted(path for path in FOLDER.glob("*.json") if not path.name.endswith(".out.json"))
IN_JSON = "denied-by-source-address"
"""The request whose JSON is kept too."""

KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ALICE = "arn:aws:iam::111111111111:user/alice"
ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
DELEGATION = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
ASK = ("--caller", ALICE, "--action", "kms:Encrypt", "--resource", KEY)


def run(*arguments: object) -> Any:
    """The result of the command, in this process."""
    return CliRunner().invoke(commands, ["policy", "explain", *map(str, arguments)])


def written(directory: Path, name: str, value: object) -> Path:
    path = directory / name
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


def test_there_are_requests() -> None:
    assert len(REQUESTS) > 10


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_what_it_prints(path: Path) -> None:
    result = run("--request", path)
    assert result.output == path.with_suffix(".txt").read_text()
    scenario = read_scenario(path.read_text())
    assert not isinstance(scenario, Malformed)
    allowed = isinstance(authorize(scenario.request, scenario.facts), Allowed)
    assert result.exit_code == (0 if allowed else 1)
    assert result.output.startswith("Allowed\n" if allowed else "Denied\n")


def test_what_it_prints_for_programs() -> None:
    result = run("--request", FOLDER / f"{IN_JSON}.json", "--json")
    assert result.exit_code == 1
    assert json.loads(result.output) == json.loads((FOLDER / f"{IN_JSON}.out.json").read_text())


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_every_explanation_is_plain_json(path: Path) -> None:
    scenario = read_scenario(path.read_text())
    assert not isinstance(scenario, Malformed)
    trace = trace_of(scenario.request, scenario.facts)
    document = explanation_document(trace, nearest_miss(trace), remedies(scenario.request, scenario.facts))
    assert json.loads(json.dumps(document)) == document
    assert document == json.loads(run("--request", path, "--json").output)


def test_documents_prints_the_whole_policy() -> None:
    path = FOLDER / "identity-silent.json"
    assert '"Version" : "2012-10-17"' not in run("--request", path).output
    assert '"Version" : "2012-10-17"' in run("--request", path, "--documents").output


def test_options_say_the_same_as_a_file(tmp_path: Path) -> None:
    request = {
        "principal": {
            "type": "assumed-role",
            "arn": "arn:aws:sts::111111111111:assumed-role/r/run",
            "role_arn": "arn:aws:iam::111111111111:role/team/r",
            "userid": "AROAEXAMPLE0000ROLE:run",
        },
        "action": "kms:Decrypt",
        "resource": KEY,
        "policies": {
            "key_policy": {"name": "key.json", "document": DELEGATION},
            "identity": [{"name": "one.json", "document": ALLOW}, {"name": "two.json", "document": ALLOW}],
            "boundary": [{"name": "one.json", "document": ALLOW}],
            "session": [{"name": "one.json", "document": ALLOW}],
            "scp": [
                [{"name": "one.json", "document": ALLOW}],
                [{"name": "one.json", "document": ALLOW}, {"name": "two.json", "document": ALLOW}],
            ],
            "rcp": [{"policies": []}],
        },
        "grants": [
            {"grantee_principal": ALICE, "operations": ["Decrypt"], "issuing_account": "111111111111"}
        ],
        "context": {"aws:SourceIp": "10.0.0.1", "aws:TagKeys": ["a", "b"]},
        "encryption_context": {"team": "pay"},
    }
    one, two = written(tmp_path, "one.json", ALLOW), written(tmp_path, "two.json", ALLOW)
    result = run(
        *("--caller", "arn:aws:sts::111111111111:assumed-role/r/run", "--action", "kms:Decrypt"),
        *("--role", "arn:aws:iam::111111111111:role/team/r", "--user-id", "AROAEXAMPLE0000ROLE:run"),
        *("--resource", KEY, "--key-policy", written(tmp_path, "key.json", DELEGATION)),
        *("--identity-policy", one, "--identity-policy", two, "--boundary", one, "--session-policy", one),
        *("--scp", one, "--scp", f"{one},{two}", "--rcp", ""),
        *("--grants", written(tmp_path, "grants.json", request["grants"])),
        *(
            "--context",
            "aws:SourceIp=10.0.0.1",
            "--context",
            "aws:TagKeys[]=a",
            "--context",
            "aws:TagKeys[]=b",
        ),
        *("--encryption-context", "team=pay", "--json"),
    )
    assert result.exit_code == 0, result.output
    by_file = run("--request", written(tmp_path, "request.json", request), "--json")
    assert json.loads(result.output) == json.loads(by_file.output)


def test_endpoint_and_trust_policies(tmp_path: Path) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}],
    }
    role = "arn:aws:iam::111111111111:role/r"
    ask = ("--caller", ALICE, "--action", "sts:AssumeRole", "--resource", role)
    given = ("--trust-policy", written(tmp_path, "trust.json", trust))
    assert run(*ask, *given).exit_code == 0
    endpoint = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}
    result = run(*ask, *given, "--endpoint-policy", written(tmp_path, "endpoint.json", endpoint))
    assert result.exit_code == 1
    assert "The VPC endpoint policy does not allow it." in result.output


def test_a_malformed_policy_is_refused_with_its_place(tmp_path: Path) -> None:
    text = '{\n  "Version": "2012-10-17",\n  "Statement": [{"Effect": "Alow", "Action": "kms"}]\n}'
    path = written(tmp_path, "identity.json", text)
    result = run(*ASK, "--identity-policy", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        f"keystead: {path}: line 3, column 27, Statement[0].Effect: the Effect is neither Allow nor Deny",
        f"keystead: {path}: line 3, column 45, Statement[0].Action: "
        "an action must be `*` or a service prefix, a colon and a name",
        f"keystead: {path}: line 3, column 16, Statement[0]: Policy statement must contain resources.",
    ]


def test_a_malformed_policy_in_a_request_file_is_located_in_that_file(tmp_path: Path) -> None:
    text = f"""{{
  "principal": {{"type": "user", "arn": "{ALICE}"}}, "action": "kms:Encrypt", "resource": "*",
  "policies": {{"identity": [
    {{"Version": "2012-10-17",
      "Statement": {{"Effect": "Allow", "Action": 7, "Resource": "*"}}}}]}}
}}"""
    path = written(tmp_path, "request.json", text)
    result = run("--request", path)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[0] == (
        f"keystead: {path}: line 5, column 49, policies.identity[0].Statement.Action: "
        "a string or a list of strings is expected"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "give --caller and --action, or --request"),
        (("--request", "r.json", "--caller", ALICE), "--request holds the whole request"),
        (("--request", "none.json"), "cannot read `none.json`: No such file or directory"),
        ((*ASK, "--key-policy", "."), "cannot read `.`: Is a directory"),
        ((*ASK, "--context", "aws:SourceIp"), "--context takes KEY=VALUE, not `aws:SourceIp`"),
        ((*ASK, "--context", "a:B=1", "--context", "A:b=2"), "--context gives `a:b` twice"),
        ((*ASK, "--context", "a:b=1", "--context", "a:b[]=2"), "both as a single-valued"),
        ((*ASK, "--encryption-context", "=x"), "--encryption-context takes NAME=VALUE, not `=x`"),
        (("--caller", "alice", "--action", "kms:Encrypt"), "not a valid principal ARN: `alice`"),
        (
            ("--caller", "arn:aws:iam::111111111111:role/r", "--action", "kms:Encrypt"),
            "calls by its sessions",
        ),
        (("--caller", ALICE, "--action", "kms:*"), "`kms:*` is not an action"),
        ((*ASK[:4], "--resource", "alias/pay"), "`alias/pay` is neither an ARN nor `*`"),
        (
            ("--caller", ALICE, "--action", "kms:RetireGrant", "--resource", KEY),
            "decided by the grant it retires",
        ),
    ],
)
def test_refusals(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("keystead: ")
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_files_are_bounded(tmp_path: Path) -> None:
    result = run(*ASK, "--key-policy", written(tmp_path, "long.json", " " * 200_000))
    assert result.exit_code == 2
    assert "longer than 131072 characters" in result.stderr
    (tmp_path / "latin.json").write_bytes(b'{"Version": "\xff"}')
    assert "is not UTF-8 text" in run(*ASK, "--key-policy", tmp_path / "latin.json").stderr


def test_what_a_policy_holds_cannot_steer_the_terminal(tmp_path: Path) -> None:
    statement = {**DELEGATION["Statement"][0], "Sid": "\x1b[2J[red]"}  # type: ignore[dict-item]
    path = written(tmp_path, "key.json", {"Version": "2012-10-17", "Statement": [statement]})
    output = run(*ASK, "--key-policy", path).output
    assert "\x1b" not in output
    assert "\\x1b[2J[red]" in output


def test_many_grants_are_cut_short(tmp_path: Path) -> None:
    grants = [
        {"grantee_principal": f"{ALICE}{n}", "operations": ["Encrypt"], "issuing_account": "111111111111"}
        for n in range(100)
    ]
    output = run(*ASK, "--grants", written(tmp_path, "grants.json", grants)).output
    assert "grants: 100" in output
    assert "80 more that do not apply" in output


def test_the_program_exits_with_its_answer(keystead: Keystead, tmp_path: Path) -> None:
    written(tmp_path, "key.json", DELEGATION)
    written(tmp_path, "identity.json", ALLOW)
    policies = ("--key-policy", "key.json", "--identity-policy", "identity.json")
    allowed = keystead("policy", "explain", *ASK, *policies)
    assert (allowed.returncode, allowed.stderr) == (0, "")
    denied = keystead("policy", "explain", *ASK, *policies[:2])
    assert (denied.returncode, denied.stderr) == (1, "")
    wrong = keystead("policy", "explain", *ASK, "--key-policy", "none.json")
    assert (wrong.returncode, wrong.stdout) == (2, "")


if __name__ == "__main__":
    for request in REQUESTS:
        request.with_suffix(".txt").write_text(run("--request", request).output)
    (FOLDER / f"{IN_JSON}.out.json").write_text(run("--request", FOLDER / f"{IN_JSON}.json", "--json").output)


def test_an_action_that_kms_does_not_have_is_refused() -> None:
    result = run("--caller", "arn:aws:iam::111122223333:user/u", "--action", "kms:Decript")
    assert result.exit_code == 2
    assert "`kms:Decript` is no action of AWS KMS; did you mean `kms:Decrypt`?" in result.output


def test_a_policy_with_an_action_that_kms_does_not_have_is_warned_of(tmp_path: Path) -> None:
    statement = {"Effect": "Allow", "Action": ["kms:Decript", "kms:Decrypt"], "Resource": "*"}
    file = written(tmp_path, "policy.json", {"Version": "2012-10-17", "Statement": [statement]})
    result = run(
        "--caller", "arn:aws:iam::111122223333:user/u", "--action", "s3:GetObject", "--identity-policy", file
    )
    assert "policy.json: statement 0, line 1: `kms:Decript` is no action of AWS KMS" in result.stderr
