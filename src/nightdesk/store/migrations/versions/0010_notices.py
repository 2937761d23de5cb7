"""Where a workspace sends its notices, and those on their way."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_sql(op.get_bind(), "notices")
