"""AssumeRoleWithWebIdentity: whose tokens are taken, for which roles, and what becomes of them."""

import base64
import hmac
import json
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from issuer import CURVES, HOST_AND_PATH, URL, Issuer, pem_of, raw_token
from sts_world import ALL, OTHER, World, document, trusts
from tests.iam.in_process import ACCOUNT

from keystead.kinds import AccountState
from keystead.names import AccountId

Refused = Any

PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST_AND_PATH}"
ACTION = "sts:AssumeRoleWithWebIdentity"
NO_KEY = (
    "Couldn't retrieve verification key from your identity provider,  please reference "
    "AssumeRoleWithWebIdentity documentation for requirements"
)
INVALID = "InvalidIdentityToken"


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def world(issuer: Issuer) -> Iterator[World]:
    made = World(fetch=issuer.fetch)
    made.iam.create_open_id_connect_provider(Url=URL, ClientIDList=["sts.amazonaws.com", "app"])
    made.role("app", trusts({"Federated": PROVIDER}, ACTION))
    yield made
    made.close()


def call(world: World, token: str, role: str = "app", **more: Any) -> Any:
    """The call, without a signature."""
    ask = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/{role}", "RoleSessionName": "run"} | more
    return world.client("sts", None).assume_role_with_web_identity(WebIdentityToken=token, **ask)


def refusal(world: World, refused: Refused, token: str, role: str = "app", **more: Any) -> tuple[str, str]:
    told: tuple[str, str] = refused(lambda: call(world, token, role, **more))
    return told


def now(world: World) -> float:
    return world.inside.now


# What is taken.


def test_a_token_of_the_issuer_makes_a_session(world: World, issuer: Issuer) -> None:
    answer = call(world, issuer.token(now(world)))
    assert answer["Provider"] == PROVIDER
    assert answer["Audience"] == "sts.amazonaws.com"
    assert answer["SubjectFromWebIdentityToken"] == "repo:acme/app"
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/app/run"
    assert int(answer["Credentials"]["Expiration"].timestamp()) == int(now(world)) + 3600
    session = answer["Credentials"]
    assert world.client("sts", session).get_caller_identity()["UserId"].endswith(":run")
    world.client("kms", session).list_keys()
    assert issuer.asked == [f"{URL}/.well-known/openid-configuration", f"{URL}/keys"]


@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", *CURVES])
def test_algorithms(world: World, issuer: Issuer, alg: str) -> None:
    if alg in CURVES:
        issuer.keys = {"first": ec.generate_private_key(CURVES[alg])}
    assert call(world, issuer.token(now(world), alg=alg))


def test_a_kubernetes_service_account_token(world: World, issuer: Issuer) -> None:
    """As the API server of a cluster projects it into a pod."""
    subject = "system:serviceaccount:payments:signer"
    world.role(
        "pod",
        trusts(
            {"Federated": PROVIDER},
            ACTION,
            StringEquals={f"{HOST_AND_PATH}:sub": subject, f"{HOST_AND_PATH}:aud": "sts.amazonaws.com"},
        ),
    )
    bound = {"namespace": "payments", "pod": {"name": "signer-0"}, "serviceaccount": {"name": "signer"}}
    token = issuer.token(
        now(world),
        sub=subject,
        aud=["sts.amazonaws.com"],
        nbf=int(now(world)),
        jti="9a1c5d4e",
        **{"kubernetes.io": bound},
    )
    answer = call(world, token, "pod")
    assert answer["SubjectFromWebIdentityToken"] == subject
    assert answer["Audience"] == "sts.amazonaws.com"


def test_the_token_stands_in_for_the_signature_whatever_else_is_signed(world: World, issuer: Issuer) -> None:
    ask = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/app", "RoleSessionName": "run"}
    strangers = world.client("sts", ("AKIA" + "A" * 16, "wrong"))
    token = issuer.token(now(world))
    assert strangers.assume_role_with_web_identity(WebIdentityToken=token, **ask)["Credentials"]


# What is refused.


@pytest.mark.parametrize("audience", ["other", ["other", "else"], [], "", "STS.amazonaws.com"])
def test_another_audience(world: World, issuer: Issuer, refused: Refused, audience: Any) -> None:
    assert refusal(world, refused, issuer.token(now(world), aud=audience)) == (
        INVALID,
        "Incorrect token audience",
    )


def test_no_audience(world: World, issuer: Issuer, refused: Refused) -> None:
    for wrong in (None, 5, ["app", 5]):
        token = raw_and_signed(issuer, issuer.claims(now(world), aud=wrong))
        assert refusal(world, refused, token)[0] == INVALID


