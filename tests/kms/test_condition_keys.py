"""Condition keys over the wire: of each, a condition that holds and one that fails, in Deny and in Allow."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.wire

Condition = dict[str, dict[str, Any]]
IDENTITY, KEY = "identity policy", "key policy"


class Scene:
    """An account with a user, a key that has tags and an alias, and a second key."""

    def __init__(self, server: Any) -> None:
        self.account = f"{uuid.uuid4().int % 10**12:012d}"
        self.iam = server.client("iam", (self.account, "test"))
        self.root = server.client("kms", (self.account, "test"))
        self.user = self.iam.create_user(UserName="ada", Path="/team/")["User"]
        secret = self.iam.create_access_key(UserName="ada")["AccessKey"]
        self.kms = server.client("kms", (secret["AccessKeyId"], secret["SecretAccessKey"]))
        self.referring = server.client("kms", (secret["AccessKeyId"], secret["SecretAccessKey"]))
        self.referring.meta.events.register("before-sign.kms", _refer)
        tags = [{"TagKey": "Team", "TagValue": "pay"}]
        self.key = self.root.create_key(Tags=tags)["KeyMetadata"]["Arn"]
        self.other = self.root.create_key()["KeyMetadata"]["Arn"]
        self.root.create_alias(AliasName="alias/pay", TargetKeyId=self.key)
        self.blob = self.root.encrypt(KeyId=self.key, Plaintext=b"x")["CiphertextBlob"]
        self._kinds: dict[tuple[str, str], str] = {}

    def of(self, spec: str, usage: str) -> str:
        """A key of a kind under the default key policy, made when it is first asked for."""
        if (spec, usage) not in self._kinds:
            made = self.root.create_key(KeySpec=spec, KeyUsage=usage)
            self._kinds[spec, usage] = made["KeyMetadata"]["Arn"]
        return self._kinds[spec, usage]

    def fill(self, value: Any) -> Any:
        """The value with the scene's account and ids in it."""
        text = json.dumps(value).replace("ACCOUNT", self.account).replace("USERID", self.user["UserId"])
        return json.loads(text)

    def rule(self, where: str, *statements: dict[str, Any]) -> None:
        """Puts the statements where they belong, and nothing for the user into the other place."""
        identity = statements if where == IDENTITY else [statement("Deny", "kms:NoSuchAction")]
        self.iam.put_user_policy(UserName="ada", PolicyName="p", PolicyDocument=document(*identity))
        ours = [of({"AWS": self.user["Arn"]}, one) for one in statements] if where == KEY else []
        policy = self.key_policy(*ours)
        for key in (self.key, self.other):
            self.root.put_key_policy(KeyId=key, Policy=policy)

    def key_policy(self, *statements: dict[str, Any]) -> str:
        root = of({"AWS": f"arn:aws:iam::{self.account}:root"}, statement("Allow", "kms:*"))
        return document(root, *statements)

    def open_policy(self) -> str:
        """A key policy under which the user may put another one."""
        return self.key_policy(of({"AWS": self.user["Arn"]}, statement("Allow", "kms:*")))


def _refer(request: Any, **_: Any) -> None:
    request.headers["Referer"] = "https://example.com/"
    # What a client may write, and nothing believes.
    request.headers["X-Forwarded-For"] = "203.0.113.9"
    request.headers["X-Forwarded-Proto"] = "https"


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(effect: str, action: str, condition: Condition | None = None) -> dict[str, Any]:
    made = {"Effect": effect, "Action": action, "Resource": "*"}
    return made if condition is None else made | {"Condition": condition}


def of(principal: Any, made: dict[str, Any]) -> dict[str, Any]:
    return made | {"Principal": principal}


@pytest.fixture(scope="module")
def scene(shared_dev: Any) -> Scene:
    return Scene(shared_dev)


@dataclass(frozen=True)
class Case:
    """A call, a condition that holds for it, and one that does not."""

    call: Callable[[Scene], Any]
    holds: Condition
    fails: Condition
    where: str


