"""Services that act for a caller, by the request that the caller signed."""

from typing import Any

import pytest
from service_scene import ROOT, Refusal, Scene, Who, credentials_of
from tests.iam.in_process import ACCOUNT
from tests.kms.world import allow, deny, refused

from keystead.service.answer import Answer
from keystead.service.call import Call
from keystead.wire import sigv4
from keystead.wire.http import HttpRequest

VIA = "objectstore.us-east-1.amazonaws.com"
USE = ("kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey")
ADA = f"arn:aws:iam::{ACCOUNT}:user/ada"
NOT_PROVEN = "The caller's request is refused: "


@pytest.fixture
def store(scene: Scene) -> Who:
    return scene.service("objectstore")


@pytest.fixture
def ada(scene: Scene) -> Who:
    return scene.user("ada", *USE)


def denied(scene: Scene, who: Who, request: dict[str, Any]) -> str:
    with pytest.raises(Refusal) as caught:
        scene.keystead(who, request)
    assert (caught.value.status, caught.value.code) == (403, "CallerNotProvenException")
    return caught.value.message


def test_a_service_learns_who_asked_and_calls_as_the_caller(scene: Scene, store: Who, ada: Who) -> None:
    user_id = scene.iam.get_user(UserName="ada")["User"]["UserId"]
    answer = scene.keystead(store, scene.signed(ada, "objectstore", body=b"an object"))
    assert answer["Caller"] == {"Arn": ADA, "Account": ACCOUNT, "UserId": user_id}
    assert answer["Credentials"]["Expiration"] == scene.time // 1000 + 15 * 60
    event = scene.last_event()
    assert event["eventSource"] == "keystead.amazonaws.com"
    assert event["userIdentity"] == {"type": "AWSService", "invokedBy": "objectstore.amazonaws.com"}
    assert event["recipientAccountId"] == ACCOUNT
    assert event["requestParameters"] == {"method": "PUT", "path": "/bucket/key"}
    assert event["responseElements"]["caller"] == {"arn": ADA, "account": ACCOUNT}
    secrets = (answer["Credentials"]["SecretAccessKey"], answer["Credentials"]["SessionToken"])
    assert not any(secret in str(event) for secret in secrets)

    key = scene.key()
    scene.client(credentials_of(answer["Credentials"])).generate_data_key(KeyId=key, KeySpec="AES_256")
    event = scene.last_event()
    identity = event["userIdentity"]
    assert identity["type"] == "IAMUser"
    assert identity["arn"] == ADA
    assert identity["accessKeyId"] == ada[0]
    assert identity["invokedBy"] == "objectstore.amazonaws.com"
    assert event["sourceIPAddress"] == event["userAgent"] == "objectstore.amazonaws.com"
    assert event["recipientAccountId"] == ACCOUNT


@pytest.mark.parametrize(
    ("condition", "direct", "forwarded"),
    [
        ({"StringEquals": {"kms:ViaService": VIA}}, False, True),
        ({"Null": {"kms:ViaService": "true"}}, True, False),
        ({"Bool": {"aws:ViaAWSService": "true"}}, False, True),
        ({"ForAnyValue:StringEquals": {"aws:CalledVia": "objectstore.amazonaws.com"}}, False, True),
        ({"StringEquals": {"aws:CalledViaFirst": "objectstore.amazonaws.com"}}, False, True),
        ({"StringEquals": {"aws:CalledViaLast": "objectstore.amazonaws.com"}}, False, True),
        ({"Bool": {"aws:PrincipalIsAWSService": "false"}}, True, True),
        ({"StringEquals": {"kms:CallerAccount": ACCOUNT, "aws:username": "ada"}}, True, True),
        ({"Null": {"aws:TokenIssueTime": "true", "aws:MultiFactorAuthPresent": "true"}}, True, True),
        ({"Null": {"aws:SourceArn": "true"}}, True, True),
    ],
    ids=["via", "not-via", "is-via", "chain", "first", "last", "no-service", "caller", "long-term", "source"],
)
def test_what_conditions_see(
    scene: Scene, store: Who, condition: dict[str, Any], direct: bool, forwarded: bool
) -> None:
    ada = scene.user("ada")
    key = scene.key(allow({"AWS": ADA}, "kms:DescribeKey", Condition=condition))
    for who, allowed in ((ada, direct), (scene.forwarded(store, ada, "objectstore"), forwarded)):
        if allowed:
            scene.client(who).describe_key(KeyId=key)
        else:
            refused("AccessDeniedException", scene.client(who).describe_key, KeyId=key)


