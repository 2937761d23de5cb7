"""Accounts on platforms, and publications: what goes out, to where, and what came of it."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run_sql(op.get_bind(), "publishing")
