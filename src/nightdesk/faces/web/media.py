"""Files of pictures for our own pages: of the workspace that asks, at addresses that name their content."""

from starlette.responses import Response

from nightdesk.desk.review.pictures import Shown
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.visit import Visit

HEADERS = {
    # What an address names never changes, and nobody comes upon 64 digits by chance.
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}


def address(sha256: str) -> str:
    """Where a picture is to be had as it is."""
    return f"/media/{sha256}"


async def whole(visit: Visit) -> Response:
    return _sent(await visit.desk.review.pictures.get(visit.workspace, visit.path["sha256"]))


async def small(visit: Visit) -> Response:
    return _sent(await visit.desk.review.pictures.small(visit.workspace, visit.path["sha256"]))


def _sent(picture: Shown) -> Response:
    return Response(picture.content, 200, HEADERS, picture.mime)


ROUTES = (
    page("/media/{sha256}", whole),
    page("/media/{sha256}/small", small),
)
