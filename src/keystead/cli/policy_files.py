"""Files that the `keystead policy` commands read. What is wrong with one ends the command (`refuse`)."""

from collections.abc import Iterable
from pathlib import Path

from keystead.cli.options import refuse
from keystead.policy import AttachedPolicy, Finding, Malformed, PolicyKind, parse_policy
from keystead.policy.language.json_reader import MAX_CHARACTERS


def read_policy(file: Path, kind: PolicyKind) -> AttachedPolicy:
    """The policy in `file`, called by the file's name."""
    policy = parse_policy(_text(file), kind)
    if isinstance(policy, Malformed):
        refuse(*_located(file, policy.findings))
    return AttachedPolicy(policy, file.name)


def read_policies(files: Iterable[Path], kind: PolicyKind) -> tuple[AttachedPolicy, ...]:
    """The policies in `files`, in their order."""
    return tuple(read_policy(file, kind) for file in files)


def read_levels(levels: Iterable[str], kind: PolicyKind) -> tuple[tuple[AttachedPolicy, ...], ...]:
    """The policies of each level of an organization; the files of a level are separated by commas."""
    return tuple(read_policies((Path(name) for name in level.split(",") if name), kind) for level in levels)


def _text(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            # One more than is read, so that what is too long is told so.
            return stream.read(MAX_CHARACTERS + 1).removeprefix("\ufeff")
    except OSError as error:
        refuse(f"cannot read `{file}`: {error.strerror}")
    except UnicodeDecodeError:
        refuse(f"`{file}` is not UTF-8 text")


def _located(file: Path, findings: tuple[Finding, ...]) -> list[str]:
    return [
        f"{file}: line {finding.line}, column {finding.column}"
        f"{f', {finding.path}' if finding.path else ''}: {finding.message}"
        for finding in findings
    ]
