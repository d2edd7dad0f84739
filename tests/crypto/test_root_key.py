import base64
import json
import os
import pickle
import threading

import pytest
from argon2.exceptions import HashingError
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.crypto import argon2id, root_key
from keystead.crypto.argon2id import RFC_9106_LOW_MEMORY, Argon2idCost
from keystead.crypto.root_key import (
    FileRootKey,
    PassphraseRootKey,
    RootKeyProvider,
    RootKeyRefused,
    new_root,
)

ROOT = bytes(range(32))
CHEAP = Argon2idCost(memory_kib=19 * 1024, iterations=1, parallelism=1)
PASSPHRASE = "correct horse battery staple"


def by_passphrase(passphrase=PASSPHRASE):
    return PassphraseRootKey(passphrase, CHEAP)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "root.key"


@pytest.fixture(params=["file", "passphrase"])
def provider(request, path) -> RootKeyProvider:
    return FileRootKey.create(path) if request.param == "file" else by_passphrase()


def test_a_root_key_comes_back(provider):
    parameters, sealed = provider.seal(ROOT)
    assert isinstance(json.loads(parameters), dict)
    assert ROOT not in sealed
    assert provider.open(parameters, sealed) == ROOT
    assert provider.seal(ROOT) != (parameters, sealed)


def test_every_changed_byte_is_refused(provider, monkeypatch):
    parameters, sealed = provider.seal(ROOT)
    if provider.name == "passphrase":
        stretched = provider._stretch(*provider._parse(parameters))  # once, not 77 times
        monkeypatch.setattr(PassphraseRootKey, "_stretch", lambda *_: stretched)
        assert provider.open(parameters, sealed) == ROOT
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(RootKeyRefused, match="does not open this installation's root key"):
            provider.open(parameters, bytes(changed))
    for wrong in (b"", sealed[:-1], sealed + b"\x00"):
        with pytest.raises(RootKeyRefused):
            provider.open(parameters, wrong)


def test_what_one_provider_sealed_another_does_not_open(path):
    file, passphrase = FileRootKey.create(path), by_passphrase()
    with pytest.raises(RootKeyRefused, match="stored parameters of the passphrase root key"):
        passphrase.open(*file.seal(ROOT))
    with pytest.raises(RootKeyRefused, match="stored parameters of the file root key"):
        file.open(*passphrase.seal(ROOT))


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=40)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    )
    .filter(lambda value: value != {})
    .map(json.dumps)
)
def test_parameters_are_hostile(tmp_path_factory, parameters):
    sealed = bytes(77)
    for provider in (FileRootKey(tmp_path_factory.getbasetemp() / "none"), by_passphrase()):
        with pytest.raises(RootKeyRefused):
            provider.open(parameters, sealed)


@pytest.mark.parametrize(
    "parameters", ["[" * 1000, " " * 1025 + "{}", '{"salt":' * 100, "\ud800", "9" * 1000]
)
def test_absurd_parameters(provider, parameters):
    with pytest.raises(RootKeyRefused, match="stored parameters"):
        provider.open(parameters, bytes(77))


def test_a_root_key_is_fresh():
    assert len(new_root()) == 32
    assert new_root() != new_root()
    assert new_root(bytes) == bytes(32)


# The file.


def test_the_file_is_one_closed_line(path):
    FileRootKey.create(path, lambda count: b"\x01" * count)
    assert path.stat().st_mode & 0o7777 == 0o600
    assert path.read_text() == "keystead-root-key-1:" + base64.b64encode(b"\x01" * 32).decode() + "\n"


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_the_mode_does_not_depend_on_the_umask(path, umask):
    before = os.umask(umask)
    try:
        provider = FileRootKey.create(path)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o7777 == 0o600
    assert provider.open(*provider.seal(ROOT)) == ROOT


def test_a_file_is_never_overwritten(path):
    FileRootKey.create(path)
    before = path.read_bytes()
    with pytest.raises(RootKeyRefused, match="exists already"):
        FileRootKey.create(path)
    assert path.read_bytes() == before


def test_a_dangling_link_is_not_followed(path, tmp_path):
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RootKeyRefused, match="exists already"):
        FileRootKey.create(path)
    assert not (tmp_path / "elsewhere").exists()


def test_of_many_creators_one_wins(path):
    outcomes, start = [], threading.Barrier(8)

    def create():
        start.wait()
        try:
            outcomes.append(FileRootKey.create(path))
        except RootKeyRefused:
            outcomes.append(None)

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [outcome for outcome in outcomes if outcome is not None]
    assert len(outcomes) == 8
    assert winner.open(*FileRootKey(path).seal(ROOT)) == ROOT


