"""Sections of articles that are to be written again with a note."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_sql(op.get_bind(), "sections")
