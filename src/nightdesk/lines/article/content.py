"""Stage 4: writes the articles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.calculating import calculated
from nightdesk.kit.endings import Refused
from nightdesk.lines.article.asking import ask
from nightdesk.lines.article.rendering import links
from nightdesk.lines.article.rendering.page import Rendered, render
from nightdesk.lines.article.writing.checking import checked
from nightdesk.lines.article.writing.counts import FIELDS, WORDS_A_CREDIT
from nightdesk.lines.article.writing.keeping import KeptAlready, keep
from nightdesk.lines.article.writing.likeness import check_against_own, remember
from nightdesk.lines.asking import site_brief
from nightdesk.lines.material import FEWEST_WORDS, Material, read_material, terms
from nightdesk.lines.passages import in_reading_order, pick
from nightdesk.lines.side_by_side import each
from nightdesk.providers.text.questions import ArticleToWrite, ArticleWritten, Passage
from nightdesk.quality import originality
from nightdesk.quality.fingerprints import fingerprint
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.tenancy import Site

PASSAGES = 40
MAIN_KEYWORDS = 2
"""Which say what the article is about; those after them lie beside it as often."""
TOKENS_A_WORD = 4
LEAST_TOKENS = 8192


@dataclass(frozen=True)
class Written:
    """An article ready to be kept."""

    rendered: Rendered
    checks: dict[str, Any]
    fingerprint: list[int]
    label: str
    trusted: bool


class Content(Stage[Task]):
    """Each task becomes an article, with what it cites and what the checks found."""

    number, name, title = 4, "content", "Tasks → Content"
    policy = Policy(batch_size=1, timeout=420.0)
    table, waits, counted = Task, "queued", "tasks_processed"
    fields = FIELDS

    def estimate(self, items: Sequence[Task]) -> int:
        return sum(-(-task.words // WORDS_A_CREDIT) for task in items)

    def credits_each(self) -> ColumnElement[Any]:
        return (Task.words + (WORDS_A_CREDIT - 1)) // WORDS_A_CREDIT

    async def load(self, session: AsyncSession, site: Site, items: Sequence[Task]) -> dict[int, Material]:
        return {task.id: await read_material(session, site, task.brief) for task in items}

    async def work(
        self, items: Sequence[Task], material: Mapping[int, Material], bench: Bench
    ) -> dict[int, Written]:
        written = await each(items, lambda task: _write(task, material[task.id], bench))
        return {task.id: one for task, one in zip(items, written, strict=True)}

    async def save(
        self, session: AsyncSession, site: Site, items: Sequence[Task], made: Mapping[int, Written]
    ) -> Saved:
        refused: dict[int, str] = {}
        lines: list[str] = []
        words = 0
        for task in items:
            one = made[task.id]
            own = await check_against_own(session, site, one.rendered.text, one.fingerprint)
            checks = {**one.checks, own.name: own.as_json()}
            facts = {"checks": checks, "label": one.label, "may_publish_itself": one.trusted}
            try:
                number, _ = await keep(session, site, task, one.rendered, **facts)
            except KeptAlready:
                refused[task.id] = (
                    "There is an article for this task already: edit that one, or delete it first."
                )
                continue
            await remember(session, site, number, one.fingerprint)
            task.status = "completed"
            words += one.rendered.words
            lines.append(f"Wrote “{one.rendered.title}”: {one.rendered.words} words, {_cited(one.rendered)}.")
        done = len(items) - len(refused)
        counts = {"tasks_processed": done, "content_created": done, "total_words": words}
        return Saved(counts, refused, lines=lines)


async def _write(task: Task, material: Material, bench: Bench) -> Written:
    brief = task.brief
    passages = await calculated(_picked, brief, material)
    asked = _question(brief, material, passages, bench.site)
    tokens = max(LEAST_TOKENS, TOKENS_A_WORD * brief["words"])
    answer = await ask(bench, "article", asked, ArticleWritten, tokens)
    # Read at once: with a second provider to fall back to, they tell of the one that answered last.
    label, trusted = bench.text.label, bench.text.trusted_to_publish
    rendered, checks, mark = await calculated(_finish, answer, asked, material, passages, bench.site)
    return Written(rendered, checks, mark, label, trusted)


def _picked(brief: Mapping[str, Any], material: Material) -> list[tuple[int, str]]:
    """The passages to write from, each document's together and in its own order, the best document first."""
    main = [brief["title"], *brief["keywords"][:MAIN_KEYWORDS]]
    titles = {number: document.title for number, document in material.documents.items()}
    steps = brief["structure"] == "how_to"
    best = pick(material.passages, terms(brief), PASSAGES, main=main, titles=titles, steps=steps)
    return in_reading_order(best, material.passages)


def _question(
    brief: Mapping[str, Any], material: Material, passages: Sequence[tuple[int, str]], site: Site
) -> ArticleToWrite:
    given = dict.fromkeys(document for document, _ in passages)
    return ArticleToWrite(
        site=site_brief(site),
        **{
            name: brief[name]
            for name in ("title", "angle", "keywords", "intent", "structure", "outline", "words")
        },
        documents=[material.documents[number] for number in given],
        passages=[Passage(document=document, text=text) for document, text in passages],
        own_pieces=list(material.own_pieces),
    )


def _finish(
    answer: ArticleWritten,
    asked: ArticleToWrite,
    material: Material,
    passages: Sequence[tuple[int, str]],
    site: Site,
) -> tuple[Rendered, dict[str, Any], list[int]]:
    """Renders and checks what was written. Raises `Refused` where hardly anything is left of it."""
    pieces = {piece.slug: piece.title for piece in asked.own_pieces}
    place = links.Site(site.name, site.language, pieces=pieces)
    rendered = render(answer, asked.documents, place, structure=asked.structure)
    if rendered.words < FEWEST_WORDS:
        raise Refused(
            f"The answer holds {rendered.words} words of text where {asked.words} were asked for.",
            answer.markdown,
        )
    checks = checked(rendered, asked.model_dump(), material, passages, site.language)
    originality.read_ahead(rendered.text)
    return rendered, checks, fingerprint(rendered.text)


def _cited(rendered: Rendered) -> str:
    count = len(rendered.citations)
    return f"{count} document{'s' * (count != 1)} cited" if count else "no document cited"
