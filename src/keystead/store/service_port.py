"""What is asked of a store about what belongs to no account: services, and AWS owned keys.

The parts of `ReadTx` and `WriteTx` that are theirs.
"""

from typing import Protocol

from keystead.kinds import CredentialStatus
from keystead.model import OwnedKey, RegisteredService, ServiceCredential
from keystead.names import AccessKeyId, ServiceName


class ServiceReadTx(Protocol):
    """Lookups."""

    def service(self, name: ServiceName) -> RegisteredService | None: ...
    def services(self) -> tuple[RegisteredService, ...]:
        """All, in the order of their names."""
        ...

    def service_credential(self, access_key_id: AccessKeyId) -> ServiceCredential | None: ...
    def service_credentials(self, service: ServiceName) -> tuple[ServiceCredential, ...]:
        """Of one service, in the order of their ids."""
        ...

    def owned_keys(self) -> tuple[OwnedKey, ...]:
        """All, in the order of purposes and numbers."""
        ...


class ServiceWriteTx(ServiceReadTx, Protocol):
    """Changes."""

    def add_service(self, service: RegisteredService) -> None: ...
    def delete_service(self, name: ServiceName) -> None:
        """With its access keys."""
        ...

    def add_service_credential(self, credential: ServiceCredential) -> None: ...
    def set_service_credential_status(self, access_key_id: AccessKeyId, status: CredentialStatus) -> None: ...
    def delete_service_credential(self, access_key_id: AccessKeyId) -> None: ...

    def add_owned_key(self, key: OwnedKey) -> None: ...
