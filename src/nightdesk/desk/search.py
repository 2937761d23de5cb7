"""One search over what a workspace has: its sites, pieces, videos, clusters, keywords and runs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from nightdesk.sources import keyword_files
from nightdesk.store.session import Store
from nightdesk.store.tables.planner import Cluster, Keyword
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

EACH = 6
"""Hits of each kind."""

LONGEST = 200
TITLED = func.coalesce(func.nullif(Video.title, ""), Video.topic)
"""What a video is called: its topic until its script has a title."""

_START_OF_AN_ID = re.compile(r"[0-9a-f]{6,32}")


@dataclass(frozen=True)
class Hit:
    """Something found: `kind` is `site`, `piece`, `video`, `cluster`, `keyword` or `run`."""

    kind: str
    id: str
    name: str
    site: str
    slug: str
    state: str


@dataclass(frozen=True)
class Search:
    """Finds by a piece of the name; keywords, of which there may be a million, by how they begin."""

    store: Store

    async def find(self, workspace_id: int, words: str) -> list[Hit]:
        """Some of each kind, sites first; nothing for fewer than two characters."""
        words = " ".join(words.replace("\0", " ").split())[:LONGEST]
        if len(words) < 2:
            return []
        async with self.store.workspace(workspace_id) as session:
            query = select(Site).where(Site.workspace_id == workspace_id, Site.archived_at.is_(None))
            sites = {site.id: site for site in await session.scalars(query)}
            return [
                *(_hit("site", site, site.name, site, "") for site in _sites(sites.values(), words)),
                *await self._named(session, workspace_id, sites, Content, "piece", Content.title, words),
                *await self._named(session, workspace_id, sites, Video, "video", TITLED, words),
                *await self._named(session, workspace_id, sites, Cluster, "cluster", Cluster.name, words),
                *await self._keywords(session, workspace_id, sites, words),
                *await self._runs(session, workspace_id, sites, words),
            ]

    async def _named(
        self,
        session: AsyncSession,
        workspace_id: int,
        sites: dict[int, Site],
        table: Any,
        kind: str,
        name: ColumnElement[str] | InstrumentedAttribute[str],
        words: str,
    ) -> list[Hit]:
        query = (
            select(table.id, name, table.site_id, table.state)
            .where(table.workspace_id == workspace_id, table.site_id.in_(sites))
            .where(*(name.icontains(word, autoescape=True) for word in words.split()))
            .order_by(table.id.desc())
            .limit(EACH)
        )
        found = await session.execute(query)
        return [Hit(kind, str(id), said, *_of(sites[site]), state) for id, said, site, state in found]

    async def _keywords(
        self, session: AsyncSession, workspace_id: int, sites: dict[int, Site], words: str
    ) -> list[Hit]:
        query = (
            select(Keyword.id, Keyword.phrase, Keyword.site_id, Keyword.state)
            .where(Keyword.workspace_id == workspace_id, Keyword.site_id.in_(sites))
            .where(Keyword.normal.startswith(keyword_files.normalise(words), autoescape=True))
            .order_by(Keyword.normal)
            .limit(EACH)
        )
        found = await session.execute(query)
        return [Hit("keyword", str(id), said, *_of(sites[site]), state) for id, said, site, state in found]

    async def _runs(
        self, session: AsyncSession, workspace_id: int, sites: dict[int, Site], words: str
    ) -> list[Hit]:
        start = words.lower().replace("-", "")
        if not _START_OF_AN_ID.fullmatch(start):
            return []
        low, high = UUID(start.ljust(32, "0")), UUID(start.ljust(32, "f"))
        query = (
            select(Run)
            .where(Run.workspace_id == workspace_id, Run.id.between(low, high), Run.site_id.in_(sites))
            .order_by(Run.id.desc())
            .limit(EACH)
        )
        found = await session.scalars(query)
        return [_hit("run", run, f"Run {run.id}", sites[run.site_id], run.status) for run in found]


def _sites(sites: Iterable[Site], words: str) -> Sequence[Site]:
    wanted = words.lower().split()
    fit = [s for s in sites if all(word in f"{s.name} {s.slug}".lower() for word in wanted)]
    return fit[:EACH]


def _hit(kind: str, row: Site | Run, name: str, site: Site, state: str) -> Hit:
    return Hit(kind, str(row.id), name, *_of(site), state)


def _of(site: Site) -> tuple[str, str]:
    return site.name, site.slug
