"""How publications did, the growth rule's switch, and articles and videos that tell one idea."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    run_sql(op.get_bind(), "results")
