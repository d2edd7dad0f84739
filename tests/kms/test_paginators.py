"""Long lists by those who page: boto3's paginators, the AWS CLI's options, and who polls for a change.

botocore has no waiter for KMS; clients such as Terraform ask again until an answer says what they wait for.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from keystead.service.managed_keys.kinds import OF_AWS

pytestmark = pytest.mark.wire

ACCOUNT = "604417092258"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
PATIENCE = 60.0
"""Seconds until a poller gives up; what is waited for takes six."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A List operation.

    Attributes:
        operation: in the words of boto3; the AWS CLI has hyphens.
        members: what holds the entries.
        name: what tells an entry from the others; empty when the entry is a text.
        count: how many there are in the account of these tests.
        asked: members of the request; `{key}` is the key.
    """

    operation: str
    members: str
    name: str
    count: int
    asked: Mapping[str, str]

    def names(self, entries: list[Any]) -> list[str]:
        return [entry[self.name] if self.name else entry for entry in entries]


PREDEFINED = sum(kind.listed for kind in OF_AWS.values())
"""Aliases of AWS managed keys that every account lists."""

OF_KEY = {"KeyId": "{key}"}
LISTINGS = [
    Listing("list_keys", "Keys", "KeyArn", 5, {}),
    Listing("list_aliases", "Aliases", "AliasName", 5 + PREDEFINED, {}),
    Listing("list_resource_tags", "Tags", "TagKey", 5, OF_KEY),
    Listing("list_grants", "Grants", "GrantId", 5, OF_KEY),
    Listing("list_retirable_grants", "Grants", "GrantId", 5, {"RetiringPrincipal": ROOT}),
    Listing("list_key_policies", "PolicyNames", "", 1, OF_KEY),
    Listing(
        "list_key_rotations",
        "Rotations",
        "KeyMaterialId",
        2,
        OF_KEY | {"IncludeKeyMaterial": "ALL_KEY_MATERIAL"},
    ),
]
BY_OPERATION = {listing.operation: listing for listing in LISTINGS}


@dataclass(frozen=True, slots=True)
class Lists:
    """The account, and the key that has the most."""

    server: Any
    kms: Any
    key: str

    def asked(self, listing: Listing) -> dict[str, str]:
        return {name: value.replace("{key}", self.key) for name, value in listing.asked.items()}

    def cli(self, listing: Listing, *options: str) -> dict[str, Any]:
        """What the AWS CLI prints, which joins pages."""
        arguments = [
            text
            for name, value in self.asked(listing).items()
            for text in (
                f"--{''.join(f'-{c.lower()}' if c.isupper() else c for c in name).lstrip('-')}",
                value,
            )
        ]
        command = listing.operation.replace("_", "-")
        done = self.server.aws("kms", command, *arguments, *options, credentials=(ACCOUNT, "test"))
        assert done.returncode == 0, done.stderr
        printed: dict[str, Any] = json.loads(done.stdout)
        return printed


@pytest.fixture(scope="module")
def lists(shared_dev: Any) -> Lists:
    """Five keys; one of them has five aliases, tags and grants, and is rotated once."""
    kms = shared_dev.client("kms", (ACCOUNT, "test"))
    key = [kms.create_key()["KeyMetadata"]["Arn"] for _ in range(5)][2]
    kms.rotate_key_on_demand(KeyId=key)
    for number in range(5):
        kms.create_alias(AliasName=f"alias/{number}", TargetKeyId=key)
        kms.tag_resource(KeyId=key, Tags=[{"TagKey": str(number), "TagValue": ""}])
        kms.create_grant(
            KeyId=key, GranteePrincipal=ROOT, RetiringPrincipal=ROOT, Operations=["Encrypt"], Name=str(number)
        )
    made = Lists(shared_dev, kms, key)
    wait_for_rotation(made)
    return made


def wait_for_rotation(lists: Lists) -> None:
    """Polls as one who rotated does."""
    until = time.monotonic() + PATIENCE
    while "OnDemandRotationStartDate" in lists.kms.get_key_rotation_status(KeyId=lists.key):
        assert time.monotonic() < until, "the rotation does not end"
        time.sleep(0.25)


@pytest.mark.parametrize("operation", BY_OPERATION)
@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_paginator_finds_each_entry_once(lists: Lists, operation: str, size: int) -> None:
    listing = BY_OPERATION[operation]
    paginator = lists.kms.get_paginator(operation)
    pages = list(paginator.paginate(**lists.asked(listing), PaginationConfig={"PageSize": size}))
    found = [listing.names(page[listing.members]) for page in pages]
    names = [name for page in found for name in page]
    assert len(names) == len(set(names)) == listing.count
    assert all(len(page) <= size for page in found)
    assert [page["Truncated"] for page in pages] == [True] * (len(pages) - 1) + [False]
    assert all(("NextMarker" in page) is page["Truncated"] for page in pages)
    assert len(pages) == -(-listing.count // size), "no page is shorter than it must be"


@pytest.mark.parametrize("operation", BY_OPERATION)
def test_a_paginator_goes_on_where_it_stopped(lists: Lists, operation: str) -> None:
    listing = BY_OPERATION[operation]
    paginator, asked = lists.kms.get_paginator(operation), lists.asked(listing)
    whole = listing.names(paginator.paginate(**asked).build_full_result()[listing.members])
    token, parts = None, []
    while True:
        limits = {"MaxItems": 3, "PageSize": 2, "StartingToken": token}
        part = paginator.paginate(**asked, PaginationConfig=limits).build_full_result()
        parts.append(listing.names(part[listing.members]))
        token = part.get("NextToken")
        if token is None:
            break
    assert [name for part in parts for name in part] == whole
    full, rest = divmod(listing.count, 3)
    assert [len(part) for part in parts] == [3] * full + [rest] * bool(rest)


@pytest.mark.parametrize("operation", BY_OPERATION)
def test_the_aws_cli_joins_pages(lists: Lists, operation: str) -> None:
    listing = BY_OPERATION[operation]
    printed = lists.cli(listing, "--page-size", "1")
    whole = getattr(lists.kms, operation)(**lists.asked(listing))[listing.members]
    assert listing.names(printed[listing.members]) == listing.names(whole)


@pytest.mark.parametrize("operation", ["list_keys", "list_grants"])
def test_the_aws_cli_goes_on_where_it_stopped(lists: Lists, operation: str) -> None:
    listing = BY_OPERATION[operation]
    first = lists.cli(listing, "--max-items", "3", "--page-size", "2")
    rest = lists.cli(listing, "--starting-token", first["NextToken"])
    assert len(first[listing.members]) == 3
    assert "NextToken" not in rest
    whole = getattr(lists.kms, operation)(**lists.asked(listing))[listing.members]
    assert listing.names(first[listing.members] + rest[listing.members]) == listing.names(whole)


def test_what_others_wait_for_is_there_at_the_next_call(shared_dev: Any, account: str) -> None:
    """Terraform asks until a key is in the state, has the policy, tags and rotation that it gave it."""
    kms = shared_dev.client("kms", (account, "test"))
    key = kms.create_key()["KeyMetadata"]["Arn"]
    states = []
    for change, arguments in (
        (kms.disable_key, {}),
        (kms.enable_key, {}),
        (kms.schedule_key_deletion, {"PendingWindowInDays": 7}),
        (kms.cancel_key_deletion, {}),
        (kms.enable_key, {}),
    ):
        change(KeyId=key, **arguments)
        states.append(kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"])
    assert states == ["Disabled", "Enabled", "PendingDeletion", "Disabled", "Enabled"]
    kms.enable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True
    kms.update_key_description(KeyId=key, Description="new")
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Description"] == "new"
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
