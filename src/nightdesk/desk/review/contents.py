"""Articles at the gate: read with what they cost and cite, edited, written by hand, deleted."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from nightdesk.desk.costs import Cost, cost_of
from nightdesk.desk.errors import Conflict, Invalid, Taken
from nightdesk.desk.items import Filter, Items, in_hand, site_of, written
from nightdesk.desk.paging import Order, orders
from nightdesk.desk.people import Actor
from nightdesk.desk.review.inputs import ContentChanges, NewContent
from nightdesk.desk.review.versions import versioned
from nightdesk.engine.control import Control
from nightdesk.kit.clock import Clock
from nightdesk.kit.text import slug as slug_of
from nightdesk.lines.article.rendering.cleaning import clean
from nightdesk.lines.article.review import illustrated
from nightdesk.lines.article.writing.keeping import KeptAlready, keep
from nightdesk.lines.article.writing.likeness import remember
from nightdesk.lines.article.writing.revising import Change, What, revising
from nightdesk.lines.article.writing.version import Around, Text, around, become, drawn, with_originality
from nightdesk.quality.report import Finding
from nightdesk.store.session import Store
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.sections import Section
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content, Image

_HEAVY = (Content.markdown, Content.html, Content.checks, Content.json_ld, Content.headings)


@dataclass(frozen=True)
class Piece:
    """An article with its pictures and its cost."""

    content: Content
    images: Sequence[Image]
    cost: Cost

    @property
    def reports(self) -> dict[str, Any]:
        """What the checks found, by their names; of what else stands beside them nothing is told."""
        kept = self.content.checks.items()
        return {name: one for name, one in kept if isinstance(one, Mapping) and "findings" in one}

    def html(self, address: Callable[[int], str]) -> str:
        """Cleaned, with its pictures in their places; `address` says where an image's file is to be had."""
        return self.illustrated(self.content.html, address)

    def illustrated(self, html: str, address: Callable[[int], str]) -> str:
        """The same of another text for the article."""
        places = {image.asset: address(image.id) for image in self.images if image.asset}
        return clean(illustrated(html, self.images, lambda asset: places[asset]))


@dataclass(frozen=True)
class Preview:
    """How a text would look; nothing of it is kept. `html` is clean and has no pictures."""

    title: str
    html: str
    words: int
    left_out: Sequence[Finding]


class ChangedMeanwhile(Conflict):
    """The article is at another revision than the one that was read; nothing was saved."""

    def __init__(self, now: int, seen: int) -> None:
        self.now, self.seen = now, seen
        super().__init__(
            f"This article was changed meanwhile: it is at revision {now}, you edited revision {seen}. "
            "Nothing was saved; read it again."
        )


