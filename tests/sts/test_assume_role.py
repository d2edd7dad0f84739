"""AssumeRole: who gets a session, what it may do, what it is called."""

from typing import Any

import pytest
from sts_world import ALL, OTHER, ROOT, World, document, role_arn, trusts, user_arn
from tests.iam.in_process import ACCOUNT

Refused = Any


def denied(who: str, role: str, action: str = "sts:AssumeRole", why: str = "") -> tuple[str, str]:
    return "AccessDenied", f"User: {who} is not authorized to perform: {action} on resource: {role}{why}"


# Who is let in.


def test_a_user_whom_the_trust_policy_names_needs_no_policy(world: World) -> None:
    ada = world.user("ada")
    role = world.role("reader", trusts(user_arn("ada")))
    session = world.assume(ada, role)
    identity = world.client("sts", session).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/run"
    assert identity["UserId"] == f"{world.role_id('reader')}:run"
    assert identity["Account"] == ACCOUNT


def test_trust_in_an_account_leaves_it_to_its_identity_policies(world: World, refused: Refused) -> None:
    role = world.role("reader", trusts(ROOT))
    silent, allowed = world.user("silent"), world.user("allowed", ALL)
    sts = world.client("sts", silent)
    assert refused(sts.assume_role, RoleArn=role, RoleSessionName="run") == denied(
        user_arn("silent"), role, why=" because no identity-based policy allows the sts:AssumeRole action"
    )
    assert world.assume(allowed, role)["AccessKeyId"].startswith("ASIA")


def test_across_accounts_both_sides_must_allow(world: World, refused: Refused) -> None:
    role = world.role("reader", trusts(f"arn:aws:iam::{OTHER}:root"))
    named = world.role("named", trusts(user_arn("bob", OTHER)))
    bob, eve = world.user("bob", account=OTHER), world.user("eve", ALL, account=OTHER)
    for arn in (role, named):
        assert refused(world.client("sts", bob).assume_role, RoleArn=arn, RoleSessionName="run") == denied(
            user_arn("bob", OTHER), arn
        )
    assert world.assume(eve, role)
    assert refused(world.client("sts", eve).assume_role, RoleArn=named, RoleSessionName="run") == denied(
        user_arn("eve", OTHER), named
    )


def test_nobody_learns_whether_there_is_a_role(world: World, refused: Refused) -> None:
    admin = world.client("sts", world.user("admin", ALL))
    there = world.role("there", trusts(user_arn("somebody")), path="/team/")
    for arn in (there, role_arn("absent"), role_arn("there"), role_arn("absent", OTHER)):
        assert refused(admin.assume_role, RoleArn=arn, RoleSessionName="run") == denied(
            user_arn("admin"), arn
        )


def test_explicit_denies_are_told(world: World, refused: Refused) -> None:
    against = {"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*"}
    role = world.role("reader", trusts(ROOT))
    ada = world.client("sts", world.user("ada", ALL, against))
    assert refused(ada.assume_role, RoleArn=role, RoleSessionName="run") == denied(
        user_arn("ada"), role, why=" with an explicit deny in an identity-based policy"
    )
    closed = world.role("closed", trusts(ROOT), trusts(ROOT) | {"Effect": "Deny"})
    bob = world.client("sts", world.user("bob", ALL))
    assert refused(bob.assume_role, RoleArn=closed, RoleSessionName="run") == denied(
        user_arn("bob"), closed, why=" with an explicit deny in the role trust policy"
    )


def test_root_users_assume_no_roles(world: World, refused: Refused) -> None:
    role = world.role("reader", trusts(ROOT))
    sts = world.client("sts")
    assert refused(sts.assume_role, RoleArn=role, RoleSessionName="run") == (
        "AccessDenied",
        "Roles may not be assumed by root accounts.",
    )


def test_what_is_no_role_is_refused_for_itself(world: World, refused: Refused) -> None:
    sts = world.client("sts", world.user("ada", ALL))
    for arn in (user_arn("ada"), "arn:aws:iam::role/too-short", f"arn:aws:sts::{ACCOUNT}:assumed-role/a/b"):
        code, message = refused(sts.assume_role, RoleArn=arn, RoleSessionName="run")
        assert (code, message) == ("ValidationError", f"{arn} is invalid")


