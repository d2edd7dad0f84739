"""Services that the operator registers, and their access keys: made by commands, never by a call.

Nobody who calls may register a service, for a service is trusted to say for whom it acts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from keystead.audit import event as audit
from keystead.crypto.material import Sealer, seal_secret
from keystead.crypto.randomness import Random
from keystead.kinds import CredentialStatus, OldAccessKeys
from keystead.model import RegisteredService, ServiceCredential
from keystead.names import AccessKeyId, AliasName, ServiceName
from keystead.service.iam.identifiers import new_access_key_id, new_secret
from keystead.service.managed_keys.kinds import OF_AWS
from keystead.service.root_access_keys import retire
from keystead.service.uuids import Uuids
from keystead.store.port import WriteTx

OWN: Final = frozenset(map(ServiceName, ("iam", "keystead", "kms", "organizations", "sts")))
"""Names of what Keystead itself answers: a request signed for one of them is never somebody else's."""

MOST_SERVICES: Final = 1000
"""So that the predefined aliases of an account have a bound."""


class UnsuitedService(Exception):
    """A service that cannot be registered; the text says why."""


@dataclass(frozen=True, slots=True)
class ServiceAccessKey:
    """The access key of a service, as it is shown once."""

    service: ServiceName
    access_key_id: AccessKeyId
    secret: str = field(repr=False)


def add_service(tx: WriteTx, sealer: Sealer, service: RegisteredService, random: Random) -> ServiceAccessKey:
    """Registers a service, with its first access key.

    Raises:
        UnsuitedService: its name is one of Keystead's own, or of another service's managed keys, or there are
            `MOST_SERVICES`.
        AlreadyExists: it is registered.
    """
    if service.name in OWN:
        raise UnsuitedService(f"`{service.name}` is answered by Keystead itself")
    kind = OF_AWS.get(AliasName(f"alias/aws/{service.name}"))
    if kind is not None and kind.service != service.name:
        raise UnsuitedService(f"`{service.name}` is what AWS calls keys of the service `{kind.service}`")
    if len(tx.services()) >= MOST_SERVICES:
        raise UnsuitedService(f"there are {MOST_SERVICES} services, and none can be added")
    tx.add_service(service)
    key = _new_key(tx, sealer, service.name, service.created, random)
    details = {"service": service.name, "accessKeyId": key.access_key_id}
    _record(tx, "RegisterService", "keystead service add", service.created, details, random)
    return key


def remove_service(tx: WriteTx, name: ServiceName, now: int, random: Random) -> None:
    """Forgets a service and its access keys, at `now` in milliseconds.

    Its calls are refused from now on, and so are those on behalf of callers. Its managed keys stay.
    """
    gone = [each.access_key_id for each in tx.service_credentials(name)]
    tx.delete_service(name)
    details = {"service": name, "accessKeyIds": gone}
    _record(tx, "DeregisterService", "keystead service remove", now, details, random)


def rotate_service_access_keys(
    tx: WriteTx, sealer: Sealer, name: ServiceName, old: OldAccessKeys, now: int, random: Random
) -> tuple[ServiceAccessKey, tuple[ServiceCredential, ...]]:
    """A new access key of a service, and those that it had; `now` is in milliseconds.

    Raises `TooManyAccessKeys` if there are as many as there may be and `old` lets them stay.
    """
    before = tx.service_credentials(name)
    ids = [each.access_key_id for each in before]
    retire(ids, old, tx.delete_service_credential, tx.set_service_credential_status)
    key = _new_key(tx, sealer, name, now, random)
    details = {
        "service": name,
        "accessKeyId": key.access_key_id,
        "previousAccessKeyIds": ids,
        "previousAccessKeys": old.value,
    }
    _record(tx, "RotateServiceAccessKey", "keystead service credential", now, details, random)
    return key, before


def _new_key(tx: WriteTx, sealer: Sealer, service: ServiceName, now: int, random: Random) -> ServiceAccessKey:
    key = ServiceAccessKey(service, new_access_key_id(random), new_secret(random))
    sealed = seal_secret(sealer, key.access_key_id, key.secret, random)
    tx.add_service_credential(
        ServiceCredential(key.access_key_id, service, CredentialStatus.ACTIVE, sealed, now)
    )
    return key


def _record(
    tx: WriteTx, name: str, command: str, now: int, details: Mapping[str, object], random: Random
) -> None:
    uuids = Uuids(random)
    record = audit.operator_record(
        name, command, details, time=now, request_id=uuids.draw(), event_id=uuids.draw()
    )
    tx.append_events([audit.event(record, now)])
