"""The root key of an installation and who keeps it sealed.

The root key is 32 random bytes that seal every other secret (`material`). It is stored sealed by a provider,
whose own secret never lies beside it: a key file on another volume, a passphrase in the operator's head.
To change the provider the root key alone is sealed anew.

A provider authenticates its parameters together with the root key, so a changed parameter does not open.
"""

import base64
import binascii
import json
import os
import stat
import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import Final, NoReturn, Protocol, Self

from keystead.crypto.argon2id import (
    RFC_9106_LOW_MEMORY,
    SALT_BYTES,
    VERSION,
    Argon2idCost,
    OutOfMemory,
    stretch,
)
from keystead.crypto.material import SealBroken, Sealer
from keystead.crypto.randomness import Random, draw
from keystead.crypto.symmetric import KEY_BYTES

_PURPOSE = "root key"
_MAX_PARAMETERS = 1024


class RootKeyRefused(Exception):
    """The root key cannot be sealed or opened; the text tells the operator what to do, and no secret."""


class RootKeyProvider(Protocol):
    """Seals the root key once and opens it at every start."""

    @property
    def name(self) -> str:
        """What is stored beside the sealed key to find the provider again."""
        ...

    def seal(self, root: bytes) -> tuple[str, bytes]:
        """Parameters (a JSON object, not secret) and the sealed root key; `open` must take both back.

        Raises:
            RootKeyRefused: the provider's secret is missing or not fit.
        """
        ...

    def open(self, parameters: str, sealed: bytes) -> bytes:
        """The root key.

        Must treat both arguments as hostile: bound the work that they ask for.

        Raises:
            RootKeyRefused: the provider's secret is missing, another one, or the arguments were changed.
        """
        ...


def new_root(random: Random = os.urandom) -> bytes:
    """A fresh root key: 32 bytes."""
    return draw(random, KEY_BYTES)


class FileRootKey:
    """Seals the root key under a key in a file: for a secret mounted by the platform, or a removable volume.

    The file is one line: `keystead-root-key-1:` and 32 bytes in base64. It must belong to the user who runs
    Keystead and be closed to everyone else. It is read anew each time.
    """

    name: Final = "file"
    _PREFIX: Final = b"keystead-root-key-1:"

    def __init__(self, path: Path, random: Random = os.urandom) -> None:
        self.path = path
        self._random = random

    @classmethod
    def create(cls, path: Path, random: Random = os.urandom) -> Self:
        """Makes the file, durable on return, with a fresh key that nobody else can read.

        Raises:
            RootKeyRefused: there is a file already, which is never overwritten, or it cannot be written.
        """
        line = cls._PREFIX + base64.b64encode(draw(random, KEY_BYTES)) + b"\n"
        try:
            # O_EXCL: of two that create at the same time one wins and the other is told.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            raise RootKeyRefused(
                f"the root key file `{path}` exists already; it is not overwritten, for without it whatever "
                "it sealed is lost"
            ) from None
        except OSError as error:
            raise _unwritable(path, error) from None
        try:
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(descriptor, 0o600)  # whatever the umask took away
                file.write(line)
                file.flush()
                os.fsync(descriptor)
            _sync_directory(path.parent)
        except OSError as error:
            path.unlink(missing_ok=True)  # nothing was sealed with it yet
            raise _unwritable(path, error) from None
        return cls(path, random)

    def seal(self, root: bytes) -> tuple[str, bytes]:
        return "{}", Sealer(self._read()).seal(root, _PURPOSE, (self.name,), self._random)

    def open(self, parameters: str, sealed: bytes) -> bytes:
        if _parse_parameters(self.name, parameters):
            raise _unreadable_parameters(self.name)
        refusal = RootKeyRefused(
            f"the root key file `{self.path}` does not open this installation's root key: it is another "
            "installation's file, or the stored root key was changed"
        )
        return _open_root(self._read(), sealed, (self.name,), refusal)

    def __repr__(self) -> str:
        return f"FileRootKey({str(self.path)!r})"

    def _read(self) -> bytes:
        """The key in the file, which is checked on the open descriptor: nobody can exchange it in between."""
        try:
            # O_NONBLOCK: a named pipe in its place must not hang the start.
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as file:
                self._check(os.fstat(descriptor))
                line = file.read(256)
        except FileNotFoundError:
            raise RootKeyRefused(
                f"the root key file `{self.path}` does not exist; restore it from its backup, there is no "
                "other way to the keys it seals"
            ) from None
        except OSError as error:
            raise RootKeyRefused(
                f"the root key file `{self.path}` cannot be read: {error.strerror}"
            ) from None
        return self._parse(line)

    def _check(self, status: os.stat_result) -> None:
        mode = stat.S_IMODE(status.st_mode)
        if not stat.S_ISREG(status.st_mode):
            raise RootKeyRefused(f"`{self.path}` is not a regular file, as a root key file must be")
        if status.st_uid != os.geteuid():
            raise RootKeyRefused(
                f"the root key file `{self.path}` belongs to user {status.st_uid} and not to user "
                f"{os.geteuid()}, who runs Keystead; change its owner"
            )
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise RootKeyRefused(
                f"the root key file `{self.path}` has mode {mode:04o}, which lets others than its owner "
                f"at it; `chmod 600 {self.path}` closes it, and if others could read it, replace the key"
            )

    def _parse(self, line: bytes) -> bytes:
        encoded = line.removeprefix(self._PREFIX).removesuffix(b"\n")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not line.startswith(self._PREFIX) or base64.b64encode(key) != encoded or len(key) != KEY_BYTES:
            raise RootKeyRefused(
                f"`{self.path}` is not a root key file: it must be one line, `{self._PREFIX.decode()}` and "
                f"{KEY_BYTES} bytes in base64"
            )
        return key