def test_the_external_id(world: World, refused: Refused) -> None:
    ada = world.user("ada")
    role = world.role("reader", trusts(user_arn("ada"), StringEquals={"sts:ExternalId": "x-17"}))
    sts = world.client("sts", ada)
    for more in ({}, {"ExternalId": "x-18"}):
        assert refused(sts.assume_role, RoleArn=role, RoleSessionName="run", **more) == denied(
            user_arn("ada"), role
        )
    assert world.assume(ada, role, ExternalId="x-17")


def test_the_session_name_can_be_demanded(world: World, refused: Refused) -> None:
    ada = world.user("ada")
    role = world.role(
        "reader", trusts(user_arn("ada"), StringEquals={"sts:RoleSessionName": "${aws:username}"})
    )
    assert world.assume(ada, role, "ada")
    sts = world.client("sts", ada)
    assert refused(sts.assume_role, RoleArn=role, RoleSessionName="eve")[0] == "AccessDenied"


def test_mfa_is_never_there(world: World, refused: Refused) -> None:
    ada = world.user("ada", ALL)
    sts = world.client("sts", ada)
    needs = world.role("needs", trusts(ROOT, Bool={"aws:MultiFactorAuthPresent": "true"}))
    absent = world.role("absent", trusts(ROOT, Null={"aws:MultiFactorAuthPresent": "true"}))
    assert refused(sts.assume_role, RoleArn=needs, RoleSessionName="run")[0] == "AccessDenied"
    assert world.assume(ada, absent)
    given = {"SerialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/ada", "TokenCode": "123456"}
    for more in (given, {"TokenCode": "123456"}):
        code, message = refused(sts.assume_role, RoleArn=absent, RoleSessionName="run", **more)
        assert code == "AccessDenied"
        assert message.startswith("MultiFactorAuthentication failed")
    session = sts.get_session_token()["Credentials"]
    false = world.role("false", trusts(ROOT, Bool={"aws:MultiFactorAuthPresent": "false"}))
    assert world.assume(session, false)
    assert refused(sts.assume_role, RoleArn=false, RoleSessionName="run")[0] == "AccessDenied"


# How long.


@pytest.mark.parametrize(("seconds", "most"), [(900, 3600), (3600, 3600), (7200, 43200), (43200, 43200)])
def test_sessions_last_as_long_as_asked(world: World, seconds: int, most: int) -> None:
    ada = world.user("ada")
    role = world.role("reader", trusts(user_arn("ada")), seconds=most)
    session = world.assume(ada, role, DurationSeconds=seconds)
    assert int(session["Expiration"].timestamp()) == int(world.inside.now) + seconds


def test_an_hour_is_usual(world: World) -> None:
    ada = world.user("ada")
    role = world.role("reader", trusts(user_arn("ada")), seconds=43200)
    assert int(world.assume(ada, role)["Expiration"].timestamp()) == int(world.inside.now) + 3600


def test_durations_out_of_range(world: World, refused: Refused) -> None:
    sts = world.client("sts", world.user("ada"))
    role = world.role("reader", trusts(user_arn("ada")), seconds=7200)
    ask = {"RoleArn": role, "RoleSessionName": "run"}
    assert refused(sts.assume_role, **ask, DurationSeconds=7201) == (
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    )
    for seconds, end in ((899, "greater than or equal to 900"), (43201, "less than or equal to 43200")):
        code, message = refused(sts.assume_role, **ask, DurationSeconds=seconds)
        assert code == "ValidationError"
        assert message.endswith(f"failed to satisfy constraint: Member must have value {end}")


def test_chained_sessions_last_an_hour_at_most(world: World, refused: Refused) -> None:
    ada = world.user("ada")
    first = world.role("first", trusts(user_arn("ada")), seconds=43200)
    second = world.role("second", trusts(first), seconds=43200)
    session = world.assume(ada, first, DurationSeconds=43200)
    sts = world.client("sts", session)
    assert refused(sts.assume_role, RoleArn=second, RoleSessionName="run", DurationSeconds=3601) == (
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    )
    assert world.assume(session, second, DurationSeconds=3600)


