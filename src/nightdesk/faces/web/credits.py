"""Credits: what is left, what a month took day by day, and what sites, providers and pieces cost."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from nightdesk.desk.costs import PieceCost
from nightdesk.desk.errors import Invalid
from nightdesk.desk.spending import DaySpent, SiteSpent, Span
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.times import zone_of
from nightdesk.faces.web.visit import Visit

TABS = (("/credits", "What it costs"), ("/credits/ledger", "Ledger"))
COLOURS = {
    "clustering": "purple",
    "planning": "yellow",
    "tasks": "secondary",
    "writing": "blue",
    "sections": "red",
    "image prompts": "orange",
    "images": "green",
}
"""In which colour a drawing shows what a stage took."""


async def show(visit: Visit) -> Response:
    return await visit.answer("credits.html", await credits_context(visit))


async def credits_context(visit: Visit) -> dict[str, Any]:
    today = visit.desk.health.clock.now().astimezone(zone_of(visit.caller.timezone)).date()
    span = Span.month(min(_month(visit, today), today), zone_of(visit.caller.timezone))
    costs, workspace = visit.desk.costs, visit.workspace
    spent = await costs.spent(workspace, span)
    days, sites = spent.days, spent.sites
    return {
        "tabs": TABS,
        "balances": await visit.desk.credits.balances(workspace),
        "granted": visit.query.get("granted", ""),
        "key": secrets.token_hex(12),
        "span": span,
        "before": span.first - timedelta(days=1),
        "after": span.last + timedelta(days=1) if span.last < today else None,
        "month_credits": sum(day.credits for day in days),
        "month_usd": sum(day.usd for day in days),
        "pieces": sum(site.pieces for site in sites),
        "credit_days": _drawn(days, "credits"),
        "usd_days": _drawn(days, "usd"),
        "sites": sites,
        "most_credits": max((site.credits for site in sites), default=0),
        "providers": spent.providers,
        "newest": [_piece(piece) for piece in await costs.newest(workspace)],
        "colours": COLOURS,
        "a_piece": _a_piece,
    }


def _month(visit: Visit, today: date) -> date:
    """The month that the address names, else the present one."""
    try:
        return date.fromisoformat(f"{visit.query.get('month', '')}-01")
    except ValueError:
        return today


def _drawn(days: Sequence[DaySpent], what: str) -> list[tuple[str, float]]:
    return [(f"{day.day.day} {day.day:%b}", float(getattr(day, what))) for day in days]


def _a_piece(site: SiteSpent, what: str) -> float | None:
    """What a piece of the site took on the average of the month; None where none was written."""
    return float(getattr(site, what)) / site.pieces if site.pieces else None


def _piece(piece: PieceCost) -> dict[str, Any]:
    parts = [
        (share.stage, float(share.credits), COLOURS.get(share.stage, "secondary"))
        for share in piece.cost.stages
        if share.credits
    ]
    return {"piece": piece, "parts": parts}


async def grant(visit: Visit) -> Response:
    """Gives credits, once however often the form is sent; runs that waited for them go on."""
    form = await visit.form()
    typed = str(form.get("amount", "")).strip().replace(",", "").replace(" ", "")
    if not typed.isdecimal() or len(typed) > 12:
        raise Invalid("amount", "A whole number of credits, such as 500.")
    note, key = str(form.get("note", "")).strip()[:500], str(form.get("key", ""))[:100]
    await visit.desk.credits.grant(visit.workspace, int(typed), key or secrets.token_hex(12), note)
    return visit.go(f"/credits?granted={typed}")


ROUTES = (
    page("/credits", show),
    act("/credits/grant", grant, needs="owner"),
)
