"""Tags as IAM keeps them: pairs in the order they were set, no two keys of which differ in case alone.

Source: IAM User Guide, "Tags for IAM resources": names are compared without regard to case and kept as they
were spelled; at most 50; `aws:` is reserved. What the model can say about each tag is checked before.
"""

from collections.abc import Iterable, Sequence

from keystead.shapes.iam import Tag
from keystead.shapes.iam_errors import InvalidInputException, LimitExceededException

Tags = tuple[tuple[str, str], ...]

MOST_TAGS = 50


def checked(given: Sequence[Tag] | None) -> Tags:
    """The tags of a request.

    Raises:
        InvalidInputException: two of them have the same key, or one has a reserved key.
    """
    tags = tuple((tag.key, tag.value) for tag in given or ())
    if len({_folded(key) for key, _ in tags}) < len(tags):
        raise InvalidInputException(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        )
    if any(_folded(key).startswith("aws:") for key, _ in tags):
        # The sentence is ours (unverified).
        raise InvalidInputException("Tag keys that begin with aws: are reserved for system use.")
    return tags


def with_tags(tags: Tags, more: Tags) -> Tags:
    """`tags` with the values and the spelling (unverified) that `more` gives some of them, and the rest.

    Raises:
        LimitExceededException: they are too many.
    """
    merged = {_folded(key): (key, value) for key, value in tags}
    merged |= {_folded(key): (key, value) for key, value in more}
    if len(merged) > MOST_TAGS:
        raise LimitExceededException(
            f"The number of tags has reached the maximum limit of {MOST_TAGS}."  # (unverified)
        )
    return tuple(merged.values())


def without_tags(tags: Tags, keys: Iterable[str]) -> Tags:
    """`tags` without those of these keys; a key that is not there is no error."""
    gone = {_folded(key) for key in keys}
    return tuple((key, value) for key, value in tags if _folded(key) not in gone)


def by_key(tags: Tags) -> Tags:
    """The order in which the List operations answer tags."""
    return tuple(sorted(tags, key=lambda tag: _folded(tag[0])))


def shown(tags: Tags) -> list[Tag] | None:
    """Tags as IAM answers them; None when there are none."""
    return [Tag(key=key, value=value) for key, value in tags] or None


def _folded(key: str) -> str:
    return key.lower()
