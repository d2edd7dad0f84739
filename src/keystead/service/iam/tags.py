"""Tags of what IAM keeps: pairs in the order they were set, no two with the same key.

Source: IAM User Guide, "Tags for IAM resources": the keys of users and roles are compared without regard to
case and kept as they were spelled, those of everything else with regard to it; there are at most 50; `aws:`
is reserved. What the model can say about each tag is checked before.
"""

from collections.abc import Callable, Iterable, Sequence

from keystead.model import Tag
from keystead.service.iam.pages import Bounds, Page
from keystead.shapes import iam as shapes
from keystead.shapes.iam_errors import InvalidInputException, LimitExceededException

Tags = tuple[Tag, ...]

Same = Callable[[str], str]
"""How keys are compared: by what it makes of them."""

CASELESS: Same = str.lower
EXACT: Same = str

MOST_TAGS = 50


def checked(given: Sequence[shapes.Tag] | None, same: Same) -> Tags:
    """The tags of a request.

    Raises:
        InvalidInputException: two of them have the same key, or one has a reserved key.
    """
    tags = tuple(Tag(tag.key, tag.value) for tag in given or ())
    if len({same(tag.key) for tag in tags}) < len(tags):
        raise InvalidInputException(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        )
    if any(tag.key.lower().startswith("aws:") for tag in tags):
        # The sentence is ours (unverified).
        raise InvalidInputException("Tag keys that begin with aws: are reserved for system use.")
    return tags


def with_tags(tags: Tags, more: Tags, same: Same) -> Tags:
    """`tags` with the values and the spelling (unverified) that `more` gives some of them, and the rest.

    Raises:
        LimitExceededException: they are too many.
    """
    merged = {same(tag.key): tag for tag in (*tags, *more)}
    if len(merged) > MOST_TAGS:
        raise LimitExceededException(
            f"The number of tags has reached the maximum limit of {MOST_TAGS}."  # (unverified)
        )
    return tuple(merged.values())


def without_tags(tags: Tags, keys: Iterable[str], same: Same) -> Tags:
    """`tags` without those of these keys; a key that is not there is no error."""
    gone = {same(key) for key in keys}
    return tuple(tag for tag in tags if same(tag.key) not in gone)


def page_of_tags(tags: Tags, bounds: Bounds) -> Page[shapes.Tag]:
    """A page of what a List operation answers: the tags by key."""
    in_order = sorted(tags, key=_place)
    found = bounds.cut([tag for tag in in_order if _place(tag) > bounds.after], _place)
    return Page([shapes.Tag(key=tag.key, value=tag.value) for tag in found.items], found.marker)


def _place(tag: Tag) -> str:
    """What tags are ordered by; keys that differ in case alone stand beside each other."""
    return f"{tag.key.lower()}\0{tag.key}"


def shown(tags: Tags) -> list[shapes.Tag] | None:
    """Tags as IAM answers them; None when there are none."""
    return [shapes.Tag(key=tag.key, value=tag.value) for tag in tags] or None
