import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from in_process import ACCOUNT, NOW, InProcess, allow

from keystead.model import CredentialUse
from keystead.names import Region
from keystead.store import StoreError

Refused = Callable[..., tuple[int, str, str]]

INVALID_TOKEN = (403, "InvalidClientTokenId", "The security token included in the request is invalid.")


@pytest.fixture
def alice(root: Any) -> Any:
    root.create_user(UserName="Alice", Path="/team/")
    return root.create_access_key(UserName="alice")["AccessKey"]


def test_an_access_key_is_answered_once_with_its_secret(root: Any, alice: Any) -> None:
    assert re.fullmatch("AKIA[A-Z2-7]{16}", alice["AccessKeyId"])
    assert re.fullmatch("[A-Za-z0-9+/]{40}", alice["SecretAccessKey"])
    assert (alice["UserName"], alice["Status"]) == ("Alice", "Active")
    assert root.list_access_keys(UserName="ALICE")["AccessKeyMetadata"] == [
        {
            "UserName": "Alice",
            "AccessKeyId": alice["AccessKeyId"],
            "Status": "Active",
            "CreateDate": datetime(2027, 1, 15, 8, 2, 3, tzinfo=UTC),
        }
    ]


def test_its_user_signs_with_it_until_it_may_not(
    inside: InProcess, root: Any, alice: Any, refused: Refused
) -> None:
    sts = inside.client("sts", alice)
    named = {"UserName": "Alice", "AccessKeyId": alice["AccessKeyId"]}
    who = sts.get_caller_identity()
    assert (who["Account"], who["Arn"], who["UserId"]) == (
        ACCOUNT,
        f"arn:aws:iam::{ACCOUNT}:user/team/Alice",
        root.get_user(UserName="Alice")["User"]["UserId"],
    )
    root.update_access_key(**named, Status="Inactive")
    assert refused(sts.get_caller_identity) == INVALID_TOKEN
    root.update_access_key(**named, Status="Active")
    sts.get_caller_identity()
    root.delete_access_key(**named)
    assert refused(sts.get_caller_identity) == INVALID_TOKEN
    sentence = f"The Access Key with id {alice['AccessKeyId']} cannot be found."
    missing = (404, "NoSuchEntity", sentence)
    assert refused(root.delete_access_key, **named) == missing
    assert refused(root.update_access_key, **named, Status="Active") == missing


def test_another_secret_does_not_sign(inside: InProcess, alice: Any, refused: Refused) -> None:
    sts = inside.client("sts", (alice["AccessKeyId"], alice["SecretAccessKey"][::-1]))
    assert refused(sts.get_caller_identity)[:2] == (403, "SignatureDoesNotMatch")


def test_a_deleted_user_signs_nothing(inside: InProcess, root: Any, alice: Any, refused: Refused) -> None:
    sts = inside.client("sts", alice)
    sts.get_caller_identity()
    root.delete_access_key(UserName="Alice", AccessKeyId=alice["AccessKeyId"])
    root.delete_user(UserName="Alice")
    assert refused(sts.get_caller_identity) == INVALID_TOKEN


def test_two_keys_are_all(root: Any, alice: Any, refused: Refused) -> None:
    second = root.create_access_key(UserName="Alice")["AccessKey"]
    root.update_access_key(UserName="Alice", AccessKeyId=second["AccessKeyId"], Status="Inactive")
    assert refused(root.create_access_key, UserName="Alice") == (
        409,
        "LimitExceeded",
        "Cannot exceed quota for AccessKeysPerUser: 2",
    )
    pages = list(
        root.get_paginator("list_access_keys").paginate(UserName="Alice", PaginationConfig={"PageSize": 1})
    )
    assert [key["AccessKeyId"] for page in pages for key in page["AccessKeyMetadata"]] == sorted(
        [alice["AccessKeyId"], second["AccessKeyId"]]
    )


def test_a_key_of_another_user_is_not_there(root: Any, alice: Any, refused: Refused) -> None:
    root.create_user(UserName="bob")
    for call, more in ((root.delete_access_key, {}), (root.update_access_key, {"Status": "Inactive"})):
        assert refused(call, UserName="bob", AccessKeyId=alice["AccessKeyId"], **more)[1] == "NoSuchEntity"


