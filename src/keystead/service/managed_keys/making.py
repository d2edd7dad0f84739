"""How an AWS managed key comes to be: by the first call that names its alias and may do what it asks.

A call that reads has it made in a transaction of its own, and is then decided again. A call that is denied
makes nothing. Two calls at once make one key, for writers take turns and look again.
"""

import uuid
from typing import Final

from keystead.audit import event as audit
from keystead.crypto.key_families import new_material
from keystead.crypto.material import new_material_id, seal_material
from keystead.kinds import KeyManager, KeySpec, KeyState, KeyUsage, Origin
from keystead.model import Alias, Key, KeyMaterial, Rotation
from keystead.model.key import DAY
from keystead.names import AliasArn, AliasName, KeyArn, KeyId, ServiceName
from keystead.policy.language.defaults import managed_key_policy
from keystead.service.call import Call, WriteCall
from keystead.service.managed_keys.kinds import OF_AWS, ManagedKeyKind, kind_of
from keystead.service.uuids import Uuids
from keystead.store.port import ReadTx

ROTATION_PERIOD: Final = 365
"""Days (KMS Developer Guide, "AWS managed keys"); nobody can change it."""


class NotMadeYet(Exception):
    """A call that reads names an AWS managed key that is still to be made, by a transaction that writes."""


def predefined_alias(call: Call, arn: AliasArn) -> Alias | None:
    """An alias that is not there, made with its key if it is a predefined one of the caller's account.

    None if it is not: a service that calls for itself has no account, and so no such keys.
    Raises `NotMadeYet` in a call that cannot write.
    """
    if not (arn.name.reserved and call.account) or arn.account != call.account:
        return None
    kind = _kind_named(call, arn.name)
    if kind is None:
        return None
    if not isinstance(call, WriteCall):
        raise NotMadeYet
    return _make(call, arn, kind)


def predefined(tx: ReadTx) -> list[AliasName]:
    """The aliases that ListAliases shows in every account and Region, with or without a key; sorted."""
    shown = {kind.alias for kind in OF_AWS.values() if kind.listed}
    return sorted(shown | {kind_of(service).alias for service in tx.services()})


def _kind_named(call: Call, name: AliasName) -> ManagedKeyKind | None:
    kind = OF_AWS.get(name)
    if kind is not None:
        return kind
    service = name.removeprefix("alias/aws/")
    registered = call.records.service(ServiceName(service)) if ServiceName.matches(service) else None
    kind = None if registered is None else kind_of(registered)
    return kind if kind is not None and kind.alias == name else None


def _make(call: WriteCall, alias: AliasArn, kind: ManagedKeyKind) -> Alias:
    # Always the same id: a call that is denied then names the key that a permitted one makes.
    key_id = KeyId.parse(str(uuid.uuid5(uuid.NAMESPACE_URL, str(alias))))
    key = _key(call, KeyArn(alias.region, alias.account, key_id), kind)
    assert key.current_material is not None
    material = new_material(key.spec, call.random)
    sealed = seal_material(call.sealer, key.arn, key.current_material, material, call.random)
    call.tx.add_key(key, KeyMaterial(key.arn, key.current_material, sealed, call.time))
    made = Alias(alias, key_id, call.time, call.time)
    call.tx.add_alias(made)
    event_id = Uuids(call.random).draw()
    # What AWS's event of it looks like is unverified.
    details = {"keyId": key_id, "aliasName": alias.name}
    call.tx.append_events(
        [audit.service_event("CreateKey", key.arn, event_id=event_id, time=call.time, details=details)]
    )
    return made


def _key(call: WriteCall, arn: KeyArn, kind: ManagedKeyKind) -> Key:
    return Key(
        arn=arn,
        spec=KeySpec.SYMMETRIC_DEFAULT,
        usage=KeyUsage.ENCRYPT_DECRYPT,
        origin=Origin.AWS_KMS,
        manager=KeyManager.AWS,
        state=KeyState.ENABLED,
        description=kind.description,
        policy=managed_key_policy(
            arn.account,
            id=kind.policy_id,
            service=kind.display_name,
            via=kind.service.in_region(arn.region),
            use=kind.use,
            direct=kind.direct,
            anywhere=kind.anywhere,
        ),
        created=call.time,
        current_material=new_material_id(call.random),
        rotation=Rotation(period=ROTATION_PERIOD, next=call.time + ROTATION_PERIOD * DAY),
    )
