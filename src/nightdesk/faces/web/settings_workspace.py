"""Settings, workspace: what the newsroom is called, and how much it keeps of what it may."""

from typing import Any

from starlette.responses import Response

from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_scope import tabs
from nightdesk.faces.web.visit import Visit


async def show(visit: Visit) -> Response:
    return await visit.answer("settings_workspace.html", await workspace_context(visit))


async def workspace_context(visit: Visit) -> dict[str, Any]:
    workspaces = visit.desk.workspaces
    return {
        "tabs": tabs(visit),
        "sites": [],
        "site": None,
        "name": await workspaces.name(visit.workspace),
        "storage": await workspaces.storage(visit.workspace),
    }


async def rename(visit: Visit) -> Response:
    """Raises `Invalid`."""
    form = await visit.form()
    name = await visit.desk.workspaces.rename(visit.caller, str(form.get("name", "")))
    facts = await workspace_context(visit)
    return visit.fragments(
        visit.part("settings_workspace.html", "named", facts), visit.toast(f"This newsroom is called {name}.")
    )


ROUTES = (
    page("/settings/workspace", show),
    act("/settings/workspace", rename, needs="owner"),
)
