from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from in_process import ACCOUNT, InProcess, allow

from keystead.crypto.password import open_passwords, position
from keystead.service.iam import login_profiles

Refused = Callable[..., tuple[int, str, str]]

PASSWORD = "Correct-horse-1"
NEXT = "Battery-staple-2"
NO_PROFILE = (404, "NoSuchEntity", "Login Profile for User Alice cannot be found.")


@pytest.fixture
def alice(root: Any) -> Any:
    root.create_user(UserName="Alice")
    return root.create_access_key(UserName="Alice")["AccessKey"]


@pytest.fixture
def profile(root: Any, alice: Any) -> Any:
    return root.create_login_profile(UserName="alice", Password=PASSWORD)["LoginProfile"]


def is_password(inside: InProcess, root: Any, password: str) -> bool:
    """Whether Alice would sign in with it."""
    unique_id = root.get_user(UserName="Alice")["User"]["UserId"]
    with inside.store.read() as tx:
        kept = tx.login_profile(unique_id)
    assert kept is not None
    hashes = open_passwords(inside.sealer, unique_id, kept.sealed_passwords)
    return position(password, hashes[:1]) == 0


def test_a_user_gets_a_password(inside: InProcess, root: Any, profile: Any, refused: Refused) -> None:
    made = datetime(2027, 1, 15, 8, 2, 3, tzinfo=UTC)
    assert profile == {"UserName": "Alice", "CreateDate": made, "PasswordResetRequired": False}
    assert root.get_login_profile(UserName="ALICE")["LoginProfile"] == profile
    assert is_password(inside, root, PASSWORD)
    assert not is_password(inside, root, NEXT)
    assert refused(root.create_login_profile, UserName="Alice", Password=NEXT) == (
        409,
        "EntityAlreadyExists",
        "Login Profile for User Alice already exists.",
    )
    assert is_password(inside, root, PASSWORD)


def test_it_is_changed_by_whoever_may(inside: InProcess, root: Any, profile: Any) -> None:
    inside.now += 60
    root.update_login_profile(UserName="Alice", Password=NEXT)
    assert root.get_login_profile(UserName="Alice")["LoginProfile"] == profile
    assert is_password(inside, root, NEXT)
    root.update_login_profile(UserName="Alice", PasswordResetRequired=True)
    assert is_password(inside, root, NEXT)
    assert root.get_login_profile(UserName="Alice")["LoginProfile"]["PasswordResetRequired"] is True
    root.update_login_profile(UserName="Alice", Password=PASSWORD)
    assert root.get_login_profile(UserName="Alice")["LoginProfile"]["PasswordResetRequired"] is True


def test_it_goes_and_the_user_after_it(root: Any, alice: Any, profile: Any, refused: Refused) -> None:
    root.delete_access_key(UserName="Alice", AccessKeyId=alice["AccessKeyId"])
    assert refused(root.delete_user, UserName="Alice") == (
        409,
        "DeleteConflict",
        "Cannot delete entity, must delete login profile first.",
    )
    root.delete_login_profile(UserName="Alice")
    for call in (root.get_login_profile, root.delete_login_profile):
        assert refused(call, UserName="Alice") == NO_PROFILE
    assert refused(root.update_login_profile, UserName="Alice", Password=NEXT) == NO_PROFILE
    assert refused(root.update_login_profile, UserName="Alice", PasswordResetRequired=True) == NO_PROFILE
    root.delete_user(UserName="Alice")


def test_a_password_must_be_given(root: Any, alice: Any, refused: Refused) -> None:
    assert refused(root.create_login_profile, UserName="Alice") == (
        400,
        "ValidationError",
        "1 validation error detected: Value null at 'password' failed to satisfy constraint: "
        "Member must not be null",
    )
    assert refused(root.create_login_profile, Password=PASSWORD)[2] == (
        "Must specify userName when calling with non-User credentials"
    )
    assert refused(root.create_login_profile, UserName="bob", Password=PASSWORD)[1] == "NoSuchEntity"
    secret = "\u0100" + PASSWORD
    status, code, sentence = refused(root.create_login_profile, UserName="Alice", Password=secret)
    assert (status, code) == (400, "ValidationError")
    assert PASSWORD not in sentence