def raw_and_signed(issuer: Issuer, claims: dict[str, Any]) -> str:
    """Signed, whatever it says: the library of clients would refuse some of it."""
    payload = json.dumps(claims).encode()
    return jwt.PyJWS().encode(payload, issuer.keys["first"], "RS256", headers={"kid": "first"})


def test_the_authorized_party_is_the_audience(world: World, issuer: Issuer, refused: Refused) -> None:
    assert call(world, issuer.token(now(world), aud="whatever", azp="app"))["Audience"] == "app"
    assert refusal(world, refused, issuer.token(now(world), azp="other"))[1] == "Incorrect token audience"


@pytest.mark.parametrize(
    "issuer_url",
    [
        "https://issuer.example/tenant/2",
        "https://issuer.example/tenant/1/",
        "https://issuer.example",
        "https://ISSUER.example/tenant/1",
        "https://issuer.example/tenant/1#fragment",
        "https://issuer.example:443/tenant/1",
    ],
)
def test_another_issuer(world: World, issuer: Issuer, refused: Refused, issuer_url: str) -> None:
    assert refusal(world, refused, issuer.token(now(world), iss=issuer_url)) == (
        INVALID,
        f"No OpenIDConnect provider found in your account for {issuer_url}",
    )
    assert issuer.asked == [], "nobody is asked for whom no account vouches"


@pytest.mark.parametrize("issuer_url", [None, 5, "", "http://issuer.example/tenant/1", "issuer.example"])
def test_what_is_no_issuer(world: World, issuer: Issuer, refused: Refused, issuer_url: Any) -> None:
    token = raw_and_signed(issuer, issuer.claims(now(world), iss=issuer_url))
    assert refusal(world, refused, token) == (INVALID, "Issuer must be a valid URL")
    assert issuer.asked == []


def test_the_provider_of_another_account(world: World, issuer: Issuer, refused: Refused) -> None:
    world.role("theirs", trusts({"Federated": PROVIDER}, ACTION), account=OTHER)
    arn = f"arn:aws:iam::{OTHER}:role/theirs"
    code, message = refusal(world, refused, issuer.token(now(world)), RoleArn=arn)
    assert (code, message) == (INVALID, f"No OpenIDConnect provider found in your account for {URL}")


def test_a_role_of_a_closed_account(world: World, issuer: Issuer, refused: Refused) -> None:
    token = issuer.token(now(world))
    assert call(world, token)
    with world.inside.store.write("close") as tx:
        tx.set_account_state(AccountId(ACCOUNT), AccountState.CLOSED)
    assert refusal(world, refused, token)[0] == "AccessDenied"


def test_another_signature(world: World, issuer: Issuer, refused: Refused) -> None:
    other = Issuer()
    other.rotate()
    forged = jwt.encode(issuer.claims(now(world)), other.keys["second"], "RS256", headers={"kid": "first"})
    assert refusal(world, refused, forged) == (INVALID, "The token's signature is not valid.")
    header, _, signature = issuer.token(now(world)).split(".")
    changed = jwt.encode(issuer.claims(now(world), sub="eve"), issuer.keys["first"], "RS256").split(".")[1]
    assert refusal(world, refused, f"{header}.{changed}.{signature}")[0] == INVALID


def test_expired(world: World, issuer: Issuer, refused: Refused) -> None:
    token = issuer.token(now(world))
    end = int(now(world)) + 600
    world.wait(end - now(world) - 1)
    assert call(world, token)
    world.wait(1)
    assert refusal(world, refused, token) == (
        "ExpiredTokenException",
        f"Token expired: current date/time {end} must be before the expiration date/time {end}",
    )


def test_not_yet(world: World, issuer: Issuer, refused: Refused) -> None:
    soon = int(now(world)) + 301
    for claim in ("nbf", "iat"):
        assert call(world, issuer.token(now(world), **{claim: soon - 1}))
        assert refusal(world, refused, issuer.token(now(world), **{claim: soon + 1}))[0] == INVALID


@pytest.mark.parametrize("claim", ["exp", "iat"])
@pytest.mark.parametrize("value", [None, "1900000000", True, -1, 1e300, [1]])
def test_times_that_are_none(world: World, issuer: Issuer, refused: Refused, claim: str, value: Any) -> None:
    token = raw_and_signed(issuer, issuer.claims(now(world), **{claim: value}))
    assert refusal(world, refused, token)[0] == INVALID


