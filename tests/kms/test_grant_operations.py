"""CreateGrant and RevokeGrant, and what grants allow: a whole service in process."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.iam.in_process import ACCOUNT, InProcess
from world import allow, delegation, deny, document, refused

from keystead.crypto.grant_token import NamedGrant, new_grant_token
from keystead.crypto.material import Sealer
from keystead.kinds import KeyState, KeyUsage, PrincipalType
from keystead.model import Grant, Key, Principal
from keystead.names import AccountId, GrantId, KeyArn, KeyId, Region
from keystead.service.kms import grants

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
OTHER = "111122223333"
DRY_RUN = "The request would have succeeded, but the DryRun option is set."


class Scene:
    """A service with a root user, a key with the default policy, and users made when asked for."""

    def __init__(self) -> None:
        self.inside = InProcess()
        self.kms = self.inside.client("kms")
        self.iam = self.inside.client("iam")
        self.key = self.kms.create_key()["KeyMetadata"]["Arn"]

    def user(self, name: str, policy: dict[str, Any] | None = None, account: str = ACCOUNT) -> Any:
        iam = self.inside.client("iam", (account, "test"))
        iam.create_user(UserName=name)
        if policy is not None:
            iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
        return self.inside.client("kms", iam.create_access_key(UserName=name)["AccessKey"])

    def delete_user(self, name: str) -> None:
        for key in self.iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
            self.iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        self.iam.delete_user(UserName=name)

    def role(self, name: str, unique_id: str, path: str = "/") -> str:
        with self.inside.store.write("role") as tx:
            role = Principal(unique_id, AccountId(ACCOUNT), PrincipalType.ROLE, path, name, 1)
            tx.add_principal(role)
        return str(role.arn)

    def grant(self, name: str = "user", *operations: str, kms: Any = None, **more: Any) -> dict[str, Any]:
        given = {"KeyId": self.key, "GranteePrincipal": arn(name), "Operations": list(operations)}
        answer: dict[str, Any] = (kms or self.kms).create_grant(**(given | more))
        return answer

    def stored(self, grant_id: str) -> Grant | None:
        with self.inside.store.read() as tx:
            return tx.grant(KeyArn.parse(self.key), GrantId(grant_id))

    def count(self) -> int:
        with self.inside.store.read() as tx:
            return tx.grant_count(KeyArn.parse(self.key))

    def last_event(self) -> dict[str, Any]:
        return self.inside.events()[-1]


def arn(name: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:iam::{account}:user/{name}"


def no_identity_policy(name: str, action: str, key: str) -> str:
    return (
        f"User: {arn(name)} is not authorized to perform: {action} on resource: {key} "
        f"because no identity-based policy allows the {action} action"
    )


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.inside.store.close()


def test_a_grant_allows_its_operations_until_it_is_revoked(scene: Scene) -> None:
    user = scene.user("user")
    answer = scene.grant("user", "Encrypt", "DescribeKey")
    assert re.fullmatch("[0-9a-f]{64}", answer["GrantId"])
    blob = user.encrypt(KeyId=scene.key, Plaintext=b"x")["CiphertextBlob"]
    user.describe_key(KeyId=scene.key)
    assert refused("AccessDeniedException", user.decrypt, KeyId=scene.key, CiphertextBlob=blob) == (
        no_identity_policy("user", "kms:Decrypt", scene.key)
    )
    assert scene.kms.revoke_grant(KeyId=scene.key, GrantId=answer["GrantId"]).keys() == {"ResponseMetadata"}
    assert refused("AccessDeniedException", user.encrypt, KeyId=scene.key, Plaintext=b"x") == (
        no_identity_policy("user", "kms:Encrypt", scene.key)
    )
    refused("NotFoundException", scene.kms.revoke_grant, KeyId=scene.key, GrantId=answer["GrantId"])


def test_a_grant_needs_no_delegation_and_gives_way_to_a_deny(scene: Scene) -> None:
    user = scene.user("user")
    only_me = document(allow({"AWS": ROOT}, "kms:PutKeyPolicy", "kms:CreateGrant"))
    scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(only_me))
    scene.grant("user", "Encrypt")
    user.encrypt(KeyId=scene.key, Plaintext=b"x")
    no = document(delegation(ROOT), deny({"AWS": arn("user")}, "kms:Encrypt"))
    scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(no))
    assert refused("AccessDeniedException", user.encrypt, KeyId=scene.key, Plaintext=b"x").endswith(
        "with an explicit deny in a resource-based policy"
    )


@pytest.mark.parametrize(
    ("kind", "context", "holds"),
    [
        ("EncryptionContextEquals", {"App": "pay"}, True),
        ("EncryptionContextEquals", {"app": "Pay"}, False),
        ("EncryptionContextEquals", {"app": "pay", "n": "1"}, False),
        ("EncryptionContextEquals", {}, False),
        ("EncryptionContextSubset", {"app": "pay", "n": "1"}, True),
        ("EncryptionContextSubset", {"n": "1"}, False),
    ],
)
def test_an_allowed_call_is_not_remembered_for_another_context(
    scene: Scene, kind: str, context: dict[str, str], holds: bool
) -> None:
    user = scene.user("user")
    scene.grant("user", "Encrypt", "DescribeKey", Constraints={kind: {"app": "pay"}})
    call = {"KeyId": scene.key, "Plaintext": b"x"}
    for _ in range(2):
        user.encrypt(**call, EncryptionContext={"app": "pay"})
        user.describe_key(KeyId=scene.key)
        if holds:
            user.encrypt(**call, EncryptionContext=context)
        else:
            refused("AccessDeniedException", user.encrypt, **call, EncryptionContext=context)


def test_a_constrained_grant_beside_an_identity_policy_of_another_account(scene: Scene) -> None:
    """Both are needed there, so that the grant's context counts although the identity policy allows."""
    everything = document({"Effect": "Allow", "Action": "kms:*", "Resource": "*"})
    user = scene.user("user", everything, OTHER)
    scene.kms.create_grant(
        KeyId=scene.key,
        GranteePrincipal=arn("user", OTHER),
        Operations=["Encrypt"],
        Constraints={"EncryptionContextEquals": {"app": "pay"}},
    )
    for _ in range(2):
        user.encrypt(KeyId=scene.key, Plaintext=b"x", EncryptionContext={"app": "pay"})
        assert refused("AccessDeniedException", user.encrypt, KeyId=scene.key, Plaintext=b"x").endswith(
            "because the resource does not exist in this Region, no resource-based policies allow access, or "
            "a resource-based policy explicitly denies access"
        )


