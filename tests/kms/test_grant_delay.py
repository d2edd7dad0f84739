"""`grant_delay`: a new grant works with its token at once, and without it after a while, as on AWS."""

from typing import Any

import pytest
from scene import Scene, arn, no_identity_policy
from world import refused

DELAY = 300


@pytest.fixture
def scene() -> Scene:
    return Scene(grant_delay=DELAY * 1000)


def encrypts(user: Any, scene: Scene, *tokens: str, **more: Any) -> bool:
    """Whether it is allowed; of all errors only AWS's refusal will do."""
    more |= {"GrantTokens": list(tokens)} if tokens else {}
    try:
        user.encrypt(KeyId=scene.key, Plaintext=b"x", **more)
    except user.exceptions.ClientError as caught:
        error = caught.response["Error"]
    else:
        return True
    refusal = no_identity_policy("user", "kms:Encrypt", scene.key)
    assert error == {"Code": "AccessDeniedException", "Message": refusal}
    return False


def test_a_new_grant_needs_its_token_until_the_moment_that_the_delay_ends(scene: Scene) -> None:
    user = scene.user("user")
    token = scene.grant("user", "Encrypt")["GrantToken"]
    assert not encrypts(user, scene)
    assert encrypts(user, scene, token)
    assert not encrypts(user, scene), "what a token allowed is not remembered"
    scene.inside.now += DELAY - 0.002
    assert not encrypts(user, scene)
    assert encrypts(user, scene, token)
    scene.inside.now += 0.002
    assert encrypts(user, scene)
    assert encrypts(user, scene, token)


def test_revoked_grants_are_gone_at_once_token_or_not(scene: Scene) -> None:
    user = scene.user("user")
    old = scene.grant("user", "Encrypt")
    scene.inside.now += DELAY
    assert encrypts(user, scene)
    scene.kms.revoke_grant(KeyId=scene.key, GrantId=old["GrantId"])
    assert not encrypts(user, scene)
    assert not encrypts(user, scene, old["GrantToken"])


def test_only_the_grantee_has_something_of_a_token(scene: Scene) -> None:
    scene.user("grantee")
    user = scene.user("user")
    token = scene.grant("grantee", "Encrypt")["GrantToken"]
    assert not encrypts(user, scene, token)


def test_a_token_is_of_one_grant(scene: Scene) -> None:
    user = scene.user("user")
    describes = scene.grant("user", "DescribeKey")["GrantToken"]
    token = scene.grant("user", "Encrypt")["GrantToken"]
    other = scene.kms.create_key()["KeyMetadata"]["Arn"]
    elsewhere = scene.grant("user", "Encrypt", KeyId=other)["GrantToken"]
    assert not encrypts(user, scene, describes)
    assert not encrypts(user, scene, elsewhere)
    assert encrypts(user, scene, describes, elsewhere, token)
    user.describe_key(KeyId=scene.key, GrantTokens=[describes])
    refused("AccessDeniedException", user.describe_key, KeyId=scene.key)


@pytest.mark.parametrize("context", [None, {"app": "pay"}])
def test_an_old_grant_is_not_hidden_by_new_ones_like_it(scene: Scene, context: dict[str, str] | None) -> None:
    """Of grants that allow the same one is looked at: an effective one, if there is one."""
    user = scene.user("user")
    only = {} if context is None else {"Constraints": {"EncryptionContextEquals": context}}
    sent = {} if context is None else {"EncryptionContext": context}
    scene.grant("user", "Encrypt", **only)
    scene.inside.now += DELAY
    new = [scene.grant("user", "Encrypt", **only) for _ in range(12)]
    assert encrypts(user, scene, **sent)
    assert encrypts(user, scene, *(grant["GrantToken"] for grant in new[:10]), **sent)


def test_a_new_grant_to_create_grants_needs_its_token_too(scene: Scene) -> None:
    parent = scene.user("parent")
    user = scene.user("user")
    token = scene.grant("parent", "CreateGrant", "Encrypt")["GrantToken"]
    asked = {"KeyId": scene.key, "GranteePrincipal": arn("user"), "Operations": ["Encrypt"]}
    refused("AccessDeniedException", parent.create_grant, **asked)
    child = parent.create_grant(**asked, GrantTokens=[token])["GrantToken"]
    assert encrypts(user, scene, child)


def test_a_new_token_of_a_named_grant_and_the_age_of_the_first(scene: Scene) -> None:
    user = scene.user("user")
    first = scene.grant("user", "Encrypt", Name="n")
    scene.inside.now += DELAY - 1
    again = scene.grant("user", "Encrypt", Name="n")
    assert again["GrantId"] == first["GrantId"]
    assert encrypts(user, scene, again["GrantToken"])
    scene.inside.now += 1
    assert encrypts(user, scene)


def test_lists_and_those_who_retire_see_it_at_once(scene: Scene) -> None:
    """Ours: AWS says only that there may be a delay."""
    user = scene.user("user")
    made = scene.grant("user", "Encrypt", "RetireGrant")
    (listed,) = scene.kms.list_grants(KeyId=scene.key)["Grants"]
    assert listed["GrantId"] == made["GrantId"]
    user.retire_grant(KeyId=scene.key, GrantId=made["GrantId"])
    assert not encrypts(user, scene, made["GrantToken"])


def test_what_policies_allow_takes_no_time(scene: Scene) -> None:
    scene.grant_to_root("Encrypt")
    for _ in range(2):  # the second may be answered from what the first was allowed by
        assert scene.kms.encrypt(KeyId=scene.key, Plaintext=b"x")["KeyId"] == scene.key
