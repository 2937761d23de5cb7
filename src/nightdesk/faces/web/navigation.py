"""What surrounds every page of someone signed in: the places in the sidebar, the sites, what waits where."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nightdesk.desk import Desk
from nightdesk.desk.badges import Counts
from nightdesk.desk.people import Caller
from nightdesk.desk.rows import Site


@dataclass(frozen=True)
class Place:
    """An entry of the sidebar; a `{slug}` in its path is that of the site one is at, or of the first."""

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
    Place("/sites/{slug}/planner", "Planner", "layout-kanban", "g p"),
    Place("/sites/{slug}/topics", "Sources", "rss", "g f"),
    Place("/sites/{slug}/studio", "Studio", "movie", "g v"),
    Place("/library", "Library", "video", "g l"),
    Place("/calendar", "Calendar", "calendar-event", "g d", "held"),
    Place("/insights", "Insights", "chart-bar", "g i"),
    Place("/accounts", "Accounts", "plug", "g a"),
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
    """The path of the place that the page belongs to."""
    sites: Sequence[Site]
    site: Site | None
    badges: Counts
    after: int


def existing(paths: set[str]) -> tuple[Place, ...]:
    """The places whose pages exist, themselves or below them."""
    return tuple(
        place
        for place in PLACES
        if place.path in paths
        or any(path.startswith(f"{place.path}/") for path in paths if place.path != "/")
    )


async def shell(desk: Desk, caller: Caller, path: str, places: Sequence[Place], after: int) -> Shell:
    """The frame of the page at that path."""
    sites = await desk.sites.listed(caller.workspace_id)
    words = path.strip("/").split("/")
    slug = words[1] if words[0] == "sites" and len(words) > 1 else None
    site = next((site for site in sites if site.slug == slug), None)
    badges = await desk.badges.count(caller.workspace_id)
    shown = _shown(places, site or (sites[0] if sites else None))
    return Shell(shown, _here(words), sites, site, badges, after)


def _shown(places: Sequence[Place], site: Site | None) -> list[Place]:
    """The places with their addresses; those of a site are left out while there is none."""
    if site is None:
        return [place for place in places if "{slug}" not in place.path]
    return [replace(place, path=place.path.replace("{slug}", site.slug)) for place in places]


def _here(words: Sequence[str]) -> str:
    if words[0] == "sites" and len(words) > 2 and words[2] in ("planner", "studio"):
        return "/".join(["", *words[:3]])
    if words[0] == "sites" and len(words) > 2 and words[2] in ("topics", "feeds", "sources"):
        return f"/sites/{words[1]}/topics"
    return {"publications": "/calendar", "tonight": "/"}.get(words[0], f"/{words[0]}")
