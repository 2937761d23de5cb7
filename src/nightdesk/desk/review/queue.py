"""The queue before the gate: what waits in all sites or in one, with what is looked at before opening it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    func,
    literal_column,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.costs import costs_of
from nightdesk.desk.paging import Order, Page, Paging, orders, page_of
from nightdesk.desk.review.contents import Contents
from nightdesk.desk.review.counting import counts_by_site
from nightdesk.store.session import Store
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content

Worry = Literal["serious", "clean"]

SERIOUS: ColumnElement[bool] = literal_column(
    """contents.checks @? '$.*.findings[*] ? (@.severity == "serious")'"""
)
_MARKS = text("""
    select c.id, one.key, cast(one.value ->> 'score' as integer),
           (select coalesce(jsonb_object_agg(severity, n), '{}') from (
                select finding ->> 'severity' as severity, count(*) as n
                from jsonb_array_elements(one.value -> 'findings') as finding group by 1) as counted)
    from contents c cross join lateral jsonb_each(c.checks) as one
    where c.workspace_id = :workspace and c.id = any(:contents)
      and jsonb_typeof(one.value -> 'findings') = 'array'
""").bindparams(bindparam("contents", type_=ARRAY(BigInteger)))
_THUMBNAILS = text("""
    select distinct on (content_id) content_id, asset from images
    where workspace_id = :workspace and content_id = any(:contents) and asset is not null
    order by content_id, position
""").bindparams(bindparam("contents", type_=ARRAY(BigInteger)))


@dataclass(frozen=True)
class Asked:
    """Which queue: `state` as articles are counted by, `site_id` None for all sites."""

    state: str = "review"
    site_id: int | None = None
    search: str = ""
    worry: Worry | None = None


@dataclass(frozen=True)
class Mark:
    """What one check came to: its score, and how many findings of each severity."""

    score: int | None
    found: Mapping[str, int]

    @property
    def worst(self) -> str:
        return next((one for one in ("serious", "warning", "info") if self.found.get(one)), "")


@dataclass(frozen=True)
class Waiting:
    """An article of the queue; `thumbnail` is the SHA-256 of its first picture."""

    content: Content
    site: Site
    marks: Mapping[str, Mark] = field(default_factory=dict)
    thumbnail: str | None = None
    credits: Decimal = Decimal(0)
    usd: Decimal = Decimal(0)


@dataclass(frozen=True)
class Neighbours:
    """Where an article stands in its queue: `at` from 1, 0 where it is not in it (any more)."""

    before: int | None
    after: int | None
    at: int
    total: int


@dataclass(frozen=True)
class Queue:
    """Reads the queue; changes nothing."""

    orders = orders(
        Order("oldest", Content.id, Content.id, descending=False),
        Order("newest", Content.id, Content.id),
        Order("site", Content.site_id, Content.id, descending=False),
        Order("title", Content.title, Content.id, descending=False),
        Order("words", Content.words, Content.id),
    )

    store: Store

    async def page(self, workspace_id: int, asked: Asked, paging: Paging) -> Page[Waiting]:
        """One page of it."""
        async with self.store.workspace(workspace_id) as session:
            query = _narrowed(select(Content), workspace_id, asked).options(*Contents.light)
            items, following = await page_of(session, query, paging)
            return Page(await _whole(session, workspace_id, items), following)

    async def counts(self, workspace_id: int) -> dict[int, dict[str, int]]:
        """How many articles each site that is not archived has in each state."""
        return await counts_by_site(self.store, workspace_id, Content.__tablename__)

    async def neighbours(self, workspace_id: int, content: Content, asked: Asked, order: Order) -> Neighbours:
        """The articles before and after one, in that queue and order, wherever it stands itself by now."""
        key = tuple_(order.column, order.number)
        here = (getattr(content, order.column.key), content.id)
        one = _narrowed(select(Content.id), workspace_id, asked)
        ahead, behind = (key > here, key < here) if order.descending else (key < here, key > here)
        up = (order.column.asc(), order.number.asc())
        down = (order.column.desc(), order.number.desc())
        backward, forward = (up, down) if order.descending else (down, up)
        async with self.store.workspace(workspace_id) as session:
            before = await session.scalar(one.where(ahead).order_by(*backward).limit(1))
            after = await session.scalar(one.where(behind).order_by(*forward).limit(1))
            counted = select(
                func.count(),
                func.count().filter(ahead),
                func.count().filter(Content.id == content.id),
            ).select_from(Content)
            total, before_it, itself = (await session.execute(_narrowed(counted, workspace_id, asked))).one()
        return Neighbours(before, after, before_it + 1 if itself else 0, total)


def _narrowed(query: Any, workspace_id: int, asked: Asked) -> Any:
    of_site = (Site.workspace_id == Content.workspace_id) & (Site.id == Content.site_id)
    wanted: list[ColumnElement[bool]] = [
        Content.workspace_id == workspace_id,
        Content.state == asked.state,
        Site.archived_at.is_(None),
    ]
    if asked.site_id is not None:
        wanted.append(Content.site_id == asked.site_id)
    if asked.search:
        wanted.append(Content.title.icontains(asked.search, autoescape=True))
    if asked.worry is not None:
        wanted.append(SERIOUS if asked.worry == "serious" else ~SERIOUS)
    return query.join(Site, of_site).where(*wanted)


async def _whole(session: AsyncSession, workspace_id: int, items: Sequence[Content]) -> list[Waiting]:
    numbers = [content.id for content in items]
    if not numbers:
        return []
    where = {"workspace": workspace_id, "contents": numbers}
    found = await session.scalars(
        select(Site).where(Site.workspace_id == workspace_id, Site.id.in_({one.site_id for one in items}))
    )
    sites = {site.id: site for site in found}
    marks: dict[int, dict[str, Mark]] = {}
    for number, name, score, severities in await session.execute(_MARKS, where):
        marks.setdefault(number, {})[name] = Mark(score, severities)
    thumbnails = {row.content_id: row.asset for row in await session.execute(_THUMBNAILS, where)}
    costs = await costs_of(session, workspace_id, numbers)
    return [
        Waiting(
            content,
            sites[content.site_id],
            marks.get(content.id, {}),
            thumbnails.get(content.id),
            *costs.get(content.id, (Decimal(0), Decimal(0))),
        )
        for content in items
    ]
