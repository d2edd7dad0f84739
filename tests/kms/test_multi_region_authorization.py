"""Who may make, replicate and promote multi-Region keys: each right, in each Region, missing in turn."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from related import ELSEWHERE, HERE, ROLE, THERE, Related
from tests.iam.in_process import ACCOUNT, InProcess
from world import allow, delegation, document, refused

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/mrk.kms.amazonaws.com/{ROLE}"


@pytest.fixture
def one() -> Iterator[Related]:
    made = Related()
    yield made
    made.inside.store.close()


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps(document(*statements))


def may(*actions: str, **condition: dict[str, Any]) -> dict[str, Any]:
    """A statement of an identity policy; `condition` is operator -> key -> value."""
    given = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return given | ({"Condition": condition} if condition else {})


def never(*actions: str, **condition: dict[str, Any]) -> dict[str, Any]:
    return may(*actions, **condition) | {"Effect": "Deny"}


REPLICATES = may("kms:ReplicateKey")
CREATES = may("kms:CreateKey")


def replicate(one: Related, client: Any, region: str = THERE, **more: Any) -> Any:
    return client.replicate_key(KeyId=one.id, ReplicaRegion=region, **more)


class TestReplication:
    @pytest.mark.parametrize(
        ("statements", "missing"),
        [
            ([CREATES], "kms:ReplicateKey"),
            ([REPLICATES], "kms:CreateKey"),
            ([REPLICATES, may("kms:CreateKey", StringEquals={"aws:RequestedRegion": HERE})], "kms:CreateKey"),
            (
                [may("kms:*"), never("kms:CreateKey", StringEquals={"aws:RequestedRegion": THERE})],
                "kms:CreateKey",
            ),
            ([may("kms:*"), never("kms:*", StringEquals={"kms:ReplicaRegion": THERE})], "kms:ReplicateKey"),
            (
                [REPLICATES, may("kms:CreateKey", StringEquals={"kms:MultiRegionKeyType": "PRIMARY"})],
                "kms:CreateKey",
            ),
            ([REPLICATES, may("kms:CreateKey", StringEquals={"kms:KeySpec": "RSA_2048"})], "kms:CreateKey"),
            (
                [CREATES, may("kms:ReplicateKey", StringEquals={"kms:MultiRegionKeyType": "REPLICA"})],
                "kms:ReplicateKey",
            ),
        ],
        ids=range(8),
    )
    def test_each_right_is_needed_where_it_counts(
        self, one: Related, statements: list[dict[str, Any]], missing: str
    ) -> None:
        user = one.user("ada", policy(*statements))[HERE]
        said = refused("AccessDeniedException", replicate, one=one, client=user)
        resource = one.arn(HERE) if missing == "kms:ReplicateKey" else "*"
        assert f"is not authorized to perform: {missing} on resource: {resource}" in said
        refused("NotFoundException", one.metadata, region=THERE)

    @pytest.mark.parametrize(
        "statements",
        [
            [REPLICATES, CREATES],
            [
                may(
                    "kms:ReplicateKey", StringEquals={"kms:ReplicaRegion": THERE, "aws:RequestedRegion": HERE}
                ),
                may(
                    "kms:CreateKey",
                    StringEquals={
                        "aws:RequestedRegion": THERE,
                        "kms:MultiRegionKeyType": "REPLICA",
                        "kms:KeySpec": "SYMMETRIC_DEFAULT",
                    },
                    Bool={"kms:MultiRegion": "true"},
                ),
            ],
            [may("kms:*"), never("kms:*", StringEquals={"aws:RequestedRegion": ELSEWHERE})],
        ],
        ids=range(3),
    )
    def test_with_all_rights(self, one: Related, statements: list[dict[str, Any]]) -> None:
        user = one.user("ada", policy(*statements))[HERE]
        assert replicate(one, user)["ReplicaKeyMetadata"]["Arn"] == one.arn(THERE)

    def test_tags_are_a_right_of_their_own_in_the_region_of_the_replica(self, one: Related) -> None:
        tags = {"Tags": [{"TagKey": "a", "TagValue": "b"}]}
        for number, more in enumerate(
            ([], [may("kms:TagResource", StringEquals={"aws:RequestedRegion": HERE})])
        ):
            user = one.user(f"ada{number}", policy(REPLICATES, CREATES, *more))[HERE]
            said = refused("AccessDeniedException", replicate, one=one, client=user, **tags)
            assert "kms:TagResource on resource: *" in said
        tagging = may("kms:TagResource", StringEquals={"aws:RequestedRegion": THERE, "aws:RequestTag/a": "b"})
        user = one.user("bob", policy(REPLICATES, CREATES, tagging))[HERE]
        assert replicate(one, user, **tags)["ReplicaTags"] == tags["Tags"]

    def test_the_key_policy_alone_allows_no_key_to_be_made(self, one: Related) -> None:
        user = one.user("ada", policy(may("iam:GetUser")))[HERE]
        ada = {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ada"}
        allowed = policy(delegation(ROOT), allow(ada, "kms:ReplicateKey", "kms:CreateKey"))
        one.at[HERE].put_key_policy(KeyId=one.id, Policy=allowed)
        said = refused("AccessDeniedException", replicate, one=one, client=user)
        assert "kms:CreateKey on resource: *" in said

    def test_the_key_policy_of_the_primary_may_forbid_it(self, one: Related) -> None:
        forbidden = allow("*", "kms:ReplicateKey") | {"Effect": "Deny"}
        one.at[HERE].put_key_policy(KeyId=one.id, Policy=policy(delegation(ROOT), forbidden))
        said = refused("AccessDeniedException", replicate, one=one, client=one.at[HERE])
        assert "with an explicit deny in a resource-based policy" in said

    def test_rights_are_asked_for_before_anything_is_told_of_the_key(self, one: Related) -> None:
        one.at[HERE].disable_key(KeyId=one.id)
        user = one.user("ada", policy(REPLICATES))[HERE]
        refused("AccessDeniedException", replicate, one=one, client=user)
        refused("AccessDeniedException", replicate, one=one, client=user, region=HERE)

    def test_who_may_use_the_primary_may_not_use_the_replica(self, one: Related) -> None:
        user = one.user("ada", policy(may("iam:GetUser")))
        ada = {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ada"}
        one.at[HERE].put_key_policy(KeyId=one.id, Policy=policy(delegation(ROOT), allow(ada, "kms:Decrypt")))
        blob = one.at[HERE].encrypt(KeyId=one.id, Plaintext=b"x")["CiphertextBlob"]
        one.replicate(THERE)
        one.settle()
        assert user[HERE].decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
        refused("AccessDeniedException", user[THERE].decrypt, CiphertextBlob=blob)

    def test_another_account_replicates_nothing(self, one: Related) -> None:
        stranger = one.client(HERE, ("111122223333", "test"))
        one.at[HERE].put_key_policy(KeyId=one.id, Policy=policy(delegation(ROOT), allow("*", "kms:*")))
        for call, more in (
            ("replicate_key", {"ReplicaRegion": THERE}),
            ("update_primary_region", {"PrimaryRegion": THERE}),
        ):
            refused("AccessDeniedException", getattr(stranger, call), KeyId=one.arn(HERE), **more)


class TestPromotion:
    @pytest.fixture
    def one(self) -> Iterator[Related]:
        made = Related(THERE)
        yield made
        made.inside.store.close()

    @pytest.mark.parametrize("missing", [HERE, THERE])
    def test_it_is_allowed_in_both_regions(self, one: Related, missing: str) -> None:
        there = may("kms:UpdatePrimaryRegion", StringNotEquals={"aws:RequestedRegion": missing})
        user = one.user("ada", policy(there))[HERE]
        asked = {"KeyId": one.id, "PrimaryRegion": THERE}
        said = refused("AccessDeniedException", user.update_primary_region, **asked)
        assert f"kms:UpdatePrimaryRegion on resource: {one.arn(missing)}" in said

    @pytest.mark.parametrize("region", [HERE, THERE])
    def test_the_policy_of_each_key_decides(self, one: Related, region: str) -> None:
        forbidden = allow("*", "kms:UpdatePrimaryRegion") | {"Effect": "Deny"}
        one.at[region].put_key_policy(KeyId=one.id, Policy=policy(delegation(ROOT), forbidden))
        said = refused("AccessDeniedException", one.promote, region=THERE)
        assert f"on resource: {one.arn(region)} with an explicit deny in a resource-based policy" in said

    def test_types_and_regions_are_condition_keys(self, one: Related) -> None:
        statements = [
            may(
                "kms:UpdatePrimaryRegion",
                StringEquals={
                    "kms:PrimaryRegion": THERE,
                    "kms:MultiRegionKeyType": kind,
                    "aws:RequestedRegion": region,
                },
            )
            for kind, region in (("PRIMARY", HERE), ("REPLICA", THERE))
        ]
        user = one.user("ada", policy(*statements))[HERE]
        user.update_primary_region(KeyId=one.id, PrimaryRegion=THERE)
        assert one.state(THERE) == "Updating"

    def test_who_may_not_learns_nothing_of_replicas(self, one: Related) -> None:
        user = one.user("ada", policy(may("kms:DescribeKey")))[HERE]
        for region in (THERE, ELSEWHERE, HERE):
            asked = {"KeyId": one.id, "PrimaryRegion": region}
            said = refused("AccessDeniedException", user.update_primary_region, **asked)
            assert f"on resource: {one.arn(HERE)}" in said


class TestServiceLinkedRole:
    @pytest.fixture
    def inside(self) -> Iterator[InProcess]:
        made = InProcess()
        yield made
        made.store.close()

    def user(self, inside: InProcess, name: str, *statements: dict[str, Any]) -> Any:
        iam = inside.client("iam")
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=policy(*statements))
        return inside.client("kms", iam.create_access_key(UserName=name)["AccessKey"])

    def test_the_first_key_makes_it_and_needs_the_right_to(self, inside: InProcess) -> None:
        user = self.user(inside, "ada", may("kms:CreateKey"))
        user.create_key()
        said = refused("AccessDeniedException", user.create_key, MultiRegion=True)
        assert f"iam:CreateServiceLinkedRole on resource: {ROLE_ARN}" in said
        iam = inside.client("iam")
        refused("NoSuchEntity", iam.get_role, RoleName=ROLE)
        condition = {"StringEquals": {"iam:AWSServiceName": "mrk.kms.amazonaws.com"}}
        right = may("iam:CreateServiceLinkedRole", **condition)
        self.user(inside, "bob", may("kms:CreateKey"), right).create_key(MultiRegion=True)
        assert iam.get_role(RoleName=ROLE)["Role"]["Arn"] == ROLE_ARN
        attached = iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]
        assert [one["PolicyName"] for one in attached] == [
            "AWSKeyManagementServiceMultiRegionKeysServiceRolePolicy"
        ]
        user.create_key(MultiRegion=True)

    def test_a_role_that_is_there_is_left_alone(self, inside: InProcess) -> None:
        iam = inside.client("iam")
        iam.create_service_linked_role(AWSServiceName="mrk.kms.amazonaws.com", Description="mine")
        inside.client("kms").create_key(MultiRegion=True)
        assert iam.get_role(RoleName=ROLE)["Role"]["Description"] == "mine"

    def test_a_key_that_is_refused_leaves_no_role(self, inside: InProcess) -> None:
        kms = inside.client("kms")
        refused("MalformedPolicyDocumentException", kms.create_key, MultiRegion=True, Policy="{}")
        refused("NoSuchEntity", inside.client("iam").get_role, RoleName=ROLE)
