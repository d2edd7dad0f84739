"""Principals of key policies: they must exist, are kept by unique id, and are shown by the ARN of now."""

import json
from typing import Any

import pytest
from scene import OTHER, Scene, arn
from tests.iam.in_process import ACCOUNT
from world import World, allow, delegation, deny, document, refused

from keystead.names import KeyArn

INVALID = "Policy contains a statement with one or more invalid principals."
ROLE_ID = "AROAAAAAAAAAAAAAAAAAA"


def delete_user(world: World, name: str) -> None:
    for entry in world.iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        world.iam.delete_access_key(UserName=name, AccessKeyId=entry["AccessKeyId"])
    world.iam.delete_user(UserName=name)


def policy_of(world: World, key: str) -> Any:
    return json.loads(world.kms.get_key_policy(KeyId=key)["Policy"])


def neighbour(world: World, shared_dev: Any) -> World:
    return World(shared_dev, f"{(int(world.account) + 1) % 10**12:012d}")


@pytest.mark.wire
class TestOverTheWire:
    def test_a_policy_is_shown_as_it_was_given_and_can_be_put_again(self, world: World) -> None:
        for name in ("ann", "bob"):
            world.iam.create_user(UserName=name, Path="/team/")
        team = [f"arn:aws:iam::{world.account}:user/team/{name}" for name in ("bob", "ann")]
        given = document(
            delegation(world.root),
            allow({"AWS": team, "Service": "logs.amazonaws.com"}, "kms:Encrypt", Sid="use"),
            deny("*", "kms:Decrypt", Condition={"ArnNotEquals": {"aws:PrincipalArn": [world.root, *team]}}),
            {
                "Effect": "Deny",
                "NotPrincipal": {"AWS": [world.root, team[0]]},
                "Action": "kms:Sign",
                "Resource": "*",
            },
        )
        key = world.kms.create_key(Policy=json.dumps(given, indent=7))["KeyMetadata"]["KeyId"]
        text = world.kms.get_key_policy(KeyId=key)["Policy"]
        assert json.loads(text) == given
        assert list(json.loads(text)["Statement"][3]) == ["Effect", "NotPrincipal", "Action", "Resource"]
        world.kms.put_key_policy(KeyId=key, Policy=text)
        assert world.kms.get_key_policy(KeyId=key)["Policy"] == text

    def test_the_dead_are_shown_by_unique_id_until_they_are_taken_out(
        self, world: World, shared_dev: Any
    ) -> None:
        other = neighbour(world, shared_dev)
        ids = {}
        for where in (world, other):
            ids[where] = where.iam.create_user(UserName="ann")["User"]["UserId"]
        key = world.key(allow({"AWS": [world.arn("ann"), other.arn("ann")]}, "kms:Encrypt", "kms:Decrypt"))
        for where in (world, other):
            delete_user(where, "ann")
        dead = policy_of(world, key)
        assert dead["Statement"][1]["Principal"] == {"AWS": [ids[world], ids[other]]}
        assert (
            refused(
                "MalformedPolicyDocumentException",
                world.kms.put_key_policy,
                KeyId=key,
                Policy=json.dumps(dead),
            )
            == INVALID
        )

        again = world.user("ann")
        refused("AccessDeniedException", again.encrypt, KeyId=key, Plaintext=b"x")
        assert policy_of(world, key) == dead
        alive = document(delegation(world.root), allow({"AWS": world.arn("ann")}, "kms:Encrypt"))
        world.kms.put_key_policy(KeyId=key, Policy=json.dumps(alive))
        again.encrypt(KeyId=key, Plaintext=b"x")
        assert policy_of(world, key) == alive

    def test_a_namesake_escapes_a_deny_and_is_not_spared_by_one(self, world: World) -> None:
        """What names a user names nobody after it, on both sides."""
        everything = document({"Effect": "Allow", "Action": "kms:*", "Resource": "*"})
        world.user("ann", everything)
        me = {"AWS": [world.root, world.arn("ann")]}
        named = world.key(deny({"AWS": world.arn("ann")}, "kms:Encrypt"))
        spared = world.key(
            {"Effect": "Deny", "NotPrincipal": me, "Action": "kms:Encrypt", "Resource": "*"},
        )
        ann = world.client("ann")
        refused("AccessDeniedException", ann.encrypt, KeyId=named, Plaintext=b"x")
        ann.encrypt(KeyId=spared, Plaintext=b"x")

        world.iam.delete_user_policy(UserName="ann", PolicyName="p")
        delete_user(world, "ann")
        again = world.user("ann", everything)
        again.encrypt(KeyId=named, Plaintext=b"x")
        refused("AccessDeniedException", again.encrypt, KeyId=spared, Plaintext=b"x")

    def test_a_renamed_user_keeps_what_it_has_and_is_shown_by_its_new_arn(self, world: World) -> None:
        user = world.user("ann")
        key = world.key(allow({"AWS": world.arn("ann")}, "kms:Encrypt"))
        world.iam.update_user(UserName="ann", NewUserName="anna", NewPath="/new/")
        user.encrypt(KeyId=key, Plaintext=b"x")
        renamed = f"arn:aws:iam::{world.account}:user/new/anna"
        assert policy_of(world, key)["Statement"][1]["Principal"] == {"AWS": renamed}
        world.kms.put_key_policy(KeyId=key, Policy=json.dumps(policy_of(world, key)))
        refused(
            "AccessDeniedException", world.user("ann").encrypt, KeyId=key, Plaintext=b"x"
        )  # the name alone is nothing
        user.encrypt(KeyId=key, Plaintext=b"x")

    def test_roles_and_their_sessions_are_shown_by_arn_while_the_role_lives(self, world: World) -> None:
        trust = json.dumps(
            document({"Effect": "Allow", "Principal": {"AWS": world.account}, "Action": "sts:AssumeRole"})
        )

        def make() -> Any:
            return world.iam.create_role(RoleName="app", Path="/team/", AssumeRolePolicyDocument=trust)[
                "Role"
            ]

        role = make()
        session = f"arn:aws:sts::{world.account}:assumed-role/app/run"
        key = world.key(allow({"AWS": [role["Arn"], session]}, "kms:Encrypt"))
        assert policy_of(world, key)["Statement"][1]["Principal"] == {"AWS": [role["Arn"], session]}
        world.iam.delete_role(RoleName="app")
        assert make()["Arn"] == role["Arn"]
        gone = [role["RoleId"], f"{role['RoleId']}:run"]
        assert policy_of(world, key)["Statement"][1]["Principal"] == {"AWS": gone}

    def test_a_user_may_be_named_by_unique_id(self, world: World) -> None:
        user = world.user("ann")
        ann = world.iam.get_user(UserName="ann")["User"]["UserId"]
        key = world.key(allow({"AWS": ann}, "kms:Encrypt"))
        user.encrypt(KeyId=key, Plaintext=b"x")
        assert policy_of(world, key)["Statement"][1]["Principal"] == {"AWS": world.arn("ann")}

    def test_only_who_exists_is_a_principal(self, world: World, shared_dev: Any) -> None:
        other = neighbour(world, shared_dev)
        other.iam.create_user(UserName="eve")
        world.iam.create_user(UserName="ann", Path="/team/")
        here, there = world.account, other.account
        before = world.kms.list_keys()["Keys"]
        for wrong in (
            {"AWS": f"arn:aws:iam::{here}:user/eve"},
            {"AWS": f"arn:aws:iam::{there}:user/ann"},
            {"AWS": f"arn:aws:iam::{here}:user/ann"},
            {"AWS": f"arn:aws:iam::{here}:user/team/Ann"},
            {"AWS": [f"arn:aws:iam::{here}:user/team/ann", f"arn:aws:iam::{here}:role/ann"]},
            {"AWS": f"arn:aws:sts::{here}:assumed-role/ann/session"},
            {"AWS": f"arn:aws:iam::{here}:user/team/*"},
            {"AWS": f"arn:aws-cn:iam::{here}:user/team/ann"},
            {"AWS": f"arn:aws:iam::{here}:group/team/ann"},
            {"AWS": "AIDAAAAAAAAAAAAAAAAAA"},
            {"AWS": "12345678901"},
            {"Service": "no-such-thing.example.com"},
            {"Federated": f"arn:aws:iam::{here}:saml-provider/p"},
            {"CanonicalUser": "0" * 64},
        ):
            policy = json.dumps(document(delegation(world.root), allow(wrong, "kms:Encrypt")))
            told = refused("MalformedPolicyDocumentException", world.kms.create_key, Policy=policy)
            assert told.startswith(INVALID), wrong
        assert world.kms.list_keys()["Keys"] == before
        for right in (
            {"AWS": f"arn:aws:iam::{there}:user/eve"},
            {"AWS": [f"arn:aws:iam::{here}:user/team/ann", there, other.root]},
            {"AWS": "arn:aws:iam::000000000042:root"},
            {"AWS": f"arn:aws:sts::{here}:federated-user/fred"},
            {"Service": "s3.amazonaws.com"},
        ):
            world.key(allow(right, "kms:Encrypt"))