def test_a_foreign_grantee_needs_its_own_policies_unless_its_account_issued_the_grant(scene: Scene) -> None:
    user = scene.user("user", account=OTHER)
    root = scene.inside.client("kms", (OTHER, "test"))
    scene.kms.create_grant(KeyId=scene.key, GranteePrincipal=arn("user", OTHER), Operations=["Encrypt"])
    assert refused("AccessDeniedException", user.encrypt, KeyId=scene.key, Plaintext=b"x") == (
        f"User: {arn('user', OTHER)} is not authorized to perform: kms:Encrypt on this resource because no "
        "identity-based policy allows the kms:Encrypt action"
    )
    trust = document(delegation(ROOT), allow({"AWS": f"arn:aws:iam::{OTHER}:root"}, "kms:CreateGrant"))
    scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(trust))
    made = root.create_grant(KeyId=scene.key, GranteePrincipal=arn("user", OTHER), Operations=["Encrypt"])
    user.encrypt(KeyId=scene.key, Plaintext=b"x")
    stored = scene.stored(made["GrantId"])
    assert stored is not None
    assert stored.issuing_account == OTHER


def test_re_encrypt_by_two_grants(scene: Scene) -> None:
    user = scene.user("user")
    destination = scene.kms.create_key()["KeyMetadata"]["Arn"]
    scene.grant("user", "ReEncryptFrom")
    scene.kms.create_grant(KeyId=destination, GranteePrincipal=arn("user"), Operations=["ReEncryptTo"])
    blob = scene.kms.encrypt(KeyId=scene.key, Plaintext=b"x")["CiphertextBlob"]
    user.re_encrypt(CiphertextBlob=blob, DestinationKeyId=destination)
    refused("AccessDeniedException", user.re_encrypt, CiphertextBlob=blob, DestinationKeyId=scene.key)


