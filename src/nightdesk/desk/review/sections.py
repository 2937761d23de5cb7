"""Sections of articles that are to be written again: asked for with a note, taken back, tried again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.items import Items, in_hand, written
from nightdesk.desk.paging import Order, orders
from nightdesk.desk.people import Actor
from nightdesk.desk.review.contents import Contents
from nightdesk.desk.review.inputs import NewSection
from nightdesk.kit.clock import Clock
from nightdesk.lines.article.sections import CLOSED, credits_for
from nightdesk.lines.article.writing.parts import Part, parts_of
from nightdesk.store.events import Happening, write
from nightdesk.store.tables.sections import Section
from nightdesk.store.tables.writer import Content

MOST = 100
"""Of an article, that are listed: what is asked for, and the newest that were made."""


@dataclass(frozen=True)
class Writable:
    """A section of an article as it stands, and what it costs to have it written again."""

    anchor: str
    heading: str
    words: int
    credits: int


class Sections(Items[Section]):
    """What was asked for, of the articles of a site."""

    table, word, named = Section, "section", "heading"
    orders = orders(Order("newest", Section.id, Section.id))

    def __init__(self, contents: Contents, clock: Clock) -> None:
        super().__init__(contents.store, contents.control)
        self._contents, self._clock = contents, clock

    async def writable(self, workspace_id: int, number: int) -> list[Writable]:
        """The sections that an article has, in their order. Raises `NotFound`."""
        content = await self._contents.get(workspace_id, number)
        return [_writable(part) for part in parts_of(content.markdown, content.headings)]

    async def of_content(self, workspace_id: int, number: int) -> list[Section]:
        """Those asked for of an article, the newest first. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            await self._contents.find(session, workspace_id, number)
            mine = (Section.workspace_id == workspace_id, Section.content_id == number)
            return list(
                await session.scalars(select(Section).where(*mine).order_by(Section.id.desc()).limit(MOST))
            )

    async def of(self, workspace_id: int, content_id: int, number: int) -> Section:
        """One of an article. Raises `NotFound`."""
        section = await self.get(workspace_id, number)
        if section.content_id != content_id:
            raise NotFound("section")
        return section

    async def ask(self, workspace_id: int, number: int, new: NewSection, by: Actor | None = None) -> Section:
        """Asks for a section anew, which the next run writes; one that failed is asked for again.

        Raises `NotFound`; `Invalid` for a heading that the article has not, or has twice; `Conflict` where it
        is asked for already, or the article is closed.
        """
        async with self.writing(workspace_id) as session:
            content = await self._contents.find(session, workspace_id, number, lock=True)
            _open(content)
            part = _meant(parts_of(content.markdown, content.headings), new.heading)
            await self._make_room(session, content, part)
            section = Section(workspace_id=workspace_id, site_id=content.site_id, content_id=number)
            _as_it_stands(section, part)
            section.note, section.asked_by, section.who = new.note, *_named(by)
            session.add(section)
            section = await written(session, section)
            await self._tell(session, content, section, "is to be written again")
            return section

    async def try_again(self, workspace_id: int, content_id: int, number: int) -> Section:
        """Has a failed one tried again, with the section as it stands now.

        Raises `NotFound`; `Conflict` where it did not fail, or the article has no such section any more.
        """
        async with self.writing(workspace_id) as session:
            content = await self._contents.find(session, workspace_id, content_id, lock=True)
            section = await self._taken(session, workspace_id, content_id, number)
            if section.parked_at is None:
                raise Conflict("This did not fail: there is nothing to try again.")
            _open(content)
            parts = parts_of(content.markdown, content.headings)
            part = next((one for one in parts if one.anchor == section.anchor), None)
            if part is None:
                raise Conflict("The article has no such section any more: let this be.")
            _as_it_stands(section, part)
            section.parked_at, section.error, section.last_run, section.tries = None, None, None, 0
            section = await written(session, section)
            await self._tell(session, content, section, "is to be written again")
            return section

    async def take_back(self, workspace_id: int, content_id: int, number: int) -> None:
        """Asks for it no more. Raises `NotFound`; `Conflict` once it is made or while it is in hand."""
        async with self.writing(workspace_id) as session:
            content = await self._contents.find(session, workspace_id, content_id, lock=True)
            section = await self._taken(session, workspace_id, content_id, number)
            if section.status == "made":
                raise Conflict("It is written already: bring the revision before it back instead.")
            await self._tell(session, content, section, "stays as it is")
            await session.delete(section)

    async def _taken(self, session: AsyncSession, workspace_id: int, content_id: int, number: int) -> Section:
        section = await self.take(session, workspace_id, number)
        if section.content_id != content_id:
            raise NotFound("section")
        return section

    async def _make_room(self, session: AsyncSession, content: Content, part: Part) -> None:
        """Raises `Conflict` where the section is asked for already; one that failed is forgotten."""
        query = select(Section).where(
            Section.workspace_id == content.workspace_id,
            Section.content_id == content.id,
            Section.anchor == part.anchor,
            Section.status == "pending",
        )
        before = (await session.scalars(query.with_for_update())).one_or_none()
        if before is None:
            return
        if before.batch_id is not None:
            raise in_hand("section")
        if before.parked_at is None:
            raise Conflict("This section is to be written again already: take that back to ask anew.")
        await session.delete(before)
        await session.flush()

    async def _tell(self, session: AsyncSession, content: Content, section: Section, told: str) -> None:
        """So that open pages of the article look again."""
        data = {"content_id": content.id, "section_id": section.id}
        happening = Happening(
            "content_section", f"“{section.heading}” of “{content.title}” {told}.", data=data
        )
        at = self._clock.now()
        await write(session, content.workspace_id, [happening], at=at, site_id=content.site_id)


def _open(content: Content) -> None:
    if content.status in CLOSED:
        raise Conflict(CLOSED[content.status])


def _meant(parts: Sequence[Part], heading: str) -> Part:
    """By its anchor, else by its text. Raises `Invalid`."""
    wanted = " ".join(heading.split())
    found = [part for part in parts if part.anchor == wanted]
    found = found or [part for part in parts if part.heading.casefold() == wanted.casefold()]
    if not found:
        raise Invalid("heading", "The article has no section with this heading.")
    if len(found) > 1:
        raise Invalid(
            "heading", "The article has several sections with this heading: give the anchor of one."
        )
    return found[0]


def _as_it_stands(section: Section, part: Part) -> None:
    section.anchor, section.heading = part.anchor, part.heading
    section.fingerprint, section.words = part.fingerprint, part.words


def _writable(part: Part) -> Writable:
    return Writable(part.anchor, part.heading, part.words, credits_for(part.words))


def _named(by: Actor | None) -> tuple[int | None, str]:
    return (by.person_id, by.name) if by else (None, "")
