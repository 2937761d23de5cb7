"""Revisions of an article: kept with each change that a person makes, listed, read again."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer, load_only

from nightdesk.desk.errors import NotFound
from nightdesk.desk.people import Actor
from nightdesk.store.events import Happening, write
from nightdesk.store.session import Store
from nightdesk.store.tables.gate import Revision
from nightdesk.store.tables.writer import Content, Image

GATE = ("approved", "sent_back", "rejected")
"""Where an article stands after a decision; a change brings it back before the gate."""

What = Literal[
    "edited",
    "brought_back",
    "picture_added",
    "picture_described",
    "picture_again",
    "picture_replaced",
    "picture_put_back",
    "picture_removed",
    "section_again",
]
TOLD: dict[What, str] = {
    "edited": "was edited",
    "brought_back": "was brought back to an earlier revision",
    "picture_added": "gets one more picture",
    "picture_described": "has a picture described anew",
    "picture_again": "gets a picture made again",
    "picture_replaced": "has a picture replaced",
    "picture_put_back": "has an earlier picture again",
    "picture_removed": "lost a picture",
    "section_again": "has a section made again",
}
WRITTEN = "written"
"""What the first revision is called: the article as it was made."""

_KEEP = text("""
    insert into revisions (workspace_id, content_id, number, title, slug, structure, markdown, meta_title,
                           meta_description, words, pictures, what, about, person_id, who, at)
    select c.workspace_id, c.id, c.revision, c.title, c.slug, c.structure, c.markdown, c.meta_title,
           c.meta_description, c.words, coalesce((
               select jsonb_agg(jsonb_build_object(
                   'id', i.id, 'kind', i.kind, 'heading', i.heading, 'alt', i.alt, 'caption', i.caption,
                   'prompt', i.prompt, 'asset', i.asset, 'mime', i.mime, 'width', i.width,
                   'height', i.height, 'label', i.label) order by i.position)
               from images i where i.workspace_id = c.workspace_id and i.content_id = c.id), '[]'),
           cast(:what as text), cast(:about as text), cast(:person as bigint),
           coalesce(cast(:who as text), c.label), coalesce(cast(:at as timestamptz), c.created_at)
    from contents c where c.workspace_id = :workspace and c.id = :content
    on conflict do nothing
""")


@dataclass(frozen=True)
class Change:
    """What is about to be done to an article, by whom and when; `about` names the part.

    Nobody is named where a client with a key, or the command, asks.
    """

    what: What
    by: Actor | None
    at: datetime
    about: str = ""


@asynccontextmanager
async def revising(session: AsyncSession, content: Content, change: Change) -> AsyncIterator[None]:
    """Around a change to a locked article: keeps it as it was and as it becomes, and voids its decision."""
    as_made = {"what": WRITTEN, "about": "", "person": None, "who": None, "at": None}
    await _keep(session, content, as_made)
    yield
    touch(content)
    await session.flush()
    person, who = change.by.person_id if change.by else None, change.by.name if change.by else ""
    as_changed = {"what": change.what, "about": change.about, "person": person, "who": who, "at": change.at}
    await _keep(session, content, as_changed)
    data = {"content_id": content.id, "revision": content.revision, "what": change.what, "who": who}
    message = f"“{content.title}” {TOLD[change.what]}{f' by {who}' if who else ''}."
    happening = Happening("content_changed", message, data=data)
    await write(session, content.workspace_id, [happening], at=change.at, site_id=content.site_id)


def touch(content: Content) -> None:
    """Notes that what readers would see has changed: what was decided no longer holds."""
    content.revision += 1
    if content.status in GATE:
        content.status = "review"
    content.reviewed_at = None


async def _keep(session: AsyncSession, content: Content, facts: dict[str, Any]) -> None:
    where = {"workspace": content.workspace_id, "content": content.id}
    await session.execute(_KEEP, where | facts)


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
