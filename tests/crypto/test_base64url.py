import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.crypto.base64url import decoded, encoded


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"", ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"\xfb\xff\xbf", "-_-_")],
)
def test_vectors_of_rfc_4648_without_padding(data: bytes, text: str) -> None:
    assert encoded(data) == text
    assert decoded(text) == data


@pytest.mark.parametrize("text", ["Zg==", "Zm9v=", "Zh", "Zm9", "A", "+/+/", "Zm 9v", "Zm9v\n", "Zg\0", "é"])
def test_every_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        decoded(text)


@given(st.text(max_size=50) | st.text("ABZaz09-_", max_size=50))
def test_one_text_for_what_it_holds(text: str) -> None:
    try:
        data = decoded(text)
    except ValueError:
        return
    assert encoded(data) == text