class TestDelegation:
    """A grantee of CreateGrant makes narrower grants only, under one parent (KMS API, `CreateGrant`)."""

    @pytest.fixture
    def maker(self, scene: Scene) -> Any:
        user = scene.user("maker")
        scene.user("user")
        scene.grant(
            "maker",
            "CreateGrant",
            "Decrypt",
            Constraints={"EncryptionContextSubset": {"department": "IT"}},
        )
        scene.grant("maker", "Encrypt")
        return user

    @pytest.mark.parametrize("kind", ["EncryptionContextEquals", "EncryptionContextSubset"])
    def test_narrower(self, scene: Scene, maker: Any, kind: str) -> None:
        scene.grant("user", "Decrypt", kms=maker, Constraints={kind: {"department": "IT", "project": "x"}})

    @pytest.mark.parametrize(
        ("operations", "constraints"),
        [
            (["Decrypt"], {}),
            (["Decrypt"], {"EncryptionContextSubset": {"project": "x"}}),
            (["Decrypt"], {"EncryptionContextEquals": {"department": "it"}}),
            (["Encrypt"], {"EncryptionContextSubset": {"department": "IT"}}),
            (["Decrypt", "Encrypt"], {"EncryptionContextSubset": {"department": "IT"}}),
        ],
    )
    def test_wider(
        self, scene: Scene, maker: Any, operations: list[str], constraints: dict[str, Any]
    ) -> None:
        scene.grant(
            "user", "Decrypt", kms=maker, Constraints={"EncryptionContextEquals": {"department": "IT"}}
        )
        assert refused(
            "AccessDeniedException",
            maker.create_grant,
            KeyId=scene.key,
            GranteePrincipal=arn("user"),
            Operations=operations,
            Constraints=constraints,
        ) == no_identity_policy("maker", "kms:CreateGrant", scene.key)


class TestNames:
    """A named CreateGrant can be repeated (recorded)."""

    def test_the_same_again(self, scene: Scene) -> None:
        scene.user("user")
        more = {"Name": "n", "Constraints": {"EncryptionContextSubset": {"a": "1", "b": "2"}}}
        first = scene.grant("user", "Encrypt", "Decrypt", **more)
        again = scene.grant("user", "Decrypt", "Encrypt", "Decrypt", **more)
        assert again["GrantId"] == first["GrantId"]
        assert again["GrantToken"] != first["GrantToken"]
        assert scene.count() == 1
        assert scene.last_event()["responseElements"]["grantId"] == first["GrantId"]
        by_id = scene.iam.get_user(UserName="user")["User"]["UserId"]
        third = scene.grant("user", "Encrypt", "Decrypt", **more, GranteePrincipal=by_id)
        assert third["GrantId"] == first["GrantId"]

    def test_something_else(self, scene: Scene) -> None:
        scene.user("user")
        scene.grant("user", "Encrypt", Name="n")
        for difference in (
            {"Name": "m"},
            {"Operations": ["Decrypt"]},
            {"RetiringPrincipal": ROOT},
            {"Constraints": {"EncryptionContextEquals": {}}},
            {"Constraints": {"SourceArn": "arn:aws:s3:us-east-1:111122223333:bucket"}},
        ):
            scene.grant("user", "Encrypt", **({"Name": "n"} | difference))
        assert scene.count() == 6

    def test_without_a_name_each_is_new(self, scene: Scene) -> None:
        scene.user("user")
        assert scene.grant("user", "Encrypt")["GrantId"] != scene.grant("user", "Encrypt")["GrantId"]

    def test_a_re_created_user_is_another_one(self, scene: Scene) -> None:
        scene.user("user")
        first = scene.grant("user", "Encrypt", Name="n")
        scene.delete_user("user")
        again = scene.user("user")
        refused("AccessDeniedException", again.encrypt, KeyId=scene.key, Plaintext=b"x")
        assert scene.grant("user", "Encrypt", Name="n")["GrantId"] != first["GrantId"]
        again.encrypt(KeyId=scene.key, Plaintext=b"x")


