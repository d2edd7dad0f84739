"""Managed policies wherever they are kept: those of AWS in this package, those of accounts in the store.

The policies of AWS are data in `aws_policies/`, a file each: those that say something of KMS, IAM, STS or
Organizations. Each is there in its present version alone; older ones are not kept.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from keystead.model import ManagedPolicy, PolicyVersion
from keystead.store.port import ReadTx


@cache
def aws_policies() -> Mapping[str, tuple[ManagedPolicy, PolicyVersion]]:
    """The managed policies of AWS by ARN, in the order of their lower-cased names, each with its version."""
    kept = files("keystead.service").joinpath("aws_policies").iterdir()
    texts = {file.name: file.read_text("utf-8") for file in kept if file.name.endswith(".json")}
    found = [_aws_policy(name.removesuffix(".json"), json.loads(text)) for name, text in texts.items()]
    return {str(policy.arn): (policy, version) for policy, version in sorted(found, key=_lower_name)}


def managed_policy(tx: ReadTx, arn: str) -> ManagedPolicy | None:
    """The managed policy `arn`, AWS's or an account's, or None."""
    found = aws_policies().get(arn)
    return tx.managed_policy(arn) if found is None else found[0]


def policy_version(tx: ReadTx, arn: str, number: int) -> PolicyVersion | None:
    """A version of a managed policy, AWS's or an account's, or None."""
    found = aws_policies().get(arn)
    if found is None:
        return tx.policy_version(arn, number)
    return found[1] if found[1].number == number else None


def policy_versions(tx: ReadTx, arn: str) -> tuple[PolicyVersion, ...]:
    """All versions that are kept, in the order of their numbers."""
    found = aws_policies().get(arn)
    return tx.policy_versions(arn) if found is None else (found[1],)


def document_in_force(tx: ReadTx, arn: str) -> str | None:
    """The text of the policy's default version, or None if there is no such policy."""
    policy = managed_policy(tx, arn)
    version = None if policy is None else policy_version(tx, arn, policy.default_version)
    return None if version is None else version.document


def _aws_policy(name: str, data: dict[str, Any]) -> tuple[ManagedPolicy, PolicyVersion]:
    number = int(data["VersionId"].removeprefix("v"))
    updated = _milliseconds(data["UpdateDate"])
    policy = ManagedPolicy(
        unique_id=data["PolicyId"],
        account=None,
        path=data["Path"],
        name=name,
        description=data["Description"],
        created=_milliseconds(data["CreateDate"]),
        updated=updated,
        default_version=number,
        last_version=number,
    )
    document = json.dumps(data["Document"], indent=4)
    return policy, PolicyVersion(str(policy.arn), number, document, updated)


def _milliseconds(date: str) -> int:
    return int(datetime.fromisoformat(date).timestamp()) * 1000


def _lower_name(found: tuple[ManagedPolicy, PolicyVersion]) -> str:
    return found[0].name.lower()
