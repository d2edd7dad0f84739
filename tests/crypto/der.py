"""Just enough of DER to write keys that are a little wrong."""


def element(tag: int, content: bytes) -> bytes:
    """DER of one element."""
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([tag, 128 + len(octets)]) + octets + content


def content(encoded: bytes) -> bytes:
    """What is in the outermost element."""
    head = 2 if encoded[1] < 128 else 2 + encoded[1] - 128
    return encoded[head:]


def parts(encoded: bytes) -> list[bytes]:
    """The elements in a constructed one, in DER."""
    rest, found = content(encoded), []
    while rest:
        head = 2 if rest[1] < 128 else 2 + rest[1] - 128
        length = rest[1] if rest[1] < 128 else int.from_bytes(rest[2:head])
        found.append(rest[: head + length])
        rest = rest[head + length :]
    return found
