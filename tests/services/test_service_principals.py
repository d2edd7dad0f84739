"""Services that call for themselves: whom policies and grants name by `Service`."""

import json
from typing import Any

import pytest
from msgspec.structs import replace
from service_scene import ROOT, Scene, Who
from tests.iam.in_process import ACCOUNT
from tests.kms.world import allow, deny, refused

from keystead.wire import sigv4
from keystead.wire.http import HttpRequest

QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:queue"


@pytest.fixture
def store(scene: Scene) -> Who:
    return scene.service("objectstore", "Object Store")


def with_source(client: Any, **headers: str) -> Any:
    """The client, sending headers that are signed with the rest."""

    def add(request: Any, **_: Any) -> None:
        for name, value in headers.items():
            request.headers[f"x-keystead-source-{name}"] = value

    client.meta.events.register("before-sign", add)
    return client


def refusal_of(service: str, operation: str, what: str = "this resource") -> str:
    """What a service reads of a key that does not let it in, be it there or not."""
    return (
        f"User: {service}.amazonaws.com is not authorized to perform: kms:{operation} on {what} because "
        "the resource does not exist in this Region, no resource-based policies allow access, or a "
        "resource-based policy explicitly denies access"
    )


def test_a_key_policy_lets_a_service_in_by_name(scene: Scene, store: Who) -> None:
    key = scene.key(allow({"Service": "objectstore.amazonaws.com"}, "kms:GenerateDataKey"))
    kms = scene.client(store)
    assert kms.generate_data_key(KeyId=key, KeySpec="AES_256")["KeyId"] == key
    event = scene.last_event()
    assert event["userIdentity"] == {"type": "AWSService", "invokedBy": "objectstore.amazonaws.com"}
    assert event["sourceIPAddress"] == event["userAgent"] == "objectstore.amazonaws.com"
    assert event["recipientAccountId"] == ACCOUNT
    message = refused("AccessDeniedException", kms.encrypt, KeyId=key, Plaintext=b"x")
    assert message == refusal_of("objectstore", "Encrypt")


def test_another_service_is_another_principal(scene: Scene, store: Who) -> None:
    key = scene.key(allow({"Service": "other.amazonaws.com"}, "kms:*"))
    refused("AccessDeniedException", scene.client(store).describe_key, KeyId=key)
    scene.client(scene.service("other")).describe_key(KeyId=key)


@pytest.mark.parametrize(
    "condition",
    [
        {"Bool": {"aws:PrincipalIsAWSService": "true"}},
        {"StringEquals": {"aws:PrincipalServiceName": "objectstore.amazonaws.com"}},
        {"ForAnyValue:StringEquals": {"aws:PrincipalServiceNamesList": "objectstore.amazonaws.com"}},
        {"Null": {"aws:PrincipalArn": "true", "aws:PrincipalAccount": "true", "kms:CallerAccount": "true"}},
        {"Bool": {"aws:ViaAWSService": "false"}},
        {"Null": {"kms:ViaService": "true", "aws:CalledVia": "true"}},
    ],
    ids=["is-service", "name", "names", "no-account", "not-via", "no-chain"],
)
def test_what_conditions_see_of_a_service(scene: Scene, store: Who, condition: dict[str, Any]) -> None:
    kms = scene.client(store)
    key = scene.key(allow("*", "kms:DescribeKey", Condition=condition))
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"] == key
    # Two keys that differ in nothing but the condition, for a service is not told why it is refused.
    plain = scene.key(allow("*", "kms:DescribeKey"))
    assert kms.describe_key(KeyId=plain)["KeyMetadata"]["Arn"] == plain
    other = scene.key(allow("*", "kms:DescribeKey"), deny("*", "kms:DescribeKey", Condition=condition))
    refused("AccessDeniedException", kms.describe_key, KeyId=other)


def test_a_service_says_for_which_resource_it_calls(scene: Scene, store: Who) -> None:
    for_queue = {"ArnEquals": {"aws:SourceArn": QUEUE}, "StringEquals": {"aws:SourceAccount": ACCOUNT}}
    service = {"Service": "objectstore.amazonaws.com"}
    key = scene.key(allow(service, "kms:DescribeKey", Condition=for_queue))
    told = with_source(scene.client(store), arn=QUEUE, account=ACCOUNT)
    told.describe_key(KeyId=key)
    other = with_source(scene.client(store), arn=f"{QUEUE}2", account=ACCOUNT)
    refused("AccessDeniedException", other.describe_key, KeyId=key)
    refused("AccessDeniedException", scene.client(store).describe_key, KeyId=key)


