"""Renders and checks the new text of an article, by the same rules whoever wrote it."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.endings import Refused
from nightdesk.lines.article.rendering import links
from nightdesk.lines.article.rendering.page import Rendered, render
from nightdesk.lines.article.writing.checking import checked
from nightdesk.lines.article.writing.likeness import check_against_own, remember
from nightdesk.lines.material import (
    FEWEST_WORDS,
    LINKABLE,
    Material,
    documents_of,
    passages_of,
)
from nightdesk.providers.text.questions import ArticleWritten, OwnPiece
from nightdesk.quality.fingerprints import fingerprint
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content

_CITED = re.compile(r"\[\^(\d{1,18})\]")
_LINKED = re.compile(r"\]\(\s*<?([^)>\s]{1,2000})")


@dataclass(frozen=True)
class Text:
    """An article as it is to be."""

    title: str
    markdown: str
    meta_title: str
    meta_description: str
    structure: Any


@dataclass(frozen=True)
class Around:
    """What an article is rendered and checked beside."""

    site: Site
    brief: Mapping[str, Any]
    material: Material


@dataclass(frozen=True)
class Version:
    """A rendered article with what the checks found; originality is added when it is kept."""

    rendered: Rendered
    checks: dict[str, Any]
    fingerprint: list[int]

    def facts(self) -> dict[str, Any]:
        """The columns of a content that follow from the text."""
        rendered = self.rendered
        return {
            "title": rendered.title,
            "summary": rendered.summary,
            "markdown": rendered.markdown,
            "html": rendered.html,
            "meta_title": rendered.meta_title,
            "meta_description": rendered.meta_description,
            "headings": [asdict(heading) for heading in rendered.headings],
            "citations": [asdict(citation) for citation in rendered.citations],
            "json_ld": dict(rendered.json_ld),
            "words": rendered.words,
        }


async def around(
    session: AsyncSession, site: Site, brief: Mapping[str, Any], markdown: str, but_not: int | None = None
) -> Around:
    """Reads the documents that the text cites and the pieces that it links to; `but_not` is the article."""
    cited = cited_in(markdown)
    known, flagged = await documents_of(session, site, cited)
    passages = await passages_of(session, site, list(known))
    pieces = await _linked(session, site, markdown, but_not)
    return Around(site, brief, Material(known, flagged, passages, pieces))


def cited_in(markdown: str) -> set[int]:
    """The numbers of the documents that a text cites."""
    return {int(number) for number in _CITED.findall(markdown)}


def drawn(text: Text, beside: Around) -> Rendered:
    """The text as it would be kept, unchecked."""
    material, site = beside.material, beside.site
    pieces = {piece.slug: piece.title for piece in material.own_pieces}
    return render(
        ArticleWritten.model_construct(
            title=text.title,
            meta_title=text.meta_title,
            meta_description=text.meta_description,
            markdown=text.markdown,
            faq=[],
        ),
        list(material.documents.values()),
        links.Site(site.name, site.language, pieces=pieces),
        structure=text.structure,
    )


def version(text: Text, beside: Around) -> Version:
    """Renders and checks. Raises `Refused` where hardly any text is left."""
    material, site = beside.material, beside.site
    rendered = drawn(text, beside)
    if rendered.words < FEWEST_WORDS:
        raise Refused(
            f"Only {rendered.words} words are left once everything that is no text is taken out; an article "
            f"has {FEWEST_WORDS} at least."
        )
    checks = checked(rendered, beside.brief, material, material.passages, site.language)
    return Version(rendered, checks, fingerprint(rendered.text))


async def with_originality(
    session: AsyncSession, site: Site, made: Version, *, but: int | None = None
) -> dict[str, Any]:
    """What the checks found, originality among the site's pieces (`but` the one that it is of) too."""
    own = await check_against_own(session, site, made.rendered.text, made.fingerprint, but=but)
    return {**made.checks, own.name: own.as_json()}


async def become(session: AsyncSession, content: Content, made: Version, site: Site) -> None:
    """Gives a locked content its new text with all that follows from it."""
    for name, value in made.facts().items():
        setattr(content, name, value)
    content.checks = await with_originality(session, site, made, but=content.id)
    await remember(session, site, content.id, made.fingerprint, new=False)


async def _linked(session: AsyncSession, site: Site, markdown: str, but_not: int | None) -> list[OwnPiece]:
    """The site's own pieces whose addresses end like one that the text links to."""
    ends = {
        re.split(r"[?#]", href)[0].strip("/.").rsplit("/", 1)[-1].removesuffix(".html")
        for href in _LINKED.findall(markdown)
    }
    if not ends:
        return []
    query = select(Content.title, Content.slug).where(
        Content.workspace_id == site.workspace_id,
        Content.site_id == site.id,
        Content.slug.in_(ends),
        Content.status.in_(LINKABLE),
        Content.id != (but_not or 0),
    )
    return [OwnPiece(title=title, slug=slug) for title, slug in await session.execute(query)]
