from collections.abc import Callable
from typing import Any

import pytest
from in_process import ACCOUNT, InProcess, allow

Refused = Callable[..., tuple[int, str, str]]


def aliases(iam: Any) -> list[str]:
    answer = iam.list_account_aliases()
    assert answer["IsTruncated"] is False
    found: list[str] = answer["AccountAliases"]
    return found


def test_an_account_has_one_alias_at_most(root: Any, refused: Refused) -> None:
    assert aliases(root) == []
    root.create_account_alias(AccountAlias="first-1")
    assert aliases(root) == ["first-1"]
    root.create_account_alias(AccountAlias="second")
    assert aliases(root) == ["second"]
    assert refused(root.delete_account_alias, AccountAlias="first-1") == (
        404,
        "NoSuchEntity",
        "The account alias first-1 cannot be found.",
    )
    root.delete_account_alias(AccountAlias="second")
    assert aliases(root) == []
    assert refused(root.delete_account_alias, AccountAlias="second")[1] == "NoSuchEntity"


def test_it_is_unique_in_the_installation(inside: InProcess, root: Any, refused: Refused) -> None:
    other = inside.client("iam", ("111122223333", "test"))
    root.create_account_alias(AccountAlias="ours")
    taken = (409, "EntityAlreadyExists", "The account alias ours already exists.")
    other.create_account_alias(AccountAlias="theirs")
    assert refused(other.create_account_alias, AccountAlias="ours") == taken
    assert refused(root.create_account_alias, AccountAlias="ours") == taken
    assert (aliases(root), aliases(other)) == (["ours"], ["theirs"])
    assert refused(other.delete_account_alias, AccountAlias="ours")[1] == "NoSuchEntity"
    root.create_account_alias(AccountAlias="moved")
    other.create_account_alias(AccountAlias="ours")
    assert (aliases(root), aliases(other)) == (["moved"], ["ours"])


@pytest.mark.parametrize(
    "alias", ["Ours", "-ours", "ours-", "our--s", "our_s", "o" * 64, "123456789012", "ours\n"]
)
def test_what_is_no_alias(root: Any, refused: Refused, alias: str) -> None:
    assert refused(root.create_account_alias, AccountAlias=alias)[:2] == (400, "ValidationError")
    assert aliases(root) == []


def test_a_password_is_not_the_alias(root: Any, refused: Refused) -> None:
    root.create_user(UserName="alice")
    root.create_account_alias(AccountAlias="our-account-1")
    assert refused(root.create_login_profile, UserName="alice", Password="our-account-1")[1:] == (
        "PasswordPolicyViolation",
        "Password should not be identical to the account name",
    )


def test_calls_are_authorized_and_recorded(inside: InProcess, root: Any, refused: Refused) -> None:
    root.create_user(UserName="alice")
    iam = inside.client("iam", root.create_access_key(UserName="alice")["AccessKey"])
    for call, more in (
        (iam.create_account_alias, {"AccountAlias": "ours"}),
        (iam.list_account_aliases, {}),
        (iam.delete_account_alias, {"AccountAlias": "ours"}),
    ):
        status, code, sentence = refused(call, **more)
        assert (status, code) == (403, "AccessDenied")
        assert "on resource: * because" in sentence
    allow(root, "alice", "iam:*AccountAlias*", "*")
    iam.create_account_alias(AccountAlias="ours")
    assert aliases(iam) == ["ours"]
    made = next(event for event in inside.events() if event["eventName"] == "CreateAccountAlias")
    assert made["requestParameters"] == {"accountAlias": "ours"}
    assert made["recipientAccountId"] == ACCOUNT