def encrypt(scene: Scene, key: str = "", client: Any = None, **context: str) -> None:
    client = client or scene.kms
    client.encrypt(KeyId=key or scene.key, Plaintext=b"x", EncryptionContext=context)


def by_alias(scene: Scene) -> None:
    encrypt(scene, "alias/pay")


def with_context(scene: Scene) -> None:
    encrypt(scene, App="pay", stage="prod")


def refer(scene: Scene) -> None:
    encrypt(scene, client=scene.referring)


def decrypt(scene: Scene) -> None:
    scene.kms.decrypt(CiphertextBlob=scene.blob)


def re_encrypt(scene: Scene) -> None:
    scene.kms.re_encrypt(CiphertextBlob=scene.blob, DestinationKeyId=scene.key)


def re_encrypt_to_other(scene: Scene) -> None:
    scene.kms.re_encrypt(CiphertextBlob=scene.blob, DestinationKeyId=scene.other)


def data_key(scene: Scene) -> None:
    scene.kms.generate_data_key(KeyId=scene.key, KeySpec="AES_256")


def describe_by_alias_arn(scene: Scene) -> None:
    scene.kms.describe_key(KeyId=scene.key.rpartition(":")[0] + ":alias/pay")


def get_policy(scene: Scene) -> None:
    scene.kms.get_key_policy(KeyId=scene.key)


def put_policy(scene: Scene, **flags: bool) -> None:
    scene.kms.put_key_policy(KeyId=scene.key, Policy=scene.open_policy(), **flags)


def put_policy_unchecked(scene: Scene) -> None:
    put_policy(scene, BypassPolicyLockoutSafetyCheck=True)


def put_policy_checked(scene: Scene) -> None:
    put_policy(scene, BypassPolicyLockoutSafetyCheck=False)


def create_key(scene: Scene) -> None:
    scene.kms.create_key()


def create_key_with_tags(scene: Scene) -> None:
    tags = {"Team": "pay", "stage": "prod"}
    scene.kms.create_key(Tags=[{"TagKey": key, "TagValue": value} for key, value in tags.items()])


def sign(scene: Scene, **more: Any) -> None:
    key = scene.of("RSA_2048", "SIGN_VERIFY")
    asked = {"Message": b"x", "SigningAlgorithm": "RSASSA_PSS_SHA_256"}
    scene.kms.sign(KeyId=key, **(asked | more))


def sign_digest(scene: Scene) -> None:
    sign(scene, MessageType="DIGEST", Message=b"x" * 32)


def verify(scene: Scene) -> None:
    key = scene.of("RSA_2048", "SIGN_VERIFY")
    asked = {"Message": b"x", "SigningAlgorithm": "RSASSA_PSS_SHA_256"}
    scene.kms.verify(KeyId=key, **asked, Signature=scene.root.sign(KeyId=key, **asked)["Signature"])


def mac(scene: Scene) -> None:
    key = scene.of("HMAC_384", "GENERATE_VERIFY_MAC")
    scene.kms.generate_mac(KeyId=key, Message=b"x", MacAlgorithm="HMAC_SHA_384")


def verify_mac(scene: Scene) -> None:
    asked = {
        "KeyId": scene.of("HMAC_384", "GENERATE_VERIFY_MAC"),
        "Message": b"x",
        "MacAlgorithm": "HMAC_SHA_384",
    }
    scene.kms.verify_mac(**asked, Mac=scene.root.generate_mac(**asked)["Mac"])


def derive(scene: Scene) -> None:
    key = scene.of("ECC_NIST_P256", "KEY_AGREEMENT")
    public = scene.root.get_public_key(KeyId=key)["PublicKey"]
    scene.kms.derive_shared_secret(KeyId=key, PublicKey=public, KeyAgreementAlgorithm="ECDH")


def encapsulate(scene: Scene) -> None:
    key = scene.of("ML_KEM_768", "ENCAPSULATE_DECAPSULATE")
    scene.kms.encapsulate(KeyId=key, EncapsulationAlgorithm="ML_KEM")


