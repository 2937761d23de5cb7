"""The studio: a video asked for by hand, with what it will cost, and the site's videos on their way."""

from typing import Any

from starlette.responses import Response

from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.paging import Paging
from nightdesk.desk.rows import Site
from nightdesk.desk.topics import TopicFilter
from nightdesk.desk.video_facts import LONGEST, SHORTEST
from nightdesk.desk.videos import MOST_VARIANTS, VideoFilter, VideoWish
from nightdesk.faces.web.line import site_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.site_settings import GOES_TO
from nightdesk.faces.web.studio_wish import wish_of
from nightdesk.faces.web.video_words import (
    COLOURS,
    KINDS,
    LOOKS,
    SHAPES,
    STATES,
    doing,
    filmed_by,
    state_of,
)
from nightdesk.faces.web.visit import Visit
from nightdesk.kit.endings import Later, NeedsPerson

BLOCKS = ("cost", "way")
SHOWN = 6
"""Videos of the list."""

OFFERED = 60
"""Topics to choose from, the best first."""


async def show(visit: Visit) -> Response:
    site = await site_of(visit)
    facts: dict[str, Any] = {"site": site, "base": f"/sites/{site.slug}/studio"}
    facts |= {"states": STATES, "badge_of": COLOURS}
    if visit.block != "way" and visit.may("editor"):
        facts |= await _form(visit, site)
    if visit.block in (None, "way"):
        facts |= await _on_their_way(visit, site)
    return await visit.answer("studio.html", facts)


async def _form(visit: Visit, site: Site) -> dict[str, Any]:
    topics = visit.desk.topics
    asked = Paging(topics.orders["score"], limit=OFFERED)
    offered = list((await topics.page(visit.workspace, site.id, TopicFilter(status="new"), asked)).items)
    chosen = await _asked_for(visit, site)
    if chosen is not None and all(one.id != chosen.id for one in offered):
        offered.insert(0, chosen)
    video = site.video
    wish = VideoWish(seconds=int(video.get("duration") or 30))
    return {
        "topics": offered,
        "chosen": chosen,
        "kinds": KINDS,
        "shapes": SHAPES,
        "looks": LOOKS,
        "look": video.get("captions") or "clean",
        "platforms": [
            (kind.platform, GOES_TO.get(kind.platform, (kind.title,))[0])
            for kind in visit.desk.accounts.kinds()
            if "video" in kind.takes
        ],
        "wanted_platforms": [name for name in site.platforms if name != "wordpress"]
        or ["youtube", "instagram", "tiktok"],
        "shape": video.get("format") or "9:16",
        "seconds": wish.seconds,
        "shortest": SHORTEST,
        "longest": LONGEST,
        "most_variants": MOST_VARIANTS,
        "reckoned": await visit.desk.videos.reckoning.reckon(visit.workspace, site.id, wish),
        **await _makers(visit, site),
        **await _voices(visit, site),
    }


async def _asked_for(visit: Visit, site: Site) -> Any:
    """The topic that the address names, as the page of topics leads here; None for any other."""
    named = visit.query.get("topic", "")
    if not (named.isascii() and named.isdecimal() and len(named) < 19):
        return None
    try:
        topic = await visit.desk.topics.get(visit.workspace, int(named))
    except NotFound:
        return None
    return topic if topic.site_id == site.id and topic.status == "new" else None


async def _voices(visit: Visit, site: Site) -> dict[str, Any]:
    """The voices of the site's provider, or why they cannot be listed."""
    try:
        found = await visit.desk.voices.of(visit.workspace, site.id)
    except (Later, NeedsPerson) as ending:
        return {"voices": [], "voices_of": "", "no_voices": ending.why, "voice": site.video.get("voice", "")}
    usual = str(site.video.get("voice") or "")
    return {"voices": found.voices, "voices_of": found.provider, "no_voices": "", "voice": usual}


async def _makers(visit: Visit, site: Site) -> dict[str, Any]:
    """Who can film the site's videos, the site's own choice first."""
    own, others = await visit.desk.videos.reckoning.makers(visit.workspace, site.id)
    return {
        "makers": [(maker.name, filmed_by(maker.name), maker.credits) for maker in others],
        "own_maker": (filmed_by(own.name), own.credits),
    }


async def _on_their_way(visit: Visit, site: Site) -> dict[str, Any]:
    shelf = visit.desk.videos.shelf
    asked = Paging(shelf.orders["newest"], limit=SHOWN)
    found = await shelf.listed(visit.workspace, VideoFilter(site.id), asked)
    videos = [{"shown": one, "state": state_of(one), "doing": doing(one)} for one in found.items]
    return {"videos": videos, "more": found.next_cursor is not None}


async def cost(visit: Visit) -> Response:
    """What the form as it is filled in would cost."""
    site, form = await site_of(visit), await visit.form()
    try:
        wish = wish_of(form, whole=False)
        found = await visit.desk.videos.reckoning.reckon(visit.workspace, site.id, wish)
    except Invalid as error:
        return visit.fragments(visit.part("studio.html", "cost", {"reckoned": None, "why": str(error)}))
    return visit.fragments(visit.part("studio.html", "cost", {"reckoned": found}))


async def sample(visit: Visit) -> Response:
    """A sentence read by the voice that is chosen."""
    site, form = await site_of(visit), await visit.form()
    name = "second_voice" if form.get("which") == "second_voice" else "voice"
    voice, language = str(form.get(name, "")).strip()[:100], str(form.get("language", "")).strip()[:20]
    first = str(form.get("voice", "")).strip()[:100] or str(site.video.get("voice") or "")
    answers = first if name == "second_voice" else None
    sampling = visit.desk.videos.sampling
    sound = await sampling.sample(visit.workspace, site.id, language or site.language, voice, answers)
    facts = {"sound": f"/settings/models/sounds/{sound}", "which": name}
    return visit.fragments(visit.part("studio.html", "sample", facts))


async def order(visit: Visit) -> Response:
    """Asks for the video, and leads to it, or to the list where several variants are made."""
    site, form = await site_of(visit), await visit.form()
    try:
        ordered = await visit.desk.videos.ordering.order(visit.workspace, site.id, wish_of(form))
    except Conflict as error:
        raise Invalid("topic_id", str(error)) from error
    many = len(ordered.videos)
    alone = f"/videos/{ordered.videos[0].id}"
    return visit.go(alone if many == 1 else f"/sites/{site.slug}/studio?ordered={many}")


_AT = "/sites/{slug}/studio"
ROUTES = (
    page(_AT, show),
    act(_AT, order),
    act(f"{_AT}/cost", cost),
    act(f"{_AT}/voice", sample),
)
