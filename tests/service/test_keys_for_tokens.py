"""AWS owned keys over the life of an installation."""

from pathlib import Path

from tests.iam.in_process import ACCOUNT, InProcess

from keystead.crypto.owned_keys import PURPOSES
from keystead.store import open_store

YEAR = 365 * 24 * 3600


def numbers(inside: InProcess) -> dict[str, list[int]]:
    with inside.store.read() as tx:
        found = tx.owned_keys()
    return {purpose: [key.number for key in found if key.purpose == purpose] for purpose in PURPOSES}


def test_a_first_start_makes_one_for_each_purpose_and_a_second_none(tmp_path: Path) -> None:
    database = str(tmp_path / "keystead.db")
    first = InProcess(store=open_store(database))
    once = numbers(first)
    assert once == {purpose: [1] for purpose in PURPOSES}
    second = InProcess(store=open_store(database))
    assert numbers(second) == once
    for inside in (first, second):
        inside.store.close()


def test_they_are_in_no_list_and_of_no_account() -> None:
    inside = InProcess()
    kms = inside.client("kms")
    assert kms.list_keys()["Keys"] == []
    assert [event["eventName"] for event in inside.events()] == ["ListKeys"]
    inside.store.close()


def test_a_year_later_there_are_new_ones_and_old_tokens_open(tmp_path: Path) -> None:
    database = str(tmp_path / "keystead.db")
    one, other = InProcess(store=open_store(database)), InProcess(store=open_store(database))
    kms = one.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    root = f"arn:aws:iam::{ACCOUNT}:root"
    asked = {"KeyId": key, "GranteePrincipal": root, "Operations": ["Decrypt"]}
    old = kms.create_grant(**asked)["GrantToken"]
    for inside in (one, other):
        inside.now += YEAR
        inside.service.run_jobs()
    assert numbers(one) == numbers(other) == {purpose: [1, 2] for purpose in PURPOSES}
    new = kms.create_grant(**asked)["GrantToken"]
    # The other process learns of the new key with its next request.
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    for token in (old, new):
        other.client("kms").decrypt(CiphertextBlob=blob, GrantTokens=[token])
    one.pass_time(1)
    assert numbers(one)["marker"] == [1, 2]
    for inside in (one, other):
        inside.store.close()


def test_sessions_go_on_with_another_key() -> None:
    inside = InProcess()
    inside.now += YEAR - 600  # ten minutes before
    session = inside.client("sts").get_session_token()["Credentials"]
    inside.pass_time(900)
    assert numbers(inside)["session token"] == [1, 2]
    inside.client("kms", session).list_keys()
    inside.store.close()


def test_a_reset_leaves_them() -> None:
    inside = InProcess()
    inside.service.reset()
    assert numbers(inside) == {purpose: [1] for purpose in PURPOSES}
    kms = inside.client("kms")
    for _ in range(2):
        kms.create_key()
    marker = kms.list_keys(Limit=1)["NextMarker"]
    assert len(kms.list_keys(Marker=marker)["Keys"]) == 1
    inside.store.close()
