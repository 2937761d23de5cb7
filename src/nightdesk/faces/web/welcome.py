"""The second half of the first start: who writes, and the first site; each step can be skipped."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from nightdesk.desk.errors import Invalid, Taken
from nightdesk.desk.example import make_example
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_models import models
from nightdesk.faces.web.sites import FACTS, given_facts, offered
from nightdesk.faces.web.visit import Visit

SHOWN = ("text", "embeddings", "images")


async def choose_models(visit: Visit) -> Response:
    found = [one for one in await models(visit, None) if one["work"].kind in SHOWN]
    return await visit.answer("welcome_models.html", {"models": found})


async def first_site(visit: Visit) -> Response:
    given = {"language": visit.caller.language, "timezone": visit.caller.timezone}
    return await _form(visit, dict.fromkeys(FACTS, "") | given, Invalid("", ""))


async def make_site(visit: Visit) -> Response:
    given = given_facts(await visit.form())
    try:
        site = await visit.desk.sites.create(visit.workspace, **given)
    except Invalid as wrong:
        return await _form(visit, given, wrong, 422)
    except Taken as taken:
        return await _form(visit, given, Invalid("name", str(taken)), 409)
    return visit.go(f"/sites/{site.slug}")


async def take_example(visit: Visit) -> Response:
    """Makes the example site and goes to it."""
    desk = visit.desk
    made = await make_example(visit.workspace, desk.sites, desk.planner, desk.sources)
    return visit.go(f"/sites/{made.site.slug}")


async def _form(visit: Visit, given: Mapping[str, str], wrong: Invalid, status: int = 200) -> Response:
    facts: dict[str, Any] = {"given": given, "wrong": {"field": wrong.field, "says": str(wrong)}}
    return await visit.answer("welcome_site.html", facts | offered(), status=status)


ROUTES = (
    page("/welcome", choose_models, needs="owner"),
    page("/welcome/site", first_site, needs="editor"),
    act("/welcome/site", make_site),
    act("/welcome/example", take_example),
)
