"""Keeps an article as a content, under an address that no other piece of its site has."""

from dataclasses import asdict
from typing import Any, cast

from sqlalchemy import Table as SqlTable
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.lines.article.rendering.page import Rendered
from nightdesk.lines.article.rendering.structure import unique
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content

TRIES = 5
"""At an address, while other batches take it first."""

_INSERT = insert(cast(SqlTable, Content.__table__)).on_conflict_do_nothing().returning(Content.__table__.c.id)


class KeptAlready(Exception):
    """There is an article for this task already."""


async def keep(
    session: AsyncSession, site: Site, task: Task, rendered: Rendered, **more: Any
) -> tuple[int, str]:
    """Inserts the content; returns its number and slug. Raises `KeptAlready`."""
    values = {
        "workspace_id": site.workspace_id,
        "site_id": site.id,
        "task_id": task.id,
        "title": rendered.title,
        "structure": task.brief["structure"],
        "language": site.language,
        "summary": rendered.summary,
        "markdown": rendered.markdown,
        "html": rendered.html,
        "meta_title": rendered.meta_title,
        "meta_description": rendered.meta_description,
        "headings": [asdict(heading) for heading in rendered.headings],
        "citations": [asdict(citation) for citation in rendered.citations],
        "json_ld": dict(rendered.json_ld),
        "words": rendered.words,
        **more,
    }
    slug = rendered.slug
    for _ in range(TRIES):
        number = (await session.execute(_INSERT, values | {"slug": slug})).scalar_one_or_none()
        if number is not None:
            return int(number), slug
        if await _kept(session, site, task):
            raise KeptAlready
        slug = unique(rendered.slug, await _taken(session, site, rendered.slug))
    raise RuntimeError(f"The address {rendered.slug} was taken {TRIES} times over by other articles.")


async def _taken(session: AsyncSession, site: Site, wanted: str) -> set[str]:
    query = select(Content.slug).where(
        Content.workspace_id == site.workspace_id,
        Content.site_id == site.id,
        or_(Content.slug == wanted, Content.slug.startswith(f"{wanted}-", autoescape=True)),
    )
    return set(await session.scalars(query))


async def _kept(session: AsyncSession, site: Site, task: Task) -> bool:
    query = select(Content.id).where(Content.workspace_id == site.workspace_id, Content.task_id == task.id)
    return await session.scalar(query) is not None
