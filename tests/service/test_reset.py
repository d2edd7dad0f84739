"""What another worker of `keystead dev` forgets when one is told to reset."""

import json
from datetime import UTC, datetime
from pathlib import Path

from keystead.crypto.material import Sealer
from keystead.names import AccessKeyId, AccountId
from keystead.service.answer import Answer
from keystead.service.authentication import DevRoot
from keystead.service.service import Service
from keystead.store import Store, open_store
from keystead.wire import sigv4
from keystead.wire.http import HttpRequest

NOW = 1_800_000_000.0
ROOT = sigv4.Credentials(AccessKeyId("111122223333"), "test")


def worker(store: Store) -> Service:
    dev = DevRoot("test", "test", AccountId("000000000000"))
    return Service(store=store, sealer=Sealer(bytes(32)), clock=lambda: NOW, dev=dev)


def create_key(service: Service) -> tuple[int, dict[str, object]]:
    headers = {"host": "keystead.test", "x-amz-target": "TrentService.CreateKey"}
    http = HttpRequest("POST", "/", "", headers, b"{}", "192.0.2.7", secure=False)
    timestamp = datetime.fromtimestamp(NOW, UTC).strftime("%Y%m%dT%H%M%SZ")
    service.refresh()
    begun = service.begin(sigv4.sign(http, ROOT, "us-east-1", "kms", timestamp), "request")
    answer = begun if isinstance(begun, Answer) else service.finish(begun)
    return answer.response.status, json.loads(answer.response.body)


def test_an_account_is_made_anew_after_a_reset_by_another_worker(tmp_path: Path) -> None:
    stores = [open_store(str(tmp_path / "keystead.db")) for _ in range(2)]
    one, other = map(worker, stores)
    try:
        assert create_key(one)[0] == create_key(other)[0] == 200
        one.reset()
        assert create_key(other)[0] == 200
        assert create_key(one)[0] == 200
    finally:
        for store in stores:
            store.close()
