"""Files that the `keystead policy` commands read. What is wrong with one ends the command (`refuse`)."""

from collections.abc import Iterable
from pathlib import Path

from keystead.cli.options import refuse, warn
from keystead.policy import AttachedPolicy, Finding, Grant, Malformed, Policy, PolicyKind, parse_policy
from keystead.policy.catalogue.unknown import unknown_action, unknown_actions
from keystead.policy.language.json_reader import MAX_CHARACTERS
from keystead.policy.language.positions import statement_extents
from keystead.policy.scenario import FULL_ACCESS, Scenario, read_grants, read_scenario

MOST_WARNINGS = 20
"""About one file."""


def read_policy(file: Path, kind: PolicyKind, *, warned: bool = False) -> AttachedPolicy:
    """The policy in `file`, called by the file's name; `warned` if its warnings were told before."""
    text = _text(file)
    policy = parse_policy(text, kind)
    if isinstance(policy, Malformed):
        refuse(*_located(file, policy.findings))
    if not warned:
        _warn(file, text, policy)
    return AttachedPolicy(policy, file.name)


def read_policies(files: Iterable[Path], kind: PolicyKind) -> tuple[AttachedPolicy, ...]:
    """The policies in `files`, in their order."""
    return tuple(read_policy(file, kind) for file in files)


def read_levels(levels: Iterable[str], kind: PolicyKind) -> tuple[tuple[AttachedPolicy, ...], ...]:
    """The policies of each level of an organization; the files of a level are separated by commas."""
    aws = (FULL_ACCESS,) if kind is PolicyKind.RCP else ()
    return tuple(
        (*aws, *read_policies((Path(name) for name in level.split(",") if name), kind)) for level in levels
    )


def read_grants_file(file: Path) -> tuple[Grant, ...]:
    """The grants in `file`."""
    grants = read_grants(_text(file))
    if isinstance(grants, Malformed):
        refuse(*_located(file, grants.findings))
    return grants


def read_request_file(file: Path) -> Scenario:
    """The request and facts in `file`."""
    scenario = read_scenario(_text(file))
    if isinstance(scenario, Malformed):
        refuse(*_located(file, scenario.findings))
    return scenario


def _text(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            # One more than is read, so that what is too long is told so.
            return stream.read(MAX_CHARACTERS + 1).removeprefix("\ufeff")
    except OSError as error:
        refuse(f"cannot read `{file}`: {error.strerror}")
    except UnicodeDecodeError:
        refuse(f"`{file}` is not UTF-8 text")


def check_action(action: str) -> None:
    """Refuses an action of a request that KMS does not have: whatever the answer, it would mislead."""
    sentence = unknown_action(action)
    if sentence is not None:
        refuse(sentence)


def _warn(file: Path, text: str, policy: Policy) -> None:
    """Tells of actions that KMS does not have. AWS stores such policies, so they are no error."""
    told = set()
    for index, sentence in unknown_actions(policy):
        line = statement_extents(text)[index].start.line
        told.add((line, f"warning: {file}: statement {index}, line {line}: {sentence}"))
    for _, warning in sorted(told)[:MOST_WARNINGS]:
        warn(warning)


def _located(file: Path, findings: tuple[Finding, ...]) -> list[str]:
    return [
        f"{file}: line {finding.line}, column {finding.column}"
        f"{f', {finding.path}' if finding.path else ''}: {finding.message}"
        for finding in findings
    ]
