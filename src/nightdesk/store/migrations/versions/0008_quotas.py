"""What a workspace may store is counted and limited."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_sql(op.get_bind(), "quotas")
