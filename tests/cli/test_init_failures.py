"""`keystead init` makes all or nothing: no database, no directory and no new root key file is left behind."""

import fcntl
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from keystead.app import initialisation
from keystead.app.initialisation import initialise
from keystead.app.installation import Installation
from keystead.config import ConfigError, Settings
from keystead.crypto.root_key import FileRootKey, RootKeyRefused
from keystead.names import AccountId
from tests.cli.conftest import Keystead, refused, root_access_key
from tests.conftest import BIN, clean_environment

ACCOUNT = AccountId("123456789012")


def settings_in(directory: Path) -> Settings:
    return Settings(data=str(directory / "data"), root_key_file=directory / "root.key")


def left(directory: Path) -> list[str]:
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*"))


class Failure(Exception):
    pass


@pytest.mark.parametrize("where", ["add_account", "add_root_key", "commit"])
def test_whatever_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    open_store = initialisation.open_store

    class Broken:
        """A store whose transaction fails at a verb, or at its end."""

        def __init__(self, *arguments: object, **options: object) -> None:
            self.store = open_store(*arguments, **options)  # type: ignore[arg-type]  # passed on as they come
            self.close = self.store.close

        def write(self, name: str) -> "Broken":
            self.transaction = self.store.write(name)
            return self

        def __enter__(self) -> object:
            tx = self.transaction.__enter__()
            if where != "commit":

                def fail(*_: object) -> None:
                    raise Failure

                monkeypatch.setattr(tx, where, fail)
            return tx

        def __exit__(self, *exception: object) -> None:
            failure = Failure()
            self.transaction.__exit__(Failure, failure, None)
            raise failure

    monkeypatch.setattr(initialisation, "open_store", Broken)
    made = []
    create = FileRootKey.create
    monkeypatch.setattr(FileRootKey, "create", lambda *given: made.append(given) or create(*given))
    with pytest.raises(Failure):
        initialise(settings_in(tmp_path), None, ACCOUNT)
    assert len(made) == (0 if where == "add_account" else 1), "the root key file comes last"
    assert left(tmp_path) == []
    monkeypatch.undo()
    assert initialise(settings_in(tmp_path), None, ACCOUNT).account == ACCOUNT
    assert left(tmp_path) == ["data", "data/keystead.db", "root.key"]


def test_what_was_there_stays(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    FileRootKey.create(tmp_path / "root.key")
    (tmp_path / "root.key").chmod(0o644)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "note").write_text("mine")
    with pytest.raises(RootKeyRefused, match="lets others than its owner at it"):
        initialise(settings, None, ACCOUNT)
    assert left(tmp_path) == ["data", "data/note", "root.key"]


def test_a_passphrase_that_will_not_do(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path / "data"))
    with pytest.raises(RootKeyRefused, match="12 to 1024 characters"):
        initialise(settings, "short", ACCOUNT)
    with pytest.raises(ConfigError, match="nothing opens the root key"):
        initialise(settings, None, ACCOUNT)
    assert left(tmp_path) == []


def test_who_comes_second_takes_nothing_away(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    initialise(settings, None, ACCOUNT)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(ConfigError, match="holds an installation already"):
        initialise(settings, None, ACCOUNT)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_one_at_a_time(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    (tmp_path / "data").mkdir()
    descriptor = os.open(tmp_path / "data", os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(ConfigError, match="somebody is making an installation"):
            initialise(settings, None, ACCOUNT)
    finally:
        os.close(descriptor)
    assert left(tmp_path) == ["data"]
    initialise(settings, None, ACCOUNT)


@pytest.mark.wire
class TestTheProgram:
    def test_a_place_that_is_a_file(self, keystead: Keystead, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        said = refused(keystead("init", "--data", "file/data", "--root-key-file", "root.key"))
        assert said.startswith("cannot make the data directory `file/data`")
        assert left(tmp_path) == ["file"]

    def test_a_database_of_something_else(self, keystead: Keystead, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        with closing(sqlite3.connect(tmp_path / "data" / "keystead.db")) as database:
            database.execute("CREATE TABLE theirs (a)")
        said = refused(keystead("init", "--data", "data", "--root-key-file", "root.key"))
        assert "is a database of something else" in said
        assert left(tmp_path) == ["data", "data/keystead.db"]
        with closing(sqlite3.connect(tmp_path / "data" / "keystead.db")) as database:
            assert database.execute("SELECT name FROM sqlite_schema").fetchall() == [("theirs",)]

    def test_two_at_once(self, tmp_path: Path) -> None:
        command = [str(BIN / "keystead"), "init", "--data", "data", "--root-key-file", "root.key"]
        started = [
            subprocess.Popen(
                command,
                cwd=tmp_path,
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        ended = [(*each.communicate(timeout=60), each.returncode) for each in started]
        assert sorted(code for *_, code in ended) == [0, 1], ended
        ((output, _, _),) = [each for each in ended if each[2] == 0]
        name, _ = root_access_key(output)
        ((_, complaint, _),) = [each for each in ended if each[2] == 1]
        assert complaint.startswith("keystead: ")
        settings = settings_in(tmp_path)
        with Installation(settings).opened() as (store, _), store.read() as tx:
            (account,) = tx.accounts()
            assert [key.access_key_id for key in tx.root_credentials(account.id)] == [name]
