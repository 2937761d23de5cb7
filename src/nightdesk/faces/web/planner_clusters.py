"""Clusters: renamed, merged, split by moving keywords out, disabled and deleted, each with a way back."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from nightdesk.desk.items import Filter
from nightdesk.desk.paging import Order, Paging
from nightdesk.desk.planner.cluster_changes import Changed
from nightdesk.desk.planner.clusters import MOST_COUNTED, Clusters
from nightdesk.desk.rows import Site
from nightdesk.faces.web.paging import paging
from nightdesk.faces.web.planner_site import (
    around,
    changed,
    field,
    many,
    numbers,
    said,
    searched,
    shown,
    site_of,
    tabs_anew,
)
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit

STATES = ("new", "mapped", "in_hand", "disabled", "failed")
ORDERS: Mapping[str, str] = {"volume": "Most searched first", "name": "A to Z", "newest": "Newest first"}
OFFERED = 20
"""Names that a field for a cluster offers while one types."""


async def show(visit: Visit) -> Response:
    return await shown(visit, "planner_clusters.html", await clusters_context(visit, await site_of(visit)))


async def clusters_context(visit: Visit, site: Site) -> dict[str, Any]:
    """A page of clusters, each with how many keywords and ideas it has."""
    facts = await around(visit, site, "clusters")
    given = _given(visit)
    order = _order(given)
    asked = paging(visit, order)
    clusters = visit.desk.planner.clusters
    narrowed = Filter(status=given.get("state"), search=given.get("search"))
    found = await clusters.page(visit.workspace, site.id, narrowed, asked)
    total = sum(found.counts.values())
    known = None if "search" in given else found.counts.get(given.get("state", ""), 0)
    at = f"{facts['base']}/clusters"
    return facts | {
        "clusters": found.items,
        "sizes": await clusters.sizes(visit.workspace, [one.id for one in found.items]),
        "most_counted": MOST_COUNTED,
        "counts": found.counts,
        "total": total,
        "known": total if not given.keys() - {"order"} else known,
        "next_cursor": found.next_cursor,
        "first": asked.after is None,
        "given": given,
        "order": order.name,
        "orders": ORDERS,
        "states": STATES,
        "list_at": at,
        "address": _address(at, given),
        "here": _address(at, given | {"after": visit.query.get("after", "") if asked.after else ""}),
    }


def _given(visit: Visit) -> dict[str, str]:
    given = {"search": searched(visit, "search")}
    given["state"] = visit.query.get("state", "") if visit.query.get("state") in STATES else ""
    given["order"] = visit.query.get("order", "") if visit.query.get("order") in ORDERS else ""
    return {name: value for name, value in given.items() if value}


def _order(given: Mapping[str, str]) -> Order:
    return Clusters.orders[given.get("order", "volume")]


def _address(at: str, given: Mapping[str, str]) -> str:
    parts = {name: value for name, value in given.items() if value}
    return f"{at}?{urlencode(parts)}" + ("&" if parts else "")


async def names(visit: Visit) -> Response:
    """Options for a field that wants a cluster: those with what is typed in their names."""
    site = await site_of(visit)
    wanted = searched(visit, "to") or searched(visit, "cluster")
    found = await visit.desk.planner.clusters.page(
        visit.workspace, site.id, Filter(search=wanted or None), Paging(Clusters.orders["volume"], OFFERED)
    )
    facts = {"offered": [one.name for one in found.items], "alone": "cluster" in visit.query}
    return HTMLResponse(visit.part("planner_clusters.html", "cluster_names", facts))


Change = Callable[[Visit, Site, Any], Awaitable[tuple[Changed, str]]]


def deed(change: Change) -> Callable[[Visit], Awaitable[Response]]:
    """A change, answered by the list as it is then and a toast that says what happened."""

    async def answer(visit: Visit) -> Response:
        site = await site_of(visit)
        done, says = await change(visit, site, await visit.form())
        toast = changed(visit, site, says, done.undo)
        if visit.query.get("then") == "list":
            return visit.go(f"/sites/{site.slug}/planner/clusters")
        return await anew(visit, site, toast)

    return answer


async def anew(visit: Visit, site: Site, toast: str) -> Response:
    """The list and the counts as they are after a change."""
    facts = await clusters_context(visit, site)
    listed = visit.part("planner_clusters.html", "clusters", facts)
    return visit.fragments(listed, await tabs_anew(visit, site, "clusters"), toast)


async def rename(visit: Visit, site: Site, form: Any) -> tuple[Changed, str]:
    (number,) = numbers(form)[:1]
    changes = visit.desk.planner.cluster_changes
    with field("new_name"):
        done = await changes.rename(visit.workspace, site.id, number, str(form.get("new_name", "")))
    return done, f"The cluster is called “{done.into}” now."


async def merge(visit: Visit, site: Site, form: Any) -> tuple[Changed, str]:
    changes = visit.desk.planner.cluster_changes
    done = await changes.merge(visit.workspace, site.id, numbers(form), str(form.get("name", "")))
    return done, f"{said(done.clusters, 'cluster')} one now, “{done.into}”."


async def disable(visit: Visit, site: Site, form: Any) -> tuple[Changed, str]:
    changes = visit.desk.planner.cluster_changes
    done = await changes.disable(visit.workspace, site.id, numbers(form), disabled=True)
    return done, f"{said(done.clusters, 'cluster')} disabled: no ideas are planned for them."


async def enable(visit: Visit, site: Site, form: Any) -> tuple[Changed, str]:
    changes = visit.desk.planner.cluster_changes
    done = await changes.disable(visit.workspace, site.id, numbers(form), disabled=False)
    return done, f"{said(done.clusters, 'cluster')} enabled again."


async def delete(visit: Visit, site: Site, form: Any) -> tuple[Changed, str]:
    done = await visit.desk.planner.cluster_changes.delete(visit.workspace, site.id, numbers(form))
    return (
        done,
        f"{said(done.clusters, 'cluster')} deleted; {many(done.keywords, 'keyword')} became new again.",
    )


async def retry(visit: Visit) -> Response:
    """Takes the clusters for which no ideas could be planned out of parking."""
    site = await site_of(visit)
    form = await visit.form()
    these = None if form.get("every") == "yes" else numbers(form)
    n = await visit.desk.planner.clusters.retry(visit.workspace, site.id, these)
    says = f"{said(n, 'cluster')} tried again by the next run." if n else "Nothing is set aside any more."
    return await anew(visit, site, visit.toast(says))


_AT = "/sites/{slug}/planner/clusters"
ROUTES = (
    page(_AT, show),
    page(f"{_AT}/names", names),
    act(f"{_AT}/rename", deed(rename)),
    act(f"{_AT}/merge", deed(merge)),
    act(f"{_AT}/disable", deed(disable)),
    act(f"{_AT}/enable", deed(enable)),
    act(f"{_AT}/delete", deed(delete)),
    act(f"{_AT}/retry", retry),
)
