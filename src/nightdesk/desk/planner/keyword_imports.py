"""A file of keywords as a person takes it in: looked at, its columns set right, stored with progress."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from nightdesk.desk.errors import Unreadable
from nightdesk.desk.items import site_of
from nightdesk.desk.keeping import within_quota
from nightdesk.desk.planner import merging
from nightdesk.desk.planner.imports import Gathered, ImportReport, MergedLine
from nightdesk.kit.endings import Refused
from nightdesk.sources import keyword_files
from nightdesk.sources.keyword_files import Layout
from nightdesk.store.quota import Quota
from nightdesk.store.session import Store

AT_ONCE = 500
"""Keywords stored between two words of progress."""

CHOSEN: Mapping[str, Sequence[str]] = {
    "phrase": (),
    "volume": ("impressions", "clicks"),
    "difficulty": (),
    "cpc": ("bid_low", "bid_high"),
    "intent": ("informational", "navigational", "commercial", "transactional"),
}
"""The columns that a person may set, each with those that stand in for it where it is missing."""

Told = Callable[[int, int], Awaitable[None]]


@dataclass(frozen=True)
class Preview:
    """What a file holds before anything is stored.

    Where it cannot be read as its columns are set `report` is None, and `why` says why.
    """

    name: str
    layout: Layout
    at: Mapping[str, int]
    report: ImportReport | None
    why: str = ""


@dataclass(frozen=True)
class KeywordImports:
    """Raises `NotFound` for the site, and `Unreadable` where the file cannot be read at all."""

    store: Store
    quota: Quota

    async def preview(
        self,
        workspace_id: int,
        site_id: int,
        name: str,
        content: bytes,
        chosen: Mapping[str, int | None] | None = None,
    ) -> Preview:
        """What would become of each line; `chosen` sets columns, None for one that the file has not."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
        try:
            layout = await asyncio.to_thread(keyword_files.look, content)
        except Refused as error:
            raise Unreadable(error.why) from error
        at = _places(layout, chosen)
        try:
            read = await asyncio.to_thread(keyword_files.read, name, content, at)
        except Refused as error:
            return Preview(name, layout, at, None, error.why)
        async with self.store.workspace(workspace_id) as session:
            report = await Gathered.of_file(read).keep(session, workspace_id, site_id, preview=True)
        return Preview(name, layout, at, report)

    async def begin(
        self,
        workspace_id: int,
        site_id: int,
        name: str,
        content: bytes,
        chosen: Mapping[str, int | None] | None = None,
    ) -> "Running":
        """Reads the file; nothing is stored until the import that this returns is run. Raises `Full`."""
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
        with within_quota():
            await self.quota.room(workspace_id)
        try:
            layout = await asyncio.to_thread(keyword_files.look, content)
            read = await asyncio.to_thread(keyword_files.read, name, content, _places(layout, chosen))
        except Refused as error:
            raise Unreadable(error.why) from error
        return Running(self.store, workspace_id, site_id, name, Gathered.of_file(read))


@dataclass(frozen=True)
class Running:
    """An import that was read and waits to be stored."""

    store: Store
    workspace_id: int
    site_id: int
    name: str
    gathered: Gathered

    async def run(self, tell: Told) -> ImportReport:
        """Stores all of it or, where something fails, nothing; `tell` hears how many of how many are done."""
        # In one order, so that two imports at a time do not wait for each other in a circle.
        rows = sorted(self.gathered.rows, key=lambda row: row.normal)
        new: set[str] = set()
        await tell(0, len(rows))
        async with self.store.workspace(self.workspace_id) as session:
            before = await merging.known(
                session, self.workspace_id, self.site_id, [row.normal for row in rows]
            )
            for start in range(0, len(rows), AT_ONCE):
                part = rows[start : start + AT_ONCE]
                new |= await merging.put(session, self.workspace_id, self.site_id, part, self.gathered.source)
                await tell(min(start + AT_ONCE, len(rows)), len(rows))
        return self._told(new, before)

    def _told(self, new: set[str], before: Mapping[str, int]) -> ImportReport:
        rows = self.gathered.rows
        there = [
            MergedLine(row.line, row.phrase, into_id=before.get(row.normal))
            for row in rows
            if row.normal not in new
        ]
        return ImportReport(
            preview=False,
            taken=[row for row in rows if row.normal in new],
            merged=sorted([*self.gathered.merged, *there], key=lambda one: one.line),
            refused=self.gathered.refused,
            name=self.name,
            format=self.gathered.source,
        )


def _places(layout: Layout, chosen: Mapping[str, int | None] | None) -> dict[str, int]:
    """Where the columns are: as they were recognised, but where a person says otherwise."""
    at = dict(layout.at)
    for ours, place in (chosen or {}).items():
        if ours not in CHOSEN or place == layout.at.get(ours):
            continue
        for other in (ours, *CHOSEN[ours]):
            at.pop(other, None)
        if place is not None:
            at[ours] = place
    return at
