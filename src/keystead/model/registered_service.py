"""Services that run beside Keystead and call it as service principals, and their access keys."""

from dataclasses import dataclass, field

from keystead.kinds import CredentialStatus
from keystead.names import AccessKeyId, ServiceName


@dataclass(frozen=True, slots=True)
class RegisteredService:
    """A service that the operator has registered: one of AWS's by its name, or one of their own.

    `display_name` is what Sids and descriptions of its managed keys call it.
    """

    name: ServiceName
    display_name: str
    created: int


@dataclass(frozen=True, slots=True)
class ServiceCredential:
    """A long-term access key of a service.

    `sealed_secret` opens only under the root key and this access key's id.
    """

    access_key_id: AccessKeyId
    service: ServiceName
    status: CredentialStatus
    sealed_secret: bytes = field(repr=False)
    created: int
