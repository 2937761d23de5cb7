"""An index for how many publications an account has had in a day."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    run_sql(op.get_bind(), "daily_shares")
