"""The resident memory of one worker, with very many keys in the store, before and after using many."""

import os
import tempfile
import time
import uuid
from pathlib import Path

from bench.servers import (
    REGION,
    Installation,
    Server,
    family,
    initialise,
    keystead_serve,
    resident_mib,
)
from keystead.config import DATABASE_NAME
from keystead.crypto.key_families import new_material
from keystead.crypto.material import Sealer, new_material_id, seal_material
from keystead.crypto.root_key import FileRootKey
from keystead.kinds import KeyManager, KeySpec, KeyState, KeyUsage, Origin
from keystead.model import Key, KeyMaterial
from keystead.names import AccountId, KeyArn, KeyId, Region
from keystead.policy import default_key_policy
from keystead.store import open_store

USED = 5_000
"""Keys used through the API."""
BATCH = 1_000
"""Keys added in one transaction."""


def measure(keys: int) -> dict[str, float]:
    """Fills a store, starts the production server on it and prints MiB of its largest process."""
    with tempfile.TemporaryDirectory(prefix="keystead-bench-") as directory:
        installation = initialise(Path(directory))
        with keystead_serve(installation) as server:
            account = server.client("sts").get_caller_identity()["Account"]
            empty = largest_mib(server)
        began = time.perf_counter()
        arns = fill(installation, AccountId.parse(account), keys)
        print(f"{keys} keys added to the store in {time.perf_counter() - began:.0f} s")
        with keystead_serve(installation) as server:
            at_start = largest_mib(server)
            use(server, arns[:: max(1, keys // USED)])
            used = largest_mib(server)
    print(
        f"memory of one worker: {empty:.0f} MiB without keys, {at_start:.0f} MiB at the start with {keys},"
        f" {used:.0f} MiB after encrypting under {min(USED, keys)} of them"
    )
    return {"empty_mib": empty, "start_mib": at_start, "used_mib": used}


def fill(installation: Installation, account: AccountId, keys: int) -> list[KeyArn]:
    """Adds symmetric keys with the default policy straight to the store, each with material of its own."""
    store = open_store(str(installation.data / DATABASE_NAME))
    with store.read() as tx:
        sealed = tx.root_key()
    if sealed is None:
        raise SystemExit("the installation has no root key")
    sealer = Sealer(FileRootKey(installation.root_key_file).open(sealed.parameters, sealed.sealed))
    policy = default_key_policy(account)
    arns = [KeyArn(Region.parse(REGION), account, KeyId.parse(str(uuid.uuid4()))) for _ in range(keys)]
    try:
        for first in range(0, keys, BATCH):
            with store.write("fill for the bench") as tx:
                for arn in arns[first : first + BATCH]:
                    tx.add_key(*new_key(arn, policy, sealer))
    finally:
        store.close()
    return arns


def new_key(arn: KeyArn, policy: str, sealer: Sealer) -> tuple[Key, KeyMaterial]:
    """A key as CreateKey makes it."""
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


def use(server: Server, arns: list[KeyArn]) -> None:
    """Encrypts once under each key."""
    kms = server.client("kms")
    for arn in arns:
        kms.encrypt(KeyId=str(arn), Plaintext=b"a plaintext")


def largest_mib(server: Server) -> float:
    """The resident memory of the worker, which is the largest of the server's processes."""
    return max(resident_mib(pid) for pid in family(server.process.pid))
