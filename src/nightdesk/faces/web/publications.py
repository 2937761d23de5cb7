"""Publications of the workspace: all of them, or those in one state, the newest first."""

from typing import Any

from starlette.responses import Response

from nightdesk.desk.publishing import PublicationFilter
from nightdesk.desk.publishing.stories import ORDERS
from nightdesk.faces.web import publication_words
from nightdesk.faces.web.paging import paging
from nightdesk.faces.web.publishing_answers import around
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.visit import Visit

SHOWN = {
    "": "All",
    "held": "Held",
    "ambiguous": "Unclear",
    "queued": "Planned",
    "live": "Out",
    "rejected": "Not taken",
}
MEANS = {
    "held": "Nobody knows whether these are out. Open one: its evidence stands there, and the two answers.",
    "ambiguous": "These may be out. Their platforms are asked; what that does not settle is held for you.",
}


async def show(visit: Visit) -> Response:
    return await visit.answer("publications.html", await publications_context(visit))


async def publications_context(visit: Visit) -> dict[str, Any]:
    state = visit.query.get("state", "") if visit.query.get("state", "") in SHOWN else ""
    asked = paging(visit, ORDERS["newest"])
    found = await visit.desk.publishing.stories.listed(
        visit.workspace, PublicationFilter(state=state or None), asked
    )
    home = f"/publications?state={state}" if state else "/publications"
    return await around(visit) | {
        "rows": found.items,
        "next_cursor": found.next_cursor,
        "state": state,
        "shown_states": SHOWN,
        "means": MEANS.get(state, ""),
        "counts": await visit.desk.publishing.stories.counted(visit.workspace),
        "states": publication_words.STATES,
        "keeps": {
            one.id: publication_words.keeps_back(one)
            for one in await visit.desk.accounts.listed(visit.workspace)
        },
        "home": home,
        "address": f"{home}{'&' if state else '?'}",
    }


ROUTES = (page("/publications", show),)
