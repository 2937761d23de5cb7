"""Settings, site: what it is called, what it is about and for whom, its language, clock, voice and style."""

from typing import Any

from starlette.responses import Response

from nightdesk.desk.rows import Site
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_scope import lead_to, scope
from nightdesk.faces.web.settings_undo import way_back
from nightdesk.faces.web.sites import FACTS, given_facts, offered
from nightdesk.faces.web.visit import Visit

FINE = {"field": "", "says": ""}
STYLE = "style"


async def show(visit: Visit) -> Response:
    return await lead_to(visit, "") or await visit.answer("settings_site.html", await scope(visit, ""))


def about(site: Site) -> dict[str, Any]:
    """What the form shows."""
    given = {name: getattr(site, name) for name in (*FACTS, STYLE)}
    return {"given": given, "wrong": FINE} | offered()


async def keep(visit: Visit) -> Response:
    form = await visit.form()
    site = await visit.desk.sites.get(visit.workspace, str(form.get("site", "")))
    facts = given_facts(form)
    if STYLE in form:
        facts[STYLE] = str(form[STYLE]).strip()
    changed = await visit.desk.sites.change(visit.workspace, site.id, by=visit.caller, **facts)
    says = f"{changed.name} is changed. What is made from now on goes by it."
    if changed.timezone != site.timezone:
        says += " Its next runs are planned anew by the new clock."
    return visit.fragments(visit.toast(says, undo=way_back(site, changed)))


ROUTES = (page("/settings/site", show), act("/settings/site", keep))
