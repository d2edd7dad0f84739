"""GetSessionToken, GetFederationToken, GetCallerIdentity, GetAccessKeyInfo."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sts_world import ALL, OTHER, ROOT, World, document, trusts, user_arn
from tests.iam.in_process import ACCOUNT

from keystead.wire import sigv4
from keystead.wire.http import HttpRequest

Refused = Any

INVALID = "The security token included in the request is invalid."


# GetSessionToken.


def test_a_user_gets_a_session_of_its_own_without_permission(world: World) -> None:
    ada = world.user("ada")
    answer = world.client("sts", ada).get_session_token()
    session = answer["Credentials"]
    assert int(session["Expiration"].timestamp()) == int(world.inside.now) + 43_200
    assert answer["SessionTokenSize"] == len(session["SessionToken"])
    identity = world.client("sts", session).get_caller_identity()
    assert identity["Arn"] == user_arn("ada")
    assert identity["UserId"].startswith("AIDA")


def test_it_has_the_rights_of_the_user_at_each_moment(world: World, refused: Refused) -> None:
    ada = world.user("ada", ALL)
    kms = world.client("kms", world.client("sts", ada).get_session_token()["Credentials"])
    kms.list_keys()
    world.iam.delete_user_policy(UserName="ada", PolicyName="p")
    assert refused(kms.list_keys)[1].startswith(f"User: {user_arn('ada')} is not authorized")


def test_sessions_of_root_users_last_an_hour(world: World) -> None:
    sts = world.client("sts")
    for asked in ({}, {"DurationSeconds": 43_200}, {"DurationSeconds": 3600}):
        session = sts.get_session_token(**asked)["Credentials"]
        assert int(session["Expiration"].timestamp()) == int(world.inside.now) + 3600
    assert world.client("sts", session).get_caller_identity()["Arn"] == ROOT
    world.client("kms", session).create_key()


def test_tokens_can_be_asked_to_be_long(world: World) -> None:
    sts = world.client("sts", world.user("ada"))
    answer = sts.get_session_token(MinimumSessionTokenSize=4096)
    assert 4096 <= answer["SessionTokenSize"] < 4200
    assert answer["SessionTokenSize"] == len(answer["Credentials"]["SessionToken"])
    assert world.client("sts", answer["Credentials"]).get_caller_identity()


def test_what_a_session_of_ones_own_may_not_call(world: World, refused: Refused) -> None:
    session = world.client("sts", world.user("ada", ALL)).get_session_token()["Credentials"]
    sts, iam = world.client("sts", session), world.client("iam", session)
    denied = "AccessDenied"
    assert refused(sts.get_session_token) == (
        denied,
        "Cannot call GetSessionToken with session credentials",
    )
    assert refused(sts.get_federation_token, Name="fred") == (
        denied,
        "Cannot call GetFederationToken with session credentials",
    )
    assert refused(sts.get_access_key_info, AccessKeyId="AKIA" + "A" * 16)[0] == denied
    assert refused(iam.list_users) == ("InvalidClientTokenId", INVALID)


@pytest.mark.parametrize("given", [{"TokenCode": "123456"}, {"SerialNumber": "GAHT12345678"}])
def test_mfa_that_cannot_be_checked_is_refused(world: World, refused: Refused, given: Any) -> None:
    sts = world.client("sts", world.user("ada"))
    code, message = refused(sts.get_session_token, **given)
    assert code == "AccessDenied"
    assert message.startswith("MultiFactorAuthentication failed")


# GetFederationToken.


def test_a_federated_user_may_do_what_both_allow(world: World, refused: Refused) -> None:
    encrypts = {"Effect": "Allow", "Action": ["kms:Encrypt", "sts:GetFederationToken"], "Resource": "*"}
    ada, key = world.user("ada", encrypts), world.key()
    sts = world.client("sts", ada)
    answer = sts.get_federation_token(Name="fred", Policy=document(ALL), DurationSeconds=900)
    arn = f"arn:aws:sts::{ACCOUNT}:federated-user/fred"
    assert answer["FederatedUser"] == {"FederatedUserId": f"{ACCOUNT}:fred", "Arn": arn}
    session = answer["Credentials"]
    assert int(session["Expiration"].timestamp()) == int(world.inside.now) + 900
    identity = world.client("sts", session).get_caller_identity()
    assert (identity["Arn"], identity["UserId"]) == (arn, f"{ACCOUNT}:fred")
    kms = world.client("kms", session)
    kms.encrypt(KeyId=key, Plaintext=b"x")
    assert refused(kms.describe_key, KeyId=key)[1].endswith(
        "because no identity-based policy allows the kms:DescribeKey action"
    )
    narrow = sts.get_federation_token(Name="fred", Policy=document(ALL | {"Action": "kms:ListKeys"}))
    assert refused(world.client("kms", narrow["Credentials"]).encrypt, KeyId=key, Plaintext=b"x")[1].endswith(
        "because no session policy allows the kms:Encrypt action"
    )


def test_without_session_policy_it_may_do_nothing_of_its_issuer(world: World, refused: Refused) -> None:
    ada = world.user("ada", ALL)
    arn = f"arn:aws:sts::{ACCOUNT}:federated-user/fred"
    own = world.key(
        {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "kms:DescribeKey", "Resource": "*"}
    )
    session = world.client("sts", ada).get_federation_token(Name="fred")["Credentials"]
    kms = world.client("kms", session)
    assert refused(kms.describe_key, KeyId=world.key())[0] == "AccessDeniedException"
    assert kms.describe_key(KeyId=own)


def test_root_users_federate_within_session_policies(world: World, refused: Refused) -> None:
    sts = world.client("sts")
    answer = sts.get_federation_token(Name="fred", Policy=document(ALL | {"Action": "kms:*"}))
    session = answer["Credentials"]
    assert int(session["Expiration"].timestamp()) == int(world.inside.now) + 3600
    kms = world.client("kms", session)
    kms.describe_key(KeyId=world.key())
    bare = world.client("kms", sts.get_federation_token(Name="fred")["Credentials"])
    assert refused(bare.list_keys)[1].endswith("because no session policy allows the kms:ListKeys action")


def test_federating_and_tagging_need_permission(world: World, refused: Refused) -> None:
    arn = f"arn:aws:sts::{ACCOUNT}:federated-user/fred"
    silent = world.client("sts", world.user("silent"))
    assert refused(silent.get_federation_token, Name="fred") == (
        "AccessDenied",
        f"User: {user_arn('silent')} is not authorized to perform: sts:GetFederationToken on resource: {arn} "
        "because no identity-based policy allows the sts:GetFederationToken action",
    )
    only = world.client("sts", world.user("only", ALL | {"Action": "sts:GetFederationToken"}))
    tags = [{"Key": "Team", "Value": "pay"}]
    assert only.get_federation_token(Name="fred")
    assert "sts:TagSession" in refused(only.get_federation_token, Name="fred", Tags=tags)[1]


def test_tags_of_a_federated_user_stand_over_those_of_its_issuer(world: World) -> None:
    ada = world.user("ada", ALL)
    world.tag_user("ada", team="hr", Site="Bern")
    session = world.client("sts", ada).get_federation_token(
        Name="fred", Policy=document(ALL), Tags=[{"Key": "Team", "Value": "pay"}]
    )["Credentials"]
    wanted = {"aws:PrincipalTag/TEAM": "pay", "aws:PrincipalTag/site": "Bern"}
    key = world.key(
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "kms:Encrypt",
            "Resource": "*",
            "Condition": {"StringNotEquals": wanted},
        }
    )
    world.client("kms", session).encrypt(KeyId=key, Plaintext=b"x")


def test_what_a_federated_user_may_not_call(world: World, refused: Refused) -> None:
    ada = world.user("ada", ALL)
    role = world.role("open", trusts("*"))
    session = world.client("sts", ada).get_federation_token(Name="fred", Policy=document(ALL))["Credentials"]
    sts, iam = world.client("sts", session), world.client("iam", session)
    assert refused(sts.assume_role, RoleArn=role, RoleSessionName="run")[0] == "AccessDenied"
    assert refused(sts.get_session_token)[0] == "AccessDenied"
    assert refused(sts.get_federation_token, Name="two")[0] == "AccessDenied"
    assert refused(iam.list_users) == ("InvalidClientTokenId", INVALID)


def test_role_sessions_may_call_iam_and_not_federate(world: World, refused: Refused) -> None:
    session = world.assume(world.user("ada"), world.role("all", trusts(user_arn("ada"))))
    sts = world.client("sts", session)
    world.client("iam", session).list_users()
    assert refused(sts.get_session_token)[0] == "AccessDenied"
    assert refused(sts.get_federation_token, Name="two")[0] == "AccessDenied"


# GetAccessKeyInfo and GetCallerIdentity.


def test_access_keys_tell_their_account(world: World, refused: Refused) -> None:
    ada, bob = world.user("ada", ALL), world.user("bob", account=OTHER)
    role = world.role("reader", trusts(user_arn("bob", OTHER)), account=OTHER)
    sts = world.client("sts", ada)
    session = world.assume(bob, role)
    for key, account in ((ada, ACCOUNT), (bob, OTHER), (session, OTHER)):
        assert sts.get_access_key_info(AccessKeyId=key["AccessKeyId"])["Account"] == account
    for absent in ("AKIA" + "A" * 16, "ASIA" + "B" * 16, "ASIA" + "7" * 16, "ASIA" + "1" * 16):
        assert refused(sts.get_access_key_info, AccessKeyId=absent)[0] == "ValidationError"
    assert refused(world.client("sts", bob).get_access_key_info, AccessKeyId=ada["AccessKeyId"])[0] == (
        "AccessDenied"
    )


def test_presigned_calls_of_sessions(world: World) -> None:
    """What EKS clients send as their token: a presigned GET of GetCallerIdentity."""
    session = world.assume(world.user("ada"), world.role("all", trusts(user_arn("ada"))))
    named = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    credentials = sigv4.Credentials(*(session[name] for name in named))
    timestamp = datetime.fromtimestamp(world.inside.now, UTC).strftime("%Y%m%dT%H%M%SZ")
    query = "Action=GetCallerIdentity&Version=2011-06-15"
    plain = HttpRequest(
        "GET", "/", query, {"host": "sts.test", "x-k8s-aws-id": "cluster"}, b"", "192.0.2.7", False
    )
    signed = sigv4.presign(plain, credentials, "us-east-1", "sts", timestamp, 60)
    answer = world.inside.answer(signed).response
    assert answer.status == 200
    assert b"assumed-role/all/run</Arn>" in answer.body
    without = sigv4.Credentials(credentials.access_key_id, credentials.secret)
    for wrong in (
        sigv4.presign(plain, without, "us-east-1", "sts", timestamp, 60),
        HttpRequest(
            "GET",
            "/",
            signed.query.replace("Expires=60", "Expires=90"),
            signed.headers,
            b"",
            "192.0.2.7",
            False,
        ),
    ):
        assert world.inside.answer(wrong).response.status == 403
