"""API keys: made and shown once, listed by their beginning, revoked."""

from typing import Any

from starlette.responses import Response

from nightdesk.faces.web.people import TABS
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit


async def show(visit: Visit) -> Response:
    return await visit.answer("people_keys.html", await keys_context(visit))


async def keys_context(visit: Visit) -> dict[str, Any]:
    found = await visit.desk.people.keys(visit.workspace)
    living = [key for key in found if key.revoked_at is None]
    return {"keys": living, "revoked": [key for key in found if key.revoked_at], "tabs": TABS, "made": None}


async def make(visit: Visit) -> Response:
    """Makes a key and shows it this one time."""
    name = str((await visit.form()).get("name", ""))
    made = await visit.desk.people.create_key(visit.workspace, name, visit.caller)
    facts = await keys_context(visit) | {"made": made, "address": str(visit.request.base_url)}
    return visit.fragments(visit.part("people_keys.html", "keys_list", facts))


async def revoke(visit: Visit) -> Response:
    await visit.desk.people.revoke_key(visit.workspace, int(visit.path["number"]), visit.caller)
    toast = visit.toast("The key is revoked. What used it is told that it is not known.")
    facts = await keys_context(visit)
    return visit.fragments(visit.part("people_keys.html", "keys_list", facts), toast)


ROUTES = (
    page("/people/keys", show, needs="owner"),
    act("/people/keys", make, needs="owner"),
    act("/people/keys/{number:int}/revoke", revoke, needs="owner"),
)
