"""Installations with very many keys, aliases and grants, made once and kept."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from botocore.credentials import Credentials

from bench import grants
from bench.many_keys import ManyKeys
from bench.servers import Installation, Server, initialise, keystead_serve
from keystead.config import DATABASE_NAME
from keystead.kinds import GrantOperation
from keystead.model import Grant
from keystead.names import AccountId, KeyArn
from keystead.store.schema import HEAD

GRANTS = 50_000
"""On the first key of the larger installation: what AWS lets a key have."""

TOLD = "installation.json"
"""The file of a directory that is complete."""


@dataclass(frozen=True, slots=True)
class Filled:
    """An installation with its keys and callers.

    Attributes:
        owner: a user whom an identity policy allows all of KMS.
        grantee: a user whom one grant on the first key allows to draw data keys, and nothing anything else.
    """

    installation: Installation
    keys: ManyKeys
    owner: Credentials
    grantee: Credentials

    @staticmethod
    def contexts(count: int) -> list[dict[str, str]]:
        """Different encryption contexts that the grantee's grant allows."""
        return [grants.PURPOSE | grants.order(number) for number in range(count)]


def made(directory: Path, keys: int, grants_on_first: int) -> Filled:
    """A new installation with so many keys, and grants on the first of them: one is the grantee's."""
    installation = initialise(directory)
    with keystead_serve(installation) as server:
        account = AccountId.parse(server.client("sts").get_caller_identity()["Account"])
        _, owner = user(server, "owner")
        allow = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
        server.client("iam").put_user_policy(
            UserName="owner",
            PolicyName="kms",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": allow}),
        )
        grantee_id, grantee = user(server, "grantee")
    many = ManyKeys(account, keys)
    many.fill(installation)
    grants.fill(installation, on_first(many.arn(0), grantee_id, grants_on_first))
    return Filled(installation, many, owner, grantee)


def kept_or_made(directory: Path, keys: int) -> Filled:
    """The installation with so many keys in `directory`, where it is made unless an earlier run did.

    Another schema is another installation. Measuring adds keys and events to it.
    """
    home = directory / f"keys-{keys}-{HEAD}"
    told = home / TOLD
    if not told.exists():
        shutil.rmtree(home, ignore_errors=True)  # an earlier run was interrupted
        home.mkdir(mode=0o700, parents=True)
        filled = made(home / "files", keys, GRANTS)
        root = filled.installation
        told.write_text(
            json.dumps(
                {
                    "account": filled.keys.account,
                    "root": [root.access_key_id, root.secret],
                    "owner": [filled.owner.access_key, filled.owner.secret_key],
                    "grantee": [filled.grantee.access_key, filled.grantee.secret_key],
                }
            )
        )
        return filled
    kept = json.loads(told.read_text())
    files = home / "files"
    read_through(files / "data" / DATABASE_NAME)
    return Filled(
        Installation(files / "data", files / "root.key", *kept["root"]),
        ManyKeys(AccountId.parse(kept["account"]), keys),
        Credentials(*kept["owner"]),
        Credentials(*kept["grantee"]),
    )


def read_through(path: Path) -> None:
    """Brings a file into the operating system's cache, as if it had just been written."""
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 20):
            pass


def user(server: Server, name: str) -> tuple[str, Credentials]:
    """A new IAM user's unique id and access key."""
    iam = server.client("iam")
    unique_id = iam.create_user(UserName=name)["User"]["UserId"]
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return str(unique_id), Credentials(key["AccessKeyId"], key["SecretAccessKey"])


def on_first(key: KeyArn, grantee: str, count: int) -> Iterable[Grant]:
    """The grantee's grant, amid those to others."""
    mine = count // 2
    for number in range(count):
        if number == mine:
            grant = grants.to_user(key, number, grantee, grants.PURPOSE)
            yield replace(grant, operations=(GrantOperation.GENERATE_DATA_KEY,))
        else:
            yield grants.to_another(key, number)
