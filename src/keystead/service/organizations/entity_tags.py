"""Tags of roots, units, accounts and policies: what a request may set.

Source: Organizations User Guide, "Tagging AWS Organizations resources". Keys are compared with regard to
case; the sentences are unverified.
"""

from collections.abc import Sequence

from keystead.model import Tag
from keystead.shapes import organizations as shapes
from keystead.shapes.organizations_errors import ConstraintViolationException, InvalidInputException

MOST_TAGS = 50


def new_tags(given: Sequence[shapes.Tag] | None) -> tuple[Tag, ...]:
    """The tags that something new gets, or AWS's refusal of them."""
    tags = checked_tags(given or ())
    check_number(len(tags))
    return tags


def checked_tags(given: Sequence[shapes.Tag]) -> tuple[Tag, ...]:
    """The tags of a request; InvalidInputException when a key stands twice or is reserved."""
    tags = tuple(Tag(tag.key, tag.value) for tag in given)
    if len({tag.key for tag in tags}) < len(tags):
        raise InvalidInputException("You specified a tag key more than once.", reason="DUPLICATE_TAG_KEY")
    if any(tag.key.lower().startswith("aws:") for tag in tags):
        raise InvalidInputException(
            "Tag keys that begin with aws: are reserved.", reason="INVALID_SYSTEM_TAGS_PARAMETER"
        )
    return tags


def check_number(number: int) -> None:
    """Refuses more tags on one resource than AWS lets it have."""
    if number > MOST_TAGS:
        raise ConstraintViolationException(
            f"You have exceeded the maximum of {MOST_TAGS} tags.", reason="MAX_TAG_LIMIT_EXCEEDED"
        )