def test_a_failed_write_leaves_nothing(path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(root_key.os, "fsync", full)
    with pytest.raises(RootKeyRefused, match="No space left on device"):
        FileRootKey.create(path)
    assert not path.exists()


def test_the_file_and_its_name_are_synced(path, monkeypatch):
    synced, fsync = [], os.fsync

    def record(descriptor):
        synced.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(root_key.os, "fsync", record)
    FileRootKey.create(path)
    assert synced == [path.stat().st_ino, path.parent.stat().st_ino]


def test_a_missing_directory(tmp_path):
    with pytest.raises(RootKeyRefused, match="cannot be written: No such file or directory"):
        FileRootKey.create(tmp_path / "none" / "root.key")


def test_a_missing_file(path):
    with pytest.raises(RootKeyRefused, match="does not exist"):
        FileRootKey(path).seal(ROOT)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620, 0o601])
def test_an_open_file_is_refused(path, mode):
    provider = FileRootKey.create(path)
    path.chmod(mode)
    with pytest.raises(RootKeyRefused, match=f"has mode {mode:04o}"):
        provider.seal(ROOT)


def test_a_read_only_file_will_do(path):
    provider = FileRootKey.create(path)
    path.chmod(0o400)
    assert provider.open(*provider.seal(ROOT)) == ROOT


def test_a_file_of_another_user_is_refused(path, monkeypatch):
    provider = FileRootKey.create(path)
    other = os.geteuid() + 1
    monkeypatch.setattr(root_key.os, "geteuid", lambda: other)
    with pytest.raises(RootKeyRefused, match=f"belongs to user {other - 1} and not to user {other}"):
        provider.seal(ROOT)


def test_what_is_not_a_regular_file_is_refused(path):
    os.mkfifo(path, 0o600)
    with pytest.raises(RootKeyRefused, match="not a regular file"):
        FileRootKey(path).seal(ROOT)


def test_a_directory_is_refused(tmp_path):
    with pytest.raises(RootKeyRefused, match=r"cannot be read: Is a directory|not a regular file"):
        FileRootKey(tmp_path).seal(ROOT)


def test_a_link_to_a_good_file_will_do(path, tmp_path):
    """Platforms mount secrets behind links; the file behind it is the one that is checked."""
    FileRootKey.create(tmp_path / "real")
    path.symlink_to(tmp_path / "real")
    provider = FileRootKey(path)
    assert provider.open(*provider.seal(ROOT)) == ROOT
    (tmp_path / "real").chmod(0o644)
    with pytest.raises(RootKeyRefused, match="mode 0644"):
        provider.seal(ROOT)


GOOD = base64.b64encode(bytes(32))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        GOOD,
        b"keystead-root-key-2:" + GOOD,
        b"keystead-root-key-1:",
        b"keystead-root-key-1: " + GOOD,
        b"keystead-root-key-1:" + GOOD + b"\n\n",
        b"keystead-root-key-1:" + GOOD + b"\r\n",
        b"keystead-root-key-1:" + GOOD[:-1],
        b"keystead-root-key-1:" + GOOD[:-2] + b"B=",
        b"keystead-root-key-1:" + base64.b64encode(bytes(31)),
        b"keystead-root-key-1:" + base64.b64encode(bytes(33)),
        b"keystead-root-key-1:" + GOOD + b"\n" + b"x" * 1000,
        bytes(32),
        b"\xff" * 64,
    ],
)
def test_another_content_is_refused_and_not_shown(path, content):
    path.touch(0o600)
    path.write_bytes(content)
    with pytest.raises(RootKeyRefused, match="is not a root key file") as caught:
        FileRootKey(path).seal(ROOT)
    assert GOOD[:8].decode() not in str(caught.value)


def test_the_last_newline_may_be_missing(path):
    path.touch(0o600)
    path.write_bytes(b"keystead-root-key-1:" + GOOD)
    assert FileRootKey(path).open(*FileRootKey(path).seal(ROOT)) == ROOT


def test_the_file_of_another_installation(path, tmp_path):
    parameters, sealed = FileRootKey.create(path).seal(ROOT)
    with pytest.raises(RootKeyRefused, match="another installation's file"):
        FileRootKey.create(tmp_path / "other.key").open(parameters, sealed)


# The passphrase.


def test_the_default_cost_is_the_one_of_rfc_9106():
    provider = PassphraseRootKey(PASSPHRASE)
    parameters, sealed = provider.seal(ROOT)
    salt = json.loads(parameters).pop("salt")
    assert json.loads(parameters) == {
        "kdf": "argon2id",
        "version": 19,
        "memory_kib": 65536,
        "iterations": 3,
        "parallelism": 4,
        "salt": salt,
    }
    assert len(base64.b64decode(salt)) == 16
    assert provider.open(parameters, sealed) == ROOT
    assert Argon2idCost(65536, 3, 4) == RFC_9106_LOW_MEMORY


