"""Carries a site as a file: downloads it, looks at one that was dropped, and makes a site of it."""

from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from nightdesk.desk.brands import COLOURS
from nightdesk.desk.errors import Invalid, Unreadable
from nightdesk.desk.niches.document import LARGEST, PortableSite, read, written
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit

OFTEN = {"daily": "every day", "weekly": "once a week", "monthly": "once a month"}


async def export(visit: Visit) -> Response:
    """The site as a file to keep."""
    document = await visit.desk.niches.portable.export(visit.workspace, visit.path["slug"])
    name = document.slug if document.slug.isascii() else "site"
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return Response(written(document), 200, headers, "application/json")


async def show(visit: Visit) -> Response:
    return await visit.answer("site_import.html")


async def look(visit: Visit) -> Response:
    """What the file would bring."""
    document = await _document(visit)
    portable = visit.desk.niches.portable
    seen = await portable.look(visit.workspace, document, models=visit.may("owner"))
    colours = [document.brand[name] for name in COLOURS if name in document.brand]
    facts: dict[str, Any] = {"seen": seen, "colours": colours, "running": _running(seen.document)}
    return visit.fragments(visit.part("site_import.html", "brought", facts))


async def make(visit: Visit) -> Response:
    document = await _document(visit)
    portable = visit.desk.niches.portable
    site, _ = await portable.take(visit.workspace, document, models=visit.may("owner"), by=visit.caller)
    return visit.go(f"/sites/{site.slug}/settings")


async def _document(visit: Visit) -> PortableSite:
    """Raises `Invalid` for `file`."""
    file = (await visit.form()).get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Invalid("file", "Choose a file first. Nothing was made.")
    try:
        return read(await file.read(LARGEST + 1))
    except (Invalid, Unreadable) as error:
        raise Invalid("file", str(error)) from error


def _running(document: PortableSite) -> str:
    """When its lines run by themselves: `every day at 02:00`; empty where none does."""
    found = [one for one in document.schedules.values() if one.is_enabled]
    return ", ".join(f"{OFTEN[one.frequency]} at {one.scheduled_time}" for one in found)


ROUTES = (
    page("/sites/import", show, needs="editor"),
    act("/sites/import/look", look),
    act("/sites/import", make),
    page("/sites/{slug}/settings/export", export),
)
