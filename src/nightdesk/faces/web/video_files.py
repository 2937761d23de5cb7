"""The files of videos for our own pages: played, shown and downloaded, as a whole or in part."""

from typing import get_args

from starlette.responses import Response, StreamingResponse

from nightdesk.desk.errors import NotFound
from nightdesk.desk.videos import Opened, Which
from nightdesk.faces.web.review_asked import number_of
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.visit import Visit
from nightdesk.kit.http.ranges import piece

KINDS: tuple[Which, ...] = get_args(Which)
ENDINGS = {"video/mp4": "mp4", "audio/wav": "wav", "text/vtt": "vtt", "application/x-subrip": "srt"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Accept-Ranges": "bytes",
}
AS_IT_IS = "private, no-cache"
"""The address stays while what it leads to may be made anew, so the tag is asked for each time."""

FOR_GOOD = "private, max-age=31536000, immutable"
"""For addresses that name the content too."""


async def file(visit: Visit) -> Response:
    """One of a video's files; `variant` names a thumbnail."""
    which = next((kind for kind in KINDS if kind == visit.path["which"]), None)
    if which is None:
        raise NotFound("file")
    files = visit.desk.videos.files
    variant = visit.query.get("variant")
    found = await files.find(visit.workspace, number_of(visit), which, variant=variant)
    return _sent(visit, found)


async def of_scene(visit: Visit) -> Response:
    """What is heard or seen in a scene."""
    which = next((kind for kind in KINDS[-3:] if kind == visit.path["which"]), None)
    if which is None:
        raise NotFound("file")
    position = number_of(visit, "position")
    find = visit.desk.videos.files.find
    return _sent(visit, await find(visit.workspace, number_of(visit), which, position=position))


def _sent(visit: Visit, found: Opened) -> Response:
    tag = f'"{found.sha256}"'
    sent = piece(visit.request.headers, tag, found.size)
    named = visit.query.get("v") == found.sha256[:12]
    ending = ENDINGS.get(found.mime, found.mime.rpartition("/")[2])
    kind = "attachment" if "download" in visit.query else "inline"
    headers = HEADERS | {
        "ETag": tag,
        "Cache-Control": FOR_GOOD if named else AS_IT_IS,
        "Content-Disposition": f'{kind}; filename="video-{visit.path["number"]}.{ending}"',
        **sent.headers,
    }
    if sent.status in (304, 416):
        return Response(status_code=sent.status, headers=headers)
    parts = visit.desk.videos.files.read(visit.workspace, found, sent.start, sent.end)
    return StreamingResponse(parts, sent.status, headers, found.mime)


_AT = "/videos/{number:int}"
ROUTES = (
    page(f"{_AT}/files/{{which}}", file),
    page(f"{_AT}/scenes/{{position:int}}/files/{{which}}", of_scene),
)