def test_no_status_but_two(root: Any, alice: Any, refused: Refused) -> None:
    named = {"UserName": "Alice", "AccessKeyId": alice["AccessKeyId"]}
    for status in ("Expired", "active"):
        assert refused(root.update_access_key, **named, Status=status)[:2] == (400, "ValidationError")
    assert root.list_access_keys(UserName="Alice")["AccessKeyMetadata"][0]["Status"] == "Active"


def test_a_user_turns_its_own_keys(inside: InProcess, root: Any, alice: Any, refused: Refused) -> None:
    iam = inside.client("iam", alice)
    arn = f"arn:aws:iam::{ACCOUNT}:user/team/Alice"
    assert refused(iam.create_access_key) == (
        403,
        "AccessDenied",
        f"User: {arn} is not authorized to perform: iam:CreateAccessKey on resource: user Alice because no "
        "identity-based policy allows the iam:CreateAccessKey action",
    )
    allow(root, "Alice", "iam:*AccessKey*", arn)
    new = iam.create_access_key()["AccessKey"]
    assert len(iam.list_access_keys()["AccessKeyMetadata"]) == 2
    newer = inside.client("iam", new)
    newer.update_access_key(AccessKeyId=alice["AccessKeyId"], Status="Inactive")
    assert refused(iam.list_access_keys) == INVALID_TOKEN
    newer.delete_access_key(AccessKeyId=alice["AccessKeyId"])
    assert refused(newer.create_access_key, UserName="bob")[1] == "AccessDenied"


def test_a_root_user_turns_its_own_keys(inside: InProcess, root: Any, alice: Any, refused: Refused) -> None:
    assert root.list_access_keys()["AccessKeyMetadata"] == []
    first, second = (root.create_access_key()["AccessKey"] for _ in range(2))
    assert refused(root.create_access_key)[1] == "LimitExceeded"
    assert (first["UserName"], first["Status"]) == (ACCOUNT, "Active")
    sts = inside.client("sts", first)
    assert sts.get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    owned = inside.client("iam", second)
    listed = owned.list_access_keys()["AccessKeyMetadata"]
    assert [key["AccessKeyId"] for key in listed] == sorted([first["AccessKeyId"], second["AccessKeyId"]])
    owned.update_access_key(AccessKeyId=first["AccessKeyId"], Status="Inactive")
    assert refused(sts.get_caller_identity) == INVALID_TOKEN
    owned.update_access_key(AccessKeyId=first["AccessKeyId"], Status="Active")
    sts.get_caller_identity()
    owned.delete_access_key(AccessKeyId=first["AccessKeyId"])
    assert refused(sts.get_caller_identity) == INVALID_TOKEN
    # A user's is not among them, and nobody else's call reaches them.
    assert refused(owned.delete_access_key, AccessKeyId=alice["AccessKeyId"])[1] == "NoSuchEntity"
    allow(root, "Alice", "iam:*", "*")
    mighty = inside.client("iam", alice)
    for named in ({}, {"UserName": "Alice"}, {"UserName": ACCOUNT}, {"UserName": "root"}):
        assert refused(mighty.delete_access_key, AccessKeyId=second["AccessKeyId"], **named)[1] == (
            "NoSuchEntity"
        )
    other = inside.client("iam", ("111122223333", "test"))
    assert refused(other.delete_access_key, AccessKeyId=second["AccessKeyId"])[1] == "NoSuchEntity"
    assert other.list_access_keys()["AccessKeyMetadata"] == []


def last_use(iam: Any, key: Any) -> tuple[Any, ...]:
    answer = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    use = answer["AccessKeyLastUsed"]
    return answer["UserName"], use.get("LastUsedDate"), use["Region"], use["ServiceName"]


def test_the_last_use_of_an_access_key(inside: InProcess, root: Any, alice: Any, refused: Refused) -> None:
    assert last_use(root, alice) == ("Alice", None, "N/A", "N/A")
    inside.client("sts", alice, region="eu-west-1").get_caller_identity()
    first = datetime(2027, 1, 15, 8, 2, 3, tzinfo=UTC)
    assert last_use(root, alice) == ("Alice", first, "eu-west-1", "sts")
    # What does not authenticate is no use.
    wrong = inside.client("sts", (alice["AccessKeyId"], "wrong"))
    inside.now += 60
    assert refused(wrong.get_caller_identity)[1] == "SignatureDoesNotMatch"
    assert last_use(root, alice)[1] == first
    # What is not allowed is one.
    assert refused(inside.client("kms", alice).list_keys)[1] == "AccessDeniedException"
    second = datetime(2027, 1, 15, 8, 3, 3, tzinfo=UTC)
    assert last_use(root, alice) == ("Alice", second, "us-east-1", "kms")
    # Turned off, it is used no more.
    root.update_access_key(UserName="Alice", AccessKeyId=alice["AccessKeyId"], Status="Inactive")
    inside.now += 60
    assert refused(inside.client("sts", alice).get_caller_identity) == INVALID_TOKEN
    assert last_use(root, alice)[1] == second


