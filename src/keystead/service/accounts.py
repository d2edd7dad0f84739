"""Accounts as operators and Organizations make them: their ids, the access key of their root user."""

from dataclasses import dataclass, field

from keystead.crypto.material import Sealer, seal_secret
from keystead.crypto.randomness import Random, below
from keystead.kinds import CredentialStatus
from keystead.model import Account, Credential
from keystead.names import AccessKeyId, AccountId
from keystead.service.iam.identifiers import new_access_key_id, new_secret
from keystead.store.port import WriteTx


@dataclass(frozen=True, slots=True)
class RootAccessKey:
    """The access key of an account's root user, as it is shown once."""

    account: AccountId
    access_key_id: AccessKeyId
    secret: str = field(repr=False)


def new_account_id(random: Random) -> AccountId:
    """Twelve digits, the first of them not 0, which spreadsheets and YAML lose."""
    return AccountId.parse(str(10**11 + below(9 * 10**11, random)))


def add_account(tx: WriteTx, sealer: Sealer, account: Account, random: Random) -> RootAccessKey:
    """Adds an account and an access key of its root user; `AlreadyExists` if its id or address is taken."""
    key = RootAccessKey(account.id, new_access_key_id(random), new_secret(random))
    tx.add_account(account)
    sealed = seal_secret(sealer, key.access_key_id, key.secret, random=random)
    tx.add_credential(
        Credential(key.access_key_id, account.id, None, CredentialStatus.ACTIVE, sealed, account.created)
    )
    return key
