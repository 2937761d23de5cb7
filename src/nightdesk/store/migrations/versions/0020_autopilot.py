"""Auto mode: settings of sites, rules that an owner signs, what they let through, and second approvers."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run_sql(op.get_bind(), "autopilot")
