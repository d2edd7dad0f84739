"""What is sealed under owned keys, and what they do not open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.crypto.material import ACCESS_KEY_SECRET, SealBroken, Sealer
from keystead.crypto.owned_keys import MARKER, PURPOSES, InstallationSealer, new_owned_key
from keystead.model import OwnedKey

ROOT = Sealer(bytes(range(32)))


def keys(*numbers: int) -> list[OwnedKey]:
    return [new_owned_key(ROOT, purpose, number, 1) for purpose in PURPOSES for number in numbers]


FIRST = keys(1)


def sealer(made: list[OwnedKey]) -> InstallationSealer:
    sealing = InstallationSealer(ROOT)
    sealing.learn(made)
    return sealing


@given(st.binary(max_size=100), st.sampled_from(PURPOSES), st.lists(st.text(max_size=5), max_size=3))
def test_what_is_sealed_opens_for_its_purpose_and_names_alone(
    plain: bytes, purpose: str, given_names: list[str]
) -> None:
    sealing, names = sealer(FIRST), tuple(given_names)
    sealed = sealing.seal(plain, purpose, names)
    assert sealed[:5] == b"\x02\0\0\0\1"
    assert sealing.open(sealed, purpose, names) == plain
    other = next(each for each in PURPOSES if each != purpose)
    for wrong in ((other, names), (purpose, (*names, ""))):
        with pytest.raises(SealBroken):
            sealing.open(sealed, *wrong)


def test_a_new_key_seals_and_old_ones_open() -> None:
    second = keys(2)
    old = sealer(FIRST).seal(b"old", MARKER, ())
    both = sealer(FIRST + second)
    new = both.seal(b"new", MARKER, ())
    assert new[:5] == b"\x02\0\0\0\2"
    assert [both.open(each, MARKER, ()) for each in (old, new)] == [b"old", b"new"]
    with pytest.raises(SealBroken):
        sealer(second).open(old, MARKER, ())
    with pytest.raises(SealBroken):
        both.open(b"\x02\0\0\0\2" + old[5:], MARKER, ())


def test_neither_opens_what_the_other_sealed() -> None:
    """The root key's seals are from before there were owned keys."""
    with pytest.raises(SealBroken):
        sealer(FIRST).open(ROOT.seal(b"x", MARKER, ()), MARKER, ())
    with pytest.raises(SealBroken):
        ROOT.open(sealer(FIRST).seal(b"x", MARKER, ())[5:], MARKER, ())


@pytest.mark.parametrize("sealed", [b"", b"\x02", b"\x02\0\0\0\1", b"\x02\0\0\0\1" + bytes(100)])
def test_what_is_no_seal_is_refused(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        sealer(FIRST).open(sealed, MARKER, ())


def test_secrets_stay_under_the_root_key() -> None:
    sealed = sealer(FIRST).seal(b"x", ACCESS_KEY_SECRET, ("AKIA",))
    assert ROOT.open(sealed, ACCESS_KEY_SECRET, ("AKIA",)) == b"x"
    assert sealer(FIRST).open(sealed, ACCESS_KEY_SECRET, ("AKIA",)) == b"x"


def test_a_key_is_bound_to_purpose_number_and_root_key() -> None:
    made = new_owned_key(ROOT, MARKER, 1, 1)
    for wrong in (OwnedKey("grant token", 1, made.sealed, 1), OwnedKey(MARKER, 2, made.sealed, 1)):
        with pytest.raises(SealBroken):
            sealer([wrong])
    with pytest.raises(SealBroken):
        InstallationSealer(Sealer(bytes(32))).learn([made])
    assert repr(sealer(FIRST)) == "InstallationSealer(...)"
