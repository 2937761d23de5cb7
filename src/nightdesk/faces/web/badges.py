"""The numbers beside the places of the sidebar, asked for again when something changed."""

from starlette.responses import Response

from nightdesk.faces.web.routes import page
from nightdesk.faces.web.visit import Visit


async def badges(visit: Visit) -> Response:
    counts = await visit.desk.badges.count(visit.workspace)
    return visit.fragments(visit.part("badges.html", "badges", {"badges": counts}))


ROUTES = (page("/badges", badges),)
