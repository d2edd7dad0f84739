"""A new access key for a root user, made by the operator."""

import os

from keystead.app.clock import milliseconds
from keystead.app.installation import Installation
from keystead.config import ConfigError
from keystead.crypto.randomness import Random
from keystead.kinds import OldAccessKeys
from keystead.model import Credential
from keystead.names import AccountId
from keystead.service.root_access_keys import RootAccessKey, TooManyAccessKeys, rotate_root_access_keys


def rotate_root_access_key(
    installation: Installation, account: AccountId, old: OldAccessKeys, random: Random = os.urandom
) -> tuple[RootAccessKey, tuple[Credential, ...]]:
    """A new access key for an account's root user, and those that it had before.

    Raises:
        ConfigError: there are as many as there may be and they shall stay, or as `Installation.build`.
        RootKeyRefused: as `Installation.build`, and so does StoreError.
    """
    with installation.opened() as (store, sealer), store.write("rotate root access key") as tx:
        try:
            return rotate_root_access_keys(tx, sealer, account, old, milliseconds(), random)
        except TooManyAccessKeys as full:
            raise ConfigError(
                f"the root user of {account} has {full} already, and may have no more: give --old delete, "
                "or delete one through IAM"
            ) from None
