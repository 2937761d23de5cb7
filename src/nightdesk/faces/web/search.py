"""Search: what the command palette finds while one types."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from nightdesk.desk.search import Hit
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.visit import Visit


@dataclass(frozen=True)
class Found:
    """A hit with where it leads."""

    hit: Hit
    path: str
    icon: str


ICONS: Mapping[str, str] = {
    "site": "world",
    "piece": "file-text",
    "video": "video",
    "cluster": "tags",
    "keyword": "key",
    "run": "history",
}


async def search(visit: Visit) -> Response:
    return await visit.answer("search.html", await search_context(visit))


async def search_context(visit: Visit) -> dict[str, Any]:
    words = visit.query.get("q", "")
    hits = await visit.desk.search.find(visit.workspace, words)
    if visit.block == "palette_found":
        # The palette has all sites in its own list.
        hits = [hit for hit in hits if hit.kind != "site"]
    return {"words": words, "found": [Found(hit, _path(hit), ICONS[hit.kind]) for hit in hits]}


def _path(hit: Hit) -> str:
    site = f"/sites/{hit.slug}"
    match hit.kind:
        case "piece":
            return f"/review/{hit.id}"
        case "video":
            return f"/videos/{hit.id}"
        case "run":
            return f"/runs/{hit.id}"
        case "keyword":
            return f"{site}/planner/keywords?search={quote(hit.name)}"
        case "cluster":
            return f"{site}/planner/clusters?search={quote(hit.name)}"
        case _:
            return site


ROUTES = (page("/search", search),)
