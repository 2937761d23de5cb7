"""Which keywords are meant: by filter or by number; and their lists, quick among a million."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from nightdesk.desk.items import Filter
from nightdesk.desk.paging import Order, Paging, in_order, orders, page_of
from nightdesk.sources import keyword_files
from nightdesk.store.tables.planner import Keyword

NEAR = 5_000
"""Rows in the order of the list among which a page is looked for first."""

UNKNOWN = "unknown"
"""The intent of keywords that have none."""

ORDERS = orders(
    Order("newest", Keyword.id, Keyword.id),
    Order("oldest", Keyword.id, Keyword.id, descending=False),
    Order("volume", Keyword.volume, Keyword.id),
    Order("volume_up", Keyword.volume, Keyword.id, descending=False),
    Order("phrase", Keyword.normal, Keyword.id, descending=False),
    Order("phrase_down", Keyword.normal, Keyword.id),
    Order("hardest", Keyword.difficulty, Keyword.id),
    Order("easiest", Keyword.difficulty, Keyword.id, descending=False),
)
"""By difficulty only those keywords are listed whose difficulty is known."""


@dataclass(frozen=True)
class KeywordFilter(Filter):
    """What a list of keywords is narrowed to; `unmapped` to those in no cluster."""

    intent: str | None = None
    max_volume: int | None = None
    min_difficulty: float | None = None
    max_difficulty: float | None = None
    unmapped: bool = False


def conditions(asked: Filter, of: Any = Keyword) -> list[ColumnElement[bool]]:
    """The conditions on `of`, which is the table or an alias of it."""
    found: list[ColumnElement[bool]] = []
    if asked.status is not None:
        found.append(of.state == asked.status)
    if asked.status == "in_hand":
        # There is an index of those that a batch has.
        found.append(of.batch_id.is_not(None))
    if asked.search:
        # What is searched is folded already.
        found.append(of.normal.contains(keyword_files.normalise(asked.search), autoescape=True))
    if asked.cluster_id is not None:
        found.append(of.cluster_id == asked.cluster_id)
    if asked.min_volume is not None:
        found.append(of.volume >= asked.min_volume)
    if isinstance(asked, KeywordFilter):
        found += _more(asked, of)
    return found


def _more(asked: KeywordFilter, of: Any) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.intent is not None:
        found.append(of.intent.is_(None) if asked.intent == UNKNOWN else of.intent == asked.intent)
    if asked.max_volume is not None:
        found.append(of.volume <= asked.max_volume)
    if asked.min_difficulty is not None:
        found.append(of.difficulty >= asked.min_difficulty)
    if asked.max_difficulty is not None:
        found.append(of.difficulty <= asked.max_difficulty)
    if asked.unmapped:
        found.append(of.cluster_id.is_(None))
    return found


async def keywords_of(
    session: AsyncSession,
    mine: Sequence[ColumnElement[bool]],
    asked: Filter,
    paging: Paging,
    total: int,
) -> tuple[list[Keyword], str | None]:
    """One page of the keywords that are `mine`, `total` of them before the filter.

    What no index answers is looked for among the first rows in the list's order, where the common lies;
    only then among all, without that order: walking an index for the rare takes ten times as long.
    """
    everything = select(Keyword).where(*mine)
    if paging.order.column is Keyword.difficulty:
        everything = everything.where(Keyword.difficulty >= 0)
    narrowed = everything.where(*conditions(asked))
    if total <= NEAR or _indexed(asked):
        return await page_of(session, narrowed, paging)
    near = aliased(Keyword, in_order(everything, paging).limit(NEAR).subquery())
    page = await page_of(session, select(near).where(*conditions(asked, near)), _on(near, paging))
    if page[1] is not None:
        return page
    # The offset keeps the database from taking this for the same query as the one above it.
    all_of_them = aliased(Keyword, narrowed.offset(0).subquery())
    return await page_of(session, select(all_of_them), _on(all_of_them, paging))


async def count_upto(
    session: AsyncSession, mine: Sequence[ColumnElement[bool]], asked: Filter, most: int
) -> int:
    """How many keywords the filter finds, counted no further than `most`."""
    some = select(Keyword.id).where(*mine, *conditions(asked)).limit(most).subquery()
    return await session.scalar(select(func.count()).select_from(some)) or 0


def _indexed(asked: Filter) -> bool:
    """Whether an index finds what is asked for, or nothing is asked for."""
    return asked.cluster_id is not None or asked.status in ("failed", "in_hand") or not conditions(asked)


def _on(of: Any, paging: Paging) -> Paging:
    order = paging.order
    number = of.id
    column = number if order.column is order.number else getattr(of, order.column.key)
    return replace(paging, order=replace(order, column=column, number=number))
