"""A video in the library: played, its files, what goes with it, whence it comes, what platforms say of it."""

from typing import Any

from starlette.responses import Response

from nightdesk.desk.errors import DeskError, NotFound
from nightdesk.desk.videos.pictures import picture_of
from nightdesk.faces.web.review_asked import number_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit

FILES = (
    ("video", "file", "The video", "MP4"),
    ("srt", "srt", "Captions for players and platforms", "SRT"),
    ("vtt", "vtt", "Captions for web pages", "VTT"),
    ("narration", "narration", "The narration alone", "WAV"),
)
"""What can be downloaded: its name in addresses, the column that has it, what it is, and its kind."""

SOURCES = {
    "trainedAlgorithmicMedia": "Made by models",
    "compositeWithTrainedAlgorithmicMedia": "Put together, with parts made by models",
    "algorithmicMedia": "Made by programs, without a model",
    "compositeCapture": "Put together of what cameras filmed",
    "digitalCreation": "Made by people",
    "composite": "Put together without models",
}
"""The digital source types of IPTC that videos have, in words."""


async def show(visit: Visit) -> Response:
    return await visit.answer("library_video.html", await context(visit, number_of(visit)))


async def context(visit: Visit, number: int) -> dict[str, Any]:
    """What the page shows but the verdicts. Raises `NotFound`, also where the video has no file yet."""
    shown = await visit.desk.videos.shelf.show(visit.workspace, number)
    video = shown.video
    if video.file is None:
        raise NotFound("file of this video yet")
    sites = await visit.desk.sites.listed(visit.workspace)
    credits, usd = (await visit.desk.costs.of_videos(visit.workspace, [number])).get(number, (0, 0))
    source = str(video.marks.get("source_type", "")).rpartition("/")[2]
    return {
        "video": video,
        "heading": video.title or video.topic,
        "site": next(site for site in sites if site.id == video.site_id),
        "picture": picture_of(video),
        "files": [one for one in FILES if getattr(video, one[1])],
        "credits": float(credits),
        "usd": usd,
        "source": SOURCES.get(source, source),
        "models": [str(one) for one in video.marks.get("models") or []],
        "said": [(name, str(video.script.get(name) or "")) for name in ("hook", "description", "cta")],
        "hashtags": [str(one) for one in video.script.get("hashtags") or []],
        "scenes": shown.scenes,
    }


async def verdicts(visit: Visit) -> Response:
    """What each platform says of the file; asked for by itself, for the file is read for it."""
    number = number_of(visit)
    video = (await visit.desk.videos.shelf.show(visit.workspace, number)).video
    try:
        found, why = await visit.desk.videos.exports.validate(visit.workspace, number), ""
    except NotFound:
        raise
    except DeskError as error:
        found, why = [], str(error)
    meant = [one.platform for one in found if one.platform.partition("_")[0] in video.platforms]
    found = sorted(found, key=lambda one: one.platform not in meant)
    facts = {"video": video, "verdicts": found, "meant": meant, "why": why}
    return await visit.answer("library_video.html", facts, block="verdicts")


async def fit(visit: Visit) -> Response:
    """Makes a file that the platform takes, and says where it is to be had."""
    platform = str(visit.path["platform"])
    made = await visit.desk.videos.exports.optimize(visit.workspace, number_of(visit), platform)
    facts = {"made": made, "number": visit.path["number"]}
    return visit.fragments(visit.part("library_video.html", "fitted", facts))


_AT = "/library/{number:int}"
ROUTES = (
    page(_AT, show),
    page(f"{_AT}/platforms", verdicts),
    act(f"{_AT}/platforms/{{platform}}", fit),
)