class PassphraseRootKey:
    """Seals the root key under a passphrase stretched by Argon2id (RFC 9106).

    The passphrase is normalized to NFC, so that it opens from every keyboard. Opening takes about a
    tenth of a second and 64 MiB, by intention.

    Raises:
        RootKeyRefused: the passphrase does not have 12 to 1024 characters, or is not valid Unicode.
    """

    name: Final = "passphrase"
    MIN_CHARACTERS: Final = 12
    MAX_CHARACTERS: Final = 1024

    __slots__ = ("_cost", "_passphrase", "_random")

    def __init__(
        self, passphrase: str, cost: Argon2idCost = RFC_9106_LOW_MEMORY, random: Random = os.urandom
    ) -> None:
        if not self.MIN_CHARACTERS <= len(passphrase) <= self.MAX_CHARACTERS:
            raise RootKeyRefused(
                f"the passphrase must have {self.MIN_CHARACTERS} to {self.MAX_CHARACTERS} characters; "
                "five random words make a good one"
            )
        try:
            self._passphrase = unicodedata.normalize("NFC", passphrase).encode()
        except UnicodeEncodeError:
            raise RootKeyRefused("the passphrase is not valid Unicode") from None
        self._cost = cost
        self._random = random

    def seal(self, root: bytes) -> tuple[str, bytes]:
        salt = draw(self._random, SALT_BYTES)
        parameters = _argon2id_parameters(self._cost, salt)
        sealer = Sealer(self._stretch(self._cost, salt))
        return parameters, sealer.seal(root, _PURPOSE, (self.name, parameters), self._random)

    def open(self, parameters: str, sealed: bytes) -> bytes:
        cost, salt = self._parse(parameters)
        refusal = RootKeyRefused(
            "the passphrase does not open this installation's root key: it is another passphrase, or the "
            "stored root key was changed"
        )
        # What was sealed is the text as we write it, whatever white space a store or a hand put into it.
        names = (self.name, _argon2id_parameters(cost, salt))
        return _open_root(self._stretch(cost, salt), sealed, names, refusal)

    def __repr__(self) -> str:
        return "PassphraseRootKey(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a PassphraseRootKey is not pickled")

    def _parse(self, parameters: str) -> tuple[Argon2idCost, bytes]:
        match _parse_parameters(self.name, parameters):
            case {
                "kdf": "argon2id",
                "version": version,
                "memory_kib": int(memory),
                "iterations": int(iterations),
                "parallelism": int(parallelism),
                "salt": str(encoded),
                **others,
            } if version == VERSION and not others:
                try:
                    salt = base64.b64decode(encoded.encode("ascii"), validate=True)
                    cost = Argon2idCost(memory, iterations, parallelism)
                except ValueError:  # binascii.Error and UnicodeEncodeError are ValueErrors
                    raise _unreadable_parameters(self.name) from None
                if len(salt) == SALT_BYTES:
                    return cost, salt
        raise _unreadable_parameters(self.name)

    def _stretch(self, cost: Argon2idCost, salt: bytes) -> bytes:
        try:
            return stretch(self._passphrase, cost, salt, KEY_BYTES)
        except OutOfMemory as error:
            raise RootKeyRefused(str(error)) from None


def _argon2id_parameters(cost: Argon2idCost, salt: bytes) -> str:
    parameters = {"kdf": "argon2id", "version": VERSION, **asdict(cost)}
    parameters["salt"] = base64.b64encode(salt).decode()
    return json.dumps(parameters, sort_keys=True, separators=(",", ":"))


def _parse_parameters(provider: str, parameters: str) -> dict[str, object]:
    if len(parameters) > _MAX_PARAMETERS:
        raise _unreadable_parameters(provider)
    try:
        parsed = json.loads(parameters)
    except (ValueError, RecursionError):
        raise _unreadable_parameters(provider) from None
    if not isinstance(parsed, dict):
        raise _unreadable_parameters(provider)
    return parsed


def _unreadable_parameters(provider: str) -> RootKeyRefused:
    return RootKeyRefused(
        f"the stored parameters of the {provider} root key are not what Keystead wrote; restore them from a "
        "backup"
    )


def _open_root(key: bytes, sealed: bytes, names: tuple[str, ...], refusal: RootKeyRefused) -> bytes:
    try:
        root = Sealer(key).open(sealed, _PURPOSE, names)
    except SealBroken:
        raise refusal from None
    if len(root) != KEY_BYTES:
        raise refusal
    return root


def _unwritable(path: Path, error: OSError) -> RootKeyRefused:
    return RootKeyRefused(f"the root key file `{path}` cannot be written: {error.strerror}")


def _sync_directory(directory: Path) -> None:
    """Makes the new name in `directory` survive a crash."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
