"""CreateGrant and RevokeGrant, and what grants allow: a whole service in process."""

import json
import re
from typing import Any

import pytest
from scene import OTHER, ROOT, Scene, arn, no_identity_policy
from tests.iam.in_process import ACCOUNT
from world import allow, delegation, deny, document, refused

from keystead.kinds import KeyState
from keystead.model.quotas import ResourceQuotas

DRY_RUN = "The request would have succeeded, but the DryRun option is set."


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
        constraints = {kind: {"department": "IT", "project": "x"}}
        made = scene.grant("user", "Decrypt", kms=maker, Constraints=constraints)
        listed = {grant["GrantId"]: grant for grant in scene.kms.list_grants(KeyId=scene.key)["Grants"]}
        assert listed[made["GrantId"]]["GranteePrincipal"] == arn("user")
        assert listed[made["GrantId"]]["Constraints"] == constraints

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
    scene.set_state(state)
    asked = {"KeyId": scene.key, "GranteePrincipal": arn("user"), "Operations": ["Encrypt"]}
    if code is None:
        scene.kms.create_grant(**asked)
    else:
        refused(code, scene.kms.create_grant, **asked)
    scene.kms.revoke_grant(KeyId=scene.key, GrantId=made)


def test_operations_and_constraints_must_suit_the_key(scene: Scene) -> None:
    """The sentences are recorded."""
    key = scene.mac_key()
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


def test_the_quota_holds_and_a_repeated_grant_is_no_new_one() -> None:
    scene = Scene(quotas=ResourceQuotas(grants_per_key=3))
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
