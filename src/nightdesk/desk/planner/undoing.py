"""Puts back what a change took away or altered: each change notes its rows as they were, for a day."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, NotFound
from nightdesk.desk.planner.below import lock_ideas, lock_tasks
from nightdesk.desk.planner.volumes import add_up
from nightdesk.store.session import Store
from nightdesk.store.tables.feeds import Entry, Feed
from nightdesk.store.tables.library import Document, Passage
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task, Undo

KEPT_HOURS = 24
TABLES: Mapping[str, Any] = {
    table.__tablename__: table for table in (Keyword, Cluster, Idea, Task, Document, Passage, Feed, Entry)
}
"""What can be put back."""

_SUPERSEDED = "What this would put back was changed again in the meantime. Nothing was put back."


@dataclass
class Notes:
    """What one transaction changes, step by step, as it was before; the rows stay text all the way."""

    session: AsyncSession
    workspace_id: int
    site_id: int
    _steps: list[str] = field(default_factory=list)

    async def remove(self, table: Any, numbers: Sequence[int]) -> int:
        """Deletes the rows and notes them; those that hang on them are noted before by the caller."""
        name = table.__tablename__
        query = text(f"""
            with gone as (
                delete from {name} where workspace_id = :workspace and id = any(cast(:numbers as bigint[]))
                returning *)
            select jsonb_agg(to_jsonb(gone) order by id)::text, count(*) from gone
        """)  # noqa: S608 - one of our own tables
        return await self._note(name, {"step": "removed"}, query, {"numbers": list(numbers)})

    async def alter(self, table: Any, numbers: Sequence[int], **values: Any) -> int:
        """Gives the rows those values and notes what they had; returns how many had others."""
        name, columns = table.__tablename__, sorted(values)
        kept = ", ".join(f"'{column}', {column}" for column in columns)
        put = ", ".join(f"{column} = new.{column}" for column in columns)
        differs = " or ".join(f"t.{column} is distinct from new.{column}" for column in columns)
        query = text(f"""
            with new as (select * from jsonb_populate_record(null::{name}, cast(:values as jsonb))),
            old as (
                select t.* from {name} t, new
                where t.workspace_id = :workspace and t.id = any(cast(:numbers as bigint[])) and ({differs})),
            changed as (
                update {name} t set {put} from old, new
                where t.workspace_id = :workspace and t.id = old.id returning t.id)
            select (select jsonb_agg(jsonb_build_object('id', id, {kept}) order by id)::text from old),
                   (select count(*) from changed)
        """)  # noqa: S608
        facts = {"numbers": list(numbers), "values": json.dumps(values)}
        return await self._note(name, {"step": "altered", "columns": columns}, query, facts)

    def made(self, table: Any, number: int) -> None:
        """Notes that a row is new: putting things back deletes it, unless something came of it."""
        step = {"step": "made", "table": table.__tablename__, "rows": [{"id": number}]}
        self._steps.append(json.dumps(step))

    async def keep(self) -> int | None:
        """Writes the notes; returns the number to put things back by, None where nothing was changed."""
        await self.session.execute(
            delete(Undo).where(
                Undo.workspace_id == self.workspace_id,
                Undo.made_at < text(f"now() - interval '{KEPT_HOURS} hours'"),
            )
        )
        if not self._steps:
            return None
        query = text(
            "insert into undos (workspace_id, site_id, kept) "
            "values (:workspace, :site, cast(:kept as jsonb)) returning id"
        )
        facts = {"workspace": self.workspace_id, "site": self.site_id}
        kept = f'{{"steps": [{", ".join(self._steps)}]}}'
        number: int = (await self.session.execute(query, facts | {"kept": kept})).scalar_one()
        return number

    async def _note(self, name: str, step: dict[str, Any], query: Any, facts: dict[str, Any]) -> int:
        rows, count = (await self.session.execute(query, facts | {"workspace": self.workspace_id})).one()
        if rows is not None:
            head = json.dumps(step | {"table": name})
            self._steps.append(f'{head[:-1]}, "rows": {rows}}}')
        return int(count)


@dataclass(frozen=True)
class PutBack:
    """How many rows are as they were, of so many; the others have a twin by now."""

    rows: int
    of: int


@dataclass(frozen=True)
class Undoing:
    """Takes a change back."""

    store: Store

    async def undo(self, workspace_id: int, site_id: int, number: int) -> PutBack:
        """Puts back what the change of that number did, once.

        Raises `NotFound` where it was put back already or is older than a day, and `Conflict` where
        something came of it since, a run works on it, or what it refers to is gone.
        """
        try:
            async with self.store.workspace(workspace_id) as session:
                return await _put_back(session, workspace_id, site_id, number)
        except IntegrityError as error:
            raise Conflict(_SUPERSEDED) from error


async def _put_back(session: AsyncSession, workspace_id: int, site_id: int, number: int) -> PutBack:
    where = (Undo.workspace_id == workspace_id, Undo.site_id == site_id, Undo.id == number)
    found = await session.scalar(select(Undo.id).where(*where).with_for_update())
    if found is None:
        raise NotFound("change to take back: it was taken back already, or it is older than a day")
    outline = text("""
        select (step - 'rows') || jsonb_build_object('n', jsonb_array_length(step -> 'rows'))
        from undos, jsonb_array_elements(kept -> 'steps') with ordinality as s(step, n)
        where workspace_id = :workspace and id = :undo order by n
    """)
    facts = {"workspace": workspace_id, "undo": number}
    steps = list(await session.scalars(outline, facts))
    touched = await _clusters_of(session, facts, steps)
    rows = 0
    for at, step in reversed(list(enumerate(steps))):
        rows += await _undo_step(session, facts | {"at": str(at)}, step)
    touched |= await _clusters_of(session, facts, steps)
    await add_up(session, workspace_id, touched)
    await session.execute(delete(Undo).where(*where))
    return PutBack(rows, sum(step["n"] for step in steps))


async def _undo_step(session: AsyncSession, facts: dict[str, Any], step: Mapping[str, Any]) -> int:
    table = TABLES[step["table"]]
    match step["step"]:
        case "removed":
            return await _insert(session, facts, table)
        case "altered":
            return await _restore(session, facts, table, step["columns"])
        case _:
            return await _take_away(session, facts, table)


_ROWS = (
    "jsonb_populate_recordset(null::{name}, ("
    "select kept #> array['steps', cast(:at as text), 'rows'] from undos "
    "where workspace_id = :workspace and id = :undo))"
)


async def _insert(session: AsyncSession, facts: dict[str, Any], table: Any) -> int:
    """Rows of which there is a twin by now stay away; a keyword whose cluster is gone is new again."""
    name = table.__tablename__
    columns = [column.name for column in table.__table__.columns if column.computed is None]
    shown = dict.fromkeys(columns, "v.{}")
    joined = ""
    if table is Keyword:
        joined = "left join clusters c on c.workspace_id = v.workspace_id and c.id = v.cluster_id"
        shown |= {
            "cluster_id": "c.id",
            "status": "case when v.cluster_id is not null and c.id is null then 'new' else v.status end",
        }
    picked = ", ".join(spelled.format(column) for column, spelled in shown.items())
    query = text(f"""
        insert into {name} ({", ".join(columns)})
        select {picked} from {_ROWS.format(name=name)} v {joined}
        on conflict do nothing returning id
    """)  # noqa: S608
    return len((await session.execute(query, facts)).all())


async def _restore(session: AsyncSession, facts: dict[str, Any], table: Any, columns: Sequence[str]) -> int:
    """Raises `Conflict` where a run works on one of them."""
    name = table.__tablename__
    query = text(f"""
        with v as materialized (select * from {_ROWS.format(name=name)}),
        held as (
            select t.id, t.batch_id from {name} t join v on v.id = t.id
            where t.workspace_id = :workspace order by t.id for update of t)
        update {name} t set {", ".join(f"{column} = v.{column}" for column in columns)}
        from v, held where t.workspace_id = :workspace and t.id = v.id and held.id = t.id
        returning held.batch_id
    """)  # noqa: S608
    found = list(await session.scalars(query, facts))
    if any(batch is not None for batch in found):
        raise Conflict(
            "A run works on some of this just now. Nothing was put back; try again when it is done."
        )
    return len(found)


async def _take_away(session: AsyncSession, facts: dict[str, Any], table: Any) -> int:
    name, workspace_id = table.__tablename__, facts["workspace"]
    numbers = list(
        await session.scalars(text(f"select id from {_ROWS.format(name=name)} order by id"), facts)  # noqa: S608
    )
    if table is Task:
        await lock_tasks(session, workspace_id, Task.id.in_(numbers))
    if table is Cluster and await lock_ideas(session, workspace_id, Idea.cluster_id.in_(numbers)):
        raise Conflict("Ideas were planned for the new cluster since. Nothing was put back.")
    if table is Idea:
        await lock_tasks(session, workspace_id, Task.idea_id.in_(numbers))
    gone = delete(table).where(table.workspace_id == workspace_id, table.id.in_(numbers)).returning(table.id)
    return len((await session.execute(gone)).all())


async def _clusters_of(
    session: AsyncSession, facts: dict[str, Any], steps: Sequence[Mapping[str, Any]]
) -> set[int]:
    """The clusters that the keywords of the steps are in now."""
    found: set[int] = set()
    for at, step in enumerate(steps):
        if step["table"] == Keyword.__tablename__:
            query = text(f"""
                select distinct k.cluster_id from keywords k
                join {_ROWS.format(name="keywords")} v on v.id = k.id
                where k.workspace_id = :workspace and k.cluster_id is not null
            """)  # noqa: S608
            found |= set(await session.scalars(query, facts | {"at": str(at)}))
    return found
