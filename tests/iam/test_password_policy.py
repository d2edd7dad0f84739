from collections.abc import Callable
from typing import Any

import pytest
from in_process import ACCOUNT, InProcess, allow

Refused = Callable[..., tuple[int, str, str]]

NO_POLICY = (
    404,
    "NoSuchEntity",
    f"The Password Policy with domain name {ACCOUNT} cannot be found.",
)


@pytest.fixture(autouse=True)
def alice(root: Any) -> None:
    root.create_user(UserName="alice")


def violation(root: Any, refused: Refused, password: str) -> str:
    status, code, sentence = refused(root.create_login_profile, UserName="alice", Password=password)
    assert (status, code) == (400, "PasswordPolicyViolation")
    assert password not in sentence
    return sentence


def accepted(root: Any, password: str) -> None:
    root.create_login_profile(UserName="alice", Password=password)
    root.delete_login_profile(UserName="alice")


def test_there_is_none_at_first_and_updates_fill_in_defaults(root: Any, refused: Refused) -> None:
    assert refused(root.get_account_password_policy) == NO_POLICY
    assert refused(root.delete_account_password_policy) == NO_POLICY
    root.update_account_password_policy()
    defaults = {
        "MinimumPasswordLength": 6,
        "RequireSymbols": False,
        "RequireNumbers": False,
        "RequireUppercaseCharacters": False,
        "RequireLowercaseCharacters": False,
        "AllowUsersToChangePassword": False,
        "ExpirePasswords": False,
    }
    assert root.get_account_password_policy()["PasswordPolicy"] == defaults
    full = {
        "MinimumPasswordLength": 20,
        "RequireSymbols": True,
        "RequireNumbers": True,
        "RequireUppercaseCharacters": True,
        "RequireLowercaseCharacters": True,
        "AllowUsersToChangePassword": True,
        "MaxPasswordAge": 90,
        "PasswordReusePrevention": 3,
        "HardExpiry": True,
    }
    root.update_account_password_policy(**full)
    assert root.get_account_password_policy()["PasswordPolicy"] == full | {"ExpirePasswords": True}
    root.update_account_password_policy(MinimumPasswordLength=7)
    assert root.get_account_password_policy()["PasswordPolicy"] == defaults | {"MinimumPasswordLength": 7}
    root.delete_account_password_policy()
    assert refused(root.get_account_password_policy) == NO_POLICY


def test_bounds_of_the_model(root: Any, refused: Refused) -> None:
    for member in (
        {"MinimumPasswordLength": 129},
        {"MaxPasswordAge": 1096},
        {"PasswordReusePrevention": 25},
    ):
        assert refused(root.update_account_password_policy, **member)[1] == "ValidationError"


def test_aws_s_default_policy(root: Any, refused: Refused) -> None:
    """Eight characters, three of the four kinds, not the account's name."""
    assert violation(root, refused, "Abcdef1") == "Password should have a minimum length of 8"
    assert violation(root, refused, "abcdefg1") == (
        "Password should meet 1 more of the following requirements: Password should have at least one "
        "uppercase letter, Password should have at least one symbol"
    )
    assert violation(root, refused, "        ").startswith(
        "Password should meet 3 more of the following requirements: "
    )
    for password in ("Abcdefg1", "abcdef_1", "ABCDEF_1", "Abcdefg|", "Abcdefg'"):
        accepted(root, password)
    assert "requirements" in violation(root, refused, "Abcdefg~")  # `~` is none of the symbols


