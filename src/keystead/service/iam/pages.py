"""Pages of IAM: `MaxItems` and `Marker` in, `Marker` and `IsTruncated` out."""

from typing import Any

from keystead.service.call import Call
from keystead.service.pages import Bounds, BrokenMarker, Page, bounds
from keystead.shapes.errors import ValidationException

_MOST_ITEMS = 100
"""IAM API: "If you do not include this parameter, the number of items defaults to 100"."""


def page(call: Call, request: Any) -> Bounds:
    """The bounds that `MaxItems` and `Marker` of a request ask for, or ValidationError (unverified)."""
    try:
        return bounds(call, request.marker, request.max_items or _MOST_ITEMS)
    except BrokenMarker:
        raise ValidationException("Invalid Marker.") from None


__all__ = ["Bounds", "Page", "page"]
