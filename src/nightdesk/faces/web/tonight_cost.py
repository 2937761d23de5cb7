"""What tonight would cost before it runs, of every site that runs by itself; in short beside Tonight."""

from starlette.responses import Response

from nightdesk.faces.web.auto_mode_words import shares
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.visit import Visit


async def show(visit: Visit) -> Response:
    """The page; to Tonight, which asks for `#forecast`, the sum alone."""
    found = await visit.desk.auto_modes.forecasts.tonight(visit.workspace)
    lacking = sum(bool(one.lacks) for one in found.sites)
    sites = [(one, shares(one)) for one in found.sites]
    template = "tonight_forecast.html" if visit.block == "forecast" else "tonight_cost.html"
    return await visit.answer(template, {"night": found, "sites": sites, "lacking": lacking})


ROUTES = (page("/tonight/cost", show),)