def test_the_service_counts_where_it_was_asked(scene: Scene, store: Who, ada: Who) -> None:
    elsewhere = "objectstore.eu-west-1.amazonaws.com"
    asked = scene.keystead(store, scene.signed(ada, "objectstore", region="eu-west-1"))["Credentials"]
    for via, code in ((elsewhere, ""), (VIA, "AccessDeniedException")):
        only = {"StringNotEquals": {"kms:ViaService": via}}
        key = scene.key(deny("*", "kms:DescribeKey", Condition=only))
        kms = scene.client(credentials_of(asked))
        if code:
            refused(code, kms.describe_key, KeyId=key)
        else:
            kms.describe_key(KeyId=key)


def test_the_callers_access_key_was_used_for_the_service(scene: Scene, store: Who, ada: Who) -> None:
    scene.keystead(store, scene.signed(ada, "objectstore", region="eu-west-1"))
    used = scene.iam.get_access_key_last_used(AccessKeyId=ada[0])["AccessKeyLastUsed"]
    assert (used["ServiceName"], used["Region"]) == ("objectstore", "eu-west-1")


def test_a_service_principal_is_not_whom_it_acts_for(scene: Scene, store: Who) -> None:
    ada = scene.user("ada")
    key = scene.key(allow({"Service": "objectstore.amazonaws.com"}, "kms:*"))
    message = refused(
        "AccessDeniedException",
        scene.client(scene.forwarded(store, ada, "objectstore")).describe_key,
        KeyId=key,
    )
    assert message.startswith(f"User: {ADA} is not authorized to perform: kms:DescribeKey")


def test_the_callers_policies_are_those_of_now(scene: Scene, store: Who, ada: Who) -> None:
    key = scene.key()
    kms = scene.client(scene.forwarded(store, ada, "objectstore"))
    kms.describe_key(KeyId=key)
    scene.iam.delete_user_policy(UserName="ada", PolicyName="p")
    refused("AccessDeniedException", kms.describe_key, KeyId=key)


def test_a_key_can_be_for_use_through_one_service_only(scene: Scene, store: Who, ada: Who) -> None:
    other = scene.service("other")
    only = {"StringNotEquals": {"kms:ViaService": VIA}}
    key = scene.key(deny("*", "kms:GenerateDataKey", Condition=only))
    refused("AccessDeniedException", scene.client(ada).generate_data_key, KeyId=key, NumberOfBytes=8)
    through_other = scene.client(scene.forwarded(other, ada, "other"))
    refused("AccessDeniedException", through_other.generate_data_key, KeyId=key, NumberOfBytes=8)
    scene.client(scene.forwarded(store, ada, "objectstore")).generate_data_key(KeyId=key, NumberOfBytes=8)


# What does not prove that somebody asked.


def test_only_services_act_for_callers(scene: Scene, ada: Who) -> None:
    with pytest.raises(Refusal) as caught:
        scene.keystead(ada, scene.signed(ada, "objectstore"))
    assert (caught.value.code, caught.value.message) == (
        "AccessDeniedException",
        "Only registered services act for callers.",
    )


def test_a_request_to_another_service_proves_nothing(scene: Scene, store: Who, ada: Who) -> None:
    scene.service("other")
    for name in ("other", "kms", "s3"):
        message = denied(scene, store, scene.signed(ada, name))
        assert message == (
            f"{NOT_PROVEN}InvalidSignatureException: "
            "Credential should be scoped to correct service: 'objectstore'."
        )


