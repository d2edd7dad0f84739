"""The keys of every check are those that the catalogue lists, each filled or not for a reason."""

from typing import Any

import pytest
from context_scene import bare, contexts, full, listed

import keystead.service.iam
import keystead.service.keystead
import keystead.service.kms
import keystead.service.organizations
import keystead.service.sts  # noqa: F401 - registers, as those before
from keystead.policy.catalogue import CONDITION_KEYS, OPERATIONS, Cardinality, ResourceType, keys_filled
from keystead.service.context.table import FAMILIES, TABLE, UNFILLED, VALUES
from keystead.service.operation import (
    REGISTRY,
    OnAlias,
    OnAliasTarget,
    OnArn,
    OnGrant,
    OnKey,
    OnNothing,
    OnRelatedKey,
    OnRole,
)
from keystead.shapes import kms

# The table and the catalogue.


def test_the_table_says_of_each_key_what_fills_it_or_why_nothing_does() -> None:
    assert set(TABLE) == {key.name for key in CONDITION_KEYS.values()}
    assert set(VALUES) | set(FAMILIES) | set(UNFILLED) == set(CONDITION_KEYS)


def test_families_fill_families() -> None:
    assert all(CONDITION_KEYS[name].family for name in FAMILIES)
    assert not any(CONDITION_KEYS[name].family for name in VALUES)


def test_what_is_never_filled_is_this() -> None:
    """Whoever fills one takes it off this list."""
    assert {CONDITION_KEYS[name].name for name in UNFILLED} == set(
        """
        aws:AssumedRoot aws:ChatbotSourceArn
        aws:Ec2InstanceSourcePrivateIPv4 aws:Ec2InstanceSourceVpc
        aws:SourceVpc aws:SourceVpce aws:VpcSourceIp aws:VpceAccount
        aws:VpceOrgID aws:VpceOrgPaths ec2:SourceInstanceArn
        """.split()
    )


RESOURCE = {
    OnKey: ResourceType.KEY,
    OnAliasTarget: ResourceType.KEY,
    OnRelatedKey: ResourceType.KEY,
    OnGrant: ResourceType.KEY,
    OnAlias: ResourceType.ALIAS,
    OnNothing: ResourceType.NONE,
    OnRole: ResourceType.IDENTITY,
}


def resource_of(target: Any) -> ResourceType:
    return target.resource if isinstance(target, OnArn) else RESOURCE[type(target)]


def test_the_operations_are_registered() -> None:
    assert {service for service, _ in REGISTRY} == {"kms", "iam", "keystead", "organizations", "sts"}


OF_AWS = [operation for operation in REGISTRY.values() if operation.service != "keystead"]


def test_our_own_operations_have_no_actions() -> None:
    """Who is a registered service may call them, and policies say nothing of it."""
    (operation,) = (operation for operation in REGISTRY.values() if operation.service == "keystead")
    assert operation.targets == ()


@pytest.mark.parametrize("operation", OF_AWS, ids=lambda operation: operation.name)
def test_operations_are_declared_as_the_catalogue_has_them(operation: Any) -> None:
    row = OPERATIONS[operation.service, operation.name]
    declared = [(target.action, resource_of(target)) for target in operation.targets]
    assert declared == [(check.action, check.resource) for check in row.checks]
    for target in operation.targets:
        if isinstance(target, OnKey):
            assert target.cross_account == row.cross_account
        assert target.keys == keys_filled(target.action, resource_of(target))


def test_a_target_of_an_action_that_the_catalogue_lacks_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="kms:Conjure"):
        OnKey("kms:Conjure")


# Every operation: exactly the keys that it should have.


OF_SERVICES = {
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
}
"""Keys that a service has which calls for itself, and nobody else."""


@pytest.mark.parametrize("name", kms.OPERATIONS)
def test_a_full_request_fills_all_listed_keys_and_no_other(name: str) -> None:
    for check, context in contexts(name, full(kms.OPERATIONS[name].request)):
        expected = listed(check) - set(UNFILLED) - OF_SERVICES
        if check.resource is ResourceType.KEY:
            expected.discard("kms:multiregionkeytype")  # the key of the scene is a single-Region key
        families = {key for key in expected if CONDITION_KEYS[key].family}
        filled = set(context)
        assert {key for key in filled if key in CONDITION_KEYS} == expected - families, (name, check)
        assert {start for start in FAMILIES if any(key.startswith(start) for key in filled)} == families


@pytest.mark.parametrize("name", kms.OPERATIONS)
@pytest.mark.parametrize("shaped", [full, bare])
def test_values_are_texts_and_those_of_multivalued_keys_tuples(name: str, shaped: Any) -> None:
    for _, context in contexts(name, shaped(kms.OPERATIONS[name].request)):
        for key, value in context.items():
            row = CONDITION_KEYS.get(key)
            if row is not None and row.cardinality is Cardinality.MULTI:
                assert isinstance(value, tuple)
                assert value
                assert all(type(item) is str or isinstance(item, str) for item in value)
            else:
                assert isinstance(value, str), key


@pytest.mark.parametrize("name", kms.OPERATIONS)
def test_no_key_is_filled_where_it_is_not_listed(name: str) -> None:
    for check, context in contexts(name, full(kms.OPERATIONS[name].request)):
        for key in set(CONDITION_KEYS) - listed(check):
            probes = (
                [key + part for part in ("stage", "team", "text", "pcr0")]
                if CONDITION_KEYS[key].family
                else [key]
            )
            assert [context.get(probe) for probe in probes] == [None] * len(probes), (name, key)
