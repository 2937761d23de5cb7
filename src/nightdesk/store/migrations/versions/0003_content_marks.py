"""Fingerprints of contents become rows that are looked up by number, instead of bytes that are all read."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_sql(op.get_bind(), "content_marks")
