"""RetireGrant: by token and by id, by each right and by no other, and what it tells of what is not there."""

import json
from typing import Any

import pytest
from scene import OTHER, ROOT, Scene, arn, no_identity_policy
from tests.iam.in_process import ACCOUNT
from world import deny, document, refused

DRY_RUN = "The request would have succeeded, but the DryRun option is set."
STRANGER = f"arn:aws:iam::{OTHER}:root"
ABSENT = "00000000-0000-4000-8000-00000000dead"


NO_ONE_LETS_IN = (
    "the resource does not exist in this Region, no resource-based policies allow access, or a "
    "resource-based policy explicitly denies access"
)
SILENT = "no identity-based policy allows the kms:RetireGrant action"


def hidden(caller: str, because: str) -> str:
    """What a caller of another account reads."""
    return f"User: {caller} is not authorized to perform: kms:RetireGrant on this resource because {because}"


def allowed(**more: Any) -> dict[str, Any]:
    only = {"Effect": "Allow", "Action": "kms:RetireGrant", "Resource": "*"} | more
    return {"Version": "2012-10-17", "Statement": [only]}


def by_token(_: Scene, made: dict[str, str]) -> dict[str, str]:
    return {"GrantToken": made["GrantToken"]}


def by_id(scene: Scene, made: dict[str, str]) -> dict[str, str]:
    return {"KeyId": scene.key, "GrantId": made["GrantId"]}


def share(scene: Scene, action: str = "kms:*") -> None:
    """Lets the other account do `action` with the key."""
    policy = json.loads(scene.kms.get_key_policy(KeyId=scene.key)["Policy"])
    statement = policy["Statement"][0] | {"Sid": "Other", "Principal": {"AWS": STRANGER}, "Action": action}
    policy["Statement"].append(statement)
    scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(policy))


