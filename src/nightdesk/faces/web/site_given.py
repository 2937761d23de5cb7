"""A site's intro, outro and music for its videos: given, heard and seen, tuned, removed, put back."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response, StreamingResponse

from nightdesk.desk.errors import Invalid
from nightdesk.desk.rows import Site
from nightdesk.desk.videos import Opened
from nightdesk.desk.videos.taking_in import LONGEST, LONGEST_MUSIC, MOST_BYTES, OF_A_PICTURE
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.video_files import FOR_GOOD, HEADERS
from nightdesk.faces.web.visit import Undo, Visit
from nightdesk.kit.http.ranges import piece

NAMES = {"intro": "Intro", "outro": "Outro", "music": "Music"}
_CLIP = f"An MP4, or a picture that stands for {OF_A_PICTURE:g} s; at most {LONGEST:g} s."
SAYS = {
    "intro": f"What every video begins with. {_CLIP}",
    "outro": f"What every video ends with. {_CLIP}",
    "music": "Lies under the voice and steps back while somebody speaks. MP3, OGG, WAV, FLAC or M4A; "
    f"at most {LONGEST_MUSIC / 60:g} minutes.",
}
TAKES = {
    "intro": "video/mp4,image/png,image/jpeg,image/webp",
    "outro": "video/mp4,image/png,image/jpeg,image/webp",
    "music": "audio/*",
}


def given_of(site: Site) -> dict[str, Any]:
    """What the cards show."""
    return {"given": [_card(site, which) for which in NAMES], "given_megabytes": MOST_BYTES >> 20}


def _card(site: Site, which: str) -> dict[str, Any]:
    facts: Mapping[str, Any] = site.video_files.get(which) or {}
    asset = str(facts.get("asset") or "")
    at = f"/sites/{site.slug}/settings/videos/given/{which}"
    volume = facts.get("volume")
    return {
        "which": which,
        "name": NAMES[which],
        "says": SAYS[which],
        "takes": TAKES[which],
        "at": at,
        "file": f"{at}?v={asset[:12]}" if asset else "",
        "volume": "" if volume is None else str(round(volume * 100)),
        "facts": facts,
    }


async def give(visit: Visit) -> Response:
    site, which = await _asked(visit)
    sent = (await visit.form()).get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise Invalid(which, "Choose a file.")
    content = await sent.read(MOST_BYTES + 1)
    changed = await visit.desk.videos.giving.give(visit.workspace, site.id, which, content)
    return _told(visit, site, changed, which, f"{NAMES[which]} taken in. Videos made from now on have it.")


async def tune(visit: Visit) -> Response:
    site, which = await _asked(visit)
    form = await visit.form()
    typed = str(form.get("volume", "")).strip().removesuffix("%").strip()
    if typed and not (typed.isascii() and typed.isdecimal() and len(typed) < 4):
        raise Invalid("volume", "Whole per cent.")
    facts = {
        "off": "on" not in form,
        "silent": "silent" in form,
        "by_model": "by_model" in form,
        "source": str(form.get("source", "")),
        "volume": int(typed) / 100 if typed else None,
    }
    changed = await visit.desk.videos.giving.tune(visit.workspace, site.id, which, facts)
    return _told(visit, site, changed, which, f"{NAMES[which]}: kept. Videos made from now on go by it.")


async def drop(visit: Visit) -> Response:
    site, which = await _asked(visit)
    changed = await visit.desk.videos.giving.drop(visit.workspace, site.id, which)
    return _told(visit, site, changed, which, f"{NAMES[which]} removed. Finished videos stay as they are.")


async def back(visit: Visit) -> Response:
    """Takes a change back: the address names the file and what was set beside it."""
    site, which = await _asked(visit)
    try:
        was = json.loads(base64.urlsafe_b64decode(visit.query.get("was", "").encode("ascii")))
    except (UnicodeError, binascii.Error, ValueError, RecursionError) as error:
        raise Invalid("was", "This cannot be taken back any more.") from error
    if not isinstance(was, dict):
        raise Invalid("was", "This cannot be taken back any more.")
    await visit.desk.videos.giving.put_back(visit.workspace, site.id, which, was)
    return Response(status_code=204, headers={"HX-Refresh": "true"})


async def show(visit: Visit) -> Response:
    """The file, to be seen and heard."""
    site, which = await _asked(visit)
    return inline(visit, await visit.desk.videos.giving.file(visit.workspace, site.id, which))


def inline(visit: Visit, found: Opened) -> Response:
    """A file to be seen and heard in place, whole or in part; `v` in the address names its content."""
    tag = f'"{found.sha256}"'
    sent = piece(visit.request.headers, tag, found.size)
    named = visit.query.get("v") == found.sha256[:12]
    kept = {"ETag": tag, "Cache-Control": FOR_GOOD if named else "private, no-cache"}
    headers = HEADERS | kept | {"Content-Disposition": "inline", **sent.headers}
    if sent.status in (304, 416):
        return Response(status_code=sent.status, headers=headers)
    parts = visit.desk.videos.files.read(visit.workspace, found, sent.start, sent.end)
    return StreamingResponse(parts, sent.status, headers, found.mime)


async def _asked(visit: Visit) -> tuple[Site, str]:
    """Raises `NotFound` for the site; the desk does for what is none of the three."""
    return await visit.desk.sites.get(visit.workspace, visit.path["slug"]), str(visit.path["which"])


def _told(visit: Visit, before: Site, after: Site, which: str, says: str) -> Response:
    was = base64.urlsafe_b64encode(json.dumps(before.video_files.get(which) or {}).encode()).decode()
    undo = Undo(f"/sites/{before.slug}/settings/videos/given/{which}/back?was={was}")
    body = visit.part(
        "site_given.html", "card", {"one": _card(after, which), "given_megabytes": MOST_BYTES >> 20}
    )
    return visit.fragments(body, visit.toast(says, undo=undo))


_AT = "/sites/{slug}/settings/videos/given/{which}"
ROUTES = (
    page(_AT, show),
    act(_AT, give),
    act(f"{_AT}/tune", tune),
    act(f"{_AT}/drop", drop),
    act(f"{_AT}/back", back),
)
