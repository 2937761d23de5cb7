"""The video line: videos become items of its stages, and are made of scenes."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_sql(op.get_bind(), "videos")