@pytest.mark.parametrize("named", [by_token, by_id])
class TestRights:
    def test_the_retiring_principal(self, scene: Scene, named: Any) -> None:
        user, other = scene.user("user"), scene.user("other")
        made = scene.grant("other", "Encrypt", RetiringPrincipal=arn("user"))
        other.encrypt(KeyId=scene.key, Plaintext=b"x")
        user.retire_grant(**named(scene, made))
        assert scene.count() == 0
        refused("AccessDeniedException", other.encrypt, KeyId=scene.key, Plaintext=b"x")

    def test_the_grantee_if_the_grant_lets_it(self, scene: Scene, named: Any) -> None:
        user = scene.user("user")
        without = scene.grant("user", "Encrypt")
        said = refused("AccessDeniedException", user.retire_grant, **named(scene, without))
        assert said == no_identity_policy("user", "kms:RetireGrant", scene.key)
        made = scene.grant("user", "Encrypt", "RetireGrant")
        refused("AccessDeniedException", user.retire_grant, **named(scene, without))
        user.retire_grant(**named(scene, made))
        assert scene.count() == 1

    def test_the_account_that_issued_it_and_owns_the_key(self, scene: Scene, named: Any) -> None:
        scene.user("grantee")
        bare, user = scene.user("bare"), scene.user("user", allowed())
        made = scene.grant("grantee", "Encrypt")
        refused("AccessDeniedException", bare.retire_grant, **named(scene, made))
        user.retire_grant(**named(scene, made))
        scene.kms.retire_grant(**named(scene, scene.grant("grantee", "Encrypt")))
        assert scene.count() == 0

    def test_the_account_that_is_the_retiring_principal(self, scene: Scene, named: Any) -> None:
        user, bare = scene.user("user", allowed(), OTHER), scene.user("bare", account=OTHER)
        root = scene.inside.client("kms", (OTHER, "test"))
        for retirer in (user, root):
            made = scene.grant_to_root("Encrypt", RetiringPrincipal=STRANGER)
            said = refused("AccessDeniedException", bare.retire_grant, **named(scene, made))
            assert said == hidden(arn("bare", OTHER), SILENT)
            retirer.retire_grant(**named(scene, made))
        assert scene.count() == 0

    def test_a_foreign_retiring_principal_needs_its_own_account_too(self, scene: Scene, named: Any) -> None:
        user = scene.user("user", account=OTHER)
        made = scene.grant_to_root("Encrypt", RetiringPrincipal=arn("user", OTHER))
        said = refused("AccessDeniedException", user.retire_grant, **named(scene, made))
        assert said == hidden(arn("user", OTHER), SILENT)
        iam = scene.inside.client("iam", (OTHER, "test"))
        iam.put_user_policy(UserName="user", PolicyName="p", PolicyDocument=json.dumps(allowed()))
        user.retire_grant(**named(scene, made))
        assert scene.count() == 0

    def test_but_not_for_a_grant_of_its_own_account(self, scene: Scene, named: Any) -> None:
        share(scene, "kms:CreateGrant")
        user = scene.user("user", account=OTHER)
        root = scene.inside.client("kms", (OTHER, "test"))
        made = scene.grant(
            "user", "Encrypt", kms=root, GranteePrincipal=ROOT, RetiringPrincipal=arn("user", OTHER)
        )
        user.retire_grant(**named(scene, made))
        assert scene.count() == 0

    def test_the_accounts_that_issued_it_and_own_the_key_when_they_differ(
        self, scene: Scene, named: Any
    ) -> None:
        share(scene, "kms:CreateGrant")
        root = scene.inside.client("kms", (OTHER, "test"))
        for retirer in (scene.kms, root):
            made = scene.grant("", "Encrypt", kms=root, GranteePrincipal=STRANGER)
            retirer.retire_grant(**named(scene, made))
        assert scene.count() == 0

    def test_nobody_else_whatever_the_policies_allow(self, scene: Scene, named: Any) -> None:
        share(scene)
        scene.user("grantee")
        made = scene.grant("grantee", "Encrypt")
        stranger = scene.user("stranger", allowed(), OTHER)
        assert refused("AccessDeniedException", stranger.retire_grant, **named(scene, made)) == (
            hidden(arn("stranger", OTHER), NO_ONE_LETS_IN)
        )
        assert scene.count() == 1

    def test_a_deny_counts_wherever_it_stands(self, scene: Scene, named: Any) -> None:
        user = scene.user("user", allowed(Effect="Deny"))
        made = scene.grant_to_root("Encrypt", RetiringPrincipal=arn("user"))
        said = refused("AccessDeniedException", user.retire_grant, **named(scene, made))
        assert said.endswith("with an explicit deny in an identity-based policy")
        policy = json.loads(scene.kms.get_key_policy(KeyId=scene.key)["Policy"])["Statement"]
        closed = document(*policy, deny("*", "kms:RetireGrant"))
        scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(closed))
        said = refused("AccessDeniedException", scene.kms.retire_grant, **named(scene, made))
        assert said.endswith("with an explicit deny in a resource-based policy")
        assert scene.count() == 1

    def test_a_dry_run_changes_nothing(self, scene: Scene, named: Any) -> None:
        user, bare = scene.user("user"), scene.user("bare")
        made = scene.grant_to_root("Encrypt", RetiringPrincipal=arn("user"))
        asked = named(scene, made) | {"DryRun": True}
        assert refused("DryRunOperationException", user.retire_grant, **asked) == DRY_RUN
        refused("AccessDeniedException", bare.retire_grant, **asked)
        assert scene.count() == 1


def test_policies_see_the_constraint_of_the_grant(scene: Scene) -> None:
    """`kms:GrantConstraintType` and the pairs are of the grant that goes."""
    constraint = {"EncryptionContextSubset": {"App": "pay"}}
    only = {
        "StringEquals": {
            "kms:GrantConstraintType": "EncryptionContextSubset",
            "kms:EncryptionContext:App": "pay",
        }
    }
    user = scene.user("user", allowed(Condition=only))
    plain = scene.grant("user", "Encrypt")
    other = scene.grant("user", "Encrypt", Constraints={"EncryptionContextSubset": {"App": "ship"}})
    made = scene.grant("user", "Encrypt", Constraints=constraint)
    for wrong in (plain, other):
        refused("AccessDeniedException", user.retire_grant, GrantToken=wrong["GrantToken"])
    user.retire_grant(GrantToken=made["GrantToken"])
    assert scene.count() == 2