def test_no_algorithm(world: World, issuer: Issuer, refused: Refused) -> None:
    for name in ("none", "None", "NONE", "", None):
        header = {"typ": "JWT", "kid": "first"} | ({} if name is None else {"alg": name})
        for signature in (b"", b"x"):
            token = raw_token(header, issuer.claims(now(world)), signature)
            assert refusal(world, refused, token)[0] == INVALID


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_key_confusion(world: World, issuer: Issuer, refused: Refused, alg: str) -> None:
    """The public key, which everybody has, is no secret of a MAC."""
    claims = issuer.claims(now(world))
    for secret in (pem_of(issuer.keys["first"]), issuer.key_set()):
        unsigned = raw_token({"alg": alg, "kid": "first"}, claims).rpartition(".")[0]
        mac = hmac.digest(secret, unsigned.encode(), alg.replace("HS", "sha"))
        assert refusal(world, refused, _joined(unsigned, mac))[0] == INVALID


def _joined(unsigned: str, mac: bytes) -> str:
    return f"{unsigned}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def test_a_secret_in_the_key_set_verifies_nothing(
    world: World, issuer: Issuer, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", "kid": "oct"}
    published = json.loads(issuer.key_set())
    published["keys"].append(secret)
    monkeypatch.setattr(issuer, "key_set", lambda: json.dumps(published).encode())
    token = jwt.encode(
        issuer.claims(now(world)), b"secret-secret-secret-secret-secret", "HS256", headers={"kid": "oct"}
    )
    assert refusal(world, refused, token)[0] == INVALID


@pytest.mark.parametrize(
    "token",
    [
        "abcd",
        "a.b.c",
        "....",
        "é" * 10,
        "x" * 20_000,
        "eyJhbGciOiJSUzI1NiJ9.W10.AA",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiL_In0.AA",  # its issuer is not UTF-8
    ],
)
def test_what_is_no_token(world: World, refused: Refused, token: str) -> None:
    assert refusal(world, refused, token)[0] == INVALID


@pytest.mark.parametrize("published", [b'{"keys":[{"kty":"RSA","kid":"\xff"}]}', b'{"keys":"\xff"}', b"\xff"])
def test_key_sets_that_are_not_utf_8(
    world: World, issuer: Issuer, refused: Refused, monkeypatch: pytest.MonkeyPatch, published: bytes
) -> None:
    monkeypatch.setattr(issuer, "key_set", lambda: published)
    assert refusal(world, refused, issuer.token(now(world)))[0] == "IDPCommunicationError"


def test_no_subject(world: World, issuer: Issuer, refused: Refused) -> None:
    for subject in (None, "", 5, "x" * 256):
        token = raw_and_signed(issuer, issuer.claims(now(world), sub=subject))
        assert refusal(world, refused, token)[0] == "IDPRejectedClaim"


# The keys of the issuer, over time.


def test_keys_are_kept_and_fetched_anew(world: World, issuer: Issuer) -> None:
    for seconds in (0, 1, 800):
        world.wait(seconds)
        call(world, issuer.token(now(world)))
    assert len(issuer.asked) == 2
    world.wait(100)
    call(world, issuer.token(now(world)))
    assert len(issuer.asked) == 4


def test_a_new_key_is_fetched_when_a_token_names_it(world: World, issuer: Issuer, refused: Refused) -> None:
    call(world, issuer.token(now(world)))
    issuer.rotate()
    world.wait(40)
    assert call(world, issuer.token(now(world), "second"))
    assert len(issuer.asked) == 4


def test_unknown_keys_do_not_flood_the_issuer(world: World, issuer: Issuer, refused: Refused) -> None:
    call(world, issuer.token(now(world)))
    issuer.keys["third"] = issuer.keys["first"]
    for _ in range(10):
        token = issuer.token(now(world), "third")
        assert refusal(world, refused, token) == (INVALID, NO_KEY)
    assert len(issuer.asked) == 2
    world.wait(31)
    assert call(world, issuer.token(now(world), "third"))
    assert len(issuer.asked) == 4


def test_stale_keys_are_refused(world: World, issuer: Issuer, refused: Refused) -> None:
    """A key that the issuer has withdrawn is of no use once the set is fetched anew."""
    old = issuer.token(now(world), exp=int(now(world)) + 100_000)
    call(world, old)
    issuer.rotate()
    call(world, old)  # not known yet
    world.wait(901)
    assert refusal(world, refused, old) == (INVALID, NO_KEY)