def test_whoever_is_no_service_has_no_source(scene: Scene) -> None:
    user = scene.user("ada", "kms:DescribeKey")
    condition = {"ArnEquals": {"aws:SourceArn": QUEUE}}
    key = scene.key(deny("*", "kms:DescribeKey", Condition={"Null": {"aws:SourceArn": "false"}}))
    only = scene.key(
        allow({"AWS": f"arn:aws:iam::{ACCOUNT}:user/ada"}, "kms:GetKeyPolicy", Condition=condition)
    )
    kms = with_source(scene.client(user), arn=QUEUE, account=ACCOUNT)
    kms.describe_key(KeyId=key)
    refused("AccessDeniedException", kms.get_key_policy, KeyId=only)


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({"arn": "queue"}, "x-keystead-source-arn is not an ARN."),
        (
            {"arn": "arn:aws:sqs:us-east-1:1:" + "q" * 2048},
            "x-keystead-source-arn is longer than 2048 characters.",
        ),
        ({"account": "12"}, "x-keystead-source-account is not an account: twelve digits."),
    ],
    ids=["no-arn", "long", "no-account"],
)
def test_a_source_that_is_none_is_refused(
    scene: Scene, store: Who, headers: dict[str, str], sentence: str
) -> None:
    kms = with_source(scene.client(store), **headers)
    assert refused("ValidationException", kms.list_keys) == sentence


@pytest.mark.parametrize("header", ["x-keystead-source-arn", "x-keystead-source-account"])
def test_an_unsigned_source_is_refused(scene: Scene, store: Who, header: str) -> None:
    target = {"host": "keystead.test", "x-amz-target": "TrentService.ListKeys"}
    http = HttpRequest("POST", "/", "", target, b"{}", "192.0.2.7", secure=False)
    http = sigv4.sign(http, sigv4.Credentials(*store), "us-east-1", "kms", scene.timestamp)
    http = replace(http, headers={**http.headers, header: QUEUE})
    answer = json.loads(scene.inside.answer(http).response.body)
    assert answer["message"] == f"'{header}' must be a 'SignedHeader' in the AWS Authorization."


def test_grants_to_a_service_allow_for_their_source(scene: Scene, store: Who) -> None:
    key = scene.key()
    scene.kms.create_grant(
        KeyId=key,
        GranteeServicePrincipal="objectstore.amazonaws.com",
        RetiringPrincipal=ROOT,
        Operations=["DescribeKey"],
        Constraints={"SourceArn": QUEUE},
    )
    with_source(scene.client(store), arn=QUEUE).describe_key(KeyId=key)
    refused(
        "AccessDeniedException", with_source(scene.client(store), arn=f"{QUEUE}2").describe_key, KeyId=key
    )
    refused("AccessDeniedException", scene.client(store).describe_key, KeyId=key)


