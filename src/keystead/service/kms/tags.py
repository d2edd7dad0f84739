"""TagResource, UntagResource, ListResourceTags, and the rules of tags.

Source: KMS API; sentences recorded. The characters of tags are not checked: AWS's rule for them is not known.
"""

from collections.abc import Sequence

from keystead.model import Tag
from keystead.service.call import Call, WriteCall
from keystead.service.kms.pages import page
from keystead.service.operation import OnKey, reads, recorded, writes
from keystead.service.recording import key_id_of
from keystead.shapes.kms import (
    ListResourceTagsRequest,
    ListResourceTagsResponse,
    TagResourceRequest,
    UntagResourceRequest,
)
from keystead.shapes.kms import Tag as GivenTag
from keystead.shapes.kms_errors import TagException

MOST_TAGS = 50
"""Of a key (KMS Developer Guide, "Resource quotas"), and of a page."""


def check_tags(tags: Sequence[GivenTag]) -> None:
    """Refuses tags that no key may be given at once."""
    if len(tags) > MOST_TAGS:
        raise TagException("Too many tags")
    if len({tag.tag_key for tag in tags}) < len(tags):
        raise TagException("Duplicate tag keys")
    if any(tag.tag_key.lower().startswith("aws:") for tag in tags):
        raise TagException("Tags beginning with aws: are reserved")


def _check_tag(request: TagResourceRequest) -> None:
    check_tags(request.tags)


@writes(
    "kms",
    "TagResource",
    OnKey("kms:TagResource"),
    check=_check_tag,
    recorded=recorded("key_id", "tags", elements=key_id_of),
)
def tag_resource(call: WriteCall, request: TagResourceRequest) -> None:
    """Adds tags to a key, or gives those that are there another value."""
    key = call.key.key
    tags = {tag.key: tag.value for tag in key.tags} | {tag.tag_key: tag.tag_value for tag in request.tags}
    if len(tags) > MOST_TAGS:
        raise TagException("Too many tags")
    call.tx.set_key_tags(key.arn, [Tag(name, value) for name, value in tags.items()])


@writes(
    "kms",
    "UntagResource",
    OnKey("kms:UntagResource"),
    recorded=recorded("key_id", "tag_keys", elements=key_id_of),
)
def untag_resource(call: WriteCall, request: UntagResourceRequest) -> None:
    """Removes tags from a key; those that are not there are ignored."""
    key, gone = call.key.key, set(request.tag_keys)
    call.tx.set_key_tags(key.arn, [tag for tag in key.tags if tag.key not in gone])


@reads(
    "kms",
    "ListResourceTags",
    OnKey("kms:ListResourceTags"),
    recorded=recorded("key_id", "limit", "marker"),
)
def list_resource_tags(call: Call, request: ListResourceTagsRequest) -> ListResourceTagsResponse:
    """The tags of a key, in the order of their keys."""
    bounds = page(call, request, default=MOST_TAGS, most=MOST_TAGS, of=call.key.arn)
    found = [tag for tag in call.key.key.tags if tag.key > bounds.after]
    entries = bounds.cut(found, lambda tag: tag.key)
    return ListResourceTagsResponse(
        tags=[GivenTag(tag_key=tag.key, tag_value=tag.value) for tag in entries.items],
        next_marker=entries.marker,
        truncated=entries.marker is not None,
    )
