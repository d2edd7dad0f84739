"""Tags."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of a KMS key or of something of IAM; what has it says how its keys are compared."""

    key: str
    value: str
