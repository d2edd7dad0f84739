"""Rows that belong to a key: how they name it."""

from sqlalchemy import ColumnElement, Table, bindparam

from keystead.names import KeyArn


def of_key(table: Table) -> tuple[ColumnElement[bool], ...]:
    """Conditions on rows that belong to a key; the parameters are those of `at_key`."""
    return (
        table.c.account == bindparam("at_account"),
        table.c.region == bindparam("at_region"),
        table.c.key_id == bindparam("at_key_id"),
    )


def key_names(key: KeyArn) -> dict[str, object]:
    """A key's columns in rows that belong to it."""
    return {"account": key.account, "region": key.region, "key_id": key.key_id}


def at_key(key: KeyArn) -> dict[str, object]:
    """The parameters of a condition on the key's own row, account included."""
    return {"at_account": key.account, "at_region": key.region, "at_key_id": key.key_id}
