"""What DescribeKey and CreateKey say of a key (KMS API, `KeyMetadata`)."""

from keystead.kinds import KeyState, KeyUsage
from keystead.model import Key
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


def metadata(key: Key) -> KeyMetadata:
    """The metadata of a key."""
    return KeyMetadata(
        aws_account_id=key.arn.account,
        key_id=key.arn.key_id,
        arn=str(key.arn),
        creation_date=key.created / 1000,
        enabled=key.state is KeyState.ENABLED,
        description=key.description,
        key_usage=key.usage.value,
        key_state=key.state.value,
        origin=key.origin.value,
        key_manager=key.manager.value,
        customer_master_key_spec=key.spec.value,
        key_spec=key.spec.value,
        deletion_date=None if key.deletion_date is None else key.deletion_date / 1000,
        multi_region=key.multi_region,
        current_key_material_id=key.current_material if key.symmetric_encryption else None,
        **algorithms(key),  # type: ignore[arg-type]  # one of the members that hold algorithms
    )
