"""The parameters that many routes share: the desk, the site, numbers, and which page of a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.exceptions import RequestValidationError

from nightdesk.desk import Desk
from nightdesk.desk.paging import LONGEST_CURSOR, MOST, Order, Paging, read_cursor

BIGGEST = 2**63 - 1


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


DeskHere = Annotated[Desk, Depends(desk_of)]
SiteId = Annotated[int, Query(ge=1, le=BIGGEST, description="The site, one of the workspace's.")]
MaybeSiteId = Annotated[int | None, Query(ge=1, le=BIGGEST)]
Number = Annotated[int, Path(ge=1, le=BIGGEST)]
"""Of a row, in the path."""

Limit = Annotated[int, Query(ge=1, le=MOST, description="Rows of a page.")]
CursorText = Annotated[
    str | None,
    Query(alias="cursor", max_length=LONGEST_CURSOR, description="The `next_cursor` of the page before."),
]
Search = Annotated[str | None, Query(max_length=200, description="A piece of the name, whatever its case.")]
ClusterId = Annotated[int | None, Query(ge=1, le=BIGGEST, description="Only what belongs to this cluster.")]
MinVolume = Annotated[int | None, Query(ge=0, le=BIGGEST, description="Only with so many searches a month.")]


def paging(orders: Mapping[str, Order], order: str, limit: int, cursor: str | None) -> Paging:
    """Which page is asked for; a cursor that no page gave is a malformed parameter."""
    wanted = orders[order]
    try:
        return Paging(wanted, limit, read_cursor(cursor, wanted) if cursor else None)
    except ValueError as error:
        raise wrong_parameter("cursor", str(error)) from error


@dataclass(frozen=True)
class Listing:
    """What every list of a site's rows is asked for by."""

    site_id: SiteId
    search: Search = None
    limit: Limit = 50
    cursor: CursorText = None

    def page(self, orders: Mapping[str, Order], order: str) -> Paging:
        """Which page of the list in one of its orders."""
        return paging(orders, order, self.limit, self.cursor)


ListingAsked = Annotated[Listing, Depends()]


def wrong_parameter(name: str, message: str) -> RequestValidationError:
    """What is raised for a parameter that is missing or malformed."""
    return RequestValidationError([{"type": "value_error", "loc": ("query", name), "msg": message}])


def site_of(given: int | None, in_body: int | None) -> int:
    """The site of something new: named by the query or in the body, by one of the two at least."""
    site = given if given is not None else in_body
    if site is None:
        raise wrong_parameter("site_id", "Name the site, as a parameter or in the body.")
    if in_body is not None and in_body != site:
        raise wrong_parameter("site_id", "The parameter and the body name different sites.")
    return site