class TestPrincipals:
    """Whom a grant may name, and how it is stored."""

    def test_users_and_roles_are_bound_to_their_ids(self, scene: Scene) -> None:
        scene.user("user")
        by_id = scene.iam.get_user(UserName="user")["User"]["UserId"]
        role, role_id = scene.role("r", "AROAAAAAAAAAAAAAAAAAA", "/team/"), "AROAAAAAAAAAAAAAAAAAA"
        session = f"arn:aws:sts::{ACCOUNT}:assumed-role/r/unissued"
        federated = f"arn:aws:sts::{ACCOUNT}:federated-user/unissued"
        for given, stored in (
            (arn("user"), by_id),
            (by_id, by_id),
            (role, role_id),
            (role_id, role_id),
            (session, f"{role_id}:unissued"),
            (f"{role_id}:unissued", f"{role_id}:unissued"),
            (federated, federated),
            (ROOT, ROOT),
        ):
            made = scene.grant("", "Encrypt", GranteePrincipal=given, RetiringPrincipal=given)
            grant = scene.stored(made["GrantId"])
            assert grant is not None
            assert (grant.grantee, grant.retiring) == (stored, stored)

    @pytest.mark.parametrize("wrong", ["role/r", "role/TEAM/r", "role/team/R", "user/team/r"])
    def test_path_and_case_count(self, scene: Scene, wrong: str) -> None:
        scene.role("r", "AROAAAAAAAAAAAAAAAAAA", "/team/")
        given = f"arn:aws:iam::{ACCOUNT}:{wrong}"
        for member in ("GranteePrincipal", "RetiringPrincipal"):
            more = {"GranteePrincipal": ROOT} | {member: given}
            assert (
                refused(
                    "InvalidArnException",
                    scene.kms.create_grant,
                    KeyId=scene.key,
                    Operations=["Encrypt"],
                    **more,
                )
                == f"ARN does not refer to a valid principal: {given}"
            )
        session = f"arn:aws:sts::{ACCOUNT}:assumed-role/R/session"
        with pytest.raises(scene.kms.exceptions.InvalidArnException):
            scene.grant("", "Encrypt", GranteePrincipal=session)

    def test_services(self, scene: Scene) -> None:
        source = "arn:aws:cloudtrail:us-east-1:111122223333:trail/t"
        made = scene.kms.create_grant(
            KeyId=scene.key,
            GranteeServicePrincipal="cloudtrail.amazonaws.com",
            RetiringServicePrincipal="s3.amazonaws.com",
            Operations=["Encrypt"],
            Constraints={"SourceArn": source},
        )
        grant = scene.stored(made["GrantId"])
        assert grant is not None
        assert (grant.grantee, grant.retiring) == ("cloudtrail.amazonaws.com", "s3.amazonaws.com")
        assert grant.constraints.source_arn == source


class TestTokens:
    def test_a_token_is_accepted_wherever_grants_count_and_widens_nothing(self, scene: Scene) -> None:
        user, stranger = scene.user("user"), scene.user("stranger")
        made = scene.grant("user", "Encrypt", "Decrypt", "DescribeKey", "GenerateDataKey", "CreateGrant")
        tokens = {"GrantTokens": [made["GrantToken"]] * 10}
        blob = user.encrypt(KeyId=scene.key, Plaintext=b"x", **tokens)["CiphertextBlob"]
        user.decrypt(CiphertextBlob=blob, **tokens)
        user.describe_key(KeyId=scene.key, **tokens)
        user.generate_data_key(KeyId=scene.key, KeySpec="AES_256", **tokens)
        scene.grant("stranger", "DescribeKey", kms=user, **tokens)
        assert refused(
            "AccessDeniedException", stranger.encrypt, KeyId=scene.key, Plaintext=b"x", **tokens
        ) == (no_identity_policy("stranger", "kms:Encrypt", scene.key))
        scene.kms.revoke_grant(KeyId=scene.key, GrantId=made["GrantId"])
        refused("AccessDeniedException", user.encrypt, KeyId=scene.key, Plaintext=b"x", **tokens)

    @pytest.mark.parametrize("operation", ["encrypt", "generate_data_key_without_plaintext", "re_encrypt"])
    def test_a_foreign_token_is_refused(self, scene: Scene, operation: str) -> None:
        key = KeyArn.parse(scene.key)
        foreign = new_grant_token(Sealer(bytes(32)), NamedGrant(key, GrantId("0" * 64)))
        good = scene.grant("", "Encrypt", GranteePrincipal=ROOT)["GrantToken"]
        given: dict[str, Any] = {
            "encrypt": {"KeyId": scene.key, "Plaintext": b"x"},
            "generate_data_key_without_plaintext": {"KeyId": scene.key, "KeySpec": "AES_256"},
            "re_encrypt": {"CiphertextBlob": b"x", "DestinationKeyId": scene.key},
        }[operation]
        call = getattr(scene.kms, operation)
        assert refused("InvalidGrantTokenException", call, **given, GrantTokens=[good, foreign]) == ""
        assert scene.last_event()["errorCode"] == "InvalidGrantTokenException"

    def test_a_bad_token_says_nothing_about_a_foreign_key(self, scene: Scene) -> None:
        user = scene.user("user", account=OTHER)
        absent = scene.key[:-12] + "000000000000"
        for key in (scene.key, absent):
            refused("InvalidGrantTokenException", user.describe_key, KeyId=key, GrantTokens=["x"])


