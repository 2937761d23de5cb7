"""Scenes keep what their facts and their footage go back to; events are found by their job."""

from alembic import op

from nightdesk.store.migrations import run_sql

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run_sql(op.get_bind(), "scene_sources")
