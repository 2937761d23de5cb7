"""Before the articles of stage 4: writes sections again that a person asked for, each with a note."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.calculating import calculated
from nightdesk.kit.endings import Refused
from nightdesk.lines.article.asking import ask
from nightdesk.lines.article.writing.anew import Subject, body_of, picked, question, subject
from nightdesk.lines.article.writing.counts import FIELDS, WORDS_A_CREDIT
from nightdesk.lines.article.writing.parts import part_like, parts_of
from nightdesk.lines.article.writing.revising import Change, revising
from nightdesk.lines.article.writing.version import Text, around, become, version
from nightdesk.lines.asking import site_brief
from nightdesk.lines.side_by_side import each
from nightdesk.providers.text.questions import SectionWritten
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.sections import Section
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content

LEAST_TOKENS, TOKENS_A_WORD = 4096, 8
CHANGED = (
    "The section was changed meanwhile; nothing was overwritten. Ask again for the section as it is now, or "
    "let it be."
)
CLOSED = {
    "published": "The article is published: take it down before a section of it is written again.",
    "rejected": "The article was rejected: put it back into the queue before a section is written again.",
}
"""By the article's status, why its sections stay as they are."""


@dataclass(frozen=True)
class Made:
    """A section ready to be put in its place."""

    body: str
    label: str
    trusted: bool
    at: datetime


@dataclass(frozen=True)
class _Asker:
    """Whoever asked for it, as the revision names them."""

    person_id: int | None
    name: str


class Sections(Stage[Section]):
    """Each section asked for is written again and put in its place, unless that was changed meanwhile."""

    number, name, title = 4, "sections", "Tasks → Content"
    policy = Policy(batch_size=1, timeout=300.0)
    table, waits, counted = Section, "pending", "sections_made"
    fields = FIELDS

    def estimate(self, items: Sequence[Section]) -> int:
        return sum(credits_for(section.words) for section in items)

    def credits_each(self) -> ColumnElement[Any]:
        return func.greatest((Section.words + (WORDS_A_CREDIT - 1)) // WORDS_A_CREDIT, 1)

    def heading(self, item: Section) -> str:
        return item.heading

    async def load(
        self, session: AsyncSession, site: Site, items: Sequence[Section]
    ) -> dict[int, Subject | None]:
        """What each is written from; None where the section is not as it was asked about."""
        return {section.id: await subject(session, site, section) for section in items}

    async def work(
        self, items: Sequence[Section], material: Mapping[int, Subject | None], bench: Bench
    ) -> dict[int, Made]:
        made = await each(items, lambda section: _write(section, material[section.id], bench))
        return {section.id: one for section, one in zip(items, made, strict=True)}

    async def save(
        self, session: AsyncSession, site: Site, items: Sequence[Section], made: Mapping[int, Made]
    ) -> Saved:
        refused: dict[int, str] = {}
        lines: list[str] = []
        for section in items:
            try:
                title = await _put_in_place(session, site, section, made[section.id])
            except Refused as refusal:
                refused[section.id] = refusal.why
                continue
            lines.append(f"Wrote “{section.heading}” of “{title}” again.")
        return Saved({"sections_made": len(items) - len(refused)}, refused, lines=lines)


def credits_for(words: int) -> int:
    """What it costs to have a section of so many words written again."""
    return max(-(-words // WORDS_A_CREDIT), 1)


async def _write(section: Section, about: Subject | None, bench: Bench) -> Made:
    """Raises `Refused` where the section is another by now, or the answer holds no new text."""
    if about is None:
        raise Refused(CHANGED)
    if about.status in CLOSED:
        raise Refused(CLOSED[about.status])
    asked = question(
        section.note, about, await calculated(picked, section.note, about), site_brief(bench.site)
    )
    tokens = max(LEAST_TOKENS, TOKENS_A_WORD * asked.words)
    answer = await ask(bench, "section", asked, SectionWritten, tokens)
    label, trusted = bench.text.label, bench.text.trusted_to_publish
    body = await calculated(body_of, answer, asked, bench.site)
    return Made(body, label, trusted, bench.clock.now())


async def _put_in_place(session: AsyncSession, site: Site, section: Section, made: Made) -> str:
    """Makes the next revision of the article, whose title it answers.

    Raises `Refused`; then nothing of the article is another.
    """
    key = (site.workspace_id, section.content_id)
    content = await session.get_one(Content, key, with_for_update=True, populate_existing=True)
    if content.status in CLOSED:
        raise Refused(CLOSED[content.status])
    part = part_like(parts_of(content.markdown, content.headings), section.anchor, section.fingerprint)
    if part is None:
        raise Refused(CHANGED)
    same = {name: getattr(content, name) for name in ("title", "meta_title", "meta_description", "structure")}
    text = Text(markdown=part.with_body(made.body), **same)
    task = await session.get_one(Task, (site.workspace_id, content.task_id))
    beside = await around(session, site, task.brief, text.markdown, but_not=content.id)
    new = await calculated(version, text, beside)
    if not part.stands_alone_in(new.rendered.markdown):
        raise Refused(
            "The rest of the article would not stay as it is: something that it cites or links to is gone. "
            "Nothing was changed; edit the article by hand once, then ask again."
        )
    change = Change("section_again", _Asker(section.asked_by, section.who), made.at, section.heading)
    async with revising(session, content, change):
        await become(session, content, new, site)
        content.may_publish_itself = content.may_publish_itself and made.trusted
        content.label = ", ".join(dict.fromkeys(filter(None, [*content.label.split(", "), made.label])))
    section.status, section.label, section.revision = "made", made.label, content.revision
    return content.title
