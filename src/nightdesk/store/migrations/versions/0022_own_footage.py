"""Photos and clips of a site's own, and which of them a person wanted something else in place of."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    run_sql(op.get_bind(), "own_footage")
