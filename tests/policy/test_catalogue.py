"""The catalogue: whole, without contradictions, in agreement with AWS's model and with recordings."""

from typing import get_args

import pytest
from policy_cases import read_cases

from keystead.policy.catalogue import (
    ACTIONS,
    CONDITION_KEYS,
    IAM_ONLY_KEYS,
    OPERATIONS,
    Cardinality,
    FilledFor,
    ResourceType,
    ValueType,
    condition_key,
    keys_filled,
)
from keystead.policy.catalogue.global_keys import GLOBAL_KEYS
from keystead.policy.catalogue.iam_actions import IAM_ACTIONS, IAM_KEYS, IAM_OPERATIONS
from keystead.policy.catalogue.kms_actions import KMS_ACTIONS, KMS_OPERATIONS
from keystead.policy.catalogue.kms_keys import KMS_KEYS
from keystead.policy.catalogue.organizations_actions import (
    ORGANIZATIONS_ACTIONS,
    ORGANIZATIONS_KEYS,
    ORGANIZATIONS_OPERATIONS,
)
from keystead.policy.catalogue.sts_actions import STS_ACTIONS, STS_KEYS, STS_OPERATIONS
from keystead.shapes import kms


def test_nothing_stands_in_it_twice() -> None:
    keys = (GLOBAL_KEYS, KMS_KEYS, IAM_KEYS, ORGANIZATIONS_KEYS, STS_KEYS)
    actions = (KMS_ACTIONS, IAM_ACTIONS, ORGANIZATIONS_ACTIONS, STS_ACTIONS)
    operations = (KMS_OPERATIONS, IAM_OPERATIONS, ORGANIZATIONS_OPERATIONS, STS_OPERATIONS)
    assert len(CONDITION_KEYS) == sum(map(len, keys))
    assert len(ACTIONS) == sum(map(len, actions))
    assert len(OPERATIONS) == sum(map(len, operations))
    for action in ACTIONS.values():
        for names in action.keys.values():
            assert len(set(names)) == len(names), action.name


def test_every_operation_of_the_kms_model_is_there() -> None:
    assert {operation.name for operation in KMS_OPERATIONS} == set(kms.OPERATIONS)
    assert len(KMS_OPERATIONS) == 56


def test_actions_list_keys_that_exist_and_that_not_every_check_has() -> None:
    for action in ACTIONS.values():
        for name in (name for names in action.keys.values() for name in names):
            key = CONDITION_KEYS[name.lower()]
            assert key.name == name
            assert key.filled_for is FilledFor.LISTED_ACTIONS, (action.name, name)


def test_every_key_that_belongs_to_actions_is_listed_by_one() -> None:
    listed = {name for action in ACTIONS.values() for names in action.keys.values() for name in names}
    belong = {key.name for key in CONDITION_KEYS.values() if key.filled_for is FilledFor.LISTED_ACTIONS}
    assert belong == listed


def test_checks_name_actions_and_every_action_but_aws_s_own_belongs_to_an_operation() -> None:
    checked = {
        (check.action, check.resource) for operation in OPERATIONS.values() for check in operation.checks
    }
    there = {(action.name, resource) for action in ACTIONS.values() for resource in action.keys}
    assert checked <= there
    assert there - checked == {
        ("kms:SynchronizeMultiRegionKey", ResourceType.KEY),
        ("sts:GetCallerIdentity", ResourceType.NONE),
        ("sts:GetSessionToken", ResourceType.NONE),
    }


def test_what_a_grant_can_allow_can_be_used_from_other_accounts() -> None:
    abroad = {
        check.action for operation in KMS_OPERATIONS if operation.cross_account for check in operation.checks
    }
    assert {f"kms:{name}" for name in get_args(kms.GrantOperation)} <= abroad


@pytest.mark.parametrize("request_member", ["tags", "tag_keys"])
def test_operations_whose_requests_have_tags_show_them(request_member: str) -> None:
    for name, shape in kms.OPERATIONS.items():
        if request_member in shape.request.__struct_fields__:
            keys = [
                ACTIONS[check.action.lower()].keys[check.resource] for check in OPERATIONS["kms", name].checks
            ]
            assert any("aws:TagKeys" in listed for listed in keys), name


def test_an_encryption_context_in_a_request_is_shown() -> None:
    for name, shape in kms.OPERATIONS.items():
        sides = [
            member for member in shape.request.__struct_fields__ if member.endswith("encryption_context")
        ]
        checks = OPERATIONS["kms", name].checks
        shown = [
            check
            for check in checks
            if {"kms:encryptioncontext:", "kms:encryptioncontextkeys"}
            <= keys_filled(check.action, check.resource)
        ]
        if sides:
            assert len(shown) == len(sides), name
        elif name not in ("CreateGrant", "RetireGrant"):  # these show the constraint of the grant
            assert not shown, name


def test_names_are_found_whatever_their_case() -> None:
    key = condition_key("KMS:keyspec")
    assert key is not None
    assert key.name == "kms:KeySpec"
    tag = condition_key("aws:PRINCIPALTAG/Team")
    assert tag is not None
    assert tag.name == "aws:PrincipalTag/"


@pytest.mark.parametrize("name", ["kms:NoSuchKey", "aws:PrincipalTag/", "kms:EncryptionContext:", "", "kms:"])
def test_what_names_no_key_is_not_found(name: str) -> None:
    assert condition_key(name) is None


def test_two_keys_are_for_iam_policies_only() -> None:
    assert set(IAM_ONLY_KEYS) == {"kms:resourcealiases", "aws:resourcetag/"}


def test_checks_without_key_have_no_attributes_of_a_key() -> None:
    for resource, action in ((ResourceType.ALIAS, "kms:CreateAlias"), (ResourceType.NONE, "kms:ListKeys")):
        assert not {key for key in keys_filled(action, resource) if key.startswith("kms:")}
        assert "aws:resourcetag/" not in keys_filled(action, resource)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("kms:ReEncrypt", ResourceType.KEY),
        ("kms:Encrypt", ResourceType.NONE),
        ("s3:GetObject", ResourceType.NONE),
    ],
)
def test_an_action_that_is_not_there_is_an_error(action: str, resource: ResourceType) -> None:
    with pytest.raises(ValueError, match=action):
        keys_filled(action, resource)


RECORDED_TYPES = {
    ValueType.STRING: "string",
    ValueType.NUMERIC: "numeric",
    ValueType.ARN: "arn",
    ValueType.BOOL: "boolean",
}


def test_recorded_contexts_hold_keys_as_the_catalogue_describes_them() -> None:
    seen = set()
    for case in read_cases():
        for name, entry in case.data.get("context", {}).items():
            # The simulator takes any, and so do derived cases; an issuer's claims are its own.
            if name.startswith(("app:", "x:", "issuer.example/")):
                continue
            key = condition_key(name)
            assert key is not None, name
            assert RECORDED_TYPES[key.type] == entry["type"], name
            assert (key.cardinality is Cardinality.MULTI) == entry["multi"], name
            seen.add(key.name)
    assert len(seen) == 12
