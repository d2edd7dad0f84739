"""Pages of KMS: `Limit` and `Marker` in, `NextMarker` and `Truncated` out."""

from typing import Any

from keystead.service.call import Call
from keystead.service.pages import Bounds, BrokenMarker, Page, bounds
from keystead.shapes.kms_errors import InvalidMarkerException


def page(call: Call, request: Any, *, default: int) -> Bounds:
    """The bounds that `Limit` and `Marker` of a request ask for, or InvalidMarkerException."""
    try:
        return bounds(call, request.marker, request.limit or default)
    except BrokenMarker:
        raise InvalidMarkerException(None) from None


__all__ = ["Bounds", "Page", "page"]
