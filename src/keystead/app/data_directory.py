"""The directory of an installation: made closed to others, and locked while something is made in it."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keystead.config import ConfigError, Settings


def make_data_directory(settings: Settings) -> Path:
    """Makes the data directory, closed to others, if it is not there; or `ConfigError`."""
    directory = Path(settings.data)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot make the data directory `{directory}`: {error.strerror}") from None
    if directory.stat().st_mode & stat.S_IWOTH:
        raise ConfigError(
            f"everybody may put files into the data directory `{directory}`: chmod 700 it, or choose another"
        )
    return directory


@contextmanager
def locked(directory: Path, *, wait: bool) -> Iterator[None]:
    """Keeps others from making an installation in the directory during the block.

    Raises `ConfigError` if it is gone, or if somebody is at it and `wait` is false. A crash leaves no lock.
    """
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise ConfigError(f"cannot open the data directory `{directory}`: {error.strerror}") from None
    try:
        _lock(descriptor, directory, wait)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, directory: Path, wait: bool) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        raise ConfigError(f"somebody is making an installation in `{directory}`; wait for them") from None
    except OSError as error:
        raise ConfigError(
            f"cannot lock the data directory `{directory}`: {error.strerror}; put it on a local file system"
        ) from None
