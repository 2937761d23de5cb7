"""Changes to an article that is kept: the revision before and after, and what was decided made void."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store.events import Happening, write
from nightdesk.store.tables.writer import Content

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
    "section_again": "has a section written again",
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


class Person(Protocol):
    """Whoever does it, by the name borne then."""

    @property
    def person_id(self) -> int | None: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Change:
    """What is about to be done to an article, by whom and when; `about` names the part.

    Nobody is named where a client with a key, or the command, asks.
    """

    what: What
    by: Person | None
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
