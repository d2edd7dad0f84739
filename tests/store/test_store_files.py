"""The file on the disk: who may read it, which versions open, what is refused and how."""

import os
import shutil
import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import store_records as make
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from keystead.model import Imported
from keystead.store import StoreError, migrations, open_store, schema
from keystead.store.tables import METADATA


def run(file: str, *statements: str) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        return [connection.execute(statement).fetchall() for statement in statements]


def test_files_are_for_the_owner_alone(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        directory = tmp_path / "some" / "where"
        store = open_store(str(directory / "keys.db"))
        with store.write("test") as tx:
            tx.add_account(make.account())
        files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()}
        assert files == {"keys.db": 0o600, "keys.db-wal": 0o600, "keys.db-shm": 0o600}
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        store.close()
        assert [file.name for file in directory.iterdir()] == ["keys.db"]
    finally:
        os.umask(previous)


@pytest.mark.parametrize("name", ["per%20cent", "ques?tion", "ha#sh", "sp ace", "ünï", "a&b=c", "%"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    open_store(str(tmp_path / name)).close()
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_store_is_opened_again_as_it_was(file: str) -> None:
    store = open_store(file)
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(), make.material(make.key_arn()))
    store.append_events(make.events(2))
    store.close()
    store = open_store(file)
    with store.read() as tx_read:
        assert tx_read.key(make.REGION, make.key_arn().key_id) == make.key()
        assert len(tx_read.events(0, 9)) == 2
        assert tx_read.last_change() == 2
    store.close()


def test_an_empty_file_becomes_a_database(file: str) -> None:
    Path(file).touch()
    open_store(file).close()
    assert run(file, "SELECT version_num FROM alembic_version") == [[(schema.HEAD,)]]


@pytest.mark.parametrize("durable", [True, False])
def test_connections_are_set_up(file: str, durable: bool) -> None:
    from keystead.store.sqlite import SqliteDatabase

    database = SqliteDatabase(file, durable=durable, patience=2.5)
    database.create()
    expected = {
        "journal_mode": "wal",
        "synchronous": 2 if durable else 1,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": 2500,
    }
    for connect, query_only in ((database.connect, 0), (database.connect_read_only, 1)):
        with closing(connect()) as connection:
            for name, value in (expected | {"query_only": query_only}).items():
                assert connection.execute(f"PRAGMA {name}").fetchone() == (value,), name


def test_a_database_that_is_too_new_is_refused(file: str) -> None:
    open_store(file).close()
    run(file, "UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(StoreError) as raised:
        open_store(file)
    assert str(raised.value) == (
        f"`{file}` has schema version `0999`, and this release of Keystead knows versions up to "
        f"`{schema.HEAD}`; run the release that wrote it or a later one, or restore an older backup"
    )
    assert run(file, "SELECT version_num FROM alembic_version") == [[("0999",)]]


def test_a_database_of_something_else_is_refused(file: str) -> None:
    run(file, "CREATE TABLE bookmarks (url)")
    with pytest.raises(StoreError, match=r"is a database of something else .*`bookmarks`"):
        open_store(file)


def test_what_is_no_database_is_refused(file: str, tmp_path: Path) -> None:
    Path(file).write_bytes(b"not a database\n" * 1000)
    with pytest.raises(StoreError, match=r"opening `.*` failed: the file is not a SQLite database"):
        open_store(file)
    with pytest.raises(StoreError, match="is not a file"):
        open_store(str(tmp_path))
    with pytest.raises(StoreError, match="is not a file"):
        open_store(f"{file}/inside")
    with pytest.raises(StoreError, match=r"creating `.*` failed: Not a directory"):
        open_store(f"{file}/inside/of/it")
    with pytest.raises(StoreError, match="is a URL"):
        open_store("postgresql://db/keystead")
    with pytest.raises(StoreError, match="no database is named"):
        open_store("")


def test_a_damaged_database_is_told_in_words(file: str) -> None:
    store = open_store(file)
    with store.write("test") as tx:
        tx.add_account(make.account())
        for number in range(200):
            tx.add_key(make.key(number), None)
    store.close()
    content = bytearray(Path(file).read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    Path(file).write_bytes(content)
    store = None
    with pytest.raises(StoreError, match="the database is damaged; stop, keep the files and restore"):
        store = open_store(file)
    assert store is None


def description(file: str) -> list[list[tuple[object, ...]]]:
    """Everything but the wording: SQLAlchemy and Alembic quote and order differently."""
    tables = [str(name) for (name,) in run(file, "SELECT name FROM sqlite_schema WHERE type = 'table'")[0]]
    found: list[list[tuple[object, ...]]] = [[(table,) for table in sorted(tables)]]
    for table in sorted(tables):
        columns, indices, foreign = run(
            file,
            f"SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo('{table}')",
            f"SELECT name, \"unique\", origin FROM pragma_index_list('{table}') ORDER BY name",
            f'SELECT "table", "from", "to" FROM pragma_foreign_key_list(\'{table}\') ORDER BY 1, 2',
        )
        found += [columns, indices, foreign]
        for index, *_ in indices:
            found += run(file, f"SELECT seqno, name FROM pragma_index_info('{index}')")
    words = run(file, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")[0]
    sql = " ".join(str(word) for (word,) in words)
    found.append([(sql.count("AUTOINCREMENT"), sql.count("CHECK (id = 1)"))])
    found.append(sorted((word,) for word in sql.split() if word[:3] in {"pk_", "ck_", "fk_", "uq_"}))
    return found


def test_migrations_lead_to_the_tables(tmp_path: Path) -> None:
    made, migrated = str(tmp_path / "made.db"), str(tmp_path / "migrated.db")
    open_store(made).close()
    engine = create_engine(f"sqlite:///{migrated}", poolclass=NullPool)
    with engine.begin() as connection:
        schema._migrate(connection)
    assert description(migrated) == description(made)
    assert len(description(made)[0]) == len(METADATA.tables) + 2, "and alembic_version, sqlite_sequence"


def test_the_schema_versions_are_the_migrations() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == schema.REVISIONS
    assert scripts.get_heads() == [schema.HEAD]


NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "HEAD"

def upgrade():
    op.add_column("account", sa.Column("colour", sa.String()))
""".replace("HEAD", schema.HEAD)


FIRST_KEY = (
    "INSERT INTO account VALUES ('111122223333', 1)",
    "INSERT INTO kms_key VALUES ('eu-west-1', '00000001-0000-4000-8000-000000000000', '111122223333', "
    "'SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'AWS_KMS', 'CUSTOMER', 'Enabled', 0, '', '{}', 1, NULL)",
)


def migrated_to(file: str, version: str) -> None:
    """Makes a database of an older schema version."""
    config = Config()
    config.set_main_option("script_location", "keystead.store:migrations")
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)


def test_a_key_of_the_first_schema_version_has_no_grants_and_can_have_some(file: str) -> None:
    """Migration 0002."""
    migrated_to(file, "0001")
    run(file, *FIRST_KEY)
    store = open_store(file)
    with store.write("test") as tx:
        assert tx.grant_count(make.key_arn()) == 0
        tx.add_grant(make.grant())
        assert tx.grant_count(make.key_arn()) == 1
    store.close()


def test_a_user_of_the_third_schema_version_is_as_it_was_and_can_have_more(file: str) -> None:
    """Migration 0004."""
    migrated_to(file, "0003")
    run(
        file,
        "INSERT INTO account VALUES ('111122223333', 1)",
        "INSERT INTO principal VALUES ('AIDABOB', '111122223333', 'user', '/', 'Bob', 'bob', 2)",
    )
    store = open_store(file)
    with store.write("test") as tx:
        assert tx.principal("AIDABOB") == make.user("Bob")
        tx.add_group(make.group())
        tx.add_member("AGPAOPS", "AIDABOB")
        tx.attach_policy(make.ACCOUNT, "AIDABOB", "arn:aws:iam::aws:policy/AdministratorAccess")
        assert tx.groups_of("AIDABOB") == (make.group(),)
    store.close()


def test_material_of_an_earlier_schema_version_is_as_it_was_and_can_be_removed(file: str) -> None:
    """Migration 0017, which makes the table anew."""
    migrated_to(file, "0001")
    material = make.material(make.key_arn())
    run(
        file,
        *FIRST_KEY,
        "INSERT INTO key_material (account, region, key_id, material_id, sealed, created) VALUES "
        f"('{make.ACCOUNT}', '{make.REGION}', '{make.key_arn().key_id}', '{material.id}', "
        f"x'{(material.sealed or b'').hex()}', {material.created})",
    )
    store = open_store(file)
    with store.write("test") as tx:
        key = tx.key(make.REGION, make.key_arn().key_id)
        assert key is not None
        assert key.imported == Imported()
        assert tx.key_materials(make.key_arn()) == (material,)
        tx.set_key_material(replace(material, sealed=None))
        assert tx.key_materials(make.key_arn()) == (replace(material, sealed=None),)
    store.close()


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Makes this release one schema version newer than it is; returns the new step."""
    directory = tmp_path / "migrations"
    shutil.copytree(Path(migrations.__file__).parent, directory)
    step = directory / "versions" / "next.py"
    step.write_text(NEXT)
    monkeypatch.setattr(schema, "_MIGRATIONS", str(directory).replace("%", "%%"))
    monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "next"))
    monkeypatch.setattr(schema, "HEAD", "next")
    return step


@pytest.fixture
def old(file: str) -> str:
    """A database of this release's schema version with an account."""
    store = open_store(file)
    with store.write("test") as tx:
        tx.add_account(make.account())
    store.close()
    return file


def test_an_older_database_is_migrated_once(old: str, next_version: Path) -> None:
    start = threading.Barrier(4)

    def open_and_close() -> None:
        start.wait(10)
        store = open_store(old)
        with store.read() as tx:
            assert tx.accounts() == (make.account(),)
        store.close()

    with ThreadPoolExecutor(4) as pool:
        for opened in [pool.submit(open_and_close) for _ in range(4)]:
            opened.result(30)
    assert run(old, "SELECT version_num FROM alembic_version", "SELECT id, colour FROM account") == [
        [("next",)],
        [(make.ACCOUNT, None)],
    ]


def test_a_migration_that_fails_leaves_the_database_as_it_was(old: str, next_version: Path) -> None:
    next_version.write_text(NEXT + '    op.drop_table("absent")\n')
    with pytest.raises(StoreError, match=r"opening `.*` failed: no such table"):
        open_store(old)
    (version, columns) = run(old, "SELECT version_num FROM alembic_version", "PRAGMA table_info(account)")
    assert version == [(schema.REVISIONS[-2],)]
    assert "colour" not in [column[1] for column in columns]
