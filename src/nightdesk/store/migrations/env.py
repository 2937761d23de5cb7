"""Alembic's entry: runs the versions on the connection that `migrate` opened."""

from alembic import context

from nightdesk.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    transaction_per_migration=False,
)
context.run_migrations()
