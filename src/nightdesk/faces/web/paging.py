"""Reads which page of a long list an address asks for."""

from nightdesk.desk.paging import Cursor, Order, Paging, read_cursor
from nightdesk.faces.web.visit import Visit

A_PAGE = 50


def paging(visit: Visit, order: Order, limit: int = A_PAGE) -> Paging:
    """The page after `?after=…`; the first one where that is none of ours, as in an address of long ago."""
    after: Cursor | None = None
    if spelled := visit.query.get("after"):
        try:
            after = read_cursor(spelled, order)
        except ValueError:
            after = None
    return Paging(order, limit, after)