def test_keys_outlive_an_outage_for_an_hour_and_no_longer(
    world: World, issuer: Issuer, refused: Refused
) -> None:
    token = issuer.token(now(world), exp=int(now(world)) + 100_000)
    call(world, token)
    issuer.down = True
    world.wait(3599)
    call(world, token)
    world.wait(1)
    assert refusal(world, refused, token) == ("IDPCommunicationError", NO_KEY)
    issuer.down = False
    world.wait(31)
    call(world, token)


def test_an_issuer_that_cannot_be_reached(world: World, issuer: Issuer, refused: Refused) -> None:
    issuer.down = True
    for _ in range(5):
        assert refusal(world, refused, issuer.token(now(world)))[0] == "IDPCommunicationError"
    assert len(issuer.asked) == 1, "it is not tried again at once"
    issuer.down = False
    world.wait(31)
    assert call(world, issuer.token(now(world)))


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://issuer.example/tenant/2", "jwks_uri": f"{URL}/keys"},
        {"issuer": URL, "jwks_uri": "http://issuer.example/keys"},
        {"issuer": URL},
        {"jwks_uri": f"{URL}/keys"},
    ],
)
def test_discovery_that_is_not_the_issuers(
    world: World, issuer: Issuer, refused: Refused, discovery: dict[str, str]
) -> None:
    issuer.discovery = discovery
    assert refusal(world, refused, issuer.token(now(world)))[0] == "IDPCommunicationError"


# Which roles.

NOT_AUTHORIZED = ("AccessDenied", f"Not authorized to perform {ACTION}")


def test_the_trust_policy_decides(world: World, issuer: Issuer, refused: Refused) -> None:
    token = issuer.token(now(world))
    world.role("closed", trusts({"Federated": PROVIDER + "/other"}, ACTION))
    world.role("delegating", trusts(f"arn:aws:iam::{ACCOUNT}:root", ACTION))
    world.role("other-action", trusts({"Federated": PROVIDER}, "sts:AssumeRole"))
    world.role("denying", trusts({"Federated": PROVIDER}, ACTION), trusts("*", ACTION) | {"Effect": "Deny"})
    for role in ("closed", "delegating", "other-action", "denying", "absent"):
        assert refusal(world, refused, token, role) == NOT_AUTHORIZED, role


def test_claims_are_condition_keys(world: World, issuer: Issuer, refused: Refused) -> None:
    key = HOST_AND_PATH.upper()  # names of keys ignore case
    world.role(
        "only",
        trusts(
            {"Federated": PROVIDER},
            ACTION,
            StringLike={f"{key}:sub": "repo:acme/*"},
            StringEquals={f"{key}:aud": "app", "aws:FederatedProvider": PROVIDER},
            **{"ForAnyValue:StringEquals": {f"{key}:amr": "mfa"}},
        ),
    )
    right = {"aud": "app", "amr": ["pwd", "mfa"]}
    assert call(world, issuer.token(now(world), **right), "only")
    for wrong in ({"sub": "repo:evil/app"}, {"aud": "sts.amazonaws.com"}, {"amr": ["pwd"]}, {"amr": None}):
        assert refusal(world, refused, issuer.token(now(world), **(right | wrong)), "only") == NOT_AUTHORIZED


def test_what_the_session_is_asked_for(world: World, issuer: Issuer, refused: Refused) -> None:
    token = issuer.token(now(world))
    world.role("named", trusts({"Federated": PROVIDER}, ACTION, StringEquals={"sts:RoleSessionName": "me"}))
    assert call(world, token, "named", RoleSessionName="me")
    assert refusal(world, refused, token, "named") == NOT_AUTHORIZED
    assert refusal(world, refused, token, DurationSeconds=3601)[0] == "ValidationError"
    assert refusal(world, refused, token, Policy="{")[0] == "MalformedPolicyDocument"
    assert refusal(world, refused, token, ProviderId="www.amazon.com")[0] == "ValidationError"
    limited = call(world, token, Policy=document(ALL | {"Action": "kms:ListKeys"}))["Credentials"]
    kms = world.client("kms", limited)
    kms.list_keys()
    assert refused(kms.create_key)[1].endswith("because no session policy allows the kms:CreateKey action")


TAGS = "https://aws.amazon.com/tags"
IDENTITY = "https://aws.amazon.com/source_identity"