class TestDryRun:
    def test_it_changes_nothing_and_its_error_comes_last(self, scene: Scene) -> None:
        user = scene.user("user")
        asked = {
            "KeyId": scene.key,
            "GranteePrincipal": arn("user"),
            "Operations": ["Encrypt"],
            "DryRun": True,
        }
        before = len(scene.inside.events())
        assert refused("DryRunOperationException", scene.kms.create_grant, **asked) == DRY_RUN
        assert scene.count() == 0
        event = scene.last_event()
        assert event["requestParameters"]["dryRun"] is True
        assert event["responseElements"] is None
        assert len(scene.inside.events()) == before + 1
        assert refused("AccessDeniedException", user.create_grant, **asked) == (
            no_identity_policy("user", "kms:CreateGrant", scene.key)
        )
        for wrong, code in (
            ({"GranteePrincipal": arn("nobody")}, "InvalidArnException"),
            ({"Operations": ["Sign"]}, "ValidationException"),
        ):
            refused(code, scene.kms.create_grant, **(asked | wrong))

    def test_revoke(self, scene: Scene) -> None:
        user = scene.user("user")
        made = scene.grant("user", "Encrypt")["GrantId"]
        asked = {"KeyId": scene.key, "DryRun": True}
        assert refused("DryRunOperationException", scene.kms.revoke_grant, **asked, GrantId=made) == DRY_RUN
        refused("NotFoundException", scene.kms.revoke_grant, **asked, GrantId="0" * 64)
        refused("AccessDeniedException", user.revoke_grant, **asked, GrantId=made)
        user.encrypt(KeyId=scene.key, Plaintext=b"x")


