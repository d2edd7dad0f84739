"""TagResource, UntagResource, ListTagsForResource: of the root, units, accounts and customers' policies."""

from keystead.model import Organization
from keystead.service.call import Call, WriteCall
from keystead.service.operation import reads, recorded, writes
from keystead.service.organization_policies import AWS_POLICIES
from keystead.service.organizations.entity_tags import check_number, checked_tags
from keystead.service.organizations.place import managed, on_entity
from keystead.service.organizations.targets import target_of
from keystead.shapes import organizations as shapes
from keystead.shapes.organizations_errors import InvalidInputException, TargetNotFoundException
from keystead.store.port import ReadTx


@writes(
    "organizations",
    "TagResource",
    on_entity("organizations:TagResource", "resource_id"),
    recorded=recorded("resource_id", "tags"),
)
def tag_resource(call: WriteCall, request: shapes.TagResourceRequest) -> None:
    """Sets tags; one with the key of another replaces it."""
    organization, tx = managed(call), call.tx
    _check_taggable(tx, organization, request.resource_id)
    tags = checked_tags(request.tags)
    kept = {tag.key for tag in tx.organization_tags(organization.id, request.resource_id)}
    check_number(len(kept | {tag.key for tag in tags}))
    for tag in tags:
        tx.put_organization_tag(organization.id, request.resource_id, tag)


@writes(
    "organizations",
    "UntagResource",
    on_entity("organizations:UntagResource", "resource_id"),
    recorded=recorded("resource_id", "tag_keys"),
)
def untag_resource(call: WriteCall, request: shapes.UntagResourceRequest) -> None:
    """Removes tags; a key that is not there is no error."""
    organization, tx = managed(call), call.tx
    _check_taggable(tx, organization, request.resource_id)
    for key in request.tag_keys:
        tx.delete_organization_tag(organization.id, request.resource_id, key)


@reads(
    "organizations",
    "ListTagsForResource",
    on_entity("organizations:ListTagsForResource", "resource_id"),
    recorded=recorded("resource_id", "next_token"),
)
def list_tags_for_resource(
    call: Call, request: shapes.ListTagsForResourceRequest
) -> shapes.ListTagsForResourceResponse:
    """All tags, by key: there are never more than a page of them."""
    organization = managed(call)
    if request.next_token is not None:
        raise InvalidInputException("You specified an invalid value.", reason="INVALID_NEXT_TOKEN")
    with call.reading() as tx:
        _check_taggable(tx, organization, request.resource_id)
        tags = tx.organization_tags(organization.id, request.resource_id)
    return shapes.ListTagsForResourceResponse(tags=[shapes.Tag(key=tag.key, value=tag.value) for tag in tags])


def _check_taggable(tx: ReadTx, organization: Organization, resource: str) -> None:
    if resource in AWS_POLICIES:
        raise InvalidInputException(
            "You can't tag a policy that AWS manages.", reason="TARGET_NOT_SUPPORTED"
        )  # (unverified)
    if resource.startswith("p-"):
        there = tx.organization_policy(organization.id, resource) is not None
    else:
        there = target_of(tx, organization, resource) is not None
    if not there:
        raise TargetNotFoundException("You specified a target that doesn't exist.")
