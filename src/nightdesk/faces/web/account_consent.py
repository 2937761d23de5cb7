"""Connects an account by consent: to the platform, and back from it with a code that is good once."""

from typing import Any

from starlette.responses import Response

from nightdesk.desk.accounts import BACK, NotConnected
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit

NOBODY = (
    "You are not signed in at this address, so nothing was connected. Sign in and connect the account again. "
    "If it was begun on the command line, copy the whole address of this page and paste it there."
)


def here(visit: Visit) -> str:
    """Where the browser reaches this desk."""
    return str(visit.request.base_url)


async def begin(visit: Visit) -> Response:
    """To the platform."""
    return await to_platform(visit, int(visit.path["number"]))


async def to_platform(visit: Visit, number: int) -> Response:
    begun = await visit.desk.connecting.begin(visit.caller, number, here(visit))
    return visit.go(begun.address)


async def back(visit: Visit) -> Response:
    """From the platform: on to the account, or why nothing came of it. The code stays in no address."""
    if visit.guest is None:
        return await _not_connected(visit, NotConnected("unknown", NOBODY))
    try:
        finished = await visit.desk.connecting.finish(visit.caller, dict(visit.query))
    except NotConnected as ending:
        return await _not_connected(visit, ending)
    news = "other" if finished.was else "yes"
    return visit.go(f"/accounts/{finished.account.id}?connected={news}")


async def _not_connected(visit: Visit, ending: NotConnected) -> Response:
    facts: dict[str, Any] = {"says": str(ending), "why": ending.why, "account_id": ending.account}
    status = 503 if ending.why == "not_reached" else 400
    return await visit.answer("account_back.html", facts, status=status)


ROUTES = (
    act("/accounts/{number:int}/consent", begin, needs="owner"),
    # Whoever comes back without a session is told what to do; `finish` asks for an owner.
    page(BACK, back, needs="anyone"),
)
