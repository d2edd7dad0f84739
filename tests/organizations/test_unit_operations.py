import re

from tests.iam.in_process import ACCOUNT
from tests.organizations.conftest import Refused
from tests.organizations.scene import Organization

ABSENT = "ou-zzzz-zzzzzzzz"


def test_a_unit_is_made_renamed_and_deleted(organization: Organization, refused: Refused) -> None:
    client, root = organization.client, organization.root
    made = client.create_organizational_unit(
        ParentId=root, Name="Prod", Tags=[{"Key": "stage", "Value": "prod"}]
    )["OrganizationalUnit"]
    assert re.fullmatch(f"ou-{root[2:]}-[a-z0-9]{{8}}", made["Id"])
    assert made == {
        "Id": made["Id"],
        "Arn": f"arn:aws:organizations::{ACCOUNT}:ou/{organization.id}/{made['Id']}",
        "Name": "Prod",
        "Path": f"{organization.id}/{root}/{made['Id']}/",
    }
    named = {"OrganizationalUnitId": made["Id"]}
    assert client.describe_organizational_unit(**named)["OrganizationalUnit"] == made
    assert client.list_tags_for_resource(ResourceId=made["Id"])["Tags"] == [{"Key": "stage", "Value": "prod"}]
    renamed = client.update_organizational_unit(**named, Name="Production")["OrganizationalUnit"]
    assert renamed == made | {"Name": "Production"}
    assert client.update_organizational_unit(**named)["OrganizationalUnit"] == renamed
    client.delete_organizational_unit(**named)
    missing = "OrganizationalUnitNotFoundException"
    for call in (
        client.describe_organizational_unit,
        client.update_organizational_unit,
        client.delete_organizational_unit,
    ):
        assert refused(call, **named)[0] == missing


def test_names_are_unique_below_a_parent(organization: Organization, refused: Refused) -> None:
    client = organization.client
    first, second = organization.unit("a"), organization.unit("b")
    duplicate = (
        "DuplicateOrganizationalUnitException",
        "An OU with the same name already exists.",
        "",
    )
    asked = {"ParentId": organization.root, "Name": "a"}
    assert refused(client.create_organizational_unit, **asked) == duplicate
    assert refused(client.update_organizational_unit, OrganizationalUnitId=second, Name="a") == duplicate
    client.update_organizational_unit(OrganizationalUnitId=first, Name="a")
    organization.unit("a", first)


def test_units_are_five_deep_at_most(organization: Organization, refused: Refused) -> None:
    unit = organization.root
    for depth in range(5):
        unit = organization.unit(f"u{depth}", unit)
    refusal = refused(organization.client.create_organizational_unit, ParentId=unit, Name="deeper")
    assert refusal[::2] == ("ConstraintViolationException", "OU_DEPTH_LIMIT_EXCEEDED")
    assert refused(organization.client.create_organizational_unit, ParentId=ABSENT, Name="x")[0] == (
        "ParentNotFoundException"
    )


def test_a_unit_with_something_in_it_stays(organization: Organization, refused: Refused) -> None:
    upper = organization.unit("upper")
    lower = organization.unit("lower", upper)
    account = organization.account("a", lower)
    delete = organization.client.delete_organizational_unit
    for unit in (upper, lower):
        assert refused(delete, OrganizationalUnitId=unit)[0] == "OrganizationalUnitNotEmptyException"
    organization.move(account, lower, organization.root)
    delete(OrganizationalUnitId=lower)
    delete(OrganizationalUnitId=upper)


def test_the_tree_is_listed(organization: Organization, refused: Refused) -> None:
    client, root = organization.client, organization.root
    units = sorted(organization.unit(name) for name in "abc")
    below = organization.unit("d", units[0])
    account = organization.account("a", below)
    pages = client.get_paginator("list_organizational_units_for_parent").paginate(
        ParentId=root, PaginationConfig={"PageSize": 2}
    )
    assert [unit["Id"] for page in pages for unit in page["OrganizationalUnits"]] == units
    children = client.list_children(ParentId=root, ChildType="ORGANIZATIONAL_UNIT", MaxResults=2)
    assert children["Children"] == [{"Id": unit, "Type": "ORGANIZATIONAL_UNIT"} for unit in units[:2]]
    rest = client.list_children(
        ParentId=root, ChildType="ORGANIZATIONAL_UNIT", NextToken=children["NextToken"]
    )
    assert [child["Id"] for child in rest["Children"]] == units[2:]
    assert client.list_children(ParentId=root, ChildType="ACCOUNT")["Children"] == [
        {"Id": ACCOUNT, "Type": "ACCOUNT"}
    ]
    assert client.list_parents(ChildId=below)["Parents"] == [{"Id": units[0], "Type": "ORGANIZATIONAL_UNIT"}]
    assert client.list_parents(ChildId=units[0])["Parents"] == [{"Id": root, "Type": "ROOT"}]
    (listed,) = client.list_accounts_for_parent(ParentId=below)["Accounts"]
    assert listed["Paths"] == [f"{organization.id}/{root}/{units[0]}/{below}/{account}/"]
    assert client.list_accounts_for_parent(ParentId=units[0])["Accounts"] == []
    for call, parameters in (
        (client.list_accounts_for_parent, {"ParentId": ABSENT}),
        (client.list_organizational_units_for_parent, {"ParentId": ABSENT}),
        (client.list_children, {"ParentId": ABSENT, "ChildType": "ACCOUNT"}),
    ):
        assert refused(call, **parameters)[0] == "ParentNotFoundException"
    for child in (ABSENT, "999988887777"):
        assert refused(client.list_parents, ChildId=child)[0] == "ChildNotFoundException"
