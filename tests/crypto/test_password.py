"""Hashes of passwords: what matches, what is kept, what opens."""

from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from keystead.crypto import password
from keystead.crypto.argon2id import Argon2idCost
from keystead.crypto.material import SealBroken, Sealer
from keystead.crypto.password import (
    COST,
    hash_password,
    open_passwords,
    position,
    seal_passwords,
)

SEALER = Sealer(bytes(32))
SECRET = "Tröub4dor&3 "
OTHER_COST = Argon2idCost(19 * 1024, 1, 1)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The salts that Argon2id ran with."""
    seen: list[bytes] = []
    stretch = password.stretch

    def counted(secret: bytes, cost: Argon2idCost, salt: bytes, length: int) -> bytes:
        seen.append(salt)
        return stretch(secret, cost, salt, length)

    monkeypatch.setattr(password, "stretch", counted)
    return seen


def test_a_password_is_found_among_its_hashes() -> None:
    first = hash_password(SECRET)
    second = hash_password("another", first)
    assert position(SECRET, [first]) == 0
    assert position(SECRET, [second, first]) == 1
    assert position(SECRET, [first, first]) == 0
    for wrong in ("", SECRET.strip(), SECRET.lower(), "Troub4dor&3 ", f"{SECRET}\0"):
        assert position(wrong, [second, first]) is None
    assert position(SECRET, []) is None


def test_a_user_s_salt_stays_so_that_one_run_tells_all(runs: list[bytes]) -> None:
    hashes = [hash_password(SECRET)]
    for number in range(5):
        hashes.insert(0, hash_password(f"password {number}", hashes[0]))
    assert len({each.salt for each in hashes}) == 1
    assert len(hashes[0].salt) == 16
    runs.clear()
    assert position(SECRET, hashes) == 5
    assert len(runs) == 1


def test_another_cost_gets_a_salt_of_its_own(runs: list[bytes]) -> None:
    salt = bytes(range(16))
    digest = password._digest(SECRET, OTHER_COST, salt)
    old = password.PasswordHash(OTHER_COST, salt, digest)
    new = hash_password("next", old)
    assert (new.cost, new.salt == salt) == (COST, False)
    runs.clear()
    assert position(SECRET, [new, old]) == 1
    assert len(runs) == 2


def test_hashes_are_kept_in_the_phc_format_that_others_read() -> None:
    text = password._phc(hash_password(SECRET))
    assert text.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PasswordHasher().verify(text, SECRET)
    theirs = PasswordHasher(time_cost=1, memory_cost=19 * 1024, parallelism=2).hash(SECRET)
    assert position(SECRET, [password._parsed(theirs)]) == 0


def test_sealed_hashes_open_for_their_user_alone() -> None:
    hashes = (hash_password("one"), hash_password("two"))
    sealed = seal_passwords(SEALER, "AIDAONE", hashes)
    assert open_passwords(SEALER, "AIDAONE", sealed) == hashes
    assert b"argon2" not in sealed
    for sealer, user, changed in (
        (SEALER, "AIDATWO", sealed),
        (Sealer(b"\1" * 32), "AIDAONE", sealed),
        (SEALER, "AIDAONE", sealed[:-1]),
        (SEALER, "AIDAONE", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (SEALER, "AIDAONE", SEALER.seal(b"text", password.PASSWORDS, ("AIDAONE",))),
        (SEALER, "AIDAONE", SEALER.seal(b"", password.PASSWORDS, ("AIDAONE",))),
    ):
        with pytest.raises(SealBroken, match=f"login passwords of {user}"):
            open_passwords(sealer, user, changed)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("argon2id", "argon2i"),
        ("v=19", "v=16"),
        ("m=19456", "m=8"),
        ("m=19456", "m=9999999"),
        ("t=2", "t=99"),
        ("p=1", "p=0"),
    ],
)
def test_costs_out_of_bounds_are_not_read(part: str, other: str, runs: list[bytes]) -> None:
    text = password._phc(hash_password(SECRET))
    with pytest.raises(ValueError, match=r"^$|Argon2id .* (is|are)"):
        password._parsed(text.replace(part, other))
    assert len(runs) == 1


def test_digests_are_not_in_a_repr() -> None:
    made = replace(hash_password(SECRET), digest=b"digest")
    assert "digest" not in repr(made)
