"""Feeds: what a site's topics come from, each with how it does; added, fetched, switched off, exchanged."""

from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import UploadFile
from starlette.responses import Response

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.feeds import AddedFeeds, TakenList, health_of
from nightdesk.desk.items import Filter
from nightdesk.desk.rows import Site
from nightdesk.desk.scraping import Scraped
from nightdesk.faces.web.paging import paging
from nightdesk.faces.web.planner_site import changed, many, searched, site_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.site_sources import around, shown, tabs_anew
from nightdesk.faces.web.visit import Visit

ORDERS = {"newest": "Newest first", "title": "A to Z", "failures": "Failing first"}
STATES = {"fine": "Fine", "failing": "Failing", "waiting": "Not fetched yet", "off": "Switched off"}
LARGEST_LIST = 5_000_000
"""Bytes of a list of feeds."""


async def show(visit: Visit) -> Response:
    return await shown(visit, "feeds.html", await feeds_context(visit, await site_of(visit)))


async def feeds_context(visit: Visit, site: Site) -> dict[str, Any]:
    facts = await around(visit, site, "feeds")
    given = {
        "search": searched(visit, "search"),
        "status": visit.query.get("status", "") if visit.query.get("status") in STATES else "",
        "order": visit.query.get("order", "") if visit.query.get("order") in ORDERS else "newest",
    }
    feeds = visit.desk.feeds
    asked = paging(visit, feeds.orders[given["order"]])
    narrowed = Filter(search=given["search"] or None, status=given["status"] or None)
    found = await feeds.page(visit.workspace, site.id, narrowed, asked)
    parts = {name: value for name, value in given.items() if value and value != "newest"}
    at = f"/sites/{site.slug}/feeds"
    return facts | {
        "feeds": [(feed, health_of(feed)) for feed in found.items],
        "counts": found.counts,
        "progress": await feeds.progress(visit.workspace, site.id),
        "next_cursor": found.next_cursor,
        "first": asked.after is None,
        "given": given,
        "orders": ORDERS,
        "states": STATES,
        "list_at": at,
        "address": f"{at}?{urlencode(parts)}" + ("&" if parts else ""),
    }


async def add(visit: Visit) -> Response:
    """Looks at an address: its feed is added, or those that a page names are offered."""
    site = await site_of(visit)
    url = str((await visit.form()).get("url", "")).strip()
    if not url:
        raise Invalid("url", "Write the address of a feed, or of a page that has one.")
    added = await visit.desk.feeds.add(visit.workspace, site.id, url)
    if added.offered:
        return visit.fragments(visit.part("feeds.html", "preview", _offered(site, added)))
    return await anew(visit, site, _told(visit, added), emptied=True)


def _offered(site: Site, added: AddedFeeds) -> dict[str, Any]:
    return {"offered": added.offered, "list_at": f"/sites/{site.slug}/feeds", "elsewhere": False}


def _told(visit: Visit, added: AddedFeeds) -> str:
    if added.added:
        return visit.toast(f"“{_name(added.added[0])}” is added, and fetched within a minute.")
    name = _name(added.there[0]) if added.there else "This feed"
    return visit.toast(f"“{name}” was there already; nothing was added.", kind="info")


def _name(feed: Any) -> str:
    return str(feed.title or feed.url)


async def seed(visit: Visit) -> Response:
    """Adds the feeds that the catalogue has for the site's subject."""
    site = await site_of(visit)
    added = await visit.desk.feeds.seed(visit.workspace, site.id)
    says = f"{many(len(added), 'feed')} added from the catalogue." if added else "They are all there already."
    return await anew(visit, site, visit.toast(says, kind="success" if added else "info"))


async def scrape(visit: Visit) -> Response:
    """Fetches all of the site's feeds now; the list tells of each as it comes in."""
    site = await site_of(visit)
    scraped = await visit.desk.scraping.scrape(visit.workspace, site.id, force=True)
    kind = "info" if scraped.errors else "success"
    return await anew(visit, site, visit.toast(_came(scraped), kind=kind))


