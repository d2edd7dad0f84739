"""Tags of IAM as a column keeps them: a JSON array of [key, value] in their order."""

import json
from collections.abc import Sequence

from keystead.model import Tag


def tags_text(tags: Sequence[Tag]) -> str:
    """The text that is kept."""
    return json.dumps([[tag.key, tag.value] for tag in tags])


def tags_of(text: str) -> tuple[Tag, ...]:
    """The tags of a text that `tags_text` made."""
    return tuple(Tag(key, value) for key, value in json.loads(text)) if text != "[]" else ()
