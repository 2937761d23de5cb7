"""Settings, tools: how a program works here by our tool server, and where it may approve and publish."""

from typing import Any

from starlette.responses import Response

from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_scope import tabs
from nightdesk.faces.web.visit import Visit

PATH = "/settings/tools"


async def show(visit: Visit) -> Response:
    return await visit.answer("settings_tools.html", await context(visit))


async def context(visit: Visit) -> dict[str, Any]:
    """What the page and its fragment show."""
    rights = await visit.desk.tool_rights.listed(visit.workspace)
    found = await visit.desk.sites.listed(visit.workspace)
    return {
        "tabs": tabs(visit),
        "sites": [],
        "site": None,
        "rights": [{"site": site, "right": rights.get(site.id)} for site in found],
        "address": f"{visit.request.base_url}mcp",
    }


async def allow(visit: Visit) -> Response:
    """Lets tools approve and publish for a site, or no longer."""
    number, allowed = int(visit.path["number"]), str((await visit.form()).get("allowed", "")) == "yes"
    await visit.desk.tool_rights.allow(visit.caller, number, allowed=allowed)
    said = (
        "Tools may approve and publish for this site now, in the name of a person. It stands in the book."
        if allowed
        else "Approving and publishing are for people again."
    )
    return visit.fragments(
        visit.part("settings_tools.html", "rights_list", await context(visit)), visit.toast(said)
    )


ROUTES = (
    page(PATH, show, needs="owner"),
    act(f"{PATH}/{{number:int}}", allow, needs="owner"),
)
