"""People's second factor: the secret of their app and the codes for the day it is lost."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_sql(op.get_bind(), "second_factor")
