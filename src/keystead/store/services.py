"""Services and their access keys: the verbs and their statements."""

from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from keystead.kinds import CredentialStatus
from keystead.model import RegisteredService, ServiceCredential
from keystead.names import AccessKeyId, ServiceName
from keystead.store.connection import ReadConnection, WriteConnection, at, insert_if_absent
from keystead.store.port import Topic
from keystead.store.tables import SERVICE, SERVICE_CREDENTIAL

_SERVICE = select(SERVICE).where(*at(SERVICE))
_SERVICES = select(SERVICE).order_by(SERVICE.c.name)
_CREDENTIAL = select(SERVICE_CREDENTIAL).where(*at(SERVICE_CREDENTIAL))
_CREDENTIALS = (
    select(SERVICE_CREDENTIAL)
    .where(SERVICE_CREDENTIAL.c.service == bindparam("service"))
    .order_by(SERVICE_CREDENTIAL.c.access_key_id)
)
_ADD_SERVICE = insert_if_absent(SERVICE)
_DELETE_SERVICE = delete(SERVICE).where(*at(SERVICE))
_ADD_CREDENTIAL = insert_if_absent(SERVICE_CREDENTIAL)
_SET_STATUS = update(SERVICE_CREDENTIAL).where(*at(SERVICE_CREDENTIAL)).values(status=bindparam("new_status"))
_DELETE_CREDENTIAL = delete(SERVICE_CREDENTIAL).where(*at(SERVICE_CREDENTIAL))


class ServiceReads(ReadConnection):
    """The verbs of `ReadTx` about services."""

    def service(self, name: ServiceName) -> RegisteredService | None:
        row = self.row(_SERVICE, {"at_name": name})
        return _service(row) if row else None

    def services(self) -> tuple[RegisteredService, ...]:
        return tuple(_service(row) for row in self.rows(_SERVICES, {}))

    def service_credential(self, access_key_id: AccessKeyId) -> ServiceCredential | None:
        row = self.row(_CREDENTIAL, {"at_access_key_id": access_key_id})
        return _credential(row) if row else None

    def service_credentials(self, service: ServiceName) -> tuple[ServiceCredential, ...]:
        return tuple(_credential(row) for row in self.rows(_CREDENTIALS, {"service": service}))


class ServiceWrites(ServiceReads, WriteConnection):
    """The verbs of `WriteTx` about services."""

    def add_service(self, service: RegisteredService) -> None:
        row = {"name": service.name, "display_name": service.display_name, "created": service.created}
        self.add(_ADD_SERVICE, row, f"service {service.name}")
        self.record(Topic.SERVICE, service.name)

    def delete_service(self, name: ServiceName) -> None:
        for credential in self.service_credentials(name):
            self.delete_service_credential(credential.access_key_id)
        self.alter(_DELETE_SERVICE, {"at_name": name}, f"service {name}")
        self.record(Topic.SERVICE, name)

    def add_service_credential(self, credential: ServiceCredential) -> None:
        row = {
            "access_key_id": credential.access_key_id,
            "service": credential.service,
            "status": credential.status.value,
            "sealed_secret": credential.sealed_secret,
            "created": credential.created,
        }
        self.add(_ADD_CREDENTIAL, row, f"access key {credential.access_key_id}")
        self.record(Topic.CREDENTIAL, credential.access_key_id)

    def set_service_credential_status(self, access_key_id: AccessKeyId, status: CredentialStatus) -> None:
        values = {"at_access_key_id": access_key_id, "new_status": status.value}
        self.alter(_SET_STATUS, values, f"access key {access_key_id}")
        self.record(Topic.CREDENTIAL, access_key_id)

    def delete_service_credential(self, access_key_id: AccessKeyId) -> None:
        self.alter(_DELETE_CREDENTIAL, {"at_access_key_id": access_key_id}, f"access key {access_key_id}")
        self.record(Topic.CREDENTIAL, access_key_id)


def _service(row: Row[Any]) -> RegisteredService:
    return RegisteredService(ServiceName(row.name), row.display_name, row.created)


def _credential(row: Row[Any]) -> ServiceCredential:
    return ServiceCredential(
        access_key_id=AccessKeyId(row.access_key_id),
        service=ServiceName(row.service),
        status=CredentialStatus(row.status),
        sealed_secret=row.sealed_secret,
        created=row.created,
    )
