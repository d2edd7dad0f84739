"""Access keys."""

from dataclasses import dataclass, field

from keystead.kinds import CredentialStatus
from keystead.names import AccessKeyId, AccountId, Region


@dataclass(frozen=True, slots=True)
class Credential:
    """A long-term access key.

    `principal` is the unique id of the IAM user it belongs to, or None for the account's root user.
    `sealed_secret` opens only under the root key and this access key's id.
    """

    access_key_id: AccessKeyId
    account: AccountId
    principal: str | None
    status: CredentialStatus
    sealed_secret: bytes = field(repr=False)
    created: int


@dataclass(frozen=True, slots=True)
class CredentialUse:
    """A use of an access key.

    Attributes:
        time: milliseconds since the epoch.
        region: the one that the request was signed for.
        service: the one that the request was for, `kms`, or `s3` if a registered service showed it.
    """

    time: int
    region: Region
    service: str
