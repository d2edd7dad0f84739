"""Resource quotas of KMS: LimitExceededException for what would be one too many.

Inside the transaction that adds it, so that of two at once one is refused. The sentences are ours.
"""

from keystead.names import KeyArn, Region
from keystead.service.call import WriteCall
from keystead.shapes.kms_errors import LimitExceededException


def check_keys(call: WriteCall, region: Region) -> None:
    """Refuses a customer managed key more in the caller's account."""
    most = call.quotas.keys
    if most is not None and call.tx.key_count(call.account, region) >= most:
        raise LimitExceededException(
            f"Account {call.account} has {most} KMS keys in {region}, and none can be added."
        )


def check_aliases(call: WriteCall, key: KeyArn) -> None:
    """Refuses an alias more of a key."""
    most = call.quotas.aliases_per_key
    if len(call.tx.aliases_of_key(key, "", most)) >= most:
        raise LimitExceededException(f"Key {key} has {most} aliases, and none can be added.")


def check_grants(call: WriteCall, key: KeyArn) -> None:
    """Refuses a grant more of a key."""
    most = call.quotas.grants_per_key
    if call.tx.grant_count(key) >= most:
        raise LimitExceededException(f"Key {key} has {most} grants, and none can be added.")
