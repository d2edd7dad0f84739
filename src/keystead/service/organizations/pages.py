"""Pages of Organizations: `MaxResults` and `NextToken` in, `NextToken` out."""

from typing import Any

from keystead.service.call import Call
from keystead.service.pages import Bounds, BrokenMarker, Page, bounds
from keystead.shapes.organizations_errors import InvalidInputException

_MOST_RESULTS = 20
"""Organizations API: the most that `MaxResults` can ask for, and what is answered without it."""


def page(call: Call, request: Any) -> Bounds:
    """The bounds that `MaxResults` and `NextToken` of a request ask for, or InvalidInputException."""
    try:
        return bounds(call, request.next_token, request.max_results or _MOST_RESULTS)
    except BrokenMarker:
        raise InvalidInputException("You specified an invalid value.", reason="INVALID_NEXT_TOKEN") from None


__all__ = ["Bounds", "Page", "page"]