class Contents(Items[Content]):
    """The articles of a site."""

    table, word, named = Content, "content", "title"
    light = tuple(defer(column, raiseload=True) for column in _HEAVY)
    orders = orders(
        Order("newest", Content.id, Content.id),
        Order("oldest", Content.id, Content.id, descending=False),
        Order("title", Content.title, Content.id, descending=False),
        Order("words", Content.words, Content.id),
    )

    def narrowed(self, asked: Filter) -> list[ColumnElement[bool]]:
        found = super().narrowed(asked)
        if asked.cluster_id is not None:
            of_cluster = select(Task.id).where(
                Task.workspace_id == Content.workspace_id, Task.cluster_id == asked.cluster_id
            )
            found.append(Content.task_id.in_(of_cluster))
        return found

    def __init__(self, store: Store, control: Control, clock: Clock) -> None:
        super().__init__(store, control)
        self._clock = clock

    async def piece(self, workspace_id: int, number: int) -> Piece:
        """An article with all that is told of it. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            content = await self.find(session, workspace_id, number)
            images = await session.scalars(
                select(Image)
                .where(Image.workspace_id == workspace_id, Image.content_id == number)
                .order_by(Image.position)
            )
            return Piece(content, list(images), await cost_of(session, workspace_id, number))

    async def create(self, workspace_id: int, site_id: int, new: NewContent) -> Content:
        """Keeps an article that was written by hand. Raises `NotFound`, `Invalid`, `Taken`, `Conflict`."""
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            task = await session.get(Task, (workspace_id, new.task_id))
            if task is None or task.site_id != site_id:
                raise Invalid("task_id", "The site has no such task.")
            beside = await around(session, site, task.brief, new.markdown)
        text = Text(new.title, new.markdown, new.meta_title, new.meta_description, task.brief["structure"])
        made = await versioned(text, beside)
        async with self.writing(workspace_id) as session:
            task = await session.get_one(Task, (workspace_id, new.task_id), with_for_update=True)
            if task.batch_id is not None:
                raise in_hand("task")
            checks = await with_originality(session, site, made)
            try:
                number, _ = await keep(session, site, task, made.rendered, checks=checks)
            except KeptAlready as error:
                raise Taken("There is an article for this task already: edit that one.") from error
            await remember(session, site, number, made.fingerprint)
            task.status, task.parked_at, task.error = "completed", None, None
            return await session.get_one(Content, (workspace_id, number))

    async def preview(self, workspace_id: int, number: int, changes: ContentChanges) -> Preview:
        """How the article would look with these changes. Raises `NotFound`, `Invalid`."""
        async with self.store.workspace(workspace_id) as session:
            content = await self.find(session, workspace_id, number)
            text = _text(content, changes.given())
            _, beside = await self._beside(session, content, text)
        rendered = await asyncio.to_thread(drawn, text, beside)
        return Preview(rendered.title, rendered.html, rendered.words, rendered.findings)

    async def change(
        self,
        workspace_id: int,
        number: int,
        changes: ContentChanges,
        by: Actor | None = None,
        *,
        what: What = "edited",
        about: str = "",
    ) -> Content:
        """Edits an article: renders and checks it anew, raises its revision, voids its approval.

        Raises `NotFound`, `Invalid`, `Taken`; `Conflict` while it is in hand, `ChangedMeanwhile`.
        """
        facts = changes.given()
        async with self.store.workspace(workspace_id) as session:
            content = await self.find(session, workspace_id, number)
            seen = facts.pop("revision", None) or content.revision
            _editable(content, seen)
            text = _text(content, facts)
            site, beside = await self._beside(session, content, text)
        slug = slug_of(facts["slug"], 75) if "slug" in facts else content.slug
        if not slug:
            raise Invalid("slug", "There is no letter and no digit in this address.")
        if slug == content.slug and text == _text(content, {}):
            return content
        made = await versioned(text, beside)
        change = Change(what, by, self._clock.now(), about)
        async with self.writing(workspace_id) as session:
            content = await self.take(session, workspace_id, number)
            _editable(content, seen)
            if slug != content.slug and await _slug_taken(session, site, slug):
                raise Taken(f"The site has a piece at the address `{slug}` already.")
            async with revising(session, content, change):
                content.slug, content.structure = slug, text.structure
                await become(session, content, made, site)
            return await written(session, content)

    async def _beside(self, session: AsyncSession, content: Content, text: Text) -> tuple[Site, Around]:
        site = await site_of(session, content.workspace_id, content.site_id)
        task = await session.get_one(Task, (content.workspace_id, content.task_id))
        return site, await around(session, site, task.brief, text.markdown, but_not=content.id)

    async def delete(self, workspace_id: int, number: int, *, write_again: bool = False) -> None:
        """Deletes it with its pictures; `write_again` puts its task back among those to be written.

        Raises `NotFound`; `Conflict` while it, its picture or section is in hand, or once it is published.
        """
        async with self.writing(workspace_id) as session:
            content = await self.take(session, workspace_id, number)
            if content.status == "published":
                raise Conflict("This article is published: take it down first.")
            for table in (Image, Section):
                below = await session.scalars(
                    select(table.batch_id)
                    .where(table.workspace_id == workspace_id, table.content_id == number)
                    .with_for_update()
                )
                if any(batch is not None for batch in below):
                    raise in_hand("content")
            if write_again:
                task = await session.get_one(Task, (workspace_id, content.task_id), with_for_update=True)
                task.status, task.last_run = "queued", None
            await session.delete(content)


def _editable(content: Content, seen: int) -> None:
    if content.batch_id is not None:
        raise in_hand("content")
    if content.status == "published":
        raise Conflict("This article is published: take it down before you edit it.")
    if content.revision != seen:
        raise ChangedMeanwhile(content.revision, seen)


def _text(content: Content, facts: dict[str, Any]) -> Text:
    names = ("title", "markdown", "meta_title", "meta_description", "structure")
    return Text(**{name: facts.get(name, getattr(content, name)) for name in names})


async def _slug_taken(session: AsyncSession, site: Site, slug: str) -> bool:
    query = select(Content.id).where(
        Content.workspace_id == site.workspace_id, Content.site_id == site.id, Content.slug == slug
    )
    return await session.scalar(query) is not None
