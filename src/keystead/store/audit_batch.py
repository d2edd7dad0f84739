"""Audit events as they are kept: the events of one commit in one row, compressed when there are several.

Events of one commit are much alike, and a busy server makes thousands a second: together they take a tenth of
their bytes, and the disk is what a call waits for.

NOTE: the first byte of a batch is its format and never changes its meaning; a new form gets a new byte.

    0x00   a JSON array
    0x01   the same, compressed by zlib (RFC 1950); no longer written
    0x02   the same, compressed by Zstandard (RFC 8878)

The array holds `[event id, time, account, region, record]` for each event, in their order.
"""

import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from keystead.model import AuditEvent
from keystead.store.port import StoreError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST_EVENTS = 512
"""In one batch, so that a reader never unpacks more than it can use."""

_PLAIN, _ZLIB, _ZSTD = b"\x00", b"\x01", b"\x02"
_WORTH_COMPRESSING = 4096
"""Bytes. Less fits into a page or two of the database as it is."""
_compress = zstd.ZstdCompressor(
    options={zstd.CompressionParameter.compression_level: 1, zstd.CompressionParameter.checksum_flag: 1}
).compress
"""The fastest level finds the repetitions in a batch too, and the checksum tells of damage. One serves all,
for making one takes longer than a batch does; it has a lock, and each call writes a whole frame."""
_FRAME: Final = zstd.ZstdCompressor.FLUSH_FRAME

_FORMS: dict[bytes, Callable[[bytes], bytes]] = {
    _PLAIN: bytes,
    _ZLIB: zlib.decompress,
    _ZSTD: zstd.decompress,
}

_Row = tuple[str, int, str, str, msgspec.Raw]


def _text(value: object) -> str:
    """Identifiers are subclasses of `str`, which the encoder asks about."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"an event cannot hold a {type(value).__name__}")


_encode = msgspec.json.Encoder(enc_hook=_text).encode
_decode = msgspec.json.Decoder(list[_Row]).decode


def batches(events: Sequence[AuditEvent]) -> Iterator[Sequence[AuditEvent]]:
    """`events` in parts of at most `MOST_EVENTS`."""
    for start in range(0, len(events), MOST_EVENTS):
        yield events[start : start + MOST_EVENTS]


def pack(events: Sequence[AuditEvent]) -> bytes:
    """The batch of `events`; each record must be JSON."""
    text = _encode([(*event[:4], msgspec.Raw(event.record)) for event in events])
    return _PLAIN + text if len(text) < _WORTH_COMPRESSING else _ZSTD + _compress(text, _FRAME)


def unpack(batch: bytes) -> list[AuditEvent]:
    """The events of a batch; `StoreError` if it is none that this release knows."""
    form, text = batch[:1], batch[1:]
    expand = _FORMS.get(form)
    if expand is None:
        raise StoreError(f"audit events have the format {form.hex()}, which this release does not know")
    try:
        rows = _decode(expand(text))
    except (zlib.error, zstd.ZstdError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError("audit events are damaged; stop, keep the files and restore a backup") from error
    return [AuditEvent(*row[:4], bytes(row[4])) for row in rows]
