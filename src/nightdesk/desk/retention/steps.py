"""Takes away rows that are too old, some at a time; every statement names its workspace.

To logs, revisions and the book the application's role only adds: what goes from them goes by upkeep's role.
Rows that another process has in hand are left for the next time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import TextClause, text

from nightdesk.desk.retention.kinds import PRUNABLE
from nightdesk.kit import points
from nightdesk.store.session import Store


@dataclass(frozen=True)
class Step:
    """One statement; `wide`: by the role that sees all tenants."""

    statement: TextClause
    wide: bool = False

    async def take(self, store: Store, workspace_id: int, before: datetime, most: int, **more: int) -> int:
        """Takes away at most `most` rows that are older than `before`; returns how many it were."""
        facts = {"workspace": workspace_id, "before": before, "most": most, **more}
        opened = store.everywhere() if self.wide else store.workspace(workspace_id)
        async with opened as session:
            gone = len((await session.execute(self.statement, facts)).all())
            points.reach("retention.taken")
        return gone


# Arrays, so that the rows are looked for once, whatever the planner knows of a table that has just grown.
# Ids rise with time but for the clock's steps: what lies before the first line that is young enough is old.
_LOG = text("""
    delete from events where workspace_id = :workspace and id = any(array(
        select e.id from events e
        where e.workspace_id = :workspace
          and e.id < coalesce((select y.id from events y where y.workspace_id = :workspace and y.at >= :before
                               order by y.id limit 1), 9223372036854775807)
          and (e.run_id is null or not exists (
                select 1 from runs r where r.workspace_id = :workspace and r.id = e.run_id
                  and r.status in ('running', 'paused')))
        order by e.id limit :most for update skip locked))
    returning 1
""")
_REVISIONS = text(f"""
    delete from revisions where workspace_id = :workspace and ctid = any(array(
        select r.ctid from revisions r
        join contents c on c.workspace_id = :workspace and c.id = r.content_id
        where r.workspace_id = :workspace and {PRUNABLE}
        limit :most))
    returning 1
""")  # noqa: S608 - put together from our own text
_NOTICES = text("""
    delete from notices where workspace_id = :workspace and id = any(array(
        select id from notices where workspace_id = :workspace and ended_at < :before
        order by id limit :most for update skip locked))
    returning 1
""")
_TOPICS = text("""
    delete from topics where workspace_id = :workspace and id = any(array(
        select id from topics where workspace_id = :workspace and status = 'new' and last_seen_at < :before
        order by id limit :most for update skip locked))
    returning 1
""")
_AUDIT = text("""
    delete from audit where workspace_id = :workspace and id = any(array(
        select id from audit where workspace_id = :workspace and at < :before order by id limit :most))
    returning 1
""")
UNDOS = Step(
    text("""
    delete from undos where workspace_id = :workspace and id = any(array(
        select id from undos where workspace_id = :workspace and made_at < :before
        order by id limit :most for update skip locked))
    returning 1
""")
)

STEPS: Mapping[str, Step] = {
    "log": Step(_LOG, wide=True),
    "revisions": Step(_REVISIONS, wide=True),
    "topics": Step(_TOPICS),
    "notices": Step(_NOTICES),
    "audit": Step(_AUDIT, wide=True),
}
