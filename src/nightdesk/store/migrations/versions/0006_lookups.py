"""Indexes by which the pages find a run's batches, what is parked, and what a month cost."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_sql(op.get_bind(), "lookups")
