"""Webhooks both ways, and what tools may do."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    run_sql(op.get_bind(), "webhooks")