def test_a_user_changes_its_own(
    inside: InProcess, root: Any, alice: Any, profile: Any, refused: Refused
) -> None:
    iam = inside.client("iam", alice)
    change = {"OldPassword": PASSWORD, "NewPassword": NEXT}
    arn = f"arn:aws:iam::{ACCOUNT}:user/Alice"
    assert refused(iam.change_password, **change) == (
        403,
        "AccessDenied",
        f"User: {arn} is not authorized to perform: iam:ChangePassword on resource: user Alice because no "
        "identity-based policy allows the iam:ChangePassword action",
    )
    allow(root, "Alice", "iam:ChangePassword", arn)
    root.update_login_profile(UserName="Alice", PasswordResetRequired=True)
    assert refused(iam.change_password, OldPassword=NEXT, NewPassword=NEXT) == (
        403,
        "AccessDenied",
        "The old password was incorrect.",
    )
    assert is_password(inside, root, PASSWORD)
    iam.change_password(**change)
    assert is_password(inside, root, NEXT)
    assert root.get_login_profile(UserName="Alice")["LoginProfile"]["PasswordResetRequired"] is False
    assert refused(iam.change_password, **change)[2] == "The old password was incorrect."
    root.delete_login_profile(UserName="Alice")
    assert refused(iam.change_password, OldPassword=NEXT, NewPassword=PASSWORD) == NO_PROFILE


def test_a_root_user_has_no_password_here(root: Any, refused: Refused) -> None:
    assert refused(root.change_password, OldPassword=PASSWORD, NewPassword=NEXT) == (
        400,
        "InvalidUserType",
        "Only IAM Users can change their own password",
    )


def test_who_may_not_has_no_argon2id_run(
    inside: InProcess, root: Any, alice: Any, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_profiles, "hash_password", lambda *_, **__: pytest.fail("Argon2id ran"))
    iam = inside.client("iam", alice)
    for call, more in (
        (iam.create_login_profile, {"UserName": "Alice", "Password": PASSWORD}),
        (iam.update_login_profile, {"UserName": "Alice", "Password": PASSWORD}),
        (iam.change_password, {"OldPassword": PASSWORD, "NewPassword": NEXT}),
    ):
        assert refused(call, **more)[1] == "AccessDenied"
    assert all("not authorized to perform" in event["errorMessage"] for event in inside.events()[-3:])


def test_two_changes_at_once(
    inside: InProcess, root: Any, profile: Any, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that was prepared against an older password gives up."""
    hash_password = login_profiles.hash_password

    def meanwhile(*arguments: Any) -> Any:
        monkeypatch.setattr(login_profiles, "hash_password", hash_password)
        root.update_login_profile(UserName="Alice", Password=NEXT)
        return hash_password(*arguments)

    monkeypatch.setattr(login_profiles, "hash_password", meanwhile)
    assert refused(root.update_login_profile, UserName="Alice", Password="Third-password-3") == (
        409,
        "EntityTemporarilyUnmodifiable",
        "Login Profile for User Alice cannot be modified while login profile is being created.",
    )
    assert is_password(inside, root, NEXT)


def test_passwords_are_in_no_event_and_no_row(
    inside: InProcess, root: Any, alice: Any, profile: Any, refused: Refused
) -> None:
    allow(root, "Alice", "iam:*", "*")
    iam = inside.client("iam", alice)
    iam.change_password(OldPassword=PASSWORD, NewPassword=NEXT)
    root.update_login_profile(UserName="Alice", Password=PASSWORD, PasswordResetRequired=True)
    refused(iam.change_password, OldPassword=NEXT, NewPassword=NEXT)
    text = str(inside.events())
    assert PASSWORD not in text
    assert NEXT not in text
    events = {event["eventName"]: event for event in inside.events()}
    assert events["CreateLoginProfile"]["requestParameters"] == {"userName": "alice"}
    assert events["CreateLoginProfile"]["responseElements"] == {
        "loginProfile": {
            "userName": "Alice",
            "createDate": "Jan 15, 2027 8:02:03 AM",
            "passwordResetRequired": False,
        }
    }
    assert events["UpdateLoginProfile"]["requestParameters"] == {
        "userName": "Alice",
        "passwordResetRequired": True,
    }
    assert not events["ChangePassword"].get("requestParameters")
    unique_id = root.get_user(UserName="Alice")["User"]["UserId"]
    with inside.store.read() as tx:
        kept = tx.login_profile(unique_id)
    assert kept is not None
    assert b"argon2" not in kept.sealed_passwords
    assert "sealed" not in repr(kept)


def test_a_renamed_user_keeps_the_password(inside: InProcess, root: Any, profile: Any) -> None:
    root.update_user(UserName="Alice", NewUserName="Alicia")
    assert root.get_login_profile(UserName="Alicia")["LoginProfile"]["UserName"] == "Alicia"
    root.update_user(UserName="Alicia", NewUserName="Alice")
    assert is_password(inside, root, PASSWORD)