def test_another_passphrase_is_refused_in_words():
    parameters, sealed = by_passphrase().seal(ROOT)
    with pytest.raises(
        RootKeyRefused, match="the passphrase does not open this installation's root key"
    ) as e:
        by_passphrase(PASSPHRASE + " ").open(parameters, sealed)
    assert PASSPHRASE not in str(e.value)


def test_the_cost_to_open_is_the_one_it_was_sealed_with():
    parameters, sealed = by_passphrase().seal(ROOT)
    assert PassphraseRootKey(PASSPHRASE).open(parameters, sealed) == ROOT


def test_a_store_may_reformat_the_parameters():
    parameters, sealed = by_passphrase().seal(ROOT)
    reformatted = json.dumps(dict(reversed(json.loads(parameters).items())), indent=2)
    assert by_passphrase().open(reformatted, sealed) == ROOT


def test_composed_and_decomposed_passphrases_are_one():
    parameters, sealed = by_passphrase("Schl\u00fcsselbund 7").seal(ROOT)
    assert by_passphrase("Schlu\u0308sselbund 7").open(parameters, sealed) == ROOT


@pytest.mark.parametrize("passphrase", ["", "elevenchars", "x" * 1025])
def test_the_length_of_a_passphrase(passphrase):
    with pytest.raises(RootKeyRefused, match="12 to 1024 characters"):
        PassphraseRootKey(passphrase)


def test_a_passphrase_that_is_no_unicode():
    with pytest.raises(RootKeyRefused, match="not valid Unicode"):
        PassphraseRootKey("twelve chars\ud800")


@pytest.mark.parametrize(
    "change",
    [
        {"memory_kib": 1024 * 1024 * 1024},
        {"memory_kib": 1024 * 1024 + 1},
        {"memory_kib": 8},
        {"memory_kib": -1},
        {"memory_kib": 65536.0},
        {"memory_kib": "65536"},
        {"memory_kib": True},
        {"iterations": 0},
        {"iterations": 17},
        {"iterations": 10**9},
        {"parallelism": 0},
        {"parallelism": 17},
        {"version": 16},
        {"kdf": "argon2i"},
        {"salt": ""},
        {"salt": base64.b64encode(bytes(15)).decode()},
        {"salt": base64.b64encode(bytes(17)).decode()},
        {"salt": "not base64!"},
        {"salt": "\u00e9" * 22},
        {"salt": None},
        {"more": 1},
    ],
    ids=str,
)
def test_parameters_out_of_bounds_cost_nothing(change, monkeypatch):
    provider = by_passphrase()
    parameters, sealed = provider.seal(ROOT)
    changed = json.loads(parameters) | change

    def never(*_):
        pytest.fail("Argon2id ran")

    monkeypatch.setattr(PassphraseRootKey, "_stretch", never)
    with pytest.raises(RootKeyRefused, match="stored parameters of the passphrase root key"):
        provider.open(json.dumps(changed), sealed)
    for member in changed:
        with pytest.raises(RootKeyRefused, match="stored parameters"):
            provider.open(
                json.dumps({k: v for k, v in changed.items() if k != member or k == "more"}), sealed
            )


@pytest.mark.parametrize(
    "change",
    [
        {"iterations": 2},
        {"parallelism": 2},
        {"salt": base64.b64encode(bytes(16)).decode()},
        {"iterations": True},
    ],
)
def test_changed_parameters_within_bounds_do_not_open(change):
    parameters, sealed = by_passphrase().seal(ROOT)
    with pytest.raises(RootKeyRefused, match=r"does not open|stored parameters"):
        by_passphrase().open(json.dumps(json.loads(parameters) | change), sealed)


def test_parameters_are_authenticated_beyond_the_derivation(monkeypatch):
    """Also where the derived key happens to be the same."""
    provider = by_passphrase()
    parameters, sealed = provider.seal(ROOT)
    stretched = provider._stretch(*provider._parse(parameters))
    monkeypatch.setattr(PassphraseRootKey, "_stretch", lambda *_: stretched)
    with pytest.raises(RootKeyRefused, match="does not open"):
        provider.open(json.dumps(json.loads(parameters) | {"iterations": 2}), sealed)


def test_a_machine_without_the_memory_is_told(monkeypatch):
    def exhausted(*_, **__):
        raise HashingError("Memory allocation error")

    monkeypatch.setattr(argon2id, "hash_secret_raw", exhausted)
    with pytest.raises(RootKeyRefused, match="needs 19 MiB of memory: Memory allocation error"):
        by_passphrase().seal(ROOT)


def test_reprs_hide_the_secret(path):
    assert repr(PassphraseRootKey(PASSPHRASE)) == "PassphraseRootKey(...)"
    with pytest.raises(TypeError):
        pickle.dumps(PassphraseRootKey(PASSPHRASE))
    assert repr(FileRootKey.create(path)) == f"FileRootKey({str(path)!r})"
