"""Feeds, what they gave, and the topics made of it."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_sql(op.get_bind(), "feeds")
