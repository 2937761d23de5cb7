"""Deletes sites that were archived long enough ago, with all that is in them, some rows at a time.

What was spent on them stays: the ledger, and the calls to providers with their money.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import TextClause, text

from nightdesk.desk.retention.steps import Step
from nightdesk.kit import points
from nightdesk.store.session import Store
from nightdesk.store.tables import Table

STAY = frozenset(("provider_calls", "events", "batches"))
"""Tables with a `site_id` that are not emptied by it: the calls stay, the others go by their runs."""

# From here on nobody can restore it, and its address is free for another.
_BEGIN = text("""
    update sites set removed_at = :now, slug = slug || '-removed-' || id
    where workspace_id = :workspace and id in (
        select id from sites where workspace_id = :workspace and archived_at < :before and removed_at is null
          and not exists (select 1 from runs r where r.workspace_id = :workspace and r.site_id = sites.id
                            and r.status in ('running', 'paused'))
        limit 1 for update skip locked)
    returning id
""")
_BEGUN = text("""
    select id from sites where workspace_id = :workspace and removed_at is not null
    order by id limit 1 for update skip locked
""")
_EVENTS = Step(
    text("""
    delete from events where workspace_id = :workspace and id = any(array(
        select e.id from events e join runs r on r.workspace_id = :workspace and r.id = e.run_id
        where e.workspace_id = :workspace and r.site_id = :site limit :most))
    returning 1
"""),
    wide=True,
)
_BATCHES = text("""
    delete from batches where workspace_id = :workspace and id = any(array(
        select b.id from batches b join runs r on r.workspace_id = :workspace and r.id = b.run_id
        where b.workspace_id = :workspace and r.site_id = :site limit :most))
    returning 1
""")
_EMPTY = """
    delete from {table} where workspace_id = :workspace and ctid = any(array(
        select ctid from {table} where workspace_id = :workspace and site_id = :site limit :most))
    returning 1
"""
_SITE = text("delete from sites where workspace_id = :workspace and id = :site")


def emptied() -> list[TextClause]:
    """A statement for each table that goes with its site, those that hang on others first."""
    tables = [
        table.name
        for table in reversed(Table.metadata.sorted_tables)
        if "site_id" in table.columns and "workspace_id" in table.columns and table.name not in STAY
    ]
    return [text(_EMPTY.format(table=table)) for table in tables]


@dataclass(frozen=True)
class RemovedSites:
    """Deletes one site after the other."""

    store: Store

    async def take(self, workspace_id: int, before: datetime, now: datetime, most: int) -> bool:
        """One step; whether there may be more to do."""
        facts = {"workspace": workspace_id, "before": before, "now": now}
        async with self.store.workspace(workspace_id) as session:
            site = await session.scalar(_BEGUN, facts) or await session.scalar(_BEGIN, facts)
        if site is None:
            return False
        where = {"workspace": workspace_id, "site": site, "most": most}
        if await _EVENTS.take(self.store, workspace_id, before, most, site=site):
            return True
        async with self.store.workspace(workspace_id) as session:
            for statement in (_BATCHES, *emptied()):
                if (await session.execute(statement, where)).all():
                    points.reach("retention.site.emptied")
                    return True
            await session.execute(_SITE, where)
            points.reach("retention.site.removed")
        return True
