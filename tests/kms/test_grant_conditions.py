"""Condition keys of CreateGrant and RevokeGrant."""

from typing import Any

import pytest
from scene import ROOT, Scene, arn, no_identity_policy
from world import document, refused


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
        made = scene.grant("user", "Encrypt", "Decrypt", kms=maker, **self.GIVEN)
        (listed,) = scene.kms.list_grants(KeyId=scene.key)["Grants"]
        assert (listed["GrantId"], listed["GranteePrincipal"]) == (made["GrantId"], arn("user"))
        assert listed["Constraints"] == self.GIVEN["Constraints"]

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
        given = {
            "KeyId": scene.key,
            "GranteeServicePrincipal": "s3.amazonaws.com",
            "RetiringServicePrincipal": "s3.amazonaws.com",
            "Operations": ["Encrypt"],
            "Constraints": {"SourceArn": source},
        }
        made = maker.create_grant(**given)["GrantId"]
        for change in (
            {"GranteeServicePrincipal": "sqs.amazonaws.com"},
            {"RetiringServicePrincipal": "sqs.amazonaws.com"},
            {"Constraints": {"SourceArn": f"{source}s"}},
        ):
            said = refused("AccessDeniedException", maker.create_grant, **(given | change))
            assert said == no_identity_policy("maker", "kms:CreateGrant", scene.key)
        assert [grant["GrantId"] for grant in scene.kms.list_grants(KeyId=scene.key)["Grants"]] == [made]

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
