"""Stage 5: says what pictures an article gets: one for the whole, the others under its headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.lines.article.asking import ask
from nightdesk.lines.article.rendering.page import one_line
from nightdesk.lines.asking import site_brief
from nightdesk.lines.side_by_side import each
from nightdesk.providers.text.questions import ContentToPicture, PicturePrompt, PicturesPrompted
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content, Image

CREDITS = 2
"""For one content (CONTRACT, Credits)."""
USUAL, MOST = 2, 7
"""Pictures in the article, besides the featured one."""


@dataclass(frozen=True)
class Wanted:
    """Which pictures the run's settings ask for: `featured_image` and `images_in_article`."""

    featured: bool = True
    in_article: int = USUAL

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Wanted":
        in_article = int(settings.get("images_in_article", USUAL))
        return cls(bool(settings.get("featured_image", True)), min(max(in_article, 0), MOST))


class ImagePrompts(Stage[Content]):
    """Each draft becomes a few images to be made, or none where the run asks for none."""

    number, name, title = 5, "image_prompts", "Content → Image Prompts"
    policy = Policy(batch_size=1, timeout=300.0)
    table, waits, counted = Content, "draft", "content_processed"
    fields = ("content_processed", "prompts_created")

    def estimate(self, items: Sequence[Content]) -> int:
        return CREDITS * len(items)

    def credits_each(self) -> Decimal:
        return Decimal(CREDITS)

    async def work(
        self, items: Sequence[Content], material: None, bench: Bench
    ) -> dict[int, list[PicturePrompt]]:
        wanted = Wanted.of(bench.settings)
        found = await each(items, lambda content: _prompted(content, wanted, bench))
        return {content.id: pictures for content, pictures in zip(items, found, strict=True)}

    async def save(
        self,
        session: AsyncSession,
        site: Site,
        items: Sequence[Content],
        made: Mapping[int, Sequence[PicturePrompt]],
    ) -> Saved:
        there = await _pictures_there(session, site, [content.id for content in items])
        rows: list[dict[str, Any]] = []
        for content in items:
            first = there.get(content.id, 0)
            rows += [
                row(site, content, position, prompt)
                for position, prompt in enumerate(made[content.id], first)
            ]
            content.pictures = first + len(made[content.id])
        if rows:
            await session.execute(insert(Image), rows)
        asked = sum(bool(made[content.id]) for content in items)
        counts = {"content_processed": len(items), "prompts_created": len(rows)}
        return Saved(counts, cost=CREDITS * asked)


async def _prompted(content: Content, wanted: Wanted, bench: Bench) -> list[PicturePrompt]:
    if not (wanted.featured or wanted.in_article):
        return []
    headings = [heading["text"] for heading in content.headings if heading["level"] == 2]
    data = ContentToPicture(
        site=site_brief(bench.site),
        title=content.title,
        summary=content.summary,
        headings=headings,
        in_article=min(wanted.in_article, len(headings)),
    )
    answer = await ask(bench, "image_prompts", data, PicturesPrompted)
    return placed(answer.pictures, wanted, headings)


def placed(pictures: Sequence[PicturePrompt], wanted: Wanted, headings: Sequence[str]) -> list[PicturePrompt]:
    """The pictures that can be used, the featured one first, each other under a heading of its own.

    Where none is called the featured one, the first is. One whose heading the article does not have, or
    has a picture under already, gets the next heading that is free.
    """
    featured = next((p for p in pictures if p.kind == "featured"), pictures[0])
    others = [p for p in pictures if p is not featured and p.kind == "in_article"]
    known = {heading.casefold(): heading for heading in headings}
    asked = {p.heading.casefold() for p in others}
    free = [heading for heading in headings if heading.casefold() not in asked]
    found = [featured.model_copy(update={"kind": "featured", "heading": ""})] if wanted.featured else []
    room = len(found) + min(wanted.in_article, len(known))
    for picture in others:
        heading = known.pop(picture.heading.casefold(), None) or (free.pop(0) if free else None)
        if heading is None or len(found) == room:
            continue
        known.pop(heading.casefold(), None)
        found.append(picture.model_copy(update={"heading": heading}))
    return found


def row(site: Site, content: Content, position: int, prompt: PicturePrompt) -> dict[str, Any]:
    """The picture as it is stored until it is made."""
    return {
        "workspace_id": site.workspace_id,
        "site_id": site.id,
        "content_id": content.id,
        "position": position,
        "kind": prompt.kind,
        "heading": prompt.heading,
        "prompt": prompt.prompt,
        "alt": one_line(prompt.alt),
        "caption": one_line(prompt.caption),
    }


async def _pictures_there(session: AsyncSession, site: Site, contents: Sequence[int]) -> dict[int, int]:
    """The first free position of contents that have pictures already, made by hand."""
    query = (
        select(Image.content_id, func.max(Image.position) + 1)
        .where(Image.workspace_id == site.workspace_id, Image.content_id.in_(contents))
        .group_by(Image.content_id)
    )
    return dict((await session.execute(query)).all())
