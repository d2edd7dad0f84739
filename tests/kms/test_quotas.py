"""Quotas of resources and requests: a whole service in process, whose time is the test's."""

import json
from typing import Any

import pytest
from scene import OTHER, ROOT, Scene
from tests.iam.in_process import ACCOUNT, statement
from world import allow, delegation, document, refused

from keystead.model import RegisteredService
from keystead.model.quotas import ResourceQuotas
from keystead.model.request_quotas import AWS_REQUEST_QUOTAS, SYMMETRIC, RequestQuotas
from keystead.names import ServiceName
from keystead.service.registered_services import add_service

SENTENCE = "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls."
FULL = f"Account {ACCOUNT} has 3 KMS keys in us-east-1, and none can be added."


def throttled(rates: dict[str, float], workers: int = 1) -> Scene:
    return Scene(requests=RequestQuotas(rates), workers=workers)


def service(scene: Scene, name: str) -> tuple[str, str]:
    """The access key of a service that is registered now."""
    made = RegisteredService(ServiceName(name), name, int(scene.inside.now * 1000))
    with scene.inside.store.write("service") as tx:
        key = add_service(tx, scene.inside.sealer, made, scene.inside.random)
    return key.access_key_id, key.secret


def passes(operation: Any, **arguments: Any) -> int:
    """How often a call passes until it is throttled."""
    number = 0
    while number < 1000:
        try:
            operation(**arguments)
        except operation.__self__.exceptions.ClientError as error:
            if error.response["Error"]["Code"] == "ThrottlingException":
                return number
        number += 1
    raise AssertionError("it is never throttled")


class TestKeys:
    def test_whatever_their_state_until_they_are_deleted(self) -> None:
        scene = Scene(quotas=ResourceQuotas(keys=3))
        key = scene.kms.create_key()["KeyMetadata"]["KeyId"]
        scene.kms.create_key()
        scene.kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        assert refused("LimitExceededException", scene.kms.create_key) == FULL
        event = scene.last_event()
        assert (event["errorCode"], event["errorMessage"]) == ("LimitExceededException", FULL)
        assert "resources" not in event
        scene.inside.pass_time(8 * 86_400)
        scene.kms.create_key()
        assert refused("LimitExceededException", scene.kms.create_key) == FULL

    def test_by_account_and_region(self) -> None:
        scene = Scene(quotas=ResourceQuotas(keys=1))
        refused("LimitExceededException", scene.kms.create_key)
        scene.inside.client("kms", region="eu-west-1").create_key()
        other = scene.inside.client("kms", (OTHER, "test"))
        other.create_key()
        refused("LimitExceededException", other.create_key)

    def test_only_those_who_may_create_keys_learn_of_it(self) -> None:
        scene = Scene(quotas=ResourceQuotas(keys=1))
        refused("AccessDeniedException", scene.user("user").create_key)
        refused("TagException", scene.kms.create_key, Tags=[{"TagKey": "aws:a", "TagValue": ""}])

    def test_without_a_quota_there_is_none(self, scene: Scene) -> None:
        made = {scene.kms.create_key()["KeyMetadata"]["Arn"] for _ in range(5)}
        listed = {entry["KeyArn"] for entry in scene.kms.list_keys()["Keys"]}
        assert listed == made | {scene.key}


def test_aliases_of_a_key() -> None:
    scene = Scene(quotas=ResourceQuotas(aliases_per_key=1))
    scene.kms.create_alias(AliasName="alias/a", TargetKeyId=scene.key)
    said = refused(
        "LimitExceededException", scene.kms.create_alias, AliasName="alias/b", TargetKeyId=scene.key
    )
    assert said == f"Key {scene.key} has 1 aliases, and none can be added."


def test_grant_tokens_of_a_request(scene: Scene) -> None:
    tokens = [scene.grant_to_root("Encrypt")["GrantToken"] for _ in range(11)]
    asked = {"KeyId": scene.key, "Plaintext": b"x"}
    scene.kms.encrypt(**asked, GrantTokens=tokens[:10])
    said = refused("ValidationException", scene.kms.encrypt, **asked, GrantTokens=tokens)
    assert "failed to satisfy constraint: Member must have length less than or equal to 10" in said


