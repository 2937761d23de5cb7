"""Sites: what waits at each, when it ran and runs next; made, archived and brought back."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from nightdesk.desk.errors import Invalid, Taken
from nightdesk.desk.overview import Overview
from nightdesk.faces.web.paging import paging
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Undo, Visit
from nightdesk.faces.web.zones import LANGUAGES, zones

FACTS = ("name", "subject", "audience", "language", "timezone", "voice")
"""What the form of a site asks for."""


async def show(visit: Visit) -> Response:
    return await visit.answer("sites.html", await sites_context(visit))


async def sites_context(visit: Visit) -> dict[str, Any]:
    archived, search = visit.query.get("archived") == "1", visit.query.get("q", "").strip()
    asked = paging(visit, Overview.orders["name"])
    found = await visit.desk.overview.sites(visit.workspace, asked, archived=archived, search=search)
    here = {"archived": "1"} if archived else {}
    here |= {"q": search} if search else {}
    return {
        "seen": found.items,
        "next_cursor": found.next_cursor,
        "first": asked.after is None,
        "archived": archived,
        "search": search,
        "address": f"/sites?{urlencode(here)}" + ("&" if here else ""),
    }


async def new(visit: Visit) -> Response:
    return await blank(visit, "new_site.html")


async def create(visit: Visit) -> Response:
    return await made(visit, "new_site.html")


async def blank(visit: Visit, template: str) -> Response:
    """A page with the form of a site that nobody has filled in yet."""
    given = {"language": visit.caller.language, "timezone": visit.caller.timezone}
    return await _form(visit, template, dict.fromkeys(FACTS, "") | given, Invalid("", ""))


async def made(visit: Visit, template: str) -> Response:
    """Makes the site of the form and goes to it, or shows the form again with what was wrong."""
    given = given_facts(await visit.form())
    facts: dict[str, Any] = dict(given)
    try:
        niche = await visit.desk.niches.shelf.create(visit.workspace, by=visit.caller, **facts)
    except Invalid as wrong:
        return await _form(visit, template, given, wrong, 422)
    except Taken as taken:
        return await _form(visit, template, given, Invalid("name", str(taken)), 409)
    return visit.go(f"/sites/{niche.site.slug}")


def given_facts(form: Mapping[str, Any]) -> dict[str, str]:
    """What the form of a site holds."""
    return {name: str(form.get(name, "")).strip() for name in FACTS}


async def _form(
    visit: Visit, template: str, given: Mapping[str, str], wrong: Invalid, status: int = 200
) -> Response:
    facts: dict[str, Any] = {"given": given, "wrong": {"field": wrong.field, "says": str(wrong)}}
    facts["subjects"] = visit.desk.niches.shelf.subjects()
    return await visit.answer(template, facts | offered(), status=status)


def offered() -> dict[str, Any]:
    """The languages and time zones that the form of a site offers."""
    return {"languages": LANGUAGES, "zones": zones()}


async def archive(visit: Visit) -> Response:
    """Takes the site out of every list; a toast offers to bring it back."""
    site = await visit.desk.sites.get(visit.workspace, visit.path["slug"])
    await visit.desk.sites.archive(visit.workspace, site.id)
    if visit.query.get("go") == "1":
        return visit.go("/sites?archived=1")
    says = f"{site.name} is archived. Nothing of it is lost, and it runs no more by itself."
    return await _anew(visit, visit.toast(says, undo=Undo(f"/sites/{site.slug}/restore")))


async def restore(visit: Visit) -> Response:
    site = await visit.desk.sites.restore(visit.workspace, visit.path["slug"])
    return await _anew(visit, visit.toast(f"{site.name} is back, with all that is in it."))


async def _anew(visit: Visit, toast: str) -> Response:
    """The list as the page shows it now, wherever the button stood, and the toast."""
    facts = await sites_context(visit) | {"elsewhere": True}
    answer = visit.fragments(visit.part("sites.html", "sites", facts), toast)
    # A toast that was clicked is gone by the time of the answer, which reaches the list by this alone.
    answer.headers["HX-Trigger"] = '{"changed": {"target": "#sites"}}'
    return answer


ROUTES = (
    page("/sites", show),
    page("/sites/new", new, needs="editor"),
    act("/sites/new", create),
    act("/sites/{slug}/archive", archive),
    act("/sites/{slug}/restore", restore),
)