# What it may do.


def test_a_session_has_the_rights_of_its_role(world: World, refused: Refused) -> None:
    ada = world.user("ada", ALL)
    only = {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*"}
    role = world.role("writer", trusts(user_arn("ada")), allow=only)
    key = world.key()
    kms = world.client("kms", world.assume(ada, role))
    sealed = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    code, message = refused(kms.decrypt, CiphertextBlob=sealed, KeyId=key)
    assert code == "AccessDeniedException"
    assert message.startswith(f"User: arn:aws:sts::{ACCOUNT}:assumed-role/writer/run is not authorized")
    assert message.endswith("because no identity-based policy allows the kms:Decrypt action")


def test_session_policies_narrow(world: World, refused: Refused) -> None:
    ada = world.user("ada")
    role = world.role("all", trusts(user_arn("ada")))
    key = world.key()
    encrypts = {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*"}
    managed = world.managed_policy(
        "Describes", {"Effect": "Allow", "Action": "kms:Describe*", "Resource": "*"}
    )
    session = world.assume(ada, role, Policy=document(encrypts), PolicyArns=[{"arn": managed}])
    kms = world.client("kms", session)
    kms.encrypt(KeyId=key, Plaintext=b"x")
    kms.describe_key(KeyId=key)
    _, message = refused(kms.generate_data_key, KeyId=key, KeySpec="AES_256")
    assert message.endswith("because no session policy allows the kms:GenerateDataKey action")
    denies = world.assume(ada, role, Policy=document(ALL, encrypts | {"Effect": "Deny"}))
    _, message = refused(world.client("kms", denies).encrypt, KeyId=key, Plaintext=b"x")
    assert message.endswith("with an explicit deny in a session policy")


def test_managed_session_policies_are_those_of_now(world: World, refused: Refused) -> None:
    """Recorded: their default version is looked up at each request."""
    ada = world.user("ada")
    role = world.role("all", trusts(user_arn("ada")))
    key = world.key()
    managed = world.managed_policy("P", {"Effect": "Allow", "Action": "kms:DescribeKey", "Resource": "*"})
    kms = world.client("kms", world.assume(ada, role, PolicyArns=[{"arn": managed}]))
    kms.describe_key(KeyId=key)
    with world.inside.store.write("gone") as tx:
        tx.delete_managed_policy(managed)
    _, message = refused(kms.describe_key, KeyId=key)
    assert message.endswith(f"with an explicit deny in a session policy: {managed}")
    world.managed_policy("P", {"Effect": "Allow", "Action": "kms:ListKeys", "Resource": "*"})
    _, message = refused(kms.describe_key, KeyId=key)
    assert message.endswith("because no session policy allows the kms:DescribeKey action")
    kms.list_keys()


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ("{", "MalformedPolicyDocument"),
        (
            document({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}),
            "MalformedPolicyDocument",
        ),
        (
            document({"Effect": "Allow", "Action": "kms:*" + "x" * 2048, "Resource": "*"}),
            "PackedPolicyTooLarge",
        ),
    ],
)
def test_session_policies_that_are_none(world: World, refused: Refused, policy: str, told: str) -> None:
    sts = world.client("sts", world.user("ada"))
    role = world.role("all", trusts(user_arn("ada")))
    assert refused(sts.assume_role, RoleArn=role, RoleSessionName="run", Policy=policy)[0] == told


def test_managed_session_policies_that_are_none(world: World, refused: Refused) -> None:
    sts = world.client("sts", world.user("ada"))
    role = world.role("all", trusts(user_arn("ada")))
    ask = {"RoleArn": role, "RoleSessionName": "run"}
    foreign = world.managed_policy("P", ALL, account=OTHER)
    for arn in (f"arn:aws:iam::{ACCOUNT}:policy/absent", foreign, "arn:aws:iam::aws:policy/NoSuchPolicy"):
        assert refused(sts.assume_role, **ask, PolicyArns=[{"arn": arn}]) == (
            "ValidationError",
            f"Policy {arn} does not exist or is not attachable.",
        )
    assert refused(sts.assume_role, **ask, PolicyArns=[{"arn": role}])[0] == "ValidationError"
    eleven = [{"arn": f"arn:aws:iam::{ACCOUNT}:policy/{n}"} for n in range(11)]
    assert refused(sts.assume_role, **ask, PolicyArns=eleven)[0] == "ValidationError"
    assert sts.assume_role(**ask, PolicyArns=[{"arn": "arn:aws:iam::aws:policy/PowerUserAccess"}])


