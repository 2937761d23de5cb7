"""Settings, site: what a site is called, what it is about and for whom, its language, clock and voice."""

from starlette.responses import Response

from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_scope import asked_site, scope
from nightdesk.faces.web.sites import FACTS, given_facts, offered
from nightdesk.faces.web.visit import Visit

FINE = {"field": "", "says": ""}


async def show(visit: Visit) -> Response:
    facts = await scope(visit, asked_site(visit))
    site = facts["site"]
    given = {name: getattr(site, name) for name in FACTS} if site else {}
    return await visit.answer("settings_site.html", facts | {"given": given, "wrong": FINE} | offered())


async def keep(visit: Visit) -> Response:
    form = await visit.form()
    site = await visit.desk.sites.get(visit.workspace, str(form.get("site", "")))
    changed = await visit.desk.sites.change(visit.workspace, site.id, **given_facts(form))
    says = f"{changed.name} is changed. What is made from now on goes by it."
    if changed.timezone != site.timezone:
        says += " Its next runs are planned anew by the new clock."
    return visit.fragments(visit.toast(says))


ROUTES = (page("/settings/site", show), act("/settings/site", keep))
