"""One cluster: its name and keywords, which can be moved to others or split off as a new one."""

from typing import Any

from starlette.responses import Response

from nightdesk.desk.errors import NotFound
from nightdesk.desk.rows import Cluster, Site
from nightdesk.faces.web.planner_asked import asked_for
from nightdesk.faces.web.planner_keywords import listed, place_of
from nightdesk.faces.web.planner_site import around, changed, shown, site_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit


async def show(visit: Visit) -> Response:
    site = await site_of(visit)
    return await shown(visit, "planner_cluster.html", await cluster_context(visit, site))


async def cluster_context(visit: Visit, site: Site) -> dict[str, Any]:
    """The cluster with a page of its keywords. Raises `NotFound`."""
    cluster = await cluster_of(visit, site)
    facts = await around(visit, site, "clusters")
    asked = await asked_for(visit, site, cluster.id)
    facts |= await listed(visit, site, asked, place_of(facts["base"], asked))
    sizes = await visit.desk.planner.clusters.sizes(visit.workspace, [cluster.id])
    return facts | {"cluster": cluster, "size": sizes[cluster.id][0], "ideas": sizes[cluster.id][1]}


async def cluster_of(visit: Visit, site: Site) -> Cluster:
    """The cluster that the address names. Raises `NotFound`."""
    cluster = await visit.desk.planner.clusters.get(visit.workspace, visit.path["number"])
    if cluster.site_id != site.id:
        raise NotFound("cluster")
    return cluster


async def describe(visit: Visit) -> Response:
    """Gives it another name and description."""
    site = await site_of(visit)
    form = await visit.form()
    changes = visit.desk.planner.cluster_changes
    done = await changes.rename(
        visit.workspace,
        site.id,
        visit.path["number"],
        str(form.get("name", "")),
        str(form.get("description", "")).replace("\0", "").strip()[:400],
    )
    says = "The cluster is as you wrote it." if done.clusters else "Nothing was different."
    facts = await cluster_context(visit, site)
    head = visit.part("planner_cluster.html", "cluster_head", facts)
    return visit.fragments(head, changed(visit, site, says, done.undo))


_AT = "/sites/{slug}/planner/clusters/{number:int}"
ROUTES = (page(_AT, show), act(_AT, describe))
