"""Access keys of root users, made by the operator of an installation and not by a call.

For the first account, and for whoever has lost the secret: a root user who signs manages them through IAM.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from keystead.audit import event as audit
from keystead.crypto.material import Sealer, seal_secret
from keystead.crypto.randomness import Random
from keystead.kinds import CredentialStatus, OldAccessKeys
from keystead.model import Credential
from keystead.names import AccessKeyId, AccountId
from keystead.service.iam.access_keys import MOST_KEYS
from keystead.service.iam.identifiers import new_access_key_id, new_secret
from keystead.service.uuids import Uuids
from keystead.store.port import WriteTx


@dataclass(frozen=True, slots=True)
class RootAccessKey:
    """The access key of an account's root user, as it is shown once."""

    account: AccountId
    access_key_id: AccessKeyId
    secret: str = field(repr=False)


class TooManyAccessKeys(Exception):
    """A root user, or a service, would have more access keys than AWS allows a user."""


def add_root_access_key(
    tx: WriteTx, sealer: Sealer, account: AccountId, now: int, random: Random
) -> RootAccessKey:
    """Makes an active access key for the account's root user; `now` is in milliseconds."""
    key = RootAccessKey(account, new_access_key_id(random), new_secret(random))
    sealed = seal_secret(sealer, key.access_key_id, key.secret, random)
    tx.add_credential(Credential(key.access_key_id, account, None, CredentialStatus.ACTIVE, sealed, now))
    return key


def retire(
    before: Sequence[AccessKeyId],
    old: OldAccessKeys,
    delete: Callable[[AccessKeyId], None],
    set_status: Callable[[AccessKeyId, CredentialStatus], None],
) -> None:
    """What becomes of the access keys there were before a new one, by the verbs of the store for their kind.

    Raises:
        TooManyAccessKeys: there are as many as there may be, and `old` lets them stay.
    """
    if old is not OldAccessKeys.DELETE and len(before) >= MOST_KEYS:
        raise TooManyAccessKeys(", ".join(before))
    for each in before:
        if old is OldAccessKeys.DELETE:
            delete(each)
        elif old is OldAccessKeys.DEACTIVATE:
            set_status(each, CredentialStatus.INACTIVE)


def rotate_root_access_keys(
    tx: WriteTx, sealer: Sealer, account: AccountId, old: OldAccessKeys, now: int, random: Random
) -> tuple[RootAccessKey, tuple[Credential, ...]]:
    """A new access key, and those that there were before; all of it and its event in one transaction.

    Raises:
        TooManyAccessKeys: there are as many as there may be, and `old` lets them stay.
    """
    before = tx.root_credentials(account)
    ids = [each.access_key_id for each in before]
    retire(ids, old, tx.delete_credential, tx.set_credential_status)
    key = add_root_access_key(tx, sealer, account, now, random)
    details = {
        "accessKeyId": key.access_key_id,
        "previousAccessKeyIds": ids,
        "previousAccessKeys": old.value,
    }
    uuids = Uuids(random)
    record = audit.operator_record(
        "RotateRootAccessKey",
        "keystead credential rotate",
        details,
        time=now,
        request_id=uuids.draw(),
        event_id=uuids.draw(),
        source="iam.amazonaws.com",
        account=account,
    )
    tx.append_events([audit.event(record, now)])
    return key, before
