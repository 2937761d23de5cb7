"""Revisions of an article: kept with each change that a person makes, listed, read again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer, load_only

from nightdesk.desk.errors import NotFound
from nightdesk.lines.article.writing.revising import WRITTEN
from nightdesk.store.session import Store
from nightdesk.store.tables.gate import Revision
from nightdesk.store.tables.writer import Content, Image


@dataclass(frozen=True)
class EarlierPicture:
    """A file that a picture had, last at that revision."""

    revision: int
    asset: str
    alt: str
    label: str
    at: datetime


@dataclass(frozen=True)
class Revisions:
    """Reads what was kept."""

    store: Store

    async def listed(self, workspace_id: int, number: int) -> Sequence[Revision]:
        """All of an article's without their texts, the newest first; untouched, it is its only one itself.

        Raises `NotFound`.
        """
        async with self.store.workspace(workspace_id) as session:
            light = (defer(Revision.markdown, raiseload=True), defer(Revision.pictures, raiseload=True))
            kept = await session.scalars(_of(workspace_id, number).options(*light))
            return list(kept) or [await _as_it_is(session, workspace_id, number)]

    async def earlier_pictures(self, workspace_id: int, image: Image) -> list[EarlierPicture]:
        """The files that a picture had and has no more, the last first."""
        async with self.store.workspace(workspace_id) as session:
            query = _of(workspace_id, image.content_id).options(
                load_only(Revision.pictures, Revision.at, raiseload=True)
            )
            kept = list(await session.scalars(query))
        found: dict[str, EarlierPicture] = {}
        for one in kept:
            for had in one.pictures:
                asset = had["asset"]
                if had["id"] == image.id and asset and asset != image.asset and asset not in found:
                    found[asset] = EarlierPicture(one.number, asset, had["alt"], had["label"], one.at)
        return list(found.values())

    async def get(self, workspace_id: int, number: int, revision: int) -> Revision:
        """One of them. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            kept = await session.get(Revision, (workspace_id, number, revision))
            now = kept or await _as_it_is(session, workspace_id, number)
        if now.number != revision:
            raise NotFound("revision of this article")
        return now


def _of(workspace_id: int, number: int) -> Select[Revision]:
    mine = (Revision.workspace_id == workspace_id, Revision.content_id == number)
    return select(Revision).where(*mine).order_by(Revision.number.desc())


async def _as_it_is(session: AsyncSession, workspace_id: int, number: int) -> Revision:
    content = await session.get(Content, (workspace_id, number))
    if content is None:
        raise NotFound("content")
    same = ("title", "slug", "structure", "markdown", "meta_title", "meta_description", "words")
    return Revision(
        workspace_id=workspace_id,
        content_id=number,
        number=content.revision,
        pictures=[],
        what=WRITTEN,
        about="",
        who=content.label,
        at=content.created_at,
        **{name: getattr(content, name) for name in same},
    )
