"""Tags as IAM keeps them: in the order they were set, no two keys of which differ in case alone.

Source: IAM User Guide, "Tags for IAM resources": keys are compared without regard to case and kept as they
were spelled; at most 50; `aws:` is reserved. What the model can say about each tag is checked before.
"""

from collections.abc import Iterable, Sequence

from keystead.model import Tag
from keystead.shapes import iam
from keystead.shapes.iam_errors import InvalidInputException, LimitExceededException

MOST_TAGS = 50


def checked(given: Sequence[iam.Tag] | None) -> tuple[Tag, ...]:
    """The tags of a request.

    Raises:
        InvalidInputException: two of them have the same key, or one has a reserved key.
    """
    tags = tuple(Tag(tag.key, tag.value) for tag in given or ())
    if len({_folded(tag.key) for tag in tags}) < len(tags):
        raise InvalidInputException(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        )
    if any(_folded(tag.key).startswith("aws:") for tag in tags):
        # The sentence is ours (unverified).
        raise InvalidInputException("Tag keys that begin with aws: are reserved for system use.")
    return tags


def with_tags(tags: Iterable[Tag], more: Iterable[Tag]) -> tuple[Tag, ...]:
    """`tags` with the values and the spelling (unverified) that `more` gives some of them, and the rest.

    Raises:
        LimitExceededException: they are too many.
    """
    merged = {_folded(tag.key): tag for tag in tags} | {_folded(tag.key): tag for tag in more}
    if len(merged) > MOST_TAGS:
        raise LimitExceededException(
            f"The number of tags has reached the maximum limit of {MOST_TAGS}."  # (unverified)
        )
    return tuple(merged.values())


def without_tags(tags: Iterable[Tag], keys: Iterable[str]) -> tuple[Tag, ...]:
    """`tags` without those of these keys; a key that is not there is no error."""
    gone = {_folded(key) for key in keys}
    return tuple(tag for tag in tags if _folded(tag.key) not in gone)


def by_key(tags: Iterable[Tag]) -> list[Tag]:
    """The order in which the List operations answer tags."""
    return sorted(tags, key=lambda tag: _folded(tag.key))


def shown(tags: Sequence[Tag]) -> list[iam.Tag] | None:
    """Tags as IAM answers them; None when there are none."""
    return [iam.Tag(key=tag.key, value=tag.value) for tag in tags] or None


def _folded(key: str) -> str:
    return key.lower()
