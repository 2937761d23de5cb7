"""What a section is written again from, the question that is asked, and what is kept of the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.endings import Refused
from nightdesk.kit.text import count_words
from nightdesk.lines.article.rendering import links, to_markdown
from nightdesk.lines.article.rendering.nodes import Block, Heading, Text, plain, plain_blocks
from nightdesk.lines.article.rendering.reading import Reader
from nightdesk.lines.article.rendering.structure import ordered
from nightdesk.lines.article.writing.parts import Part, part_like, parts_of
from nightdesk.lines.article.writing.version import cited_in
from nightdesk.lines.material import documents_of, passages_of, read_material
from nightdesk.lines.passages import in_reading_order, pick
from nightdesk.providers.text.questions import (
    OwnPiece,
    Passage,
    SectionToWrite,
    SectionWritten,
    SiteBrief,
    SourceDocument,
)
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.sections import Section
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content

OF_THE_SITE, OF_THE_CITED = 32, 12
"""Passages given: by the words of the note among all, and of the documents that the section cites."""
FEWEST_WORDS = 8
"""Below which an answer is no section."""
LONGEST_REST = 30_000
"""Characters of the rest of the article."""


@dataclass(frozen=True)
class Subject:
    """A section as it stands, with what the site has to write it from; `cited` are its own passages."""

    title: str
    angle: str
    status: str
    headings: Sequence[str]
    part: Part
    documents: Mapping[int, SourceDocument]
    passages: Sequence[tuple[int, str]]
    cited: Sequence[tuple[int, str]]
    own_pieces: Sequence[OwnPiece]


async def subject(session: AsyncSession, site: Site, section: Section) -> Subject | None:
    """None where the article has no such section any more."""
    content = await session.get_one(Content, (site.workspace_id, section.content_id))
    parts = parts_of(content.markdown, content.headings)
    part = part_like(parts, section.anchor, section.fingerprint)
    if section.status == "made":
        # Instructions are tried on one that was made, too; nothing of that is kept.
        part = next((one for one in parts if one.anchor == section.anchor), None)
    if part is None:
        return None
    task = await session.get_one(Task, (site.workspace_id, content.task_id))
    wanted = {"title": content.title, "keywords": [part.heading, section.note], "outline": []}
    material = await read_material(session, site, wanted)
    cited, _ = await documents_of(session, site, cited_in(part.body))
    return Subject(
        content.title,
        str(task.brief.get("angle", "")),
        content.status,
        [one.heading for one in parts],
        part,
        {**material.documents, **cited},
        material.passages,
        await passages_of(session, site, list(cited)),
        [piece for piece in material.own_pieces if piece.slug != content.slug],
    )


def picked(note: str, about: Subject) -> list[tuple[int, str]]:
    """The passages to write from: those that speak of the note and the heading, and those that it cites."""
    titles = {number: document.title for number, document in about.documents.items()}
    main = [note, about.part.heading]
    best = pick(about.passages, [*main, about.title], OF_THE_SITE, main=main, titles=titles)
    own = pick(about.cited, [about.part.body, *main], OF_THE_CITED, titles=titles)
    found = list(dict.fromkeys([*best, *own]))
    return in_reading_order(found, list(dict.fromkeys([*about.passages, *about.cited])))


def question(
    note: str, about: Subject, passages: Sequence[tuple[int, str]], brief: SiteBrief
) -> SectionToWrite:
    given = dict.fromkeys([*(document for document, _ in passages), *sorted(cited_in(about.part.body))])
    return SectionToWrite(
        site=brief,
        title=about.title,
        angle=about.angle,
        headings=list(about.headings),
        heading=about.part.heading,
        note=note,
        present=about.part.body,
        rest=about.part.rest[:LONGEST_REST],
        words=about.part.words,
        documents=[about.documents[number] for number in given if number in about.documents],
        passages=[Passage(document=document, text=text) for document, text in passages],
        own_pieces=list(about.own_pieces),
    )


def body_of(answer: SectionWritten, asked: SectionToWrite, site: Site) -> str:
    """The answer as it is kept: cites what was given alone, below its heading. Raises `Refused`."""
    pieces = {piece.slug: piece.title for piece in asked.own_pieces}
    policy = links.LinkPolicy(asked.documents, links.Site(site.name, site.language, pieces=pieces))
    reader = Reader({document.number for document in asked.documents}, policy)
    blocks = _below(reader.blocks(answer.markdown), asked.heading)
    words = count_words(" ".join(plain_blocks(blocks)))
    if words < FEWEST_WORDS:
        raise Refused(f"The answer holds {words} words of text, which is no section.", answer.markdown)
    body = to_markdown.write(blocks).strip("\n")
    if body == asked.present:
        raise Refused(
            "The answer is what the section says already, so nothing was changed. Say in other words what is "
            "to be different."
        )
    return body


def _below(blocks: list[Block], heading: str) -> list[Block]:
    """The blocks as they stand under that heading, which is not said again."""
    if blocks and isinstance(blocks[0], Heading) and _fold(plain(blocks[0].parts)) == _fold(heading):
        blocks = blocks[1:]
    for block in blocks:
        if isinstance(block, Heading):
            block.level = max(block.level, 3)
    # Any heading does: its own might be one under which sources are listed, which goes.
    return ordered([Heading(2, [Text("–")]), *blocks], "")[1:]


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