class TestRequests:
    def test_the_error_and_its_event(self) -> None:
        scene = throttled({"DescribeKey": 2})
        assert passes(scene.kms.describe_key, KeyId=scene.key) == 2
        with pytest.raises(scene.kms.exceptions.ClientError) as caught:
            scene.kms.describe_key(KeyId=scene.key)
        answer = caught.value.response
        assert answer["Error"] == {"Code": "ThrottlingException", "Message": SENTENCE}
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
        event = scene.last_event()
        assert event["eventName"] == "DescribeKey"
        assert (event["errorCode"], event["errorMessage"]) == ("ThrottlingException", SENTENCE)
        assert (event["requestParameters"], event["responseElements"]) == (None, None)
        assert event["readOnly"] is True
        assert "resources" not in event

    def test_a_change_that_is_throttled_changes_nothing(self) -> None:
        scene = throttled({"CreateKey": 1})
        assert refused("ThrottlingException", scene.kms.create_key) == SENTENCE
        assert len(scene.kms.list_keys()["Keys"]) == 1

    def test_the_bucket_fills_at_the_rate(self) -> None:
        scene = throttled({"DescribeKey": 5})
        assert passes(scene.kms.describe_key, KeyId=scene.key) == 5
        scene.inside.now += 0.4
        assert passes(scene.kms.describe_key, KeyId=scene.key) == 2
        scene.inside.now += 3600
        assert passes(scene.kms.describe_key, KeyId=scene.key) == 5

    def test_less_than_one_a_second(self) -> None:
        scene = throttled({"ListKeys": 0.25})
        assert passes(scene.kms.list_keys) == 1
        scene.inside.now += 3.99
        assert passes(scene.kms.list_keys) == 0
        scene.inside.now += 0.011
        assert passes(scene.kms.list_keys) == 1

    def test_cryptographic_operations_share_one_and_the_rest_has_its_own(self) -> None:
        scene = throttled({SYMMETRIC: 3, "DescribeKey": 1})
        blob = scene.kms.encrypt(KeyId=scene.key, Plaintext=b"x")["CiphertextBlob"]
        scene.kms.decrypt(CiphertextBlob=blob)
        scene.kms.generate_random(NumberOfBytes=8)
        refused("ThrottlingException", scene.kms.generate_data_key, KeyId=scene.key, KeySpec="AES_256")
        scene.kms.describe_key(KeyId=scene.key)
        scene.kms.list_keys()

    def test_by_account_of_the_caller_whoever_owns_the_key(self) -> None:
        scene = throttled({SYMMETRIC: 2})
        policy = document(delegation(ROOT), allow({"AWS": f"arn:aws:iam::{OTHER}:root"}, "kms:Encrypt"))
        scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(policy))
        asked = {"KeyId": scene.key, "Plaintext": b"x"}
        assert passes(scene.inside.client("kms", (OTHER, "test")).encrypt, **asked) == 2
        assert passes(scene.kms.encrypt, **asked) == 2

    def test_users_of_an_account_share_it(self) -> None:
        scene = throttled({"ListAliases": 2})
        user = scene.user("user", json.loads(statement("Allow", "kms:ListAliases", "*")))
        user.list_aliases()
        scene.kms.list_aliases()
        refused("ThrottlingException", user.list_aliases)

    def test_regions_do_not(self) -> None:
        scene = throttled({"ListAliases": 1})
        assert passes(scene.kms.list_aliases) == 1
        assert passes(scene.inside.client("kms", region="eu-west-1").list_aliases) == 1

    def test_what_fails_later_counts(self) -> None:
        scene = throttled({"DescribeKey": 3, SYMMETRIC: 2})
        assert passes(scene.user("user").describe_key, KeyId=scene.key) == 3
        absent = "00000000-0000-4000-8000-00000000dead"
        assert passes(scene.kms.encrypt, KeyId=absent, Plaintext=b"x") == 2

    def test_so_does_what_is_denied_of_a_managed_key_that_is_not_made(self) -> None:
        scene = throttled({SYMMETRIC: 2})
        assert passes(scene.kms.encrypt, KeyId="alias/aws/s3", Plaintext=b"x") == 2

    def test_services_that_call_for_themselves_do_not_share_it(self) -> None:
        scene = throttled({SYMMETRIC: 2})
        services = [scene.inside.client("kms", service(scene, name)) for name in ("s3", "backups")]
        asked = {"KeyId": scene.key, "Plaintext": b"x"}
        assert [passes(kms.encrypt, **asked) for kms in services] == [2, 2]

    def test_what_fails_before_does_not(self) -> None:
        scene = throttled({"DescribeKey": 1})
        for _ in range(3):
            refused("ValidationException", scene.kms.describe_key)
            refused(
                "InvalidSignatureException",
                scene.inside.client("kms", ("test", "wrong")).describe_key,
                KeyId=scene.key,
            )
        scene.kms.describe_key(KeyId=scene.key)

    def test_each_of_two_workers_takes_its_half(self) -> None:
        scene = throttled({"DescribeKey": 6, "ListKeys": 1}, workers=2)
        assert passes(scene.kms.describe_key, KeyId=scene.key) == 3
        assert passes(scene.kms.list_keys) == 1
        scene.inside.now += 1
        assert passes(scene.kms.list_keys) == 0
        scene.inside.now += 1
        assert passes(scene.kms.list_keys) == 1

    def test_other_services_have_no_quotas_here(self) -> None:
        scene = throttled(dict(AWS_REQUEST_QUOTAS.rates))
        assert passes(scene.kms.create_key) < 20
        assert [scene.iam.list_users()["Users"] for _ in range(20)] == [[]] * 20