def test_the_last_use_is_kept_and_only_grows(inside: InProcess, root: Any, alice: Any) -> None:
    inside.client("sts", alice).get_caller_identity()
    inside.service.keep_last_uses()
    with inside.store.read() as tx:
        kept = tx.credential_use(alice["AccessKeyId"])
        changes = tx.last_change()
    assert kept == CredentialUse(int(NOW * 1000), Region("us-east-1"), "sts")
    again = InProcess(store=inside.store)  # another worker
    iam = again.client("iam")
    assert last_use(iam, alice) == last_use(root, alice)
    assert last_use(iam, alice)[3] == "sts"
    # A worker that saw an earlier one, and is late to keep it, changes nothing.
    again.now -= 30
    again.client("sts", alice, region="eu-west-1").get_caller_identity()
    assert last_use(iam, alice)[2] == "us-east-1"
    again.service.keep_last_uses()
    assert last_use(iam, alice)[2] == "us-east-1"
    # Not news to any cache.
    with inside.store.read() as tx:
        assert tx.last_change() == changes


def test_uses_that_could_not_be_kept_are_kept_later(inside: InProcess, root: Any, alice: Any) -> None:
    inside.client("sts", alice).get_caller_identity()
    with pytest.raises(StoreError), inside.store.write("another"):
        inside.service.keep_last_uses()
    assert last_use(root, alice)[3] == "sts"
    inside.service.keep_last_uses()
    with inside.store.read() as tx:
        assert tx.credential_use(alice["AccessKeyId"]) is not None


def test_who_may_ask_for_the_last_use(inside: InProcess, root: Any, alice: Any, refused: Refused) -> None:
    iam = inside.client("iam", alice)
    arn = f"arn:aws:iam::{ACCOUNT}:user/team/Alice"
    assert refused(iam.get_access_key_last_used, AccessKeyId=alice["AccessKeyId"]) == (
        403,
        "AccessDenied",
        f"User: {arn} is not authorized to perform: iam:GetAccessKeyLastUsed on resource: {arn} because no "
        "identity-based policy allows the iam:GetAccessKeyLastUsed action",
    )
    allow(root, "Alice", "iam:GetAccessKeyLastUsed", arn)
    assert last_use(iam, alice)[0] == "Alice"
    foreign = inside.client("iam", ("111122223333", "test")).create_access_key()["AccessKey"]
    for absent in (foreign["AccessKeyId"], "AKIA" + "A" * 16):
        assert refused(iam.get_access_key_last_used, AccessKeyId=absent)[1] == "AccessDenied"
        assert refused(root.get_access_key_last_used, AccessKeyId=absent) == (
            404,
            "NoSuchEntity",
            f"The Access Key with id {absent} cannot be found.",
        )
    roots = root.create_access_key()["AccessKey"]
    assert last_use(root, roots) == (ACCOUNT, None, "N/A", "N/A")
    assert refused(iam.get_access_key_last_used, AccessKeyId=roots["AccessKeyId"])[1] == "AccessDenied"


def test_the_secret_is_in_no_event_and_no_row(inside: InProcess, root: Any, alice: Any) -> None:
    secret = alice["SecretAccessKey"]
    assert secret not in str(inside.events())
    (made,) = (event for event in inside.events() if event["eventName"] == "CreateAccessKey")
    assert made["requestParameters"] == {"userName": "alice"}
    assert made["responseElements"] == {
        "accessKey": {
            "userName": "Alice",
            "accessKeyId": alice["AccessKeyId"],
            "status": "Active",
            "createDate": "Jan 15, 2027 8:02:03 AM",
        }
    }
    with inside.store.read() as tx:
        credential = tx.credential(alice["AccessKeyId"])
    assert credential is not None
    assert secret.encode() not in credential.sealed_secret
    assert secret not in repr(credential)
