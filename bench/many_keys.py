"""Very many keys and aliases, put into an installation's database in bulk."""

import os
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, insert, select
from sqlalchemy.pool import NullPool

from bench.servers import REGION, Installation
from keystead.config import DATABASE_NAME
from keystead.crypto.key_families import new_material
from keystead.crypto.material import Sealer, new_material_id, seal_material
from keystead.crypto.root_key import FileRootKey
from keystead.kinds import KeyManager, KeySpec, KeyState, KeyUsage, Origin
from keystead.model import Alias, Key, KeyMaterial
from keystead.names import AccountId, AliasArn, AliasName, KeyArn, KeyId, Region
from keystead.policy import default_key_policy
from keystead.store import open_store
from keystead.store.tables import ALIAS, KEY_MATERIAL, KMS_KEY

ALIASES_EACH = 2
BATCH = 10_000
"""Keys whose rows are made, and then inserted, at once."""

FAST = (
    "journal_mode = OFF",  # a fill that is interrupted is thrown away
    "synchronous = OFF",
    "cache_size = -2000000",
)


@dataclass(frozen=True, slots=True)
class ManyKeys:
    """The keys of an account by number; ids and alias names follow from it in no order.

    Attributes:
        account: whose they are.
        count: the numbers are below it.
    """

    account: AccountId
    count: int

    def arn(self, number: int) -> KeyArn:
        """The key's ARN."""
        digest = blake2b(b"key %d" % number, digest_size=16).digest()
        return KeyArn(
            Region.parse(REGION), self.account, KeyId.parse(str(uuid.UUID(bytes=digest, version=4)))
        )

    def alias(self, number: int, which: int) -> AliasName:
        """The name of one of the key's aliases."""
        digest = blake2b(b"alias %d of key %d" % (which, number), digest_size=12).hexdigest()
        return AliasName.parse(f"alias/{digest}")

    def fill(self, installation: Installation) -> None:
        """Adds them all to an installation whose server does not run.

        The first key and its first alias come in through the store. Their rows are the pattern of all others,
        so that a column that the store writes is in all of them.
        """
        began = time.perf_counter()
        sealer = sealer_of(installation)
        self._add_first(installation, sealer)
        path = installation.data / DATABASE_NAME
        engine = create_engine("sqlite://", creator=lambda: _connect(path), poolclass=NullPool)
        with engine.connect() as connection, connection.begin():
            patterns = {table: _only_row(connection, table) for table in (KMS_KEY, KEY_MATERIAL, ALIAS)}
            for start in range(0, self.count, BATCH):
                for table, rows in self._rows(range(start, min(self.count, start + BATCH)), sealer):
                    connection.execute(insert(table), [patterns[table] | row for row in rows])
        took = time.perf_counter() - began
        print(f"{self.count} keys, {self.count * ALIASES_EACH} aliases added to the store in {took:.0f} s")

    def _add_first(self, installation: Installation, sealer: Sealer) -> None:
        store = open_store(str(installation.data / DATABASE_NAME))
        now = int(time.time() * 1000)
        arn = self.arn(0)
        alias = AliasArn(arn.region, arn.account, self.alias(0, 0))
        try:
            with store.write("fill for the bench") as tx:
                tx.add_key(*new_key(arn, default_key_policy(self.account), sealer))
                tx.add_alias(Alias(alias, arn.key_id, now, now))
        finally:
            store.close()

    def _rows(self, numbers: range, sealer: Sealer) -> Iterator[tuple[Table, list[dict[str, object]]]]:
        """What tells the rows of these keys from the pattern; a table others refer to comes first."""
        made = [
            (number, self.arn(number), new_material_id(os.urandom)) for number in numbers if number
        ]  # the first is there
        yield (
            KMS_KEY,
            [{"key_id": arn.key_id, "current_material": material_id} for _, arn, material_id in made],
        )
        yield (
            KEY_MATERIAL,
            [
                {
                    "key_id": arn.key_id,
                    "material_id": material_id,
                    "sealed": seal_material(
                        sealer, arn, material_id, new_material(KeySpec.SYMMETRIC_DEFAULT)
                    ),
                }
                for _, arn, material_id in made
            ],
        )
        yield (
            ALIAS,
            [
                {"name": self.alias(number, which), "target": self.arn(number).key_id}
                for number in numbers
                for which in range(ALIASES_EACH)
                if number or which
            ],
        )


def sealer_of(installation: Installation) -> Sealer:
    """What seals material in an installation."""
    with closing(open_store(str(installation.data / DATABASE_NAME))) as store, store.read() as tx:
        sealed = tx.root_key()
    if sealed is None:
        raise SystemExit("the installation has no root key")
    return Sealer(FileRootKey(installation.root_key_file).open(sealed.parameters, sealed.sealed))


def new_key(arn: KeyArn, policy: str, sealer: Sealer) -> tuple[Key, KeyMaterial]:
    """A symmetric encryption key as CreateKey makes it."""
    now = int(time.time() * 1000)
    material_id = new_material_id(os.urandom)
    key = Key(
        arn=arn,
        spec=KeySpec.SYMMETRIC_DEFAULT,
        usage=KeyUsage.ENCRYPT_DECRYPT,
        origin=Origin.AWS_KMS,
        manager=KeyManager.CUSTOMER,
        state=KeyState.ENABLED,
        description="",
        policy=policy,
        created=now,
        current_material=material_id,
    )
    sealed = seal_material(sealer, arn, material_id, new_material(KeySpec.SYMMETRIC_DEFAULT))
    return key, KeyMaterial(arn, material_id, sealed, now)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    for setting in FAST:
        connection.execute(f"PRAGMA {setting}")
    return connection


def _only_row(connection: Connection, table: Table) -> dict[str, Any]:
    rows = connection.execute(select(table)).all()
    if len(rows) != 1:
        raise SystemExit(f"the installation to fill has {len(rows) - 1} rows in `{table.name}` already")
    return rows[0]._asdict()
