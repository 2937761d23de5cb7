"""The first schema: tables, ledger, tallies, the job queue and the policies of tenancy."""

from alembic import op
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from pgqueuer.domain.settings import DBSettings

from nightdesk.store.migrations import run_script, run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    connection = op.get_bind()
    queue = QueryBuilderEnvironment(settings=DBSettings(db_schema="queue", durability="balanced"))
    run_sql(connection, "tables")
    run_script(connection, queue.build_install_query())
    for name in ("ledger", "engine", "tallies", "tenancy", "queue"):
        run_sql(connection, name)
