"""Pages of KMS: `Limit` and `Marker` in, `NextMarker` and `Truncated` out."""

from typing import Any

from keystead.service.call import Call
from keystead.service.pages import Bounds, BrokenMarker, Page, bounds
from keystead.shapes.kms_errors import InvalidMarkerException


def page(call: Call, request: Any, *, default: int, most: int = 1000, of: str = "") -> Bounds:
    """The bounds that `Limit` and `Marker` of a request for the list `of` ask for, or InvalidMarkerException.

    A page has `default` items when the request does not say, and `most` at most. The shape of `Limit` allows
    1000; who asks for more than an operation gives gets what it gives, for a page may always be short (that
    AWS does not refuse is unverified).
    """
    try:
        return bounds(call, request.marker, min(request.limit or default, most), of)
    except BrokenMarker:
        raise InvalidMarkerException(None) from None


__all__ = ["Bounds", "Page", "page"]
