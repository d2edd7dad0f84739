"""Blobs and times written as text, the same in both protocols; each direction beside the other."""

import binascii
from datetime import UTC, datetime


def blob_from_text(text: str) -> bytes:
    """The bytes of standard base64 with padding (RFC 4648, section 4), or ValueError."""
    return binascii.a2b_base64(text, strict_mode=True)  # binascii.Error is a ValueError


def text_from_blob(blob: bytes) -> str:
    """Standard base64 with padding."""
    return binascii.b2a_base64(blob, newline=False).decode("ascii")


def time_from_text(text: str) -> float:
    """Seconds since the epoch of an ISO 8601 time, or ValueError; one without a zone is UTC."""
    time = datetime.fromisoformat(text)
    try:
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    except OverflowError as error:  # the year 1 in a zone east of Greenwich
        raise ValueError(text) from error


def text_from_time(time: float) -> str:
    """A time as IAM and STS write it: ISO 8601 in UTC, whole seconds."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
