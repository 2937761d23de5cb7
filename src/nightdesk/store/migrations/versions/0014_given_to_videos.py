"""Sites keep intro, outro and music of their videos; workspaces keep what they sign files with."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run_sql(op.get_bind(), "given_to_videos")
