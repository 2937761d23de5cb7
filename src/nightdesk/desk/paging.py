"""Pages of lists that can grow: read by key, so that what is added meanwhile repeats and hides no row."""

import base64
import binascii
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")

MOST = 200
"""Rows of one page."""

LARGEST = 2**63 - 1
LONGEST_CURSOR = 4000


@dataclass(frozen=True)
class Order:
    """One order of a list: by `column`, and by the row's number where that is equal."""

    name: str
    column: Any
    number: Any
    descending: bool = True

    @property
    def kind(self) -> type[int] | type[float] | type[str]:
        kind = self.column.type.python_type
        return kind if kind in (int, float) else str


@dataclass(frozen=True)
class Cursor:
    """The place after which a page begins."""

    order: str
    value: int | float | str
    number: int

    def spelled(self) -> str:
        """The form that clients hand back; what is in it is no promise."""
        text = json.dumps([self.order, self.value, self.number], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@dataclass(frozen=True)
class Paging:
    """Which page is asked for."""

    order: Order
    limit: int = 50
    after: Cursor | None = None


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page; `counts` are of all the site's rows by state, whatever the filter."""

    items: list[T]
    next_cursor: str | None
    counts: Mapping[str, int] = field(default_factory=dict)


def orders(*found: Order) -> dict[str, Order]:
    """The orders of a list by name; the first is the usual one."""
    return {order.name: order for order in found}


def read_cursor(spelled: str, order: Order) -> Cursor:
    """Raises `ValueError` for anything that a page in this order did not give."""
    if len(spelled) > LONGEST_CURSOR:
        raise ValueError("A cursor is never that long.")
    try:
        padded = spelled + "=" * (-len(spelled) % 4)
        found = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
    except (UnicodeError, binascii.Error, ValueError, RecursionError) as error:
        raise ValueError("Give the `next_cursor` of the page before, as it came.") from error
    if not (isinstance(found, list) and len(found) == 3):
        raise ValueError("Give the `next_cursor` of the page before, as it came.")
    name, value, number = found
    if name != order.name:
        raise ValueError("This cursor belongs to a list in another order; begin again without it.")
    if not (_fits(value, order.kind) and _fits(number, int)):
        raise ValueError("Give the `next_cursor` of the page before, as it came.")
    return Cursor(name, value, number)


def _fits(value: Any, kind: type[int] | type[float] | type[str]) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST
    return isinstance(value, str) and "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)


def in_order(query: Select[T], paging: Paging) -> Select[T]:
    """The query in the order of the list, from the place where the page begins."""
    order = paging.order
    by = [order.column] if order.column is order.number else [order.column, order.number]
    if paging.after is not None:
        place = (paging.after.value, paging.after.number)[-len(by) :]
        key = tuple_(*by)
        query = query.where(key < place if order.descending else key > place)
    return query.order_by(*(one.desc() if order.descending else one for one in by))


async def page_of(session: AsyncSession, query: Select[T], paging: Paging) -> tuple[list[T], str | None]:
    """The rows of one page, and the cursor of the next where there is one."""
    order = paging.order
    rows = list(await session.scalars(in_order(query, paging).limit(paging.limit + 1)))
    if len(rows) <= paging.limit:
        return rows, None
    last: Any = rows[paging.limit - 1]
    cursor = Cursor(order.name, getattr(last, order.column.key), getattr(last, order.number.key))
    return rows[: paging.limit], cursor.spelled()
