"""Names, principals and tokens of grants."""

from typing import Any

import pytest
from scene import OTHER, ROOT, Scene, arn, no_identity_policy
from tests.iam.in_process import ACCOUNT
from world import refused

from keystead.crypto.grant_token import NamedGrant, new_grant_token
from keystead.crypto.material import Sealer
from keystead.names import GrantId, KeyArn


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

    @pytest.mark.parametrize(("kind", "empty"), [("Equals", "Subset"), ("Subset", "Equals")])
    def test_an_empty_constraint_beside_another_counts_as_left_out(
        self, scene: Scene, kind: str, empty: str
    ) -> None:
        scene.user("user")
        one = {f"EncryptionContext{kind}": {"app": "pay"}}
        first = scene.grant("user", "Encrypt", Name="n", Constraints=one)
        again = scene.grant("user", "Encrypt", Name="n", Constraints=one | {f"EncryptionContext{empty}": {}})
        assert again["GrantId"] == first["GrantId"]
        listed = scene.kms.list_grants(KeyId=scene.key)["Grants"]
        assert [grant["Constraints"] for grant in listed] == [one]

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
