"""Takes back what a form of a site's settings changed: the toast's button carries what was there before."""

import base64
import binascii
import json
from typing import Any

from starlette.responses import Response

from nightdesk.desk.errors import Invalid
from nightdesk.desk.rows import Site
from nightdesk.faces.web.routes import act
from nightdesk.faces.web.visit import Undo, Visit

KNOWN = (
    *("name", "subject", "audience", "language", "timezone", "voice", "style", "brand"),
    *("posts_a_day", "hours", "platforms", "video", "floor", "auto_mode"),
    *("generation_mode", "videos_a_day", "day_budget", "piece_budget"),
)


def way_back(before: Site, after: Site) -> Undo | None:
    """To how the site was; None where nothing differs."""
    was = {name: getattr(before, name) for name in KNOWN if getattr(before, name) != getattr(after, name)}
    if not was:
        return None
    packed = base64.urlsafe_b64encode(json.dumps(was, ensure_ascii=False).encode()).decode()
    return Undo(f"/sites/{before.slug}/settings/undo?was={packed}")


async def undo(visit: Visit) -> Response:
    """Gives the site the facts in the address, each looked at as in any form, and shows the page anew."""
    site = await visit.desk.sites.get(visit.workspace, visit.path["slug"])
    was = _was(visit.query.get("was", ""))
    if {"auto_mode", "posts_a_day"} & was.keys():
        await visit.desk.niches.shelf.change(visit.workspace, site.id, was, by=visit.caller)
    else:
        await visit.desk.sites.change(visit.workspace, site.id, by=visit.caller, **was)
    return Response(status_code=204, headers={"HX-Refresh": "true"})


def _was(packed: str) -> dict[str, Any]:
    try:
        found = json.loads(base64.urlsafe_b64decode(packed.encode("ascii")))
    except (UnicodeError, binascii.Error, ValueError, RecursionError) as error:
        raise Invalid("was", "This cannot be taken back any more.") from error
    if not isinstance(found, dict) or not found.keys() <= set(KNOWN):
        raise Invalid("was", "This cannot be taken back any more.")
    if not isinstance(found.get("auto_mode", False), bool):
        raise Invalid("was", "This cannot be taken back any more.")
    return found


ROUTES = (act("/sites/{slug}/settings/undo", undo),)