def test_of_very_many_grants_those_for_its_source_allow(
    scene: Scene, store: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keystead.service.cached_records.MOST_GRANTS", 1)
    key = scene.key()
    for number in range(3):
        scene.kms.create_grant(
            KeyId=key,
            GranteeServicePrincipal="objectstore.amazonaws.com",
            RetiringPrincipal=ROOT,
            Operations=["DescribeKey", "Encrypt"],
            Constraints={"SourceArn": f"{QUEUE}{number}"},
        )
    for source in (f"{QUEUE}0", f"{QUEUE}2"):
        kms = with_source(scene.client(store), arn=source)
        kms.describe_key(KeyId=key)
        kms.encrypt(KeyId=key, Plaintext=b"x")
    for kms in (with_source(scene.client(store), arn=f"{QUEUE}3"), scene.client(store)):
        refused("AccessDeniedException", kms.describe_key, KeyId=key)
        refused("AccessDeniedException", kms.encrypt, KeyId=key, Plaintext=b"x")


def test_a_service_lists_the_grants_of_a_service(scene: Scene, store: Who) -> None:
    key = scene.key(allow({"Service": "objectstore.amazonaws.com"}, "kms:ListGrants"))
    grant = {"KeyId": key, "RetiringPrincipal": ROOT, "Operations": ["Decrypt"]}
    for name in ("objectstore", "other"):
        scene.kms.create_grant(
            GranteeServicePrincipal=f"{name}.amazonaws.com", Constraints={"SourceArn": QUEUE}, **grant
        )
    asked = {"KeyId": key, "GranteeServicePrincipal": "objectstore.amazonaws.com"}
    (own,) = scene.client(store).list_grants(**asked)["Grants"]
    assert own["GranteeServicePrincipal"] == "objectstore.amazonaws.com"
    refused("ValidationException", scene.kms.list_grants, **asked)


def test_a_service_that_makes_a_grant_issues_it_for_the_owner(scene: Scene, store: Who) -> None:
    key = scene.key(allow({"Service": "objectstore.amazonaws.com"}, "kms:CreateGrant"))
    scene.client(store).create_grant(KeyId=key, GranteePrincipal=ROOT, Operations=["Decrypt"])
    (grant,) = scene.kms.list_grants(KeyId=key)["Grants"]
    assert grant["IssuingAccount"] == ROOT


def test_a_service_is_at_home_nowhere(scene: Scene, store: Who) -> None:
    kms = scene.client(store)
    key = scene.key(allow({"Service": "objectstore.amazonaws.com"}, "kms:*"))
    for missing in (key.rpartition("/")[2], "alias/pay", key[:-1] + ("0" if key[-1] != "0" else "1")):
        refused("AccessDeniedException", kms.describe_key, KeyId=missing)
    for call in (kms.list_keys, kms.list_aliases, kms.create_key):
        refused("AccessDeniedException", call)
    refused("InvalidClientTokenId", scene.client(store, "iam").list_users)
    refused("InvalidClientTokenId", scene.client(store, "sts").get_caller_identity)


@pytest.mark.parametrize("policy", ["silent", "denying"])
def test_a_service_learns_nothing_of_a_key_that_does_not_let_it_in(
    scene: Scene, store: Who, policy: str
) -> None:
    """Neither which key an alias names, nor which one made a ciphertext, nor whether there is one."""
    kms = scene.client(store)
    principal = {"Service": "objectstore.amazonaws.com"}
    key = scene.key(*([deny(principal, "kms:*")] if policy == "denying" else []))
    scene.kms.create_alias(AliasName="alias/pay", TargetKeyId=key)
    of_account = key.rpartition(":")[0]
    absent = f"{of_account}:key/00000000-0000-4000-8000-00000000dead"
    for named in (key, absent, f"{of_account}:alias/pay", f"{of_account}:alias/none"):
        said = refused("AccessDeniedException", kms.describe_key, KeyId=named)
        assert said == refusal_of("objectstore", "DescribeKey")
    blob = scene.kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    said = refused("AccessDeniedException", kms.decrypt, CiphertextBlob=blob)
    of_ciphertext = refusal_of("objectstore", "Decrypt", "the resource associated with this ciphertext")
    assert said == of_ciphertext
    scene.kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    scene.inside.pass_time(8 * 86_400)
    assert refused("AccessDeniedException", kms.decrypt, CiphertextBlob=blob) == of_ciphertext


def test_a_service_has_no_managed_keys_of_its_own(scene: Scene) -> None:
    kms = scene.client(scene.service("s3"))
    message = refused("AccessDeniedException", kms.describe_key, KeyId="alias/aws/s3")
    assert message == refusal_of("s3", "DescribeKey")
    assert scene.last_event()["eventName"] == "DescribeKey"
    refused("AccessDeniedException", kms.encrypt, KeyId="alias/aws/s3", Plaintext=b"x")


def test_a_removed_service_and_an_inactive_access_key_are_refused(scene: Scene, store: Who) -> None:
    key = scene.key(allow({"Service": "objectstore.amazonaws.com"}, "kms:*"))
    kms = scene.client(store)
    kms.describe_key(KeyId=key)
    scene.remove_service("objectstore")
    refused("UnrecognizedClientException", kms.describe_key, KeyId=key)


def test_a_wrong_secret_is_refused(scene: Scene, store: Who) -> None:
    refused("InvalidSignatureException", scene.client((store[0], "wrong")).list_keys)


def test_a_refusal_of_a_service_carries_no_message_for_an_account(scene: Scene, store: Who) -> None:
    key = scene.key(deny({"Service": "objectstore.amazonaws.com"}, "kms:*"))
    client = scene.client(store)
    heard: list[Any] = []
    client.meta.events.register(
        "response-received", lambda parsed_response, **_: heard.append(parsed_response)
    )
    refused("AccessDeniedException", client.describe_key, KeyId=key)
    headers = json.dumps(heard[0]["ResponseMetadata"]["HTTPHeaders"])
    assert "authorization-message" not in headers
