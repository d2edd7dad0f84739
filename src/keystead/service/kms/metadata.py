"""What DescribeKey and CreateKey say of a key (KMS API, `KeyMetadata`)."""

from keystead.kinds import KeyState, KeyUsage
from keystead.model import Key
from keystead.model.key import NOTHING_IMPORTED
from keystead.model.key_spec import TRAITS
from keystead.shapes.kms import KeyMetadata

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


def metadata(key: Key, now: int) -> KeyMetadata:
    """The metadata of a key at `now`, in milliseconds."""
    state = key.state_at(now)
    imported = NOTHING_IMPORTED if key.expired(now) else key.imported
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
        current_key_material_id=key.current_material if key.symmetric_encryption else None,
        **algorithms(key),  # type: ignore[arg-type]  # one of the members that hold algorithms
    )
