"""Grants of KMS keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from keystead.kinds import GrantOperation
from keystead.names import AccountId, GrantId, KeyArn


@dataclass(frozen=True, slots=True)
class GrantConstraints:
    """When a grant holds (KMS API, `GrantConstraints`); None is no constraint of that kind."""

    encryption_context_equals: Mapping[str, str] | None = None
    encryption_context_subset: Mapping[str, str] | None = None
    source_arn: str | None = None

    @classmethod
    def asked(
        cls, equals: Mapping[str, str] | None, subset: Mapping[str, str] | None, source_arn: str | None
    ) -> "GrantConstraints":
        """What the members of a CreateGrant ask for.

        Of two constraints on the encryption context, an empty one counts as left out: Terraform's provider
        sends `EncryptionContextEquals` empty beside the other, and works on AWS.
        """
        if equals and not subset:
            subset = None
        elif subset and not equals:
            equals = None
        return cls(equals, subset, source_arn)


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission attached to a key.

    Attributes:
        grantee: who holds it, as stored: the unique id of an IAM user or role, `AROA...:session` for the
            session of a role, the ARN of an account's root or of a federated user, or a service principal;
            no two of these forms can be taken for each other.
        retiring: who may retire it, in the same forms, or None.
        operations: in the order they were given, none of them twice.
        name: the friendly name that makes a repeated CreateGrant harmless, or None.
        issuing_account: the account of the principal that called CreateGrant.
        created: milliseconds since the epoch.
    """

    key: KeyArn
    id: GrantId
    grantee: str
    operations: tuple[GrantOperation, ...]
    issuing_account: AccountId
    created: int
    retiring: str | None = None
    constraints: GrantConstraints = field(default_factory=GrantConstraints)
    name: str | None = None
