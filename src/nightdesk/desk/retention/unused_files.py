"""Removes media files that nothing refers to any more, a day after the last reference went.

Two traces of a file can be left over: a row of `assets` that nobody names, and a file without a row, which a
process left that died between storing it and the transaction that was to name it. A file that somebody is
about to use again was stored anew a moment ago, and its age says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.store.files import Files
from nightdesk.store.session import Store

GRACE = timedelta(hours=24)
AT_ONCE = 500

NAMED = """
    with named as (
        select asset as sha256 from images where workspace_id = :workspace and asset is not null
        union select picture ->> 'asset' from revisions cross join jsonb_array_elements(pictures) as picture
            where workspace_id = :workspace and picture ->> 'asset' is not null
        union select one from videos cross join unnest(array[narration, srt, vtt, videos.file, cover]) as one
            where workspace_id = :workspace and one is not null
        union select one ->> 'asset' from videos cross join jsonb_array_elements(thumbnails) as one
            where workspace_id = :workspace and one ->> 'asset' is not null
        union select one from scenes cross join unnest(array[sound, picture, footage]) as one
            where workspace_id = :workspace and one is not null
        union select one from own_footage cross join unnest(array[picture, footage]) as one
            where workspace_id = :workspace and removed_at is null and one is not null
        union select found[1] from sites
            cross join regexp_matches(brand::text || video_files::text, '[0-9a-f]{64}', 'g') as found
            where workspace_id = :workspace
        union select one ->> 'asset' from videos cross join jsonb_each(given) as kept(what, one)
            where workspace_id = :workspace and one ->> 'asset' is not null)
"""
"""Every file that something names; a test asks that each column which could name one is here."""

_MARK = text(f"""
    {NAMED}
    update assets a set unused_since = case when a.unused_since is null then cast(:now as timestamptz) end
    where a.workspace_id = :workspace
      and (a.unused_since is null) <> exists (select 1 from named where named.sha256 = a.sha256)
""")  # noqa: S608 - put together from our own text
_UNUSED = text("""
    select sha256 from assets where workspace_id = :workspace and unused_since < :before
    order by unused_since limit :most
""")
_FORGET = text(f"""
    {NAMED}
    delete from assets a
    where a.workspace_id = :workspace and a.sha256 = any(cast(:files as text[])) and a.unused_since < :before
      and not exists (select 1 from named where named.sha256 = a.sha256)
    returning a.sha256, a.mime, a.size
""")  # noqa: S608
_AFTER_ALL = text(f"""
    {NAMED} select sha256 from named where sha256 = any(cast(:files as text[]))
""")  # noqa: S608
_PUT_BACK = text("""
    insert into assets (workspace_id, sha256, mime, size) values (:workspace, :sha256, :mime, :size)
    on conflict do nothing
""")
_KNOWN = text(
    "select sha256 from assets where workspace_id = :workspace and sha256 = any(cast(:files as text[]))"
)


@dataclass(frozen=True)
class UnusedFiles:
    """Looks through the files of one workspace after the other."""

    store: Store
    files: Files
    clock: Clock

    async def sweep(self, workspace_id: int) -> int:
        """Removes what is due and returns how many files it were. Raises `Later` or `NeedsPerson`."""
        now = self.clock.now()
        before = now - GRACE
        async with self.store.workspace(workspace_id) as session:
            where: dict[str, Any] = {"workspace": workspace_id, "before": before}
            await session.execute(_MARK, where | {"now": now})
            unused = list(await session.scalars(_UNUSED, where | {"most": AT_ONCE}))
        old = [name for name in unused if await self._is_old(workspace_id, name, before)]
        async with self.store.workspace(workspace_id) as session:
            gone = (await session.execute(_FORGET, where | {"files": old})).all() if old else []
        points.reach("retention.files.forgotten")
        async with self.store.workspace(workspace_id) as session:
            kept = await self._named_after_all(session, workspace_id, gone)
        removed = await self._delete(workspace_id, [row[0] for row in gone if row[0] not in kept], before)
        return removed + await self._sweep_strays(workspace_id, before)

    async def _named_after_all(
        self, session: AsyncSession, workspace_id: int, gone: Sequence[Any]
    ) -> set[str]:
        """Puts back the rows of files that somebody came to name while they were forgotten."""
        files = {"workspace": workspace_id, "files": [row[0] for row in gone]}
        named = set(await session.scalars(_AFTER_ALL, files)) if gone else set()
        for row in gone:
            if row[0] in named:
                await session.execute(_PUT_BACK, {"workspace": workspace_id, **row._asdict()})
        return named

    async def _sweep_strays(self, workspace_id: int, before: datetime) -> int:
        """Removes files that have no row."""
        removed = 0
        async for found in self.files.stored(workspace_id):
            old = [name for name, at in found if at < before]
            async with self.store.workspace(workspace_id) as session:
                known = set(await session.scalars(_KNOWN, {"workspace": workspace_id, "files": old}))
            removed += await self._delete(workspace_id, [name for name in old if name not in known], before)
        return removed

    async def _delete(self, workspace_id: int, names: Sequence[str], before: datetime) -> int:
        removed = 0
        for name in names:
            if await self._is_old(workspace_id, name, before):
                await self.files.delete(workspace_id, name)
                points.reach("retention.files.removed")
                removed += 1
        return removed

    async def _is_old(self, workspace_id: int, name: str, before: datetime) -> bool:
        """Whether it was last stored before that; a file that is gone already is as old as can be."""
        at = await self.files.stored_at(workspace_id, name)
        return at is None or at < before