def _came(scraped: Scraped) -> str:
    if not scraped.feeds:
        return "There is no feed to fetch. Add one first."
    says = f"{many(scraped.fetched, 'feed')} fetched, {many(scraped.new_topics, 'new topic')}."
    if scraped.errors:
        says += f" {many(len(scraped.errors), 'feed')} could not be read: the list says why."
    if scraped.fetched < scraped.feeds:
        says += " The others are fetched in the background."
    return says


async def switch(visit: Visit) -> Response:
    """Switches a feed on or off, whichever it is not."""
    site = await site_of(visit)
    feed = await _of_site(visit, site)
    on = (await visit.form()).get("on") == "yes"
    await visit.desk.feeds.switch(visit.workspace, feed.id, on=on)
    says = f"“{_name(feed)}” is {'switched on, and due now' if on else 'switched off'}."
    return await anew(visit, site, visit.toast(says))


async def delete(visit: Visit) -> Response:
    site = await site_of(visit)
    feed = await _of_site(visit, site)
    undo = await visit.desk.feeds.delete(visit.workspace, feed.id)
    says = f"“{_name(feed)}” is taken out. The topics that it gave stay."
    return await anew(visit, site, changed(visit, site, says, undo))


async def take_list(visit: Visit) -> Response:
    """Shows what a list of feeds holds, and adds its new ones once that is asked for."""
    site = await site_of(visit)
    form = await visit.form()
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Invalid("file", "Choose a list of feeds first: an OPML file of your reader. Nothing was added.")
    content = await file.read(LARGEST_LIST + 1)
    if len(content) > LARGEST_LIST:
        raise Invalid("file", "A list of feeds has at most 5 MB. Nothing was added.")
    keep = form.get("keep") == "yes"
    taken = await visit.desk.feeds.opml_in(visit.workspace, site.id, content, keep=keep)
    if not keep:
        facts = {"taken": taken, "list_at": f"/sites/{site.slug}/feeds", "elsewhere": False}
        return visit.fragments(visit.part("feeds.html", "preview", facts))
    return await anew(visit, site, visit.toast(_taken(taken)), emptied=True)


def _taken(taken: TakenList) -> str:
    says = f"{many(len(taken.new), 'feed')} added."
    if taken.already:
        says += f" {len(taken.already):,} {'was' if len(taken.already) == 1 else 'were'} there already."
    return says


async def give_list(visit: Visit) -> Response:
    """The site's feeds as a file that other readers take."""
    site = await site_of(visit)
    content = await visit.desk.feeds.opml_out(visit.workspace, site.id)
    name = f'attachment; filename="{site.slug}-feeds.opml"'
    return Response(content, media_type="text/x-opml", headers={"Content-Disposition": name})


async def _of_site(visit: Visit, site: Site) -> Any:
    feed = await visit.desk.feeds.get(visit.workspace, visit.path["number"])
    if feed.site_id != site.id:
        raise NotFound("feed")
    return feed


async def anew(visit: Visit, site: Site, *toasts: str, emptied: bool = False) -> Response:
    """The list and the counts as they are after a change; `emptied` what was looked at is put away."""
    facts = await feeds_context(visit, site)
    parts = [visit.part("feeds.html", "feeds", facts), await tabs_anew(visit, site, "feeds")]
    if emptied:
        parts.insert(0, visit.part("feeds.html", "preview", {"elsewhere": True}))
    return visit.fragments(*parts, *toasts)


_AT = "/sites/{slug}/feeds"
_ONE = f"{_AT}/{{number:int}}"
ROUTES = (
    page(_AT, show),
    page(f"{_AT}/feeds.opml", give_list),
    act(f"{_AT}/add", add),
    act(f"{_AT}/seed", seed),
    act(f"{_AT}/scrape", scrape),
    act(f"{_AT}/list", take_list),
    act(f"{_ONE}/switch", switch),
    act(f"{_ONE}/delete", delete),
)