class TestStored:
    """What the store holds; roles are put into it."""

    def stored(self, scene: Scene, key: str) -> Any:
        name = KeyArn.parse(key)
        with scene.inside.store.read() as tx:
            held = tx.key(name.region, name.key_id)
        assert held is not None
        return json.loads(held.policy)

    def test_users_roles_and_sessions_are_held_by_unique_id(self, scene: Scene) -> None:
        scene.user("user")
        scene.user("user", account=OTHER)
        by_id = scene.iam.get_user(UserName="user")["User"]["UserId"]
        role = scene.role("r", ROLE_ID, "/team/")
        session = f"arn:aws:sts::{ACCOUNT}:assumed-role/r/unissued"
        named = [arn("user"), role, session, f"arn:aws:sts::{ACCOUNT}:federated-user/fred", ACCOUNT]
        given = document(
            allow({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "kms:*"),
            allow({"AWS": named, "Service": "s3.amazonaws.com"}, "kms:Encrypt"),
            deny({"AWS": arn("user", OTHER)}, "kms:Encrypt", Sid=role),
        )
        key = scene.kms.create_key(Policy=json.dumps(given))["KeyMetadata"]["Arn"]
        first, second, third = self.stored(scene, key)["Statement"]
        assert first == given["Statement"][0]
        assert second["Principal"] == {
            "AWS": [by_id, ROLE_ID, f"{ROLE_ID}:unissued", *named[3:]],
            "Service": "s3.amazonaws.com",
        }
        assert third["Principal"]["AWS"] not in (by_id, arn("user", OTHER))
        assert third["Sid"] == role
        assert json.loads(scene.kms.get_key_policy(KeyId=key)["Policy"]) == given

    def test_the_event_shows_the_policy_as_it_was_given(self, scene: Scene) -> None:
        scene.user("user")
        given = document(allow({"AWS": [arn("user"), ACCOUNT]}, "kms:*"))
        scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(given))
        assert scene.last_event()["requestParameters"]["policy"] == json.dumps(given)

    def test_a_role_that_is_gone_leaves_its_id_and_that_of_its_sessions(self, scene: Scene) -> None:
        role = scene.role("r", ROLE_ID)
        session = f"arn:aws:sts::{ACCOUNT}:assumed-role/r/run"
        given = document(allow({"AWS": [ACCOUNT, role, session]}, "kms:*"))
        scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(given))
        with scene.inside.store.write("delete") as tx:
            tx.delete_principal(ROLE_ID)
        scene.role("r", "AROABBBBBBBBBBBBBBBBB")
        shown = json.loads(scene.kms.get_key_policy(KeyId=scene.key)["Policy"])
        assert shown["Statement"][0]["Principal"]["AWS"] == [ACCOUNT, ROLE_ID, f"{ROLE_ID}:run"]

    def test_a_policy_of_before_that_names_a_user_by_arn_names_whoever_has_it(self, scene: Scene) -> None:
        user = scene.user("user")
        name = KeyArn.parse(scene.key)
        text = json.dumps(document(allow({"AWS": arn("user")}, "kms:Encrypt")))
        with scene.inside.store.write("before") as tx:
            tx.set_key_policy(name, text)
        assert user.encrypt(KeyId=scene.key, Plaintext=b"x")["KeyId"] == scene.key
        scene.delete_user("user")
        again = scene.user("user")
        assert again.encrypt(KeyId=scene.key, Plaintext=b"x")["KeyId"] == scene.key
        refused("AccessDeniedException", scene.user("other").encrypt, KeyId=scene.key, Plaintext=b"x")
