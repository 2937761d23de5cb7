"""Runs: every run of the workspace, newest first, narrowed by site, line, status and trigger."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from nightdesk.desk.runs import Among
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.run_list import before_of, shown_runs
from nightdesk.faces.web.visit import Visit

A_PAGE = 25
STATUSES = (
    ("", "Any status"),
    ("running", "Running"),
    ("paused", "Paused"),
    ("completed", "Completed"),
    ("cancelled", "Cancelled"),
    ("failed", "Failed"),
)
LINES = (("", "Any line"), ("article", "Articles"), ("video", "Videos"))
TRIGGERS = (("", "However started"), ("manual", "By hand"), ("scheduled", "By schedule"))


async def show(visit: Visit) -> Response:
    return await visit.answer("runs.html", await runs_context(visit))


async def runs_context(visit: Visit) -> dict[str, Any]:
    sites = await visit.desk.sites.listed(visit.workspace, archived=True)
    wanted = {name: visit.query.get(name, "") for name in ("site", "line", "status", "trigger")}
    site = next((one for one in sites if one.slug == wanted["site"]), None)
    before = before_of(visit)
    among = Among(
        site_id=site.id if site else None,
        line=_one_of(LINES, wanted["line"]),
        status=_one_of(STATUSES, wanted["status"]),
        trigger=_one_of(TRIGGERS, wanted["trigger"]),
    )
    found = await visit.desk.runs.page(visit.workspace, among, A_PAGE, before)
    here = {one.id: one for one in sites if one.archived_at is None}
    return {
        "runs": shown_runs(visit, found.items, here),
        "cursor": found.next_cursor,
        "later": before is not None,
        "any": bool(found.counts),
        "wanted": wanted,
        "narrowed": any(wanted.values()),
        "query": _query(wanted),
        "sites": [("", "All sites"), *((one.slug, one.name) for one in here.values())],
        "lines": LINES,
        "statuses": STATUSES,
        "triggers": TRIGGERS,
    }


def _one_of(known: tuple[tuple[str, str], ...], value: str) -> str | None:
    return value if value and value in dict(known) else None


def _query(wanted: Mapping[str, str]) -> str:
    """The filters as an address has them, with what a further word follows on."""
    spelled = urlencode({name: value for name, value in wanted.items() if value})
    return f"{spelled}&" if spelled else ""


ROUTES = (page("/runs", show),)
