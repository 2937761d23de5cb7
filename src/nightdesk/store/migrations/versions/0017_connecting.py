"""Accounts are connected by consent at their platforms, and looked at every day."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    run_sql(op.get_bind(), "connecting")
