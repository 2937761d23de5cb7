"""A video: how far it is, its scenes, the player as soon as there is a file, and all to decide on it by."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from nightdesk.desk.videos import Shown
from nightdesk.desk.videos.redoing import DECIDED
from nightdesk.faces.web import video_checks, video_words
from nightdesk.faces.web.publish import publish_facts
from nightdesk.faces.web.review_asked import number_of
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.site_settings import GOES_TO
from nightdesk.faces.web.twin import twin_facts
from nightdesk.faces.web.visit import Undo, Visit

BLOCKS = ("way", "made", "scenes", "rail")
COLOURS = {
    "scripts": "blue",
    "narration": "green",
    "clips": "orange",
    "renders": "purple",
    "checks": "secondary",
    "thumbnails": "yellow",
}
"""Of the steps where their cost is drawn."""

DONE = {
    "approve": "approved",
    "send_back": "sent back",
    "reject": "rejected",
    "reopen": "under review again",
    "cancel": "cancelled",
}


async def show(visit: Visit) -> Response:
    return await visit.answer("video.html", await video_context(visit, number_of(visit)))


async def video_context(visit: Visit, number: int) -> dict[str, Any]:
    """What the page shows, or the one block of it that is asked for. Raises `NotFound`."""
    shown = await visit.desk.videos.shelf.show(visit.workspace, number)
    wanted = visit.block if visit.block in BLOCKS else None
    facts = await basics(visit, shown)
    if wanted in (None, "way"):
        facts["variants"] = await visit.desk.videos.variants.of(shown)
        facts["approved_first"] = await visit.desk.videos.decisions.first(shown.video)
    if wanted in (None, "scenes"):
        facts["cited"] = await visit.desk.videos.citing.of(shown)
    if wanted in (None, "rail"):
        facts |= await _rail(visit, shown)
    if wanted is None:
        facts["said"] = _said(visit, shown)
        facts |= await publish_facts(visit, "video", number, shown.video.status, facts["site"])
    return facts


async def basics(visit: Visit, shown: Shown) -> dict[str, Any]:
    """What every part of the page needs."""
    video = shown.video
    sites = await visit.desk.sites.listed(visit.workspace)
    return {
        "shown": shown,
        "video": video,
        "standing": shown.standing,
        "scenes": shown.scenes,
        "site": next(site for site in sites if site.id == video.site_id),
        "base": f"/videos/{video.id}",
        "heading": video.title or video.topic or "A video",
        "state": video_words.state_of(shown),
        "states": video_words.STATES,
        "badge_of": video_words.COLOURS,
        "steps": video_words.steps(shown),
        "doing": video_words.doing(shown),
        "decided": video.checks.get(DECIDED),
        "open": video.status not in video_words.CLOSED or video.status == "approved",
        "stale": bool(video.file) and video.status not in video_words.MADE,
        "thumbnails": video.thumbnails,
        "kinds": video_words.KINDS,
        "shapes": video_words.SHAPES,
        "looks": video_words.LOOKS,
    }


async def _rail(visit: Visit, shown: Shown) -> dict[str, Any]:
    cost = await visit.desk.videos.costs.of(visit.workspace, shown.video.id)
    titles = dict(video_words.STEPS)
    return {
        "cost": cost,
        "cost_parts": [
            (titles.get(one.stage, one.stage), float(one.credits), COLOURS.get(one.stage, "secondary"))
            for one in cost.stages
        ],
        "checks": video_checks.told(shown.video.checks),
        "log": (await visit.desk.videos.shelf.logs(visit.workspace, shown.video.id, 60))[::-1],
        "meant_for": [GOES_TO[one][0] if one in GOES_TO else one for one in shown.video.platforms],
        "filmed_by": video_words.filmed_by(shown.video.model),
        "models": _strings(shown.video.marks.get("models")),
        "cited": await visit.desk.videos.citing.of(shown),
    } | await twin_facts(visit, "video", shown.video.id)


def _strings(found: Any) -> Sequence[str]:
    return [str(one) for one in found] if isinstance(found, list) else []


def _said(visit: Visit, shown: Shown) -> Mapping[str, Any] | None:
    """The toast for what `decided` names, if it still stands."""
    done, status = visit.query.get("decided", ""), shown.video.status
    fits = {"approve": "approved", "send_back": "sent_back", "reject": "rejected", "reopen": "review"}
    if fits.get(done) != status:
        return None
    says = f"“{shown.video.title or shown.video.topic}” is {DONE[done]}."
    undo = Undo(f"/videos/{shown.video.id}/reopen") if done != "reopen" and visit.may("editor") else None
    return {"says": says, "kind": "success", "undo": undo}


ROUTES = (page("/videos/{number:int}", show),)