def test_what_policies_and_tags_take_is_told_and_limited(world: World, refused: Refused) -> None:
    import random

    sts = world.client("sts", world.user("ada"))
    role = world.role("all", trusts(user_arn("ada"), "sts:AssumeRole", "sts:TagSession"))
    ask = {"RoleArn": role, "RoleSessionName": "run"}
    assert "PackedPolicySize" not in sts.assume_role(**ask)
    assert 0 < sts.assume_role(**ask, Policy=document(ALL))["PackedPolicySize"] < 10
    chance = random.Random(1)
    noise = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=128)) for _ in range(100)]
    tags = [{"Key": noise[n], "Value": noise[n + 50]} for n in range(50)]
    code, message = refused(sts.assume_role, **ask, Tags=tags)
    assert code == "PackedPolicyTooLarge"
    assert message.startswith("Packed policy consumes 2")
    assert message.endswith("% of allotted space, please use smaller policy.")
    fitting = sts.assume_role(**ask, Tags=tags[:22], Policy=document(ALL))
    assert 80 < fitting["PackedPolicySize"] <= 100
    assert len(fitting["Credentials"]["SessionToken"]) <= 8192
    world.client("sts", fitting["Credentials"]).get_caller_identity()


def test_a_boundary_limits_sessions_already_issued(world: World, refused: Refused) -> None:
    ada = world.user("ada")
    role = world.role("all", trusts(user_arn("ada")))
    key = world.key()
    kms = world.client("kms", world.assume(ada, role))
    kms.describe_key(KeyId=key)
    world.set_boundary("all", world.managed_policy("B", ALL | {"Action": "kms:ListKeys"}))
    _, message = refused(kms.describe_key, KeyId=key)
    assert message.endswith("because no permissions boundary allows the kms:DescribeKey action")
    world.set_boundary("all", None)
    kms.describe_key(KeyId=key)


# Tags and source identity.


def test_session_tags_need_permission_and_are_principal_tags(world: World, refused: Refused) -> None:
    ada = world.user("ada")
    plain = world.role("plain", trusts(user_arn("ada")))
    sts = world.client("sts", ada)
    tags = [{"Key": "Team", "Value": "pay"}]
    assert refused(sts.assume_role, RoleArn=plain, RoleSessionName="run", Tags=tags) == denied(
        user_arn("ada"), plain, "sts:TagSession"
    )
    role = world.role(
        "tagged",
        trusts(user_arn("ada"), "sts:AssumeRole", "sts:TagSession"),
        tags={"team": "hr", "Site": "Bern"},
    )
    key = world.key(
        {
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": "kms:Encrypt",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalTag/team": "pay", "aws:PrincipalTag/Site": "Bern"}},
        }
    )
    world.set_policy("tagged", ALL | {"Action": "kms:ListKeys"})
    world.client("kms", world.assume(ada, role, Tags=tags)).encrypt(KeyId=key, Plaintext=b"x")
    kms = world.client("kms", world.assume(ada, role))
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x")[0] == "AccessDeniedException"


def test_tags_that_cannot_be(world: World, refused: Refused) -> None:
    sts = world.client("sts", world.user("ada"))
    role = world.role("all", trusts(user_arn("ada"), "sts:AssumeRole", "sts:TagSession"))
    ask = {"RoleArn": role, "RoleSessionName": "run"}
    same = [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]
    assert refused(sts.assume_role, **ask, Tags=same) == (
        "InvalidParameterValue",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    )
    ours = [{"Key": "aws:a", "Value": "1"}]
    assert refused(sts.assume_role, **ask, Tags=ours)[0] == "InvalidParameterValue"
    assert refused(sts.assume_role, **ask, Tags=same[:1], TransitiveTagKeys=["b"]) == (
        "InvalidParameterValue",
        "The specified transitive tag key must be included in the requested tags.",
    )


