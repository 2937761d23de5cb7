"""The second half of the first start: who writes, and the first site; each step can be skipped."""

from starlette.responses import Response

from nightdesk.desk.example import make_example
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_models import models
from nightdesk.faces.web.sites import blank, made
from nightdesk.faces.web.visit import Visit

SHOWN = ("text", "embeddings", "images")


async def choose_models(visit: Visit) -> Response:
    found = [one for one in await models(visit, None) if one["work"].kind in SHOWN]
    facts = {
        "models": found,
        "there": await visit.desk.sites.listed(visit.workspace),
        "waiting": (await visit.desk.badges.count(visit.workspace)).review,
    }
    return await visit.answer("welcome_models.html", facts)


async def first_site(visit: Visit) -> Response:
    """To Tonight where there is a site already, as after the demo."""
    if await visit.desk.sites.listed(visit.workspace):
        return visit.go("/")
    return await blank(visit, "welcome_site.html")


async def make_site(visit: Visit) -> Response:
    return await made(visit, "welcome_site.html")


async def take_example(visit: Visit) -> Response:
    """Makes the example site and goes to it."""
    desk = visit.desk
    example = await make_example(visit.workspace, desk.sites, desk.planner, desk.sources)
    return visit.go(f"/sites/{example.site.slug}")


ROUTES = (
    page("/welcome", choose_models, needs="owner"),
    page("/welcome/site", first_site, needs="editor"),
    act("/welcome/site", make_site),
    act("/welcome/example", take_example),
)
