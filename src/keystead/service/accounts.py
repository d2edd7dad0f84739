"""Accounts as operators and Organizations make them: their ids, the access key of their root user."""

from keystead.crypto.material import Sealer
from keystead.crypto.randomness import Random, below
from keystead.model import Account
from keystead.names import AccountId
from keystead.service.root_access_keys import RootAccessKey, add_root_access_key
from keystead.store.port import WriteTx


def new_account_id(random: Random) -> AccountId:
    """Twelve digits, the first of them not 0, which spreadsheets and YAML lose."""
    return AccountId.parse(str(10**11 + below(9 * 10**11, random)))


def add_account(tx: WriteTx, sealer: Sealer, account: Account, random: Random) -> RootAccessKey:
    """Adds an account and an access key of its root user; `AlreadyExists` if its id or address is taken."""
    tx.add_account(account)
    return add_root_access_key(tx, sealer, account.id, account.created, random)