def test_transitive_tags_go_along_and_cannot_be_set_anew(world: World, refused: Refused) -> None:
    """Seen on AWS: handing tags on needs sts:TagSession, and what is handed on cannot be overwritten."""
    ada = world.user("ada")
    both = ("sts:AssumeRole", "sts:TagSession")
    first = world.role("first", trusts(user_arn("ada"), *both))
    second, untagged = world.role("second", trusts(first, *both)), world.role("untagged", trusts(first))
    third = world.role("third", trusts(second, *both))
    tags = [{"Key": "Dept", "Value": "pay"}, {"Key": "Site", "Value": "Bern"}]
    session = world.assume(ada, first, Tags=tags, TransitiveTagKeys=["Dept"])
    sts = world.client("sts", session)
    caller = f"arn:aws:sts::{ACCOUNT}:assumed-role/first/run"
    ask = {"RoleArn": untagged, "RoleSessionName": "run"}
    assert refused(sts.assume_role, **ask) == denied(caller, untagged, "sts:TagSession")
    anew = [{"Key": "dept", "Value": "hr"}]
    assert refused(sts.assume_role, RoleArn=second, RoleSessionName="run", Tags=anew) == (
        "InvalidParameterValue",
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag "
        "key from the calling session.",
    )
    chained = world.assume(session, second, Tags=[{"Key": "Site", "Value": "Basel"}])
    last = world.assume(chained, third)

    def allowed(who: Any, tag: str, value: str) -> bool:
        condition = {"StringEquals": {f"aws:PrincipalTag/{tag}": value}}
        trust = {"Principal": {"AWS": "*"}, "Action": "kms:DescribeKey", "Resource": "*"}
        key = world.key(
            {"Effect": "Deny", "Condition": {"StringNotEquals": condition["StringEquals"]}} | trust
        )
        try:
            world.client("kms", who).describe_key(KeyId=key)
        except world.kms.exceptions.ClientError:
            return False
        return True

    assert allowed(chained, "Dept", "pay")
    assert allowed(chained, "Site", "Basel")
    assert allowed(last, "Dept", "pay")
    assert not allowed(last, "Site", "Basel")


def test_a_source_identity_stays(world: World, refused: Refused) -> None:
    ada = world.user("ada")
    both = ("sts:AssumeRole", "sts:SetSourceIdentity")
    plain = world.role("plain", trusts(user_arn("ada")))
    first = world.role("first", trusts(user_arn("ada"), *both))
    second, silent = world.role("second", trusts(first, *both)), world.role("silent", trusts(first))
    sts = world.client("sts", ada)
    ask = {"RoleSessionName": "run", "SourceIdentity": "Ada"}
    assert refused(sts.assume_role, RoleArn=plain, **ask) == denied(
        user_arn("ada"), plain, "sts:SetSourceIdentity"
    )
    answer = sts.assume_role(RoleArn=first, **ask)
    assert answer["SourceIdentity"] == "Ada"
    chained = world.client("sts", answer["Credentials"])
    assert refused(chained.assume_role, RoleArn=silent, RoleSessionName="run")[1].count("SetSourceIdentity")
    assert refused(chained.assume_role, RoleArn=second, RoleSessionName="run", SourceIdentity="Eve") == (
        "ValidationError",
        "The source identity is already set for this assume role session",
    )
    again = chained.assume_role(RoleArn=second, RoleSessionName="run")
    assert again["SourceIdentity"] == "Ada"
    key = world.key(
        {
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "kms:DescribeKey",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:SourceIdentity": "Ada"}},
        }
    )
    world.client("kms", again["Credentials"]).describe_key(KeyId=key)
    assert refused(sts.assume_role, RoleArn=first, RoleSessionName="run", SourceIdentity="aws:x")[0] == (
        "ValidationError"
    )
