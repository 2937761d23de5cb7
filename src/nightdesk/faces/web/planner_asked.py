"""Reads from an address which keywords are asked for, and spells it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from nightdesk.desk.items import Filter
from nightdesk.desk.paging import Paging
from nightdesk.desk.planner.keyword_lists import ORDERS, UNKNOWN, KeywordFilter
from nightdesk.desk.rows import Cluster, Site
from nightdesk.faces.web.paging import paging
from nightdesk.faces.web.planner_site import INTENTS, searched
from nightdesk.faces.web.visit import Visit

STATES = ("new", "mapped", "in_hand", "disabled", "failed")
ALONE = "none"
"""The cluster of keywords that are in none."""

USUAL = "volume"
LARGEST = 2_000_000_000


@dataclass(frozen=True)
class Asked:
    """A list of keywords as an address asks for it; `given` is what of it was understood."""

    filter: KeywordFilter
    order: str
    given: Mapping[str, str]

    @property
    def inside(self) -> str:
        """The number of the cluster on whose page the list stands, else empty."""
        return self.given.get("in", "")

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for of which no count is kept."""
        return bool(self.given.keys() - ({"order", "in"} if self.inside else {"order", "state"}))

    @property
    def rarer(self) -> bool:
        """Whether something is asked for that the filter shows only when it is unfolded."""
        return bool(self.given.keys() - {"order", "state", "search", "in"})

    def address(self, base: str, **other: str) -> str:
        """The address of the list, with other parts where they are given; ends where more can follow."""
        parts = {name: value for name, value in ({**self.given, **other}).items() if value}
        return f"{base}?{urlencode(parts)}" + ("&" if parts else "")


async def asked_for(visit: Visit, site: Site, inside: int | None = None) -> Asked:
    """What cannot be understood is left aside, and so is a cluster that is no more.

    `inside`, or `in` of the address, is the number of the cluster on whose own page the list stands.
    """
    query = visit.query
    given: dict[str, str] = {}
    inside = inside or _number(given, {"in": query.get("in", "")}, "in", LARGEST)
    if inside is not None:
        given["in"] = str(inside)
    _choice(given, query, "state", STATES)
    _choice(given, query, "intent", (*INTENTS, UNKNOWN))
    _choice(given, query, "order", tuple(ORDERS))
    if search := searched(visit, "search"):
        given["search"] = search
    numbers = {
        name: _number(given, query, name, most)
        for name, most in (("from", LARGEST), ("to", LARGEST), ("easiest", 100), ("hardest", 100))
    }
    wanted = searched(visit, "cluster")
    cluster = await cluster_named(visit, site, wanted)
    if cluster is not None or wanted == ALONE:
        given["cluster"] = wanted
    asked = KeywordFilter(
        status=given.get("state"),
        search=given.get("search"),
        cluster_id=inside or (cluster.id if cluster else None),
        min_volume=numbers["from"],
        max_volume=numbers["to"],
        min_difficulty=numbers["easiest"],
        max_difficulty=numbers["hardest"],
        intent=given.get("intent"),
        unmapped=given.get("cluster") == ALONE,
    )
    return Asked(asked, given.get("order", USUAL), given)


def page_asked(visit: Visit, asked: Asked) -> Paging:
    return paging(visit, ORDERS[asked.order])


async def cluster_named(visit: Visit, site: Site, name: str) -> Cluster | None:
    """The site's cluster of that name, whatever its case."""
    if not name or name == ALONE:
        return None
    clusters = visit.desk.planner.clusters
    found = await clusters.page(
        visit.workspace, site.id, Filter(search=name), Paging(clusters.orders["name"], 200)
    )
    return next((one for one in found.items if one.name.casefold() == name.casefold()), None)


def _choice(given: dict[str, str], query: Mapping[str, Any], name: str, of: tuple[str, ...]) -> None:
    if (value := query.get(name)) in of:
        given[name] = str(value)


def _number(given: dict[str, str], query: Mapping[str, Any], name: str, most: int) -> int | None:
    value = str(query.get(name, "")).strip()
    if value.isascii() and value.isdecimal() and len(value) < 11 and int(value) <= most:
        given[name] = value
        return int(value)
    return None