def get_public_key(scene: Scene) -> None:
    scene.kms.get_public_key(KeyId=scene.of("RSA_2048", "SIGN_VERIFY"))


def key_pair(scene: Scene) -> None:
    scene.kms.generate_data_key_pair(KeyId=scene.key, KeyPairSpec="ECC_NIST_P384")


def key_pair_encrypted(scene: Scene) -> None:
    asked = {"KeyId": scene.key, "EncryptionContext": {"App": "pay"}}
    scene.kms.generate_data_key_pair_without_plaintext(KeyPairSpec="ECC_SECG_P256K1", **asked)


def encrypt_rsa(scene: Scene) -> None:
    key = scene.of("RSA_2048", "ENCRYPT_DECRYPT")
    scene.kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionAlgorithm="RSAES_OAEP_SHA_256")


def decrypt_rsa(scene: Scene) -> None:
    asked = {
        "KeyId": scene.of("RSA_2048", "ENCRYPT_DECRYPT"),
        "EncryptionAlgorithm": "RSAES_OAEP_SHA_256",
    }
    blob = scene.root.encrypt(**asked, Plaintext=b"x")["CiphertextBlob"]
    scene.kms.decrypt(**asked, CiphertextBlob=blob)


def create_signing_key(scene: Scene) -> None:
    scene.kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")


def list_keys(scene: Scene) -> None:
    scene.kms.list_keys()


def equals(key: str, holds: Any, fails: Any, operator: str = "StringEquals") -> tuple[Condition, Condition]:
    return {operator: {key: holds}}, {operator: {key: fails}}


def absent(key: str) -> tuple[Condition, Condition]:
    return {"Null": {key: "true"}}, {"Null": {key: "false"}}


def any_of(key: str, holds: str, fails: str) -> tuple[Condition, Condition]:
    return equals(key, holds, fails, "ForAnyValue:StringEquals")