def test_a_policy_of_the_account(root: Any, refused: Refused) -> None:
    root.update_account_password_policy(MinimumPasswordLength=10)
    assert violation(root, refused, "abcdefghi") == "Password should have a minimum length of 10"
    accepted(root, "abcdefghij")
    root.update_account_password_policy(
        RequireSymbols=True,
        RequireNumbers=True,
        RequireUppercaseCharacters=True,
        RequireLowercaseCharacters=True,
    )
    assert violation(root, refused, "     ") == (
        "Password should have a minimum length of 6, Password should have at least one uppercase letter, "
        "Password should have at least one lowercase letter, Password should have at least one number, "
        "Password should have at least one symbol"
    )
    assert violation(root, refused, "ÄBCdefg1") == "Password should have at least one symbol"
    assert violation(root, refused, "Äbcdefg1!") == "Password should have at least one uppercase letter"
    accepted(root, "Abcdefg1!")


def test_it_holds_for_every_change(inside: InProcess, root: Any, refused: Refused) -> None:
    root.create_login_profile(UserName="alice", Password="Abcdefg1")
    root.update_account_password_policy(MinimumPasswordLength=12)
    allow(root, "alice", "iam:ChangePassword", "*")
    iam = inside.client("iam", root.create_access_key(UserName="alice")["AccessKey"])
    short = {"OldPassword": "Abcdefg1", "NewPassword": "Abcdefg2"}
    assert refused(iam.change_password, **short)[1] == "PasswordPolicyViolation"
    assert refused(root.update_login_profile, UserName="alice", Password="Abcdefg2")[1] == (
        "PasswordPolicyViolation"
    )
    iam.change_password(OldPassword="Abcdefg1", NewPassword="Abcdefg1Abcdefg1")


def test_last_passwords_are_remembered(inside: InProcess, root: Any, refused: Refused) -> None:
    passwords = [f"Password-{number}" for number in range(4)]
    root.create_login_profile(UserName="alice", Password=passwords[0])
    for password in passwords[1:]:
        root.update_login_profile(UserName="alice", Password=password)
    root.update_account_password_policy(PasswordReusePrevention=3)
    allow(root, "alice", "iam:ChangePassword", "*")
    iam = inside.client("iam", root.create_access_key(UserName="alice")["AccessKey"])
    reuse = (
        400,
        "PasswordPolicyViolation",
        "Policy constraint violation with password reuse prevention during password change.",
    )
    for password in passwords[1:]:
        assert refused(root.update_login_profile, UserName="alice", Password=password) == reuse
        change = {"OldPassword": passwords[3], "NewPassword": password}
        assert refused(iam.change_password, **change) == reuse
    iam.change_password(OldPassword=passwords[3], NewPassword=passwords[0])
    assert refused(root.update_login_profile, UserName="alice", Password=passwords[3]) == reuse
    root.update_login_profile(UserName="alice", Password=passwords[1])
    root.delete_account_password_policy()
    root.update_login_profile(UserName="alice", Password=passwords[1])


def test_accounts_have_their_own(inside: InProcess, root: Any, refused: Refused) -> None:
    other = inside.client("iam", ("111122223333", "test"))
    root.update_account_password_policy(MinimumPasswordLength=100)
    assert refused(other.get_account_password_policy)[1] == "NoSuchEntity"
    other.create_user(UserName="bob")
    other.create_login_profile(UserName="bob", Password="Abcdefg1")


def test_who_may_see_and_change_it(inside: InProcess, root: Any, refused: Refused) -> None:
    iam = inside.client("iam", root.create_access_key(UserName="alice")["AccessKey"])
    assert refused(iam.get_account_password_policy)[2] == (
        f"User: arn:aws:iam::{ACCOUNT}:user/alice is not authorized to perform: "
        "iam:GetAccountPasswordPolicy on resource: * because no identity-based policy allows the "
        "iam:GetAccountPasswordPolicy action"
    )
    allow(root, "alice", "iam:*AccountPasswordPolicy", "*")
    iam.update_account_password_policy(MinimumPasswordLength=9)
    iam.get_account_password_policy()
    iam.delete_account_password_policy()
    (event,) = (event for event in inside.events() if event["eventName"] == "UpdateAccountPasswordPolicy")
    assert event["requestParameters"] == {"minimumPasswordLength": 9}
