"""The review gate keeps revisions of articles and every decision on them."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_sql(op.get_bind(), "revisions")
