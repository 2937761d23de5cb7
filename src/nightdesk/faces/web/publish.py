"""The part of a piece's page that sends it out: to which accounts, when, and what became of it."""

from collections.abc import Sequence
from typing import Any, Literal

from starlette.responses import Response

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.paging import Paging
from nightdesk.desk.publishing import PublicationFilter, Wish
from nightdesk.desk.publishing.asking import AGAIN
from nightdesk.desk.publishing.options import options_of
from nightdesk.desk.publishing.stories import ORDERS
from nightdesk.desk.rows import Site
from nightdesk.faces.web import publication_words
from nightdesk.faces.web.publishing_answers import around
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.slot_times import read_slot
from nightdesk.faces.web.times import zone_of
from nightdesk.faces.web.visit import Visit

Kind = Literal["article", "video"]
OUT = ("approved", "publishing", "published")
MOST_COMMENT = 2000


async def publish_facts(visit: Visit, kind: Kind, number: int, status: str, site: Site) -> dict[str, Any]:
    """What the part shows of one piece of a site."""
    desk, workspace = visit.desk, visit.workspace
    asked = PublicationFilter(**_which(kind, number))
    found = await desk.publishing.stories.listed(workspace, asked, Paging(ORDERS["newest"], 100))
    accounts = {one.id: one for one in await desk.accounts.listed(workspace)}
    kinds = desk.accounts.kinds()
    takes: dict[str, Sequence[str]] = {one.platform: one.takes for one in kinds}
    gone = {one.publication.account_id for one in found.items if one.publication.state not in AGAIN}
    linked = [one for one in accounts.values() if any(link.site_id == site.id for link in one.sites)]
    free = [one for one in linked if kind in takes[one.platform] and one.id not in gone]
    ways = {(one.platform, one.way) for one in free}
    frame, now = await around(visit), desk.health.clock.now()
    zones = zone_of(site.timezone), zone_of(visit.caller.timezone)
    return {
        "publish_kind": kind,
        "publish_at": f"/publish/{kind}/{number}",
        "publish_site": site,
        "publish_open": status in OUT,
        "publish_stopped": frame["stopped"],
        "publish_titles": frame["titles"],
        "publish_linked": bool(linked),
        "publish_accounts": free,
        "publish_comments": sorted(
            {one.title for one in kinds for at, way in ways if at == one.platform and one.by(way).comments}
        ),
        "publish_standing": {one.id: publication_words.standing(one, now) for one in linked},
        "publications": [
            (
                one,
                publication_words.waits_for(
                    one.publication, accounts.get(one.publication.account_id), frame["stopped"]
                ),
                publication_words.slot(one.publication.planned_at, now, *zones),
            )
            for one in found.items
        ],
        "publication_states": publication_words.STATES,
    }


async def show(visit: Visit) -> Response:
    """The part alone; the whole page of the piece to whoever asks otherwise."""
    kind, number, status, site = await _piece(visit)
    if not visit.by_htmx:
        return visit.go(f"/review/{number}" if kind == "article" else f"/videos/{number}")
    facts = await publish_facts(visit, kind, number, status, site)
    return visit.fragments(visit.part("publish.html", "publishing", facts))


async def publish(visit: Visit) -> Response:
    """Asks for it to go out to the accounts that are ticked."""
    kind, number, status, site = await _piece(visit)
    form = await visit.form()
    numbers = [int(one) for one in map(str, form.getlist("account")) if one.isascii() and one.isdecimal()]
    if not numbers:
        raise Invalid("account", "Tick at least one account.")
    at = read_slot(str(form.get("at", "")), zone_of(site.timezone)) if form.get("when") == "at" else None
    if at is not None and at <= visit.desk.health.clock.now():
        raise Invalid("at", "That time is past. Choose one to come, or have it go out now.")
    options = options_of(str(form.get("options", ""))) | _comment(str(form.get("first_comment", "")))
    wish = Wish(accounts=numbers, at=at, options=options, **_which(kind, number))
    asked = await visit.desk.publishing.publish(visit.caller, wish)
    facts = await publish_facts(visit, kind, number, status, site)
    return visit.fragments(visit.part("publish.html", "publishing", facts), visit.toast(_said(asked, at)))


def _comment(typed: str) -> dict[str, Any]:
    """The option for it; none where nothing was typed. Raises `Invalid`."""
    text = "\n".join(typed.strip().splitlines())
    if len(text) > MOST_COMMENT:
        raise Invalid("first_comment", f"At most {MOST_COMMENT:,} characters.")
    return {"first_comment": text} if text else {}


def _said(asked: Any, at: Any) -> str:
    new = sum(one.new for one in asked)
    if not new:
        return "It was asked for before; nothing was changed."
    where = "1 account" if new == 1 else f"{new} accounts"
    moved = [one.moved for one in asked if one.new and one.moved]
    return " ".join([f"It goes out to {where} {'at its time' if at else 'now'}.", *moved])


def _which(kind: Kind, number: int) -> dict[str, Any]:
    return {"content_id" if kind == "article" else "video_id": number}


async def _piece(visit: Visit) -> tuple[Kind, int, str, Site]:
    """Raises `NotFound`."""
    number = int(visit.path["number"])
    sites = await visit.desk.sites.listed(visit.workspace)
    if visit.path["kind"] == "article":
        content = await visit.desk.review.contents.get(visit.workspace, number)
        kind: Kind = "article"
        status, site_id = content.status, content.site_id
    elif visit.path["kind"] == "video":
        video = (await visit.desk.videos.shelf.show(visit.workspace, number)).video
        kind, status, site_id = "video", video.status, video.site_id
    else:
        raise NotFound("kind of piece")
    site = next((one for one in sites if one.id == site_id), None)
    if site is None:
        raise NotFound("site")
    return kind, number, status, site


_AT = "/publish/{kind}/{number:int}"
ROUTES = (page(_AT, show), act(_AT, publish))