class TestConditionKeys:
    """What policies see of CreateGrant and RevokeGrant (Service Authorization Reference for KMS)."""

    GIVEN = {
        "RetiringPrincipal": ROOT,
        "Constraints": {"EncryptionContextSubset": {"App": "pay", "order": "1"}},
    }

    @pytest.mark.parametrize(
        "condition",
        [
            {"ForAllValues:StringEquals": {"kms:GrantOperations": ["Encrypt", "Decrypt"]}},
            {"ForAnyValue:StringEquals": {"kms:GrantOperations": "Decrypt"}},
            {"StringEquals": {"kms:GranteePrincipal": arn("user")}},
            {"StringEquals": {"kms:RetiringPrincipal": ROOT}},
            {"StringEquals": {"kms:GrantConstraintType": "EncryptionContextSubset"}},
            {"Bool": {"kms:GrantIsForAWSResource": "false"}},
            {"StringEquals": {"kms:EncryptionContext:app": "pay"}},
            {"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["App", "order"]}},
            {"Null": {"kms:GranteeServicePrincipal": "true", "kms:RetiringServicePrincipal": "true"}},
            {"Null": {"kms:GrantConstraintSourceArn": "true", "kms:EncryptionAlgorithm": "true"}},
        ],
    )
    def test_create_grant(self, scene: Scene, condition: dict[str, Any]) -> None:
        statement = {"Effect": "Allow", "Action": "kms:CreateGrant", "Resource": "*", "Condition": condition}
        maker = scene.user("maker", document(statement))
        scene.user("user")
        scene.user("other")
        scene.grant("user", "Encrypt", "Decrypt", kms=maker, **self.GIVEN)

    @pytest.mark.parametrize(
        ("condition", "given"),
        [
            ({"ForAllValues:StringEquals": {"kms:GrantOperations": ["Encrypt"]}}, {}),
            ({"StringEquals": {"kms:GranteePrincipal": arn("other")}}, {}),
            ({"StringEquals": {"kms:GrantConstraintType": "EncryptionContextEquals"}}, {}),
            ({"StringEquals": {"kms:GrantConstraintType": "EncryptionContextSubset"}}, {"Constraints": {}}),
            ({"Bool": {"kms:GrantIsForAWSResource": "true"}}, {}),
            ({"StringEquals": {"kms:EncryptionContext:app": "Pay"}}, {}),
            ({"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": ["app"]}}, {}),
        ],
    )
    def test_create_grant_refused(
        self, scene: Scene, condition: dict[str, Any], given: dict[str, Any]
    ) -> None:
        statement = {"Effect": "Allow", "Action": "kms:CreateGrant", "Resource": "*", "Condition": condition}
        maker = scene.user("maker", document(statement))
        scene.user("user")
        assert refused(
            "AccessDeniedException",
            maker.create_grant,
            KeyId=scene.key,
            GranteePrincipal=arn("user"),
            Operations=["Encrypt", "Decrypt"],
            **(self.GIVEN | given),
        ) == no_identity_policy("maker", "kms:CreateGrant", scene.key)

    def test_services(self, scene: Scene) -> None:
        source = "arn:aws:s3:us-east-1:111122223333:bucket"
        condition = {
            "StringEquals": {
                "kms:GranteeServicePrincipal": "s3.amazonaws.com",
                "kms:RetiringServicePrincipal": "s3.amazonaws.com",
            },
            "ArnEquals": {"kms:GrantConstraintSourceArn": source},
            "Null": {"kms:GranteePrincipal": "true", "kms:GrantConstraintType": "true"},
        }
        statement = {"Effect": "Allow", "Action": "kms:CreateGrant", "Resource": "*", "Condition": condition}
        maker = scene.user("maker", document(statement))
        maker.create_grant(
            KeyId=scene.key,
            GranteeServicePrincipal="s3.amazonaws.com",
            RetiringServicePrincipal="s3.amazonaws.com",
            Operations=["Encrypt"],
            Constraints={"SourceArn": source},
        )

    def test_revoke_grant(self, scene: Scene) -> None:
        scene.user("user")
        made = scene.grant("user", "Encrypt")["GrantId"]
        for answer in ("true", "false"):
            condition = {"Bool": {"kms:GrantIsForAWSResource": answer}}
            statement = {"Effect": "Allow", "Action": "kms:RevokeGrant", "Resource": "*"}
            revoker = scene.user(f"r-{answer}", document(statement | {"Condition": condition}))
            if answer == "true":
                refused("AccessDeniedException", revoker.revoke_grant, KeyId=scene.key, GrantId=made)
            else:
                revoker.revoke_grant(KeyId=scene.key, GrantId=made)


def test_being_named_in_a_grant_is_no_right_to_revoke_it(scene: Scene) -> None:
    user = scene.user("user")
    made = scene.grant("user", "RetireGrant", "CreateGrant", RetiringPrincipal=arn("user"))
    refused("AccessDeniedException", user.revoke_grant, KeyId=scene.key, GrantId=made["GrantId"])


def test_a_grant_is_revoked_on_its_own_key_only(scene: Scene) -> None:
    scene.user("user")
    made = scene.grant("user", "Encrypt")["GrantId"]
    other = scene.kms.create_key()["KeyMetadata"]["Arn"]
    assert refused("NotFoundException", scene.kms.revoke_grant, KeyId=other, GrantId=made) == (
        f"Grant ID {made} not found"
    )
    assert scene.count() == 1


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (KeyState.DISABLED, "DisabledException"),
        (KeyState.PENDING_DELETION, "KMSInvalidStateException"),
        (KeyState.PENDING_IMPORT, "KMSInvalidStateException"),
        (KeyState.CREATING, "KMSInvalidStateException"),
        (KeyState.UNAVAILABLE, None),
        (KeyState.UPDATING, None),
    ],
)
def test_the_state_of_the_key_counts_for_granting_and_not_for_revoking(
    scene: Scene, state: KeyState, code: str | None
) -> None:
    scene.user("user")
    made = scene.grant("user", "Encrypt")["GrantId"]
    with scene.inside.store.write("test") as tx:
        tx.set_key_state(KeyArn.parse(scene.key), state)
    asked = {"KeyId": scene.key, "GranteePrincipal": arn("user"), "Operations": ["Encrypt"]}
    if code is None:
        scene.kms.create_grant(**asked)
    else:
        refused(code, scene.kms.create_grant, **asked)
    scene.kms.revoke_grant(KeyId=scene.key, GrantId=made)