CASES = [
    Case(call, *conditions, where)
    for where, call, *all_conditions in (
        # The key.
        (
            KEY,
            encrypt,
            equals("kms:KeySpec", "SYMMETRIC_DEFAULT", "RSA_2048"),
            equals("kms:CustomerMasterKeySpec", "SYMMETRIC_DEFAULT", "RSA_2048"),
            equals("kms:KeyUsage", "ENCRYPT_DECRYPT", "SIGN_VERIFY"),
            equals("kms:CustomerMasterKeyUsage", "ENCRYPT_DECRYPT", "SIGN_VERIFY"),
            equals("kms:KeyOrigin", "AWS_KMS", "EXTERNAL"),
            equals("kms:MultiRegion", "false", "true", "Bool"),
            equals("kms:CallerAccount", "ACCOUNT", "000000000001"),
            absent("kms:MultiRegionKeyType"),
            absent("kms:ViaService"),
            absent("kms:RequestAlias"),
            absent("kms:EncryptionContextKeys"),
            absent("kms:PolicyName"),
            absent("kms:ReEncryptOnSameKey"),
            equals("kms:EncryptionAlgorithm", "SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1"),
        ),
        # A key policy does not see these two, which are for IAM policies.
        (KEY, encrypt, absent("kms:ResourceAliases"), absent("aws:ResourceTag/Team")),
        (
            IDENTITY,
            encrypt,
            any_of("kms:ResourceAliases", "alias/pay", "alias/other"),
            equals("aws:ResourceTag/Team", "pay", "other"),
            equals("aws:resourcetag/TEAM", "pay", "PAY"),
            absent("aws:ResourceTag/Other"),
            equals("kms:keyspec", "SYMMETRIC_DEFAULT", "symmetric_default"),
        ),
        (KEY, data_key, equals("kms:KeySpec", "SYMMETRIC_DEFAULT", "AES_256")),
        # How the request names the key.
        (KEY, by_alias, equals("kms:RequestAlias", "alias/pay", "alias/other")),
        (KEY, describe_by_alias_arn, equals("kms:RequestAlias", "alias/pay", "alias/other")),
        # Encryption context and algorithm.
        (
            KEY,
            with_context,
            equals("kms:EncryptionContext:App", "pay", "other"),
            equals("kms:EncryptionContext:APP", "pay", "PAY"),
            absent("kms:EncryptionContext:other"),
            any_of("kms:EncryptionContextKeys", "App", "APP"),
            equals("kms:EncryptionContextKeys", ["App", "stage"], ["App"], "ForAllValues:StringEquals"),
        ),
        (KEY, decrypt, equals("kms:EncryptionAlgorithm", "SYMMETRIC_DEFAULT", "SM2PKE")),
        (KEY, re_encrypt, equals("kms:ReEncryptOnSameKey", "true", "false", "Bool")),
        (KEY, re_encrypt_to_other, equals("kms:ReEncryptOnSameKey", "false", "true", "Bool")),
        # Key policies.
        (KEY, get_policy, equals("kms:PolicyName", "default", "AWS_RAM")),
        (
            KEY,
            put_policy,
            absent("kms:BypassPolicyLockoutSafetyCheck"),
            equals("kms:PolicyName", "default", "x"),
        ),
        (KEY, put_policy_unchecked, equals("kms:BypassPolicyLockoutSafetyCheck", "true", "false", "Bool")),
        (KEY, put_policy_checked, equals("kms:BypassPolicyLockoutSafetyCheck", "false", "true", "Bool")),
        # The families of asymmetric and HMAC keys.
        (
            IDENTITY,
            sign,
            equals("kms:SigningAlgorithm", "RSASSA_PSS_SHA_256", "RSASSA_PSS_SHA_384"),
            equals("kms:MessageType", "RAW", "DIGEST"),
            equals("kms:KeySpec", "RSA_2048", "SYMMETRIC_DEFAULT"),
            equals("kms:KeyUsage", "SIGN_VERIFY", "ENCRYPT_DECRYPT"),
            absent("kms:EncryptionAlgorithm"),
        ),
        (IDENTITY, sign_digest, equals("kms:MessageType", "DIGEST", "RAW")),
        (
            IDENTITY,
            verify,
            equals("kms:SigningAlgorithm", "RSASSA_PSS_SHA_256", "ECDSA_SHA_256"),
            equals("kms:MessageType", "RAW", "DIGEST"),
        ),
        (IDENTITY, mac, equals("kms:MacAlgorithm", "HMAC_SHA_384", "HMAC_SHA_256")),
        (IDENTITY, verify_mac, equals("kms:MacAlgorithm", "HMAC_SHA_384", "HMAC_SHA_256")),
        (IDENTITY, derive, equals("kms:KeyAgreementAlgorithm", "ECDH", "ecdh")),
        (IDENTITY, encapsulate, equals("kms:KeyUsage", "ENCAPSULATE_DECAPSULATE", "KEY_AGREEMENT")),
        (IDENTITY, get_public_key, absent("kms:SigningAlgorithm")),
        (KEY, key_pair, equals("kms:DataKeyPairSpec", "ECC_NIST_P384", "ECC_NIST_P256")),
        (
            KEY,
            key_pair_encrypted,
            equals("kms:DataKeyPairSpec", "ECC_SECG_P256K1", "ECC_NIST_P256"),
            equals("kms:EncryptionContext:App", "pay", "other"),
        ),
        (
            IDENTITY,
            encrypt_rsa,
            equals("kms:EncryptionAlgorithm", "RSAES_OAEP_SHA_256", "SYMMETRIC_DEFAULT"),
            equals("kms:KeySpec", "RSA_2048", "RSA_4096"),
        ),
        (
            IDENTITY,
            decrypt_rsa,
            equals("kms:EncryptionAlgorithm", "RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1"),
        ),
        (IDENTITY, create_signing_key, equals("kms:KeySpec", "ECC_NIST_P256", "RSA_2048")),
        # CreateKey, whose key is not there yet.
        (
            IDENTITY,
            create_key,
            equals("kms:KeySpec", "SYMMETRIC_DEFAULT", "RSA_2048"),
            equals("kms:KeyUsage", "ENCRYPT_DECRYPT", "SIGN_VERIFY"),
            equals("kms:KeyOrigin", "AWS_KMS", "EXTERNAL"),
            equals("kms:MultiRegion", "false", "true", "Bool"),
            equals("kms:CallerAccount", "ACCOUNT", "000000000001"),
            absent("kms:BypassPolicyLockoutSafetyCheck"),
            absent("kms:ResourceAliases"),
            absent("aws:TagKeys"),
            absent("aws:RequestTag/Team"),
        ),
        (
            IDENTITY,
            create_key_with_tags,
            equals("aws:RequestTag/team", "pay", "other"),
            any_of("aws:TagKeys", "Team", "team"),
            equals("aws:TagKeys", ["Team", "stage"], ["Team"], "ForAllValues:StringEquals"),
        ),
        (IDENTITY, list_keys, absent("kms:CallerAccount"), equals("aws:ResourceAccount", "ACCOUNT", "1")),
        # Global keys: the principal.
        (
            KEY,
            encrypt,
            equals(
                "aws:PrincipalArn",
                "arn:aws:iam::ACCOUNT:user/team/*",
                "arn:aws:iam::ACCOUNT:user/ada",
                "ArnLike",
            ),
            equals("aws:PrincipalAccount", "ACCOUNT", "000000000001"),
            equals("aws:PrincipalType", "User", "Account"),
            equals("aws:PrincipalIsAWSService", "false", "true", "Bool"),
            equals("aws:username", "ada", "team/ada"),
            equals("aws:userid", "USERID", "ada"),
            absent("aws:PrincipalTag/Team"),
            absent("aws:PrincipalOrgID"),
            absent("aws:MultiFactorAuthPresent"),
            absent("aws:MultiFactorAuthAge"),
            absent("aws:TokenIssueTime"),
        ),
        # Global keys: the request and the resource.
        (
            KEY,
            encrypt,
            equals("aws:SourceIp", "127.0.0.0/8", "203.0.113.0/24", "IpAddress"),
            equals("aws:SecureTransport", "false", "true", "Bool"),
            equals("aws:UserAgent", "*otocore/*", "curl/*", "StringLike"),
            equals("aws:CurrentTime", "2026-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "DateGreaterThan"),
            equals("aws:EpochTime", "1700000000", "9900000000", "NumericGreaterThan"),
            equals("aws:RequestedRegion", "us-east-1", "eu-west-1"),
            equals("aws:ViaAWSService", "false", "true", "Bool"),
            equals("aws:ResourceAccount", "ACCOUNT", "000000000001"),
            absent("aws:CalledVia"),
            absent("aws:Referer"),
            absent("aws:SourceArn"),
            absent("aws:SourceVpce"),
            absent("aws:TagKeys"),
        ),
        (
            KEY,
            refer,
            equals("aws:Referer", "https://example.com/*", "https://example.org/*", "StringLike"),
            equals("aws:SourceIp", "127.0.0.1", "203.0.113.9", "IpAddress"),
            equals("aws:SecureTransport", "false", "true", "Bool"),
        ),
    )
    for conditions in all_conditions
]


def named(case: Case) -> str:
    (operator, keys), *_ = case.holds.items()
    return f"{case.call.__name__}, {operator} {next(iter(keys))}, {case.where}"


def allowed(case: Case, scene: Scene) -> bool:
    try:
        case.call(scene)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDeniedException":
            raise
        return False
    return True


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_condition_on_the_key_holds_and_fails(scene: Scene, case: Case) -> None:
    holds, fails = scene.fill(case.holds), scene.fill(case.fails)
    outcomes = []
    for statements in (
        (statement("Allow", "kms:*"), statement("Deny", "kms:*", holds)),
        (statement("Allow", "kms:*"), statement("Deny", "kms:*", fails)),
        (statement("Allow", "kms:*", holds),),
        (statement("Allow", "kms:*", fails),),
    ):
        scene.rule(case.where, *statements)
        outcomes.append(allowed(case, scene))
    assert outcomes == [False, True, True, False]
