"""The resident memory of one worker, with very many keys in the store, before and after using many."""

import tempfile
from pathlib import Path

from bench.many_keys import ManyKeys
from bench.servers import Server, family, initialise, keystead_serve, resident_mib
from keystead.names import AccountId, KeyArn

USED = 5_000
"""Keys used through the API."""


def measure(keys: int) -> dict[str, float]:
    """Fills a store, starts the production server on it and prints MiB of its largest process."""
    with tempfile.TemporaryDirectory(prefix="keystead-bench-") as directory:
        installation = initialise(Path(directory))
        with keystead_serve(installation) as server:
            account = server.client("sts").get_caller_identity()["Account"]
            empty = largest_mib(server)
        many = ManyKeys(AccountId.parse(account), keys)
        many.fill(installation)
        with keystead_serve(installation) as server:
            at_start = largest_mib(server)
            use(server, [many.arn(number) for number in range(0, keys, max(1, keys // USED))])
            used = largest_mib(server)
    print(
        f"memory of one worker: {empty:.0f} MiB without keys, {at_start:.0f} MiB at the start with {keys},"
        f" {used:.0f} MiB after encrypting under {min(USED, keys)} of them"
    )
    return {"empty_mib": empty, "start_mib": at_start, "used_mib": used}


def use(server: Server, arns: list[KeyArn]) -> None:
    """Encrypts once under each key."""
    kms = server.client("kms")
    for arn in arns:
        kms.encrypt(KeyId=str(arn), Plaintext=b"a plaintext")


def largest_mib(server: Server) -> float:
    """The resident memory of the worker, which is the largest of the server's processes."""
    return max(resident_mib(pid) for pid in family(server.process.pid))
