from typing import Any

from tests.organizations.conftest import Refused
from tests.organizations.scene import NOT_THE_MANAGEMENT, Organization, document, statement


def pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def test_root_units_accounts_and_policies_have_tags(organization: Organization) -> None:
    client = organization.client
    policy = organization.policy(document(statement("Deny", "kms:*")))
    for resource in (organization.root, organization.unit("u"), organization.account("a"), policy):
        client.tag_resource(ResourceId=resource, Tags=pairs({"team": "a", "Team": "b"}))
        client.tag_resource(ResourceId=resource, Tags=pairs({"team": "c", "stage": ""}))
        listed = client.list_tags_for_resource(ResourceId=resource)["Tags"]
        assert listed == pairs({"Team": "b", "stage": "", "team": "c"})
        client.untag_resource(ResourceId=resource, TagKeys=["team", "absent"])
        listed = client.list_tags_for_resource(ResourceId=resource)["Tags"]
        assert listed == pairs({"Team": "b", "stage": ""})


def test_what_tags_there_cannot_be(organization: Organization, refused: Refused) -> None:
    def refusal(tags: list[dict[str, str]]) -> tuple[str, str]:
        code, _, reason = refused(organization.client.tag_resource, ResourceId=organization.root, Tags=tags)
        return code, reason

    many = {f"key{number}": "" for number in range(50)}
    assert refusal(pairs(many) + pairs({"one": ""})) == (
        "ConstraintViolationException",
        "MAX_TAG_LIMIT_EXCEEDED",
    )
    organization.client.tag_resource(ResourceId=organization.root, Tags=pairs(many))
    organization.client.tag_resource(ResourceId=organization.root, Tags=pairs({"key1": "changed"}))
    assert refusal(pairs({"one": ""}))[1] == "MAX_TAG_LIMIT_EXCEEDED"
    assert refusal(pairs({"a": "1"}) * 2) == ("InvalidInputException", "DUPLICATE_TAG_KEY")
    assert refusal(pairs({"AWS:a": "1"})) == ("InvalidInputException", "INVALID_SYSTEM_TAGS_PARAMETER")
    new: dict[str, Any] = {"ParentId": organization.root, "Name": "u", "Tags": pairs({"a": "1"}) * 2}
    assert refused(organization.client.create_organizational_unit, **new)[2] == "DUPLICATE_TAG_KEY"


def test_what_is_not_there_has_no_tags(organization: Organization, refused: Refused) -> None:
    client = organization.client
    missing = ("TargetNotFoundException", "You specified a target that doesn't exist.", "")
    for resource in ("r-zzzz", "ou-zzzz-zzzzzzzz", "999988887777", "p-zzzzzzzz"):
        assert refused(client.tag_resource, ResourceId=resource, Tags=pairs({"a": "1"})) == missing
        assert refused(client.untag_resource, ResourceId=resource, TagKeys=["a"]) == missing
        assert refused(client.list_tags_for_resource, ResourceId=resource) == missing
    member = organization.of(organization.account("a"))
    assert refused(member.list_tags_for_resource, ResourceId=organization.root) == NOT_THE_MANAGEMENT
