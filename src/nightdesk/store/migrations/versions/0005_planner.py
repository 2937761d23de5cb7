"""The planner's lists stay quick in every order, and what was changed in them can be put back."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_sql(op.get_bind(), "planner")
