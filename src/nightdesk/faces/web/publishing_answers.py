"""What the acts of publishing answer: what was done as a toast, and that pages ask for their parts anew."""

import json
from typing import Any

from starlette.responses import Response

from nightdesk.faces.web.visit import Undo, Visit


def done(visit: Visit, says: str, undo: Undo | None = None, kind: str = "success") -> Response:
    """Says it; dialogs close and the parts of the page are asked for anew."""
    answer = visit.fragments(visit.toast(says, undo=undo, kind=kind))
    answer.headers["HX-Trigger"] = json.dumps({"publishing:changed": {"target": "body"}})
    return answer


async def around(visit: Visit) -> dict[str, Any]:
    """What every page of publishing needs: whether all is stopped, the sites by their numbers, and what the
    platforms are called."""
    return {
        "stopped": await visit.desk.publishing.stopped(visit.workspace),
        "titles": {one.platform: one.title for one in visit.desk.accounts.kinds()},
        "sites": {site.id: site for site in await visit.desk.sites.listed(visit.workspace)},
    }
