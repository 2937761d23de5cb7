"""People: memberships, passwords, sessions, one-time links, the throttle and the book of who did what."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_sql(op.get_bind(), "people")
