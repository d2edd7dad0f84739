"""Multi-Region keys: what is shared, what is not, promotion, and the events of it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from related import ELSEWHERE, HERE, PASSING, ROLE, THERE, Related
from tests.iam.in_process import ACCOUNT
from world import allow, document, refused

from keystead.kinds import REGIONS, KeySpec
from keystead.model.key import ON_DEMAND_TAKES
from keystead.model.key_spec import TRAITS

DAY = 86_400


@pytest.fixture
def related() -> Iterator[Callable[..., Related]]:
    made: list[Related] = []

    def make(*replicas: str, **asked: Any) -> Related:
        made.append(Related(*replicas, **asked))
        return made[-1]

    yield make
    for one in made:
        one.inside.store.close()


def test_a_primary_key_alone(related: Callable[..., Related]) -> None:
    one = related()
    assert one.id.startswith("mrk-")
    metadata = one.metadata(HERE)
    assert metadata["MultiRegion"] is True
    assert metadata["MultiRegionConfiguration"] == one.configuration("PRIMARY", HERE)
    assert metadata["KeyState"] == "Enabled"
    single = one.at[HERE].create_key(MultiRegion=False)["KeyMetadata"]
    assert single["MultiRegion"] is False
    assert "MultiRegionConfiguration" not in single
    assert not single["KeyId"].startswith("mrk-")


def test_a_replica_is_being_created_and_then_enabled(related: Callable[..., Related]) -> None:
    one = related(Description="the primary", Tags=[{"TagKey": "a", "TagValue": "b"}])
    answer = one.replicate(THERE)
    metadata = answer["ReplicaKeyMetadata"]
    assert metadata["KeyState"] == "Creating"
    assert metadata["Enabled"] is False
    assert "CurrentKeyMaterialId" not in metadata
    assert metadata["Description"] == ""
    assert metadata["MultiRegionConfiguration"] == one.configuration("REPLICA", HERE, THERE)
    assert json.loads(answer["ReplicaPolicy"])["Id"] == "key-default-1"
    assert "ReplicaTags" not in answer
    said = refused("KMSInvalidStateException", one.at[THERE].encrypt, KeyId=one.id, Plaintext=b"x")
    assert said == f"{one.arn(THERE)} is creating."
    one.inside.pass_time(PASSING - 0.01)
    assert one.state(THERE) == "Creating"
    one.inside.pass_time(0.01)
    assert one.state(THERE) == "Enabled"
    assert one.metadata(THERE)["CurrentKeyMaterialId"] == one.metadata(HERE)["CurrentKeyMaterialId"]
    assert one.at[THERE].list_resource_tags(KeyId=one.id)["Tags"] == []


def test_a_replica_has_its_own_policy_description_and_tags(related: Callable[..., Related]) -> None:
    one = related()
    policy = json.loads(one.at[HERE].get_key_policy(KeyId=one.id)["Policy"]) | {"Id": "of-the-replica"}
    tags = [{"TagKey": "Team", "TagValue": "west"}]
    answer = one.replicate(THERE, Policy=json.dumps(policy), Description="west", Tags=tags)
    assert json.loads(answer["ReplicaPolicy"]) == policy
    assert answer["ReplicaTags"] == tags
    assert one.metadata(THERE)["Description"] == "west"
    assert one.at[THERE].list_resource_tags(KeyId=one.id)["Tags"] == tags
    assert one.metadata(HERE)["Description"] == ""
    assert one.at[HERE].list_resource_tags(KeyId=one.id)["Tags"] == []
    assert json.loads(one.at[HERE].get_key_policy(KeyId=one.id)["Policy"])["Id"] == "key-default-1"


def test_a_policy_that_locks_its_caller_out_of_the_replica_makes_none(
    related: Callable[..., Related],
) -> None:
    one = related()
    shut = json.dumps(document())
    nobody = json.dumps(document(allow({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "kms:DescribeKey")))
    refused("MalformedPolicyDocumentException", one.replicate, region=THERE, Policy=shut)
    assert refused("MalformedPolicyDocumentException", one.replicate, region=THERE, Policy=nobody) == (
        "The new key policy will not allow you to update the key policy in the future."
    )
    refused("NotFoundException", one.metadata, region=THERE)
    one.replicate(THERE, Policy=nobody, BypassPolicyLockoutSafetyCheck=True)
    assert one.state(THERE) == "Creating"


def test_the_lock_out_is_looked_for_in_the_region_of_the_replica(related: Callable[..., Related]) -> None:
    one = related()
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    only_in = {
        region: json.dumps(
            document(allow(root, "kms:*", Condition={"StringEquals": {"aws:RequestedRegion": region}}))
        )
        for region in (HERE, THERE)
    }
    refused("MalformedPolicyDocumentException", one.replicate, region=THERE, Policy=only_in[HERE])
    one.replicate(THERE, Policy=only_in[THERE])
    one.at[THERE].put_key_policy(KeyId=one.id, Policy=only_in[THERE])


def test_names_and_states_are_regional(related: Callable[..., Related]) -> None:
    one = related(THERE)
    one.at[HERE].create_alias(AliasName="alias/pay", TargetKeyId=one.id)
    refused("NotFoundException", one.at[THERE].describe_key, KeyId="alias/pay")
    grant = one.at[HERE].create_grant(
        KeyId=one.id, GranteePrincipal=f"arn:aws:iam::{ACCOUNT}:root", Operations=["Encrypt"]
    )
    assert [entry["GrantId"] for entry in one.at[HERE].list_grants(KeyId=one.id)["Grants"]] == [
        grant["GrantId"]
    ]
    assert one.at[THERE].list_grants(KeyId=one.id)["Grants"] == []
    one.at[THERE].disable_key(KeyId=one.id)
    assert (one.state(HERE), one.state(THERE)) == ("Enabled", "Disabled")
    listed = [key["KeyArn"] for key in one.at[THERE].list_keys()["Keys"]]
    assert listed == [one.arn(THERE)]
    refused("NotFoundException", one.at[ELSEWHERE].describe_key, KeyId=one.id)


@pytest.mark.parametrize(
    "spec",
    ["SYMMETRIC_DEFAULT", "RSA_2048", "ECC_NIST_P256", "ECC_NIST_EDWARDS25519", "ML_DSA_44", "HMAC_256"],
)
def test_what_one_makes_the_other_understands(related: Callable[..., Related], spec: str) -> None:
    usage = list(TRAITS[KeySpec(spec)].algorithms)[-1]
    algorithm = TRAITS[KeySpec(spec)].algorithms[usage][-1]
    one = related(THERE, KeySpec=spec, KeyUsage=usage.value)
    here, there = one.at[HERE], one.at[THERE]
    match usage.value:
        case "ENCRYPT_DECRYPT":
            blob = there.encrypt(KeyId=one.id, Plaintext=b"x")["CiphertextBlob"]
            assert here.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
        case "SIGN_VERIFY":
            asked = {"KeyId": one.id, "Message": b"x", "SigningAlgorithm": algorithm.value}
            signature = here.sign(**asked)["Signature"]
            assert there.verify(**asked, Signature=signature)["SignatureValid"]
            public = [client.get_public_key(KeyId=one.id)["PublicKey"] for client in (here, there)]
            assert public[0] == public[1]
        case "KEY_AGREEMENT":
            public = here.get_public_key(KeyId=one.id)["PublicKey"]
            asked = {"KeyId": one.id, "KeyAgreementAlgorithm": "ECDH", "PublicKey": public}
            secrets = [client.derive_shared_secret(**asked)["SharedSecret"] for client in (here, there)]
            assert secrets[0] == secrets[1]
        case "GENERATE_VERIFY_MAC":
            asked = {"KeyId": one.id, "Message": b"x", "MacAlgorithm": algorithm.value}
            assert there.verify_mac(**asked, Mac=here.generate_mac(**asked)["Mac"])["MacValid"]
        case _:
            raise AssertionError(usage)


def test_the_arn_of_the_other_region_names_no_key_here(related: Callable[..., Related]) -> None:
    one = related(THERE)
    blob = one.at[HERE].encrypt(KeyId=one.id, Plaintext=b"x")["CiphertextBlob"]
    asked = {"CiphertextBlob": blob, "KeyId": one.arn(HERE)}
    assert refused("IncorrectKeyException", one.at[THERE].decrypt, **asked) == (
        "The key ID in the request does not identify a CMK that can perform this operation."
    )
    asked = {"CiphertextBlob": blob, "SourceKeyId": one.arn(HERE), "DestinationKeyId": one.id}
    refused("IncorrectKeyException", one.at[THERE].re_encrypt, **asked)
    for call, more in (("describe_key", {}), ("encrypt", {"Plaintext": b"x"})):
        said = refused("NotFoundException", getattr(one.at[THERE], call), KeyId=one.arn(HERE), **more)
        assert said == f"Invalid arn {HERE}"
    single = one.at[HERE].create_key()["KeyMetadata"]["Arn"]
    blob = one.at[HERE].encrypt(KeyId=single, Plaintext=b"x")["CiphertextBlob"]
    refused("NotFoundException", one.at[THERE].decrypt, CiphertextBlob=blob, KeyId=single)


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_a_replica_stays_in_its_partition(related: Callable[..., Related], region: str) -> None:
    assert refused("ValidationException", related().replicate, region=region) == (
        "The replica key Region must be in the same AWS partition as the primary key Region."
    )


def test_there_is_a_replica_in_every_region(related: Callable[..., Related]) -> None:
    one = related()
    for region in sorted(REGIONS - {HERE}):
        one.replicate(region)
    one.settle()
    listed = one.metadata(THERE)["MultiRegionConfiguration"]["ReplicaKeys"]
    assert [key["Region"] for key in listed] == sorted(REGIONS - {HERE})


def test_a_single_region_key_has_no_replicas(related: Callable[..., Related]) -> None:
    one = related()
    single = one.at[HERE].create_key()["KeyMetadata"]
    asked = {"KeyId": single["KeyId"], "ReplicaRegion": THERE}
    said = refused("UnsupportedOperationException", one.at[HERE].replicate_key, **asked)
    assert said == f"{single['Arn']} is not a multi-region primary key."
    asked = {"KeyId": single["KeyId"], "PrimaryRegion": THERE}
    said = refused("KMSInvalidStateException", one.at[HERE].update_primary_region, **asked)
    assert said == f"{single['Arn']} is not a multi-Region primary key."


class TestPromotion:
    def test_roles_change_at_once_and_both_are_updating_for_a_while(
        self, related: Callable[..., Related]
    ) -> None:
        one = related(THERE, ELSEWHERE)
        one.promote(THERE)
        for region, kind, state in (
            (HERE, "REPLICA", "Updating"),
            (THERE, "PRIMARY", "Updating"),
            (ELSEWHERE, "REPLICA", "Enabled"),
        ):
            metadata = one.metadata(region)
            assert metadata["MultiRegionConfiguration"] == one.configuration(kind, THERE, ELSEWHERE, HERE)
            assert (metadata["KeyState"], metadata["Enabled"]) == (state, state == "Enabled")
        for region in one.at:
            one.at[region].encrypt(KeyId=one.id, Plaintext=b"x")
        said = refused("KMSInvalidStateException", one.at[HERE].disable_key, KeyId=one.id)
        assert said == f"{one.arn(HERE)} is updating."
        one.settle()
        assert [one.state(region) for region in one.at] == ["Enabled"] * 3

    def test_the_new_primary_is_the_one_that_is_replicated(self, related: Callable[..., Related]) -> None:
        one = related(THERE)
        one.promote(THERE)
        one.settle()
        assert refused("UnsupportedOperationException", one.replicate, region=ELSEWHERE) == (
            f"{one.arn(HERE)} is not a multi-region primary key."
        )
        one.replicate(ELSEWHERE, primary=THERE)
        assert refused("ValidationException", one.replicate, region=THERE, primary=THERE) == (
            f"{THERE} cannot have a replica because it contains the primary."
        )
        assert refused("KMSInvalidStateException", one.promote, region=THERE) == (
            f"{one.arn(HERE)} is not a multi-Region primary key."
        )

    def test_the_present_primary_stays_as_it_is(self, related: Callable[..., Related]) -> None:
        one = related(THERE)
        before = [one.metadata(region) for region in (HERE, THERE)]
        one.promote(HERE)
        assert [one.metadata(region) for region in (HERE, THERE)] == before
        assert [event["awsRegion"] for event in _events(one, "UpdatePrimaryRegion")] == [HERE]

    @pytest.mark.parametrize("region", [ELSEWHERE, "us-invalid-1", "atlantis-west-1"])
    def test_there_must_be_a_replica(self, related: Callable[..., Related], region: str) -> None:
        one = related(THERE)
        assert refused("ValidationException", one.promote, region=region) == (
            f"{one.id} does not have a replica key in the specified Region."
        )

    def test_twice_in_a_row(self, related: Callable[..., Related]) -> None:
        one = related(THERE, ELSEWHERE)
        one.promote(THERE)
        one.inside.pass_time(PASSING / 2)
        one.promote(ELSEWHERE, primary=THERE)
        one.inside.pass_time(PASSING / 2)
        assert [one.state(region) for region in one.at] == ["Enabled", "Updating", "Updating"]
        one.settle()
        assert [one.state(region) for region in one.at] == ["Enabled"] * 3
        assert one.metadata(HERE)["MultiRegionConfiguration"] == one.configuration(
            "REPLICA", ELSEWHERE, HERE, THERE
        )


class TestRotation:
    def test_the_schedule_is_shared_and_goes_with_the_primary(self, related: Callable[..., Related]) -> None:
        one = related(THERE)
        one.at[HERE].enable_key_rotation(KeyId=one.id, RotationPeriodInDays=90)
        schedules = [_schedule(one, region) for region in (HERE, THERE)]
        assert schedules[0] == schedules[1]
        assert schedules[0]["RotationPeriodInDays"] == 90
        one.promote(THERE)
        one.settle()
        assert _schedule(one, THERE) == schedules[0]
        one.at[THERE].disable_key_rotation(KeyId=one.id)
        assert [_schedule(one, region) for region in (HERE, THERE)] == [{"KeyRotationEnabled": False}] * 2

    def test_all_get_the_new_material_whatever_their_state(self, related: Callable[..., Related]) -> None:
        one = related(THERE, ELSEWHERE)
        one.at[HERE].enable_key_rotation(KeyId=one.id, RotationPeriodInDays=90)
        one.at[THERE].disable_key(KeyId=one.id)
        one.at[ELSEWHERE].schedule_key_deletion(KeyId=one.id)
        one.inside.pass_time(90 * DAY)
        assert one.state(THERE) == "Disabled"
        refused("NotFoundException", one.metadata, region=ELSEWHERE)
        material = [one.metadata(region)["CurrentKeyMaterialId"] for region in (HERE, THERE)]
        assert material[0] == material[1]
        blob = one.at[HERE].encrypt(KeyId=one.id, Plaintext=b"x")["CiphertextBlob"]
        one.at[THERE].enable_key(KeyId=one.id)
        assert one.at[THERE].decrypt(CiphertextBlob=blob)["KeyMaterialId"] == material[0]
        assert _history(one, HERE) == _history(one, THERE)
        assert len(_history(one, HERE)) == 1

    def test_a_disabled_primary_waits_and_a_disabled_replica_does_not_make_it_wait(
        self, related: Callable[..., Related]
    ) -> None:
        one = related(THERE)
        one.at[HERE].enable_key_rotation(KeyId=one.id, RotationPeriodInDays=90)
        one.at[HERE].disable_key(KeyId=one.id)
        one.inside.pass_time(91 * DAY)
        assert _history(one, THERE) == []
        one.at[HERE].enable_key(KeyId=one.id)
        one.inside.pass_time(1)
        assert len(_history(one, THERE)) == 1

    def test_on_demand(self, related: Callable[..., Related]) -> None:
        one = related(THERE)
        one.at[HERE].rotate_key_on_demand(KeyId=one.id)
        status = one.at[THERE].get_key_rotation_status(KeyId=one.id)
        assert "OnDemandRotationStartDate" in status
        one.replicate(ELSEWHERE)
        one.inside.pass_time(ON_DEMAND_TAKES / 1000)
        assert [len(_history(one, region)) for region in one.at] == [1, 1, 1]
        assert len({one.metadata(region)["CurrentKeyMaterialId"] for region in one.at}) == 1
        assert "OnDemandRotationStartDate" not in one.at[THERE].get_key_rotation_status(KeyId=one.id)
        names = [
            event["eventName"] for event in one.inside.events() if event["eventType"] == "AwsServiceEvent"
        ]
        assert names.count("RotateKey") == 1

    def test_old_material_comes_with_a_replica(self, related: Callable[..., Related]) -> None:
        one = related()
        blob = one.at[HERE].encrypt(KeyId=one.id, Plaintext=b"old")["CiphertextBlob"]
        one.at[HERE].rotate_key_on_demand(KeyId=one.id)
        one.inside.pass_time(ON_DEMAND_TAKES / 1000)
        one.replicate(THERE)
        one.settle()
        assert one.at[THERE].decrypt(CiphertextBlob=blob)["Plaintext"] == b"old"
        assert _history(one, THERE) == _history(one, HERE)

    @pytest.mark.parametrize("operation", ["EnableKeyRotation", "DisableKeyRotation", "RotateKeyOnDemand"])
    def test_it_is_the_primary_that_rotates(self, related: Callable[..., Related], operation: str) -> None:
        one = related(THERE)
        names = {name: python for python, name in one.at[THERE].meta.method_to_api_mapping.items()}
        call = getattr(one.at[THERE], names[operation])
        assert refused("UnsupportedOperationException", call, KeyId=one.id) == (
            f"{one.arn(THERE)} is a multi-region replica key which is not valid for {operation}."
        )


class TestDeletion:
    def test_the_window_of_the_primary_begins_when_the_last_replica_is_gone(
        self, related: Callable[..., Related]
    ) -> None:
        one = related(THERE, ELSEWHERE)
        answer = one.at[HERE].schedule_key_deletion(KeyId=one.id, PendingWindowInDays=7)
        assert answer["KeyState"] == "PendingReplicaDeletion"
        assert "DeletionDate" not in answer
        metadata = one.metadata(HERE)
        assert metadata["PendingDeletionWindowInDays"] == 7
        assert "DeletionDate" not in metadata
        one.at[THERE].schedule_key_deletion(KeyId=one.id, PendingWindowInDays=7)
        one.at[ELSEWHERE].schedule_key_deletion(KeyId=one.id, PendingWindowInDays=8)
        assert one.metadata(HERE)["MultiRegionConfiguration"] == one.configuration(
            "PRIMARY", HERE, ELSEWHERE, THERE
        )
        one.inside.pass_time(7 * DAY)
        refused("NotFoundException", one.metadata, region=THERE)
        assert one.state(HERE) == "PendingReplicaDeletion"
        one.inside.pass_time(1 * DAY)
        metadata = one.metadata(HERE)
        assert metadata["KeyState"] == "PendingDeletion"
        assert metadata["DeletionDate"].timestamp() == pytest.approx(one.inside.now + 7 * DAY, abs=0.002)
        assert "PendingDeletionWindowInDays" not in metadata
        assert metadata["MultiRegionConfiguration"] == one.configuration("PRIMARY", HERE)
        one.inside.pass_time(7 * DAY)
        refused("NotFoundException", one.metadata, region=HERE)

    def test_replicas_work_while_their_primary_waits(self, related: Callable[..., Related]) -> None:
        one = related(THERE)
        one.at[HERE].schedule_key_deletion(KeyId=one.id, PendingWindowInDays=7)
        blob = one.at[THERE].encrypt(KeyId=one.id, Plaintext=b"x")["CiphertextBlob"]
        assert one.at[THERE].decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
        one.inside.pass_time(100 * DAY)
        assert (one.state(HERE), one.state(THERE)) == ("PendingReplicaDeletion", "Enabled")
        said = refused("KMSInvalidStateException", one.at[HERE].encrypt, KeyId=one.id, Plaintext=b"x")
        assert said == f"{one.arn(HERE)} is pending replica deletion."

    def test_a_replica_goes_alone(self, related: Callable[..., Related]) -> None:
        one = related(THERE)
        one.at[THERE].schedule_key_deletion(KeyId=one.id, PendingWindowInDays=7)
        one.inside.pass_time(7 * DAY)
        assert one.state(HERE) == "Enabled"
        assert one.metadata(HERE)["MultiRegionConfiguration"] == one.configuration("PRIMARY", HERE)
        one.replicate(THERE)
        one.settle()
        assert one.state(THERE) == "Enabled"

    def test_a_replica_that_is_being_created_may_be_deleted(self, related: Callable[..., Related]) -> None:
        one = related()
        one.replicate(THERE)
        one.at[THERE].schedule_key_deletion(KeyId=one.id, PendingWindowInDays=7)
        one.settle()
        assert one.state(THERE) == "PendingDeletion"
        one.at[THERE].cancel_key_deletion(KeyId=one.id)
        assert one.state(THERE) == "Disabled"
        one.inside.pass_time(8 * DAY)
        assert one.state(THERE) == "Disabled"


def test_the_events_of_it(related: Callable[..., Related]) -> None:
    one = related()
    one.replicate(THERE, Description="west", Tags=[{"TagKey": "a", "TagValue": "b"}])
    one.settle()
    one.promote(THERE)
    one.settle()
    told = [
        (event["eventName"], event["awsRegion"], event["userIdentity"].get("invokedBy"))
        for event in one.inside.events()
    ]
    kms = "kms.amazonaws.com"
    assert told == [
        ("CreateKey", HERE, None),
        ("CreateServiceLinkedRole", HERE, kms),
        ("ReplicateKey", HERE, None),
        ("CreateKey", THERE, kms),
        ("SynchronizeMultiRegionKey", HERE, "AWS Internal"),
        ("UpdatePrimaryRegion", HERE, None),
        ("UpdatePrimaryRegion", THERE, kms),
    ]
    _, role, replicated, made, synchronized, demoted, promoted = one.inside.events()
    assert role["eventSource"] == "iam.amazonaws.com"
    assert role["responseElements"]["role"]["roleName"] == ROLE
    assert replicated["requestParameters"] == {
        "keyId": one.id,
        "replicaRegion": THERE,
        "bypassPolicyLockoutSafetyCheck": False,
        "description": "west",
        "tags": [{"tagKey": "a", "tagValue": "b"}],
    }
    assert replicated["responseElements"]["replicaKeyMetadata"]["keyState"] == "Creating"
    assert made["requestParameters"]["multiRegion"] is True
    assert made["responseElements"]["keyMetadata"]["arn"] == one.arn(THERE)
    assert [event["requestParameters"]["primaryRegion"] for event in (demoted, promoted)] == [THERE] * 2
    named = [_resources(event) for event in (replicated, made, synchronized, demoted, promoted)]
    here, there = [one.arn(HERE)], [one.arn(THERE)]
    assert named == [here, there, here, here, there]
    elements = [event["responseElements"]["keyId"] for event in (demoted, promoted)]
    assert elements == [one.arn(HERE), one.arn(THERE)]
    ids = [event["eventID"] for event in one.inside.events()]
    assert len(set(ids)) == len(ids)


def test_what_fails_leaves_one_event_and_no_key(related: Callable[..., Related]) -> None:
    one = related(THERE)
    before = len(one.inside.events())
    refused("AlreadyExistsException", one.replicate, region=THERE)
    (event,) = one.inside.events()[before:]
    assert (event["eventName"], event["errorCode"]) == ("ReplicateKey", "AlreadyExistsException")


def _events(one: Related, name: str) -> list[dict[str, Any]]:
    return [event for event in one.inside.events() if event["eventName"] == name]


def _resources(event: dict[str, Any]) -> list[str]:
    return [resource["ARN"] for resource in event["resources"]]


def _schedule(one: Related, region: str) -> dict[str, Any]:
    status: dict[str, Any] = one.at[region].get_key_rotation_status(KeyId=one.id)
    assert status.pop("KeyId") == one.arn(region)
    status.pop("ResponseMetadata")
    return status


def _history(one: Related, region: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = one.at[region].list_key_rotations(KeyId=one.id)["Rotations"]
    assert all(entry.pop("KeyId") == one.arn(region) for entry in entries)
    return entries
