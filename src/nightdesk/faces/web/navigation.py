"""What surrounds every page of someone signed in: the places in the sidebar, the sites, what waits where."""

from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.desk import Desk
from nightdesk.desk.people import Caller
from nightdesk.desk.rows import Site


@dataclass(frozen=True)
class Place:
    """An entry of the sidebar."""

    path: str
    name: str
    icon: str
    keys: str
    """Pressed one after the other they lead there."""
    badge: str = ""
    """The name of the count that it shows."""


PLACES = (
    Place("/", "Tonight", "moon-stars", "g t", "running"),
    Place("/review", "Review", "checkup-list", "g r", "review"),
    Place("/sites", "Sites", "world", "g s"),
    Place("/planner", "Planner", "layout-kanban", "g p"),
    Place("/runs", "Runs", "history", "g u"),
    Place("/credits", "Credits", "coins", "g c"),
    Place("/settings", "Settings", "settings", "g e"),
    Place("/people", "People", "users", "g o"),
)


@dataclass(frozen=True)
class Shell:
    """What the layout shows around a page."""

    places: Sequence[Place]
    here: str
    sites: Sequence[Site]
    site: Site | None
    badges: dict[str, int]
    after: int


def existing(paths: set[str]) -> tuple[Place, ...]:
    """The places whose pages exist."""
    return tuple(place for place in PLACES if place.path in paths)


async def shell(desk: Desk, caller: Caller, path: str, places: Sequence[Place], after: int) -> Shell:
    sites = await desk.sites.listed(caller.workspace_id)
    parts = path.split("/")
    site = next(
        (site for site in sites if parts[1] == "sites" and len(parts) > 2 and parts[2] == site.slug), None
    )
    return Shell(places, _here(path), sites, site, {}, after)


def _here(path: str) -> str:
    """The place that a page belongs to."""
    first = "/" + path.split("/")[1]
    return "/planner" if "/planner" in path else first
