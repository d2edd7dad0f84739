"""Alembic's entry: it migrates on the connection and in the transaction that the caller opened."""

from alembic import context

from keystead.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