def mac_key(scene: Scene) -> str:
    """A key of a kind that CreateKey does not make yet, put straight into the store."""
    with scene.inside.store.write("test") as tx:
        template = tx.key(Region("us-east-1"), KeyArn.parse(scene.key).key_id)
        assert template is not None
        arn = KeyArn(Region("us-east-1"), AccountId(ACCOUNT), KeyId("0000000a-0000-4000-8000-000000000000"))
        fields = {name: getattr(template, name) for name in template.__slots__}
        tx.add_key(Key(**(fields | {"arn": arn, "usage": KeyUsage.GENERATE_VERIFY_MAC})), None)
    return str(arn)


def test_operations_and_constraints_must_suit_the_key(scene: Scene) -> None:
    """The sentences are recorded."""
    key = mac_key(scene)
    asked = {"KeyId": key, "GranteePrincipal": ROOT}
    scene.kms.create_grant(**asked, Operations=["GenerateMac", "VerifyMac"])
    assert refused("ValidationException", scene.kms.create_grant, **asked, Operations=["Encrypt"]) == (
        "Operations [Encrypt] are not supported when creating a grant for a symmetric KMS key with key usage "
        "GENERATE_VERIFY_MAC. Valid operations are [CreateGrant, RetireGrant, DescribeKey, GenerateMac, "
        "VerifyMac]"
    )
    assert refused(
        "ValidationException",
        scene.kms.create_grant,
        **asked,
        Operations=["GenerateMac"],
        Constraints={"EncryptionContextEquals": {"purpose": "x"}},
    ) == ("EncryptionContext is supported only when creating a grant for a symmetric encryption KMS key.")


def test_the_quota_holds_and_a_repeated_grant_is_no_new_one(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grants, "GRANTS_PER_KEY", 3)
    scene.user("user")
    named = scene.grant("user", "Encrypt", Name="n")
    scene.grant("user", "Encrypt")
    scene.grant("user", "Encrypt")
    asked = {"KeyId": scene.key, "GranteePrincipal": arn("user"), "Operations": ["Decrypt"]}
    for more in ({}, {"DryRun": True}):
        assert refused("LimitExceededException", scene.kms.create_grant, **asked, **more) == (
            f"Key {scene.key} has 3 grants, and none can be added."
        )
    assert scene.grant("user", "Encrypt", Name="n")["GrantId"] == named["GrantId"]
    scene.kms.revoke_grant(KeyId=scene.key, GrantId=named["GrantId"])
    scene.kms.create_grant(**asked)


def test_what_the_events_show(scene: Scene) -> None:
    scene.user("user")
    made = scene.grant(
        "user",
        "Encrypt",
        RetiringPrincipal=ROOT,
        Name="n",
        Constraints={"EncryptionContextSubset": {"App": "pay"}},
        GrantTokens=[scene.grant("user", "Decrypt")["GrantToken"]],
    )
    event = scene.last_event()
    assert event["eventName"] == "CreateGrant"
    assert event["readOnly"] is False
    assert event["requestParameters"] == {
        "keyId": scene.key,
        "granteePrincipal": arn("user"),
        "retiringPrincipal": ROOT,
        "operations": ["Encrypt"],
        "constraints": {"encryptionContextSubset": {"App": "pay"}},
        "name": "n",
    }
    assert event["responseElements"] == {"grantId": made["GrantId"], "keyId": scene.key}
    assert event["resources"] == [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": scene.key}]
    scene.kms.revoke_grant(KeyId=scene.key.rpartition("/")[2], GrantId=made["GrantId"])
    event = scene.last_event()
    assert event["requestParameters"] == {
        "keyId": scene.key.rpartition("/")[2],
        "grantId": made["GrantId"],
    }
    assert event["responseElements"] == {"keyId": scene.key}
    assert "GrantToken" not in json.dumps(scene.inside.events())
    assert made["GrantToken"] not in json.dumps(scene.inside.events())
