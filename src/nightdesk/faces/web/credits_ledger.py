"""The ledger: every movement of credits, narrowed by kind, site, run and dates; and all of it as a file."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.responses import Response, StreamingResponse

from nightdesk.desk.credits import KINDS, NEWEST, Wanted
from nightdesk.desk.rows import CreditTransfer, Site
from nightdesk.desk.spending import Span
from nightdesk.faces.web.credits import TABS
from nightdesk.faces.web.paging import paging
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.times import zone_of
from nightdesk.faces.web.visit import Visit

FILTERS = ("kind", "site", "run", "from", "to")
TOLD = {
    "grant": ("Granted", "+"),
    "hold": ("Set aside", "−"),
    "charge": ("Spent", ""),
    "release": ("Freed", "+"),
    "adjust": ("Given back", "+"),
}
"""What a movement is called, and what it did to the credits that are free."""

HEADINGS = ("at", "kind", "from", "to", "credits", "site", "run", "batch", "note", "key")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a cell begins that a spreadsheet would run (OWASP, CSV injection)."""


async def show(visit: Visit) -> Response:
    return await visit.answer("credits_ledger.html", await ledger_context(visit))


async def ledger_context(visit: Visit) -> dict[str, Any]:
    sites = await visit.desk.sites.listed(visit.workspace, archived=True)
    given = _given(visit)
    asked = paging(visit, NEWEST)
    found = await visit.desk.credits.ledger(visit.workspace, asked, _wanted(visit, given, sites))
    narrowed = urlencode({name: value for name, value in given.items() if value})
    return {
        "tabs": TABS,
        "given": given,
        "kinds": [(kind, TOLD[kind][0]) for kind in KINDS],
        "sites": sites,
        "rows": found.items,
        "told": TOLD,
        "site_of": await visit.desk.credits.sites_of(visit.workspace, found.items),
        "next_cursor": found.next_cursor,
        "first": asked.after is None,
        "narrowed": narrowed,
        "address": f"/credits/ledger?{narrowed}" + ("&" if narrowed else ""),
    }


def _given(visit: Visit) -> dict[str, str]:
    """The filters of the address; a date that is none is left out, as is a run that cannot be one."""
    given = {name: visit.query.get(name, "").strip() for name in FILTERS}
    known = {name: given[name] if _day(given[name]) else "" for name in ("from", "to")}
    return given | known | {"run": given["run"] if _run(given["run"]) else ""}


def _wanted(visit: Visit, given: dict[str, str], sites: Sequence[Site]) -> Wanted:
    """What the address asks for; what cannot be read narrows nothing."""
    zone = zone_of(visit.caller.timezone)
    since, until = _day(given["from"]), _day(given["to"])
    site = next((site.id for site in sites if site.slug == given["site"]), None)
    return Wanted(
        kind=given["kind"] if given["kind"] in KINDS else None,
        run_id=_run(given["run"]),
        site_id=site,
        since=Span(since, since, zone).since if since else None,
        until=Span(until, until, zone).until if until else None,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _run(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def export(visit: Visit) -> Response:
    """The movements as CSV, as many as there are, written while they are read."""
    sites = await visit.desk.sites.listed(visit.workspace, archived=True)
    wanted = _wanted(visit, _given(visit), sites)
    headers = {"Content-Disposition": 'attachment; filename="nightdesk-ledger.csv"'}
    return StreamingResponse(_lines(visit, wanted), headers=headers, media_type="text/csv; charset=utf-8")


async def _lines(visit: Visit, wanted: Wanted) -> AsyncIterator[str]:
    yield _line(HEADINGS)
    async for row, site in visit.desk.credits.every(visit.workspace, wanted):
        yield _line(_cells(row, site))


def _cells(row: CreditTransfer, site: Site | None) -> Sequence[Any]:
    return (
        row.at.isoformat(timespec="milliseconds"),
        row.kind,
        row.debit,
        row.credit,
        row.amount,
        site.name if site else "",
        row.run_id or "",
        row.batch_id or "",
        row.note,
        row.key,
    )


def _line(cells: Sequence[Any]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([_harmless(str(cell)) for cell in cells])
    return written.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


ROUTES = (page("/credits/ledger", show), page("/credits/ledger.csv", export))
