"""All settings of a site in one place: sections beside a list of them, each kept by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from nightdesk.desk.errors import Invalid
from nightdesk.faces.web import site_videos
from nightdesk.faces.web.routes import Endpoint, act, page
from nightdesk.faces.web.settings_brand import look
from nightdesk.faces.web.settings_models import models
from nightdesk.faces.web.settings_prompts import prompts
from nightdesk.faces.web.settings_site import about
from nightdesk.faces.web.settings_undo import way_back
from nightdesk.faces.web.site_given import given_of
from nightdesk.faces.web.site_own import own_of
from nightdesk.faces.web.visit import Visit


@dataclass(frozen=True)
class Section:
    """One of the sections; its path is below that of the settings."""

    path: str
    name: str
    icon: str


SECTIONS = (
    Section("", "About", "world"),
    Section("/prompts", "Prompts", "message-2"),
    Section("/brand", "Brand", "palette"),
    Section("/videos", "Videos", "player-play"),
    Section("/models", "Models", "cpu"),
    Section("/destinations", "Destinations", "send"),
    Section("/portable", "Export and import", "download"),
)
GOES_TO = {
    "youtube": ("YouTube", "Videos, with title, description and chapters."),
    "instagram": ("Instagram", "Reels and pictures."),
    "tiktok": ("TikTok", "Upright videos."),
    "x": ("X", "Short posts, with pictures or a video."),
    "wordpress": ("WordPress", "Articles, on a website of yours."),
    "folder": ("A folder", "Files on this machine; needs no account."),
}
"""What pieces are there, in words for people; another platform tells its own."""


async def framed(visit: Visit, here: str) -> dict[str, Any]:
    """What surrounds a section. Raises `NotFound`."""
    site = await visit.desk.sites.get(visit.workspace, visit.path["slug"])
    return {
        "frame": "site_settings.html",
        "site": site,
        "everywhere": False,
        "base": f"/sites/{site.slug}/settings",
        "sections": SECTIONS,
        "here": here,
    }


async def show_about(visit: Visit) -> Response:
    facts = await framed(visit, "")
    return await visit.answer("settings_site.html", facts | about(facts["site"]))


async def show_prompts(visit: Visit) -> Response:
    facts = await framed(visit, "/prompts")
    return await visit.answer("settings_prompts.html", facts | await prompts(visit, facts["site"]))


async def show_brand(visit: Visit) -> Response:
    facts = await framed(visit, "/brand")
    return await visit.answer("settings_brand.html", facts | look(facts["site"]))


async def show_models(visit: Visit) -> Response:
    facts = await framed(visit, "/models")
    return await visit.answer("settings_models.html", facts | {"models": await models(visit, facts["site"])})


async def show_videos(visit: Visit) -> Response:
    facts = await framed(visit, "/videos")
    site = facts["site"]
    shown = site_videos.looks(site) | given_of(site) | await own_of(visit, site)
    return await visit.answer("site_videos.html", facts | shown)


async def show_pace(visit: Visit) -> Response:
    """Where pace and hours were set before they came to the page of auto mode."""
    return visit.go(f"/sites/{visit.path['slug']}/auto")


async def show_destinations(visit: Visit) -> Response:
    facts = await framed(visit, "/destinations")
    kinds = visit.desk.accounts.kinds()
    offered = [(kind.platform, *GOES_TO.get(kind.platform, (kind.title, kind.about))) for kind in kinds]
    return await visit.answer("site_destinations.html", facts | {"platforms": offered})


async def show_portable(visit: Visit) -> Response:
    return await visit.answer("site_portable.html", await framed(visit, "/portable"))


async def check_videos(visit: Visit) -> Response:
    """The message of every field as it is typed."""
    await visit.desk.sites.get(visit.workspace, visit.path["slug"])
    return visit.fragments(site_videos.messages(visit, site_videos.read(await visit.form())[1]))


async def keep_videos(visit: Visit) -> Response:
    video, wrong = site_videos.read(await visit.form())
    for field, says in wrong.items():
        raise Invalid(field, says)
    return await _kept(visit, {"video": video}, "What videos are like is kept.")


async def keep_destinations(visit: Visit) -> Response:
    chosen = [str(one) for one in (await visit.form()).getlist("platforms")]
    return await _kept(visit, {"platforms": chosen}, "Where pieces go is kept.")


async def _kept(visit: Visit, facts: Mapping[str, Any], says: str) -> Response:
    site = await visit.desk.sites.get(visit.workspace, visit.path["slug"])
    changed = await visit.desk.sites.change(visit.workspace, site.id, by=visit.caller, **facts)
    return visit.fragments(visit.toast(says, undo=way_back(site, changed)))


_AT = "/sites/{slug}/settings"
_SHOWN: Sequence[tuple[str, Endpoint]] = (
    ("", show_about),
    ("/prompts", show_prompts),
    ("/brand", show_brand),
    ("/videos", show_videos),
    ("/pace", show_pace),
    ("/models", show_models),
    ("/destinations", show_destinations),
    ("/portable", show_portable),
)
ROUTES = (
    *(page(f"{_AT}{path}", endpoint) for path, endpoint in _SHOWN),
    act(f"{_AT}/videos", keep_videos),
    act(f"{_AT}/videos/check", check_videos),
    act(f"{_AT}/destinations", keep_destinations),
)
