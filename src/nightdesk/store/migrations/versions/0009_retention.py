"""How long a workspace keeps what it no longer needs."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_sql(op.get_bind(), "retention")
