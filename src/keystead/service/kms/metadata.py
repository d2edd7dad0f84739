"""What DescribeKey and CreateKey say of a key (KMS API, `KeyMetadata`)."""

from collections.abc import Iterable

from keystead.kinds import KeyState, KeyUsage
from keystead.model import Key
from keystead.model.key import NOTHING_IMPORTED
from keystead.model.key_spec import TRAITS
from keystead.names import Region
from keystead.service.call import Call
from keystead.shapes.kms import KeyMetadata, MultiRegionConfiguration, MultiRegionKey

_MEMBERS = {
    KeyUsage.ENCRYPT_DECRYPT: "encryption_algorithms",
    KeyUsage.SIGN_VERIFY: "signing_algorithms",
    KeyUsage.KEY_AGREEMENT: "key_agreement_algorithms",
    KeyUsage.ENCAPSULATE_DECAPSULATE: "encapsulation_algorithms",
    KeyUsage.GENERATE_VERIFY_MAC: "mac_algorithms",
}


def algorithms(key: Key) -> dict[str, list[str]]:
    """The one member with algorithms that the key's usage gives an answer."""
    return {_MEMBERS[key.usage]: [one.value for one in TRAITS[key.spec].algorithms[key.usage]]}


def seconds(time: int | None) -> float | None:
    """A time of the model as the API has it."""
    return None if time is None else time / 1000


def metadata_of(call: Call, key: Key) -> KeyMetadata:
    """The metadata of a key that is in the store."""
    if not key.multi_region:
        return metadata(key, call.time)
    with call.reading() as tx:
        return metadata(key, call.time, [related.arn.region for related in tx.related_keys(key.arn)])


def metadata(key: Key, now: int, regions: Iterable[Region] = ()) -> KeyMetadata:
    """The metadata of a key at `now`, in milliseconds; `regions` are those of related keys, its own too."""
    state = key.state_at(now)
    imported = NOTHING_IMPORTED if key.expired(now) else key.imported
    shows_material = key.symmetric_encryption and state is not KeyState.CREATING
    return KeyMetadata(
        aws_account_id=key.arn.account,
        key_id=key.arn.key_id,
        arn=str(key.arn),
        creation_date=key.created / 1000,
        enabled=state is KeyState.ENABLED,
        description=key.description,
        key_usage=key.usage.value,
        key_state=state.value,
        origin=key.origin.value,
        expiration_model=imported.expiration_model,
        valid_to=seconds(imported.valid_to),
        key_manager=key.manager.value,
        customer_master_key_spec=key.spec.value,
        key_spec=key.spec.value,
        deletion_date=seconds(key.deletion_date),
        multi_region=key.multi_region,
        multi_region_configuration=_configuration(key, regions),
        pending_deletion_window_in_days=key.pending_window,
        current_key_material_id=key.current_material if shows_material else None,
        **algorithms(key),  # type: ignore[arg-type]  # one of the members that hold algorithms
    )


def _configuration(key: Key, regions: Iterable[Region]) -> MultiRegionConfiguration | None:
    """The same for each of the related keys but for the type; the replicas in the order of their Regions."""
    if key.primary_region is None:
        return None
    return MultiRegionConfiguration(
        multi_region_key_type=key.multi_region_key_type,
        primary_key=_in(key, key.primary_region),
        replica_keys=[_in(key, region) for region in sorted(regions) if region != key.primary_region],
    )


def _in(key: Key, region: Region) -> MultiRegionKey:
    return MultiRegionKey(arn=str(key.arn.in_region(region)), region=region)
