"""ListGrants and ListRetirableGrants: entries, filters, pages, and whose grants are shown to whom."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from scene import OTHER, ROOT, Scene, arn, no_identity_policy
from tests.iam.in_process import ACCOUNT, NOW
from world import refused

SERVICE = "cloudtrail.amazonaws.com"
SOURCE = "arn:aws:cloudtrail:us-east-1:000000000000:trail/t"
ROLE_ID = "AROAEXAMPLE2ROLE"


def ids(call: Any, **asked: Any) -> list[str]:
    return [grant["GrantId"] for grant in call(**asked)["Grants"]]


def share(scene: Scene, *accounts: str) -> None:
    """Lets other accounts use the key as their own would."""
    policy = json.loads(scene.kms.get_key_policy(KeyId=scene.key)["Policy"])
    policy["Statement"][0]["Principal"] = {"AWS": [ROOT, *(f"arn:aws:iam::{one}:root" for one in accounts)]}
    scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(policy))


class TestEntries:
    def test_a_grant_with_everything(self, scene: Scene) -> None:
        scene.user("user")
        made = scene.grant(
            "user",
            "Encrypt",
            "Decrypt",
            Name="n",
            RetiringPrincipal=ROOT,
            Constraints={"EncryptionContextSubset": {"App": "pay"}},
        )
        (entry,) = scene.kms.list_grants(KeyId=scene.key.rpartition("/")[2])["Grants"]
        created = entry.pop("CreationDate")
        assert abs(created - datetime.fromtimestamp(NOW, UTC)).total_seconds() < 0.002
        assert entry == {
            "KeyId": scene.key,
            "GrantId": made["GrantId"],
            "Name": "n",
            "GranteePrincipal": arn("user"),
            "RetiringPrincipal": ROOT,
            "IssuingAccount": ROOT,
            "Operations": ["Encrypt", "Decrypt"],
            "Constraints": {"EncryptionContextSubset": {"App": "pay"}},
        }

    def test_what_a_grant_lacks_is_left_out(self, scene: Scene) -> None:
        scene.grant_to_root("DescribeKey")
        (entry,) = scene.kms.list_grants(KeyId=scene.key)["Grants"]
        assert entry.keys() == {
            "KeyId",
            "GrantId",
            "CreationDate",
            "GranteePrincipal",
            "IssuingAccount",
            "Operations",
        }

    def test_a_service_is_shown_as_one(self, scene: Scene) -> None:
        scene.kms.create_grant(
            KeyId=scene.key,
            GranteeServicePrincipal=SERVICE,
            RetiringServicePrincipal=SERVICE,
            Operations=["Decrypt"],
            Constraints={"SourceArn": SOURCE},
        )
        (entry,) = scene.kms.list_grants(KeyId=scene.key)["Grants"]
        assert (entry["GranteeServicePrincipal"], entry["RetiringServicePrincipal"]) == (SERVICE, SERVICE)
        assert not {"GranteePrincipal", "RetiringPrincipal"} & entry.keys()
        assert entry["Constraints"] == {"SourceArn": SOURCE}

    def test_sessions_are_shown_by_arn_while_their_role_lives_and_then_by_id(self, scene: Scene) -> None:
        scene.role("r", ROLE_ID, "/path/")
        session = f"arn:aws:sts::{ACCOUNT}:assumed-role/r/run"
        scene.grant("", "Encrypt", GranteePrincipal=session, RetiringPrincipal=f"{ROLE_ID}:other")
        (entry,) = scene.kms.list_grants(KeyId=scene.key)["Grants"]
        assert entry["GranteePrincipal"] == session
        assert entry["RetiringPrincipal"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/r/other"
        with scene.inside.store.write("test") as tx:
            tx.delete_principal(ROLE_ID)
        (entry,) = scene.kms.list_grants(KeyId=scene.key)["Grants"]
        assert entry["GranteePrincipal"] == f"{ROLE_ID}:run"
        assert entry["RetiringPrincipal"] == f"{ROLE_ID}:other"

    def test_a_grant_of_another_account_names_it_as_the_issuer(self, scene: Scene) -> None:
        share(scene, OTHER)
        stranger = scene.inside.client("kms", (OTHER, "test"))
        stranger.create_grant(KeyId=scene.key, GranteePrincipal=ROOT, Operations=["Encrypt"])
        for kms in (scene.kms, stranger):
            (entry,) = kms.list_grants(KeyId=scene.key)["Grants"]
            assert entry["IssuingAccount"] == f"arn:aws:iam::{OTHER}:root"


class TestFilters:
    def test_by_id_and_by_grantee(self, scene: Scene) -> None:
        scene.user("ann")
        scene.user("bob")
        ann = [scene.grant("ann", operation)["GrantId"] for operation in ("Encrypt", "Decrypt")]
        bob = scene.grant("bob", "Encrypt")["GrantId"]
        listed = scene.kms.list_grants
        asked = {"KeyId": scene.key}
        assert ids(listed, **asked) == sorted([*ann, bob])
        assert ids(listed, **asked, GrantId=bob) == [bob]
        assert ids(listed, **asked, GranteePrincipal=arn("ann")) == sorted(ann)
        unique_id = scene.iam.get_user(UserName="bob")["User"]["UserId"]
        assert ids(listed, **asked, GranteePrincipal=unique_id) == [bob]
        assert ids(listed, **asked, GranteePrincipal=arn("ann"), GrantId=ann[0]) == [ann[0]]
        assert ids(listed, **asked, GranteePrincipal=arn("ann"), GrantId=bob) == []
        assert ids(listed, **asked, GranteePrincipal=ROOT) == []
        assert ids(listed, **asked, GrantId="0" * 64) == []

    @pytest.mark.parametrize(
        ("asked", "code", "said"),
        [
            ({"GranteePrincipal": "nobody"}, "InvalidArnException", "ARN is not valid: nobody"),
            (
                {"GranteePrincipal": arn("ghost")},
                "InvalidArnException",
                f"ARN does not refer to a valid principal: {arn('ghost')}",
            ),
            (
                {"GranteePrincipal": f"{ROLE_ID}:run"},
                "InvalidArnException",
                "Input does not refer to a valid principal",
            ),
            ({"GrantId": "x"}, "InvalidGrantIdException", ""),
            (
                {"GranteeServicePrincipal": SERVICE},
                "ValidationException",
                "GranteeServicePrincipal can only be specified by a service principal.",
            ),
            (
                {"GranteeServicePrincipal": SERVICE, "GranteePrincipal": ROOT},
                "ValidationException",
                "You cannot specify GranteePrincipal and GranteeServicePrincipal together.",
            ),
            ({"Marker": "x"}, "InvalidMarkerException", ""),
        ],
    )
    def test_refused(self, scene: Scene, asked: dict[str, str], code: str, said: str) -> None:
        assert refused(code, scene.kms.list_grants, KeyId=scene.key, **asked) == said


def test_pages(scene: Scene) -> None:
    scene.user("user")
    made = sorted(scene.grant("user", "Encrypt")["GrantId"] for _ in range(110))
    others = sorted(scene.grant_to_root("Encrypt")["GrantId"] for _ in range(10))
    for limit, first in ((None, 50), (1, 1), (100, 100), (1000, 100)):
        asked = {"KeyId": scene.key} | ({} if limit is None else {"Limit": limit})
        answer = scene.kms.list_grants(**asked)
        assert (len(answer["Grants"]), answer["Truncated"]) == (first, True)
    paginator = scene.kms.get_paginator("list_grants")
    for size in (7, 100):
        whole = paginator.paginate(KeyId=scene.key, PaginationConfig={"PageSize": size})
        assert [grant["GrantId"] for page in whole for grant in page["Grants"]] == sorted(made + others)
        some = paginator.paginate(
            KeyId=scene.key, GranteePrincipal=arn("user"), PaginationConfig={"PageSize": size}
        )
        assert [grant["GrantId"] for page in some for grant in page["Grants"]] == made


def test_listing_is_a_permission_on_the_key_from_other_accounts_too(scene: Scene) -> None:
    user = scene.user("user")
    scene.grant("user", "Encrypt", "CreateGrant", RetiringPrincipal=arn("user"))
    said = refused("AccessDeniedException", user.list_grants, KeyId=scene.key)
    assert said == no_identity_policy("user", "kms:ListGrants", scene.key)
    stranger = scene.inside.client("kms", (OTHER, "test"))
    refused("AccessDeniedException", stranger.list_grants, KeyId=scene.key)
    share(scene, OTHER)
    assert len(ids(stranger.list_grants, KeyId=scene.key)) == 1
    scene.kms.list_grants(KeyId=scene.key, Limit=7)
    event = scene.last_event()
    assert event["requestParameters"] == {"keyId": scene.key, "limit": 7}
    assert (event["readOnly"], event["responseElements"]) == (True, None)


class TestRetirable:
    def test_on_all_keys_of_the_region_of_whatever_account(self, scene: Scene) -> None:
        scene.user("user")
        share(scene, OTHER)
        stranger = scene.inside.client("kms", (OTHER, "test"))
        theirs = stranger.create_key()["KeyMetadata"]["Arn"]
        elsewhere = scene.inside.client("kms", region="eu-west-1")
        there = elsewhere.create_key()["KeyMetadata"]["Arn"]
        given = {"GranteePrincipal": ROOT, "Operations": ["Encrypt"]}
        retirer = given | {"RetiringPrincipal": arn("user")}
        found = [
            scene.kms.create_grant(KeyId=scene.key, **retirer)["GrantId"],
            stranger.create_grant(KeyId=theirs, **retirer)["GrantId"],
        ]
        remote = elsewhere.create_grant(KeyId=there, **retirer)["GrantId"]
        scene.kms.create_grant(KeyId=scene.key, **given)
        scene.kms.create_grant(KeyId=scene.key, **given, RetiringPrincipal=ROOT)
        asked = {"RetiringPrincipal": arn("user")}
        entries = scene.kms.list_retirable_grants(**asked)["Grants"]
        assert {entry["GrantId"] for entry in entries} == set(found)
        assert {entry["KeyId"] for entry in entries} == {scene.key, theirs}
        assert all(entry["RetiringPrincipal"] == arn("user") for entry in entries)
        assert ids(elsewhere.list_retirable_grants, **asked) == [remote]
        unique_id = scene.iam.get_user(UserName="user")["User"]["UserId"]
        assert set(ids(scene.kms.list_retirable_grants, RetiringPrincipal=unique_id)) == set(found)

    def test_pages_go_across_keys(self, scene: Scene) -> None:
        keys = [scene.kms.create_key()["KeyMetadata"]["Arn"] for _ in range(3)]
        given = {"GranteePrincipal": ROOT, "RetiringPrincipal": ROOT, "Operations": ["Encrypt"]}
        made = sorted(
            (key, scene.kms.create_grant(KeyId=key, **given)["GrantId"]) for key in keys for _ in range(4)
        )
        for size in (1, 3, 5, 100):
            pages = scene.kms.get_paginator("list_retirable_grants").paginate(
                RetiringPrincipal=ROOT, PaginationConfig={"PageSize": size}
            )
            listed = [(grant["KeyId"], grant["GrantId"]) for page in pages for grant in page["Grants"]]
            assert listed == made

    def test_a_principal_of_another_account_is_told_from_none_by_nothing(self, scene: Scene) -> None:
        scene.user("user")
        other = scene.user("theirs", account=OTHER)
        scene.grant("user", "Encrypt", RetiringPrincipal=arn("theirs", OTHER))
        for name in ("theirs", "ghost"):
            said = refused(
                "InvalidArnException", scene.kms.list_retirable_grants, RetiringPrincipal=arn(name, OTHER)
            )
            assert said == f"ARN does not refer to a valid principal: {arn(name, OTHER)}"
        iam = scene.inside.client("iam", (OTHER, "test"))
        unique_id = iam.get_user(UserName="theirs")["User"]["UserId"]
        for one in (unique_id, f"{ROLE_ID}:run"):
            said = refused("NotFoundException", scene.kms.list_retirable_grants, RetiringPrincipal=one)
            assert said == f"Retiring principal {one} could not be found"
        refused("AccessDeniedException", other.list_retirable_grants, RetiringPrincipal=arn("theirs", OTHER))

    @pytest.mark.parametrize(
        ("asked", "code", "said"),
        [
            (
                {},
                "ValidationException",
                "1 validation error detected: Value null at 'retiringPrincipal' failed to satisfy "
                "constraint: Member must not be null",
            ),
            ({"RetiringPrincipal": "nobody"}, "InvalidArnException", "ARN is not valid: nobody"),
            (
                {"RetiringServicePrincipal": SERVICE},
                "ValidationException",
                "RetiringServicePrincipal can only be specified by a service principal.",
            ),
            (
                {"RetiringServicePrincipal": SERVICE, "RetiringPrincipal": ROOT},
                "ValidationException",
                "You cannot specify RetiringPrincipal and RetiringServicePrincipal together.",
            ),
            ({"RetiringPrincipal": ROOT, "Marker": "x"}, "InvalidMarkerException", ""),
        ],
    )
    def test_refused(self, scene: Scene, asked: dict[str, str], code: str, said: str) -> None:
        assert refused(code, scene.kms.list_retirable_grants, **asked) == said

    def test_it_is_a_permission_in_ones_own_account(self, scene: Scene) -> None:
        only = {"Effect": "Allow", "Action": "kms:ListRetirableGrants", "Resource": "*"}
        user = scene.user("user", {"Version": "2012-10-17", "Statement": [only]})
        made = scene.grant("user", "Encrypt", RetiringPrincipal=ROOT)["GrantId"]
        assert ids(user.list_retirable_grants, RetiringPrincipal=ROOT) == [made]
        event = scene.last_event()
        assert event["requestParameters"] == {"retiringPrincipal": ROOT}
        bare = scene.user("bare")
        assert refused("AccessDeniedException", bare.list_retirable_grants, RetiringPrincipal=ROOT) == (
            f"User: {arn('bare')} is not authorized to perform: kms:ListRetirableGrants on resource: * "
            "because no identity-based policy allows the kms:ListRetirableGrants action"
        )


@pytest.mark.wire
def test_the_aws_cli_lists(shared_dev: Any, kms: Any) -> None:
    key = kms.create_key()["KeyMetadata"]["Arn"]
    given = {"GranteePrincipal": ROOT, "RetiringPrincipal": ROOT, "Operations": ["Encrypt"]}
    made = kms.create_grant(KeyId=key, **given)["GrantId"]
    listed = json.loads(shared_dev.aws("kms", "list-grants", "--key-id", key).stdout)
    assert [grant["GrantId"] for grant in listed["Grants"]] == [made]
    listed = json.loads(shared_dev.aws("kms", "list-retirable-grants", "--retiring-principal", ROOT).stdout)
    assert made in [grant["GrantId"] for grant in listed["Grants"]]