class TestNames:
    @pytest.mark.parametrize(
        ("asked", "code", "said"),
        [
            ({}, "ValidationException", "You must specify either GrantToken, or KeyId and GrantId."),
            (
                {"GrantId": "0" * 64},
                "ValidationException",
                "You must specify either GrantToken, or KeyId and GrantId.",
            ),
            (
                {"GrantToken": "t", "GrantId": "0" * 64},
                "ValidationException",
                "You cannot specify GrantToken together with KeyId or GrantId.",
            ),
            ({"KeyId": ABSENT, "GrantId": "no"}, "InvalidGrantIdException", ""),
            ({"KeyId": ABSENT, "GrantId": "0" * 64}, "NotFoundException", f"Invalid arn {ABSENT}"),
            ({"KeyId": "alias/a", "GrantId": "0" * 64}, "NotFoundException", "Invalid arn alias/a"),
            (
                {"KeyId": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{ABSENT}", "GrantId": "0" * 64},
                "NotFoundException",
                "Invalid arn eu-west-1",
            ),
            ({"GrantToken": "forged"}, "InvalidGrantTokenException", ""),
            (
                {"KeyId": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{ABSENT}", "GrantId": "0" * 64},
                "NotFoundException",
                f"Key 'arn:aws:kms:us-east-1:{ACCOUNT}:key/{ABSENT}' does not exist",
            ),
        ],
    )
    def test_refused(self, scene: Scene, asked: dict[str, str], code: str, said: str) -> None:
        assert refused(code, scene.kms.retire_grant, **asked) == said

    def test_a_bare_id_of_a_key_that_is_there(self, scene: Scene) -> None:
        """Recorded."""
        made, key_id = scene.grant_to_root("Encrypt"), scene.key.rpartition("/")[2]
        said = refused("NotFoundException", scene.kms.retire_grant, KeyId=key_id, GrantId=made["GrantId"])
        assert said == f"Invalid arn {key_id}"

    def test_a_token_is_good_in_its_region(self, scene: Scene) -> None:
        made = scene.grant_to_root("Encrypt")
        elsewhere = scene.inside.client("kms", region="eu-west-1")
        said = refused("NotFoundException", elsewhere.retire_grant, GrantToken=made["GrantToken"])
        assert said == "Invalid arn us-east-1"
        assert scene.count() == 1

    def test_each_token_of_a_grant_is_good(self, scene: Scene) -> None:
        tokens = [scene.grant_to_root("Encrypt", Name="n")["GrantToken"] for _ in range(2)]
        scene.kms.retire_grant(GrantToken=tokens[0])
        for token in tokens:
            said = refused("NotFoundException", scene.kms.retire_grant, GrantToken=token)
            assert said.startswith("Grant ID ")
            assert said.endswith(" not found")


class TestWhatIsNotThere:
    def test_is_told_to_whom_could_have_retired_it(self, scene: Scene) -> None:
        user, bare = scene.user("user", allowed()), scene.user("bare")
        made = scene.grant_to_root("Encrypt", RetiringPrincipal=arn("bare"))
        bare.retire_grant(GrantToken=made["GrantToken"])
        gone = by_id(scene, made)
        for teller in (scene.kms, user):
            assert refused("NotFoundException", teller.retire_grant, **gone) == (
                f"Grant ID {made['GrantId']} not found"
            )
        refused("AccessDeniedException", bare.retire_grant, **gone)

    def test_nothing_tells_a_stranger_a_grant_from_a_key(self, scene: Scene) -> None:
        """An existing key and none, an existing grant and none: one sentence."""
        scene.user("grantee")
        stranger = scene.user("stranger", allowed(), OTHER)
        made = scene.grant("grantee", "Encrypt")
        absent = scene.key[:-12] + "00000000dead"
        asked = [
            {"KeyId": key, "GrantId": grant}
            for key in (scene.key, absent)
            for grant in (made["GrantId"], "0" * 64)
        ]
        said = {refused("AccessDeniedException", stranger.retire_grant, **one) for one in asked}
        assert said == {hidden(arn("stranger", OTHER), NO_ONE_LETS_IN)}


def test_what_the_event_shows(scene: Scene) -> None:
    made = scene.grant_to_root("Encrypt")
    scene.kms.retire_grant(GrantToken=made["GrantToken"])
    event = scene.last_event()
    assert (event["eventName"], event["readOnly"]) == ("RetireGrant", False)
    assert event["requestParameters"] is None
    assert event["responseElements"] == {"keyId": scene.key}
    assert event["additionalEventData"] == {"grantId": made["GrantId"]}
    assert event["resources"] == [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": scene.key}]
    assert made["GrantToken"] not in json.dumps(scene.inside.events())


@pytest.mark.wire
def test_the_aws_cli_retires(shared_dev: Any, kms: Any) -> None:
    key = kms.create_key()["KeyMetadata"]["Arn"]
    given = {"KeyId": key, "GranteePrincipal": ROOT, "Operations": ["Encrypt"]}
    token, grant_id = kms.create_grant(**given)["GrantToken"], kms.create_grant(**given)["GrantId"]
    for arguments in (("--grant-token", token), ("--key-id", key, "--grant-id", grant_id)):
        done = shared_dev.aws("kms", "retire-grant", *arguments)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert kms.list_grants(KeyId=key)["Grants"] == []