def test_tags_and_source_identity_of_a_token(world: World, issuer: Issuer, refused: Refused) -> None:
    given = {
        TAGS: {"principal_tags": {"Team": ["pay"], "Site": ["Bern"]}, "transitive_tag_keys": ["Team"]},
        IDENTITY: "Ada",
    }
    token = issuer.token(now(world), **given)
    assert refusal(world, refused, token) == NOT_AUTHORIZED
    actions = (ACTION, "sts:TagSession", "sts:SetSourceIdentity")
    world.role(
        "tagged",
        trusts(
            {"Federated": PROVIDER},
            *actions,
            StringEquals={"aws:RequestTag/Team": "pay", "sts:SourceIdentity": "Ada"},
            **{
                "ForAllValues:StringEquals": {
                    "sts:TransitiveTagKeys": ["Team"],
                    "aws:TagKeys": ["Team", "Site"],
                }
            },
        ),
    )
    answer = call(world, token, "tagged")
    assert answer["SourceIdentity"] == "Ada"
    wanted = {"aws:PrincipalTag/Team": "pay", "aws:PrincipalTag/Site": "Bern", "aws:SourceIdentity": "Ada"}
    wanted |= {"aws:FederatedProvider": PROVIDER}
    key = world.key(
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "kms:DescribeKey",
            "Resource": "*",
            "Condition": {"StringNotEquals": wanted},
        }
    )
    world.client("kms", answer["Credentials"]).describe_key(KeyId=key)


@pytest.mark.parametrize(
    "claims",
    [
        {TAGS: "Team=pay"},
        {TAGS: {"principal_tags": ["Team"]}},
        {TAGS: {"principal_tags": {"Team": ["a", "b"]}}},
        {TAGS: {"principal_tags": {"Team": [5]}}},
        {TAGS: {"principal_tags": {"Te*m": ["a"]}}},
        {TAGS: {"principal_tags": {"aws:Team": ["a"]}}},
        {TAGS: {"principal_tags": {"Team": ["a"], "team": ["b"]}}},
        {TAGS: {"principal_tags": {"Team": ["a"]}, "transitive_tag_keys": ["Site"]}},
        {TAGS: {"principal_tags": {"Team": ["a"]}, "transitive_tag_keys": [{}]}},
        {TAGS: {"principal_tags": {str(n): ["a"] for n in range(51)}}},
        {IDENTITY: "a b"},
        {IDENTITY: "aws:ada"},
        {IDENTITY: ["Ada"]},
    ],
)
def test_claims_that_cannot_be_taken(
    world: World, issuer: Issuer, refused: Refused, claims: dict[str, Any]
) -> None:
    assert refusal(world, refused, issuer.token(now(world), **claims))[0] == "IDPRejectedClaim"


# What is recorded.


def test_events_name_the_web_identity(world: World, issuer: Issuer, refused: Refused) -> None:
    answer = call(world, issuer.token(now(world)))
    event = world.last_event()
    assert event["userIdentity"] == {
        "type": "WebIdentityUser",
        "principalId": f"{PROVIDER}:sts.amazonaws.com:repo:acme/app",
        "userName": "repo:acme/app",
        "identityProvider": PROVIDER,
    }
    assert event["eventName"] == "AssumeRoleWithWebIdentity"
    assert event["recipientAccountId"] == ACCOUNT
    role = f"arn:aws:iam::{ACCOUNT}:role/app"
    assert event["requestParameters"] == {"roleArn": role, "roleSessionName": "run"}
    assert event["resources"] == [{"accountId": ACCOUNT, "type": "AWS::IAM::Role", "ARN": role}]
    credentials = event["responseElements"]["credentials"]
    assert credentials.keys() == {"accessKeyId", "expiration"}
    assert credentials["accessKeyId"] == answer["Credentials"]["AccessKeyId"]
    world.client("kms", answer["Credentials"]).list_keys()
    context = world.last_event()["userIdentity"]["sessionContext"]
    assert context["webIdFederationData"] == {"federatedProvider": PROVIDER, "attributes": {}}


def test_denials_are_recorded_and_what_proves_nothing_is_not(
    world: World, issuer: Issuer, refused: Refused
) -> None:
    before = len(world.inside.events())
    refusal(world, refused, issuer.token(now(world), aud="other"))
    refusal(world, refused, "no.token.atall")
    refusal(world, refused, issuer.token(now(world)), RoleSessionName="?")
    assert len(world.inside.events()) == before
    refusal(world, refused, issuer.token(now(world)), "absent")
    assert len(world.inside.events()) == before + 1
    event = world.last_event()
    assert event["errorCode"] == "AccessDenied"
    assert event["userIdentity"]["type"] == "WebIdentityUser"
    assert "token" not in str(event).lower().replace("webidentitytoken", "")
