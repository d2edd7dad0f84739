"""What a client was told, and what it asked for without an answer: a restart is held against both."""

import json
import threading
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError

Policy = dict[str, Any]


@dataclass(slots=True)
class Ledger:
    """The changes of one writer; `policies` holds what GetKeyPolicy may return, normally one document.

    Attributes:
        policies: key id -> the acknowledged document, and behind it the one in flight if there is one.
        aliases: acknowledged alias name -> key id.
        creating: description of a CreateKey in flight -> its policy.
        naming: alias name of a CreateAlias in flight -> key id.
        acknowledged: how many changes were.
    """

    policies: dict[str, list[Policy]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    creating: dict[str, Policy] = field(default_factory=dict)
    naming: dict[str, str] = field(default_factory=dict)
    acknowledged: int = 0


class Writer(threading.Thread):
    """CreateKey, PutKeyPolicy, CreateAlias, again and again until the server is gone.

    A server that is gone ends the thread; any other failure is kept in `failure`.
    """

    def __init__(self, kms: Any, account: str, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.ledger = Ledger()
        self.failure: BaseException | None = None
        self._kms, self._account = kms, account

    def run(self) -> None:
        """Writes until the connection breaks."""
        number = 0
        try:
            while True:
                self._change(f"{self.name}-{number}")
                number += 1
        except (HTTPClientError, NoConnection):
            pass  # the kill: the call may have happened or not
        except BaseException as failure:  # noqa: BLE001, handed to the test, which fails with it
            self.failure = failure

    def _change(self, name: str) -> None:
        ledger = self.ledger
        first, second = (policy(self._account, f"{name}-{version}") for version in ("first", "second"))

        ledger.creating[name] = first
        made = self._kms.create_key(Description=name, Policy=json.dumps(first))["KeyMetadata"]
        del ledger.creating[name]
        key_id: str = made["KeyId"]
        ledger.policies[key_id] = [first]
        ledger.acknowledged += 1

        ledger.policies[key_id] = [first, second]
        self._kms.put_key_policy(KeyId=key_id, Policy=json.dumps(second))
        ledger.policies[key_id] = [second]
        ledger.acknowledged += 1

        ledger.naming[f"alias/{name}"] = key_id
        self._kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=key_id)
        del ledger.naming[f"alias/{name}"]
        ledger.aliases[f"alias/{name}"] = key_id
        ledger.acknowledged += 1


def policy(account: str, name: str) -> Policy:
    """A key policy that can be told from every other and does not lock its owner out."""
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    allow_root = {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Id": name, "Statement": [{"Sid": f"Sid of {name}", **allow_root}]}