@pytest.mark.parametrize(
    "change",
    [
        {"Path": "/bucket/other"},
        {"Method": "GET"},
        {"Query": "versionId=1"},
        {"PayloadHash": "0" * 64},
        {"PayloadHash": "UNSIGNED-PAYLOAD"},
    ],
    ids=lambda change: "-".join(f"{name}{len(value)}" for name, value in change.items()),
)
def test_an_altered_request_proves_nothing(
    scene: Scene, store: Who, ada: Who, change: dict[str, str]
) -> None:
    message = denied(scene, store, scene.signed(ada, "objectstore", body=b"an object") | change)
    assert "The request signature we calculated does not match" in message


def test_an_altered_header_and_a_forged_signature_prove_nothing(scene: Scene, store: Who, ada: Who) -> None:
    signed = scene.signed(ada, "objectstore")
    headers = signed["Headers"]
    last = headers["authorization"][-1]
    forged = headers["authorization"][:-1] + ("0" if last != "0" else "1")
    for changed in (headers | {"host": "elsewhere.test"}, headers | {"authorization": forged}):
        assert "does not match" in denied(scene, store, signed | {"Headers": changed})
    unsigned = {"host": "store.test"}
    assert "MissingAuthenticationToken" in denied(scene, store, signed | {"Headers": unsigned})
    twice = headers | {"Host": "store.test"}
    assert denied(scene, store, signed | {"Headers": twice}) == "The header 'Host' is there twice."


def test_the_operator_and_the_service_cannot_sign_for_a_caller(scene: Scene, store: Who, ada: Who) -> None:
    forged = scene.signed((ada[0], store[1]), "objectstore")
    assert "does not match" in denied(scene, store, forged)
    assert "security token" in denied(scene, store, scene.signed(store, "objectstore"))


def test_an_old_request_proves_nothing_any_more(scene: Scene, store: Who, ada: Who) -> None:
    signed = scene.signed(ada, "objectstore")
    scene.inside.now += 4 * 60
    scene.keystead(store, signed)
    scene.inside.now += 2 * 60
    assert "Signature expired" in denied(scene, store, signed)


def test_an_access_key_that_is_not_active_proves_nothing(scene: Scene, store: Who, ada: Who) -> None:
    key = scene.key()
    kms = scene.client(scene.forwarded(store, ada, "objectstore"))
    kms.describe_key(KeyId=key)
    scene.iam.update_access_key(UserName="ada", AccessKeyId=ada[0], Status="Inactive")
    assert "security token" in denied(scene, store, scene.signed(ada, "objectstore"))
    refused("UnrecognizedClientException", kms.describe_key, KeyId=key)  # what was given before ends with it


@pytest.mark.parametrize("status", ["Active", "Inactive"])
def test_the_callers_access_key_must_be_active_when_its_turn_to_write_comes(
    scene: Scene, store: Who, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    ada = scene.user("ada", "kms:*")
    kms = scene.client(scene.forwarded(store, ada, "objectstore"))
    service = scene.inside.service
    finish = service.finish

    def late(call: Call) -> Answer:
        monkeypatch.undo()
        scene.iam.update_access_key(UserName="ada", AccessKeyId=ada[0], Status=status)
        return finish(call)

    monkeypatch.setattr(service, "finish", late)
    if status == "Active":
        assert kms.create_key()["KeyMetadata"]["Enabled"]
    else:
        refused("UnrecognizedClientException", kms.create_key)


def test_a_presigned_request_is_proof_while_it_lives(scene: Scene, store: Who, ada: Who) -> None:
    http = HttpRequest("GET", "/bucket/key", "", {"host": "store.test"}, b"", "", secure=False)
    http = sigv4.presign(http, sigv4.Credentials(*ada), "us-east-1", "objectstore", scene.timestamp, 3600)
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    told = {
        "Method": "GET",
        "Path": http.path,
        "Query": http.query,
        "Headers": dict(http.headers),
        "PayloadHash": empty,
    }
    scene.inside.now += 3000
    assert scene.keystead(store, told)["Caller"]["Arn"] == ADA
    scene.inside.now += 700
    assert "Signature expired" in denied(scene, store, told)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Path": "bucket"}, "ValidationException"),
        ({"Path": "/" + "a" * 9000}, "ValidationException"),
        ({"Path": "/caf\u00e9"}, "ValidationException"),
        ({"Method": "get"}, "ValidationException"),
        ({"Headers": {}}, "ValidationException"),
        ({"Headers": {f"h{number}": "v" for number in range(65)}}, "ValidationException"),
        ({"Headers": {"host": "h" * 20_000}}, "ValidationException"),
        ({"Headers": ["host"]}, "SerializationException"),
        ({"PayloadHash": "a b"}, "ValidationException"),
        ({"Query": "a b"}, "ValidationException"),
    ],
    ids=["path", "long-path", "latin", "method", "none", "many", "long", "list", "hash", "query"],
)
def test_bad_input_is_refused(scene: Scene, store: Who, ada: Who, change: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        scene.keystead(store, scene.signed(ada, "objectstore") | change)
    assert caught.value.code == code


# The session itself.


def test_it_lives_a_quarter_of_an_hour(scene: Scene, store: Who, ada: Who) -> None:
    key = scene.key()
    kms = scene.client(scene.forwarded(store, ada, "objectstore"))
    scene.inside.now += 14 * 60
    kms.describe_key(KeyId=key)
    scene.inside.now += 2 * 60
    refused("ExpiredTokenException", kms.describe_key, KeyId=key)


def test_it_does_not_outlive_the_callers_own_session(scene: Scene, store: Who, ada: Who) -> None:
    own = scene.client(ada, "sts").get_session_token(DurationSeconds=900)["Credentials"]
    scene.inside.now += 600
    answer = scene.keystead(store, scene.signed(credentials_of(own), "objectstore"))
    assert answer["Credentials"]["Expiration"] == own["Expiration"].timestamp()


def test_session_policies_and_tags_stay(scene: Scene, store: Who, ada: Who) -> None:
    policy = (
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kms:DescribeKey","Resource":"*"}}'
    )
    scene.iam.put_user_policy(
        UserName="ada",
        PolicyName="more",
        PolicyDocument='{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:*","Resource":"*"}}',
    )
    session = scene.client(ada, "sts").get_federation_token(Name="fred", Policy=policy)["Credentials"]
    answer = scene.keystead(store, scene.signed(credentials_of(session), "objectstore"))
    arn = f"arn:aws:sts::{ACCOUNT}:federated-user/fred"
    assert answer["Caller"]["Arn"] == arn
    kms, key = scene.client(credentials_of(answer["Credentials"])), scene.key()
    kms.describe_key(KeyId=key)
    identity = scene.last_event()["userIdentity"]
    assert (identity["type"], identity["accessKeyId"]) == ("FederatedUser", session["AccessKeyId"])
    assert identity["invokedBy"] == "objectstore.amazonaws.com"
    refused("AccessDeniedException", kms.generate_data_key, KeyId=key, NumberOfBytes=8)


def test_root_users_are_acted_for_too(scene: Scene, store: Who) -> None:
    answer = scene.keystead(store, scene.signed(("test", "test"), "objectstore"))
    assert answer["Caller"] == {"Arn": ROOT, "Account": ACCOUNT, "UserId": ACCOUNT}
    scene.client(credentials_of(answer["Credentials"])).list_keys()
    assert scene.last_event()["userIdentity"]["type"] == "Root"


def test_it_calls_nothing_but_kms(scene: Scene, store: Who) -> None:
    forwarded = scene.forwarded(store, ("test", "test"), "objectstore")
    refused("InvalidClientTokenId", scene.client(forwarded, "iam").list_users)
    refused("InvalidClientTokenId", scene.client(forwarded, "sts").get_caller_identity)
    refused("UnrecognizedClientException", scene.client(forwarded, "organizations").list_accounts)
    with pytest.raises(Refusal):
        scene.keystead(forwarded, scene.signed(("test", "test"), "objectstore"))


def test_it_ends_with_its_service(scene: Scene, store: Who, ada: Who) -> None:
    key = scene.key()
    forwarded = scene.client(scene.forwarded(store, ada, "objectstore"))
    forwarded.describe_key(KeyId=key)
    scene.remove_service("objectstore")
    refused("UnrecognizedClientException", forwarded.describe_key, KeyId=key)
    refused("UnrecognizedClientException", forwarded.disable_key, KeyId=key)


def test_a_service_of_the_same_name_is_another_one(scene: Scene, store: Who, ada: Who) -> None:
    key = scene.key()
    forwarded = scene.client(scene.forwarded(store, ada, "objectstore"))
    forwarded.describe_key(KeyId=key)
    scene.inside.now += 1
    scene.remove_service("objectstore")
    again = scene.service("objectstore")
    refused("UnrecognizedClientException", forwarded.describe_key, KeyId=key)
    scene.client(scene.forwarded(again, ada, "objectstore")).describe_key(KeyId=key)


def test_a_token_is_good_for_its_own_access_key_alone(scene: Scene, store: Who, ada: Who) -> None:
    key_id, secret, token = scene.forwarded(store, ada, "objectstore")
    key = scene.key()
    for who in (
        (key_id, secret),
        (key_id, "wrong", token),
        (ada[0], ada[1], token),
        (key_id, secret, token[:-4]),
    ):
        with pytest.raises(Exception, match=r"Unrecognized|InvalidSignature|IncompleteSignature"):
            scene.client(who).describe_key(KeyId=key)


def test_services_call_services_for_a_caller(scene: Scene, store: Who, ada: Who) -> None:
    scene.service("lake")
    index = scene.service("index")
    first = scene.forwarded(store, ada, "objectstore")
    answer = scene.keystead(index, scene.signed(first, "index"))
    assert answer["Caller"]["Arn"] == ADA
    chain = {
        "StringEquals": {
            "kms:ViaService": "index.us-east-1.amazonaws.com",
            "aws:CalledViaFirst": "objectstore.amazonaws.com",
            "aws:CalledViaLast": "index.amazonaws.com",
        },
        "ForAllValues:StringEquals": {"aws:CalledVia": ["objectstore.amazonaws.com", "index.amazonaws.com"]},
    }
    key = scene.key(allow({"AWS": ADA}, "kms:GetKeyPolicy", Condition=chain))
    kms = scene.client(credentials_of(answer["Credentials"]))
    kms.get_key_policy(KeyId=key)
    assert scene.last_event()["userIdentity"]["accessKeyId"] == ada[0]
    refused("AccessDeniedException", scene.client(first).get_key_policy, KeyId=key)
    # When any of them goes, it ends.
    scene.remove_service("objectstore")
    refused("UnrecognizedClientException", kms.get_key_policy, KeyId=key)


def test_a_chain_has_an_end(scene: Scene, ada: Who) -> None:
    who = ada
    for number in range(5):
        name = f"service-{number}"
        who = scene.forwarded(scene.service(name), who, name)
    last = scene.service("service-5")
    assert (
        denied(scene, last, scene.signed(who, "service-5"))
        == "The request has come through 5 services already."
    )


def test_grants_are_for_aws_resources_when_a_service_makes_them(scene: Scene, store: Who) -> None:
    ada = scene.user("ada")
    condition = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    key = scene.key(allow({"AWS": ADA}, "kms:CreateGrant", Condition=condition))
    asked = {"KeyId": key, "GranteePrincipal": ROOT, "Operations": ["Decrypt"]}
    refused("AccessDeniedException", scene.client(ada).create_grant, **asked)
    scene.client(scene.forwarded(store, ada, "objectstore")).create_grant(**asked)
