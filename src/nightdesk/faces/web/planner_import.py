"""Import: a file of keywords is looked at before anything is stored, then taken in with a bar that moves."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from nightdesk.desk.errors import Invalid
from nightdesk.desk.planner.imports import LARGEST_FILE, ImportReport
from nightdesk.desk.planner.keyword_imports import CHOSEN, Running
from nightdesk.desk.rows import Site
from nightdesk.faces.web.planner_site import around, shown, site_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit

SHOWN = 50
"""Lines of each kind that a report shows; the file to download has all."""

FORMATS = {
    "semrush": "An export of Semrush",
    "ahrefs": "An export of Ahrefs",
    "google_keyword_planner": "An export of Google’s Keyword Planner",
    "google_search_console": "An export of Google’s Search Console",
    "table": "A table",
    "list": "A plain list",
}
FIELDS = {
    "phrase": "Keyword",
    "volume": "Searches a month",
    "difficulty": "Difficulty",
    "cpc": "Cost per click",
    "intent": "Intent",
}


async def show(visit: Visit) -> Response:
    site = await site_of(visit)
    return await shown(visit, "planner_import.html", await around(visit, site, "keywords"))


async def look(visit: Visit) -> Response:
    """What the file holds and what would become of each line."""
    site = await site_of(visit)
    form = await visit.form()
    name, content = await uploaded(form)
    imports = visit.desk.planner.keyword_imports
    found = await imports.preview(visit.workspace, site.id, name, content, _columns(form))
    facts = await around(visit, site, "keywords") | {
        "seen": found,
        "format": FORMATS[found.layout.format],
        "fields": FIELDS,
        "by_place": {place: FIELDS[ours] for ours, place in found.at.items() if ours in FIELDS},
        "shown": SHOWN,
        "size": len(content),
    }
    return visit.fragments(visit.part("planner_import.html", "preview", facts))


async def run(visit: Visit) -> Response:
    """Takes the file in; the answer is a stream of how far that is, with the report at its end."""
    site = await site_of(visit)
    form = await visit.form()
    name, content = await uploaded(form)
    imports = visit.desk.planner.keyword_imports
    running = await imports.begin(visit.workspace, site.id, name, content, _columns(form))
    return Importing(visit, site, running)


class Importing(Response):
    """An import as events; it goes on to its end when the page is left."""

    media_type = "text/event-stream"

    def __init__(self, visit: Visit, site: Site, running: Running) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._visit, self._site, self._running = visit, site, running

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        async def say(told: Mapping[str, Any], *, more: bool = True) -> None:
            body = f"data: {json.dumps(told)}\n\n".encode()
            await send({"type": "http.response.body", "body": body, "more_body": more})

        async def tell(done: int, total: int) -> None:
            await say({"done": done, "total": total})

        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        report = await self._running.run(tell)
        base = f"/sites/{self._site.slug}/planner"
        facts = {"report": report, "base": base, "shown": SHOWN}
        html = self._visit.part("planner_import.html", "report", facts)
        await say({"report": html, "csv": as_csv(report), "name": f"{report.name}.report.csv"}, more=False)


async def uploaded(form: FormData) -> tuple[str, bytes]:
    """The file of a form. Raises `Invalid` where there is none, or a larger one than is taken."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Invalid("file", "Choose a file first. Nothing was stored.")
    content = await file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Invalid("file", f"At most {LARGEST_FILE >> 20} MB are taken at once: split the file.")
    return file.filename[:200], content


def _columns(form: FormData) -> dict[str, int | None] | None:
    """The columns as the form sets them; None where it does not yet, or is of another file."""
    if form.get("columns_of") != _mark(form):
        return None
    chosen: dict[str, int | None] = {}
    for ours in CHOSEN:
        value = str(form.get(f"at_{ours}", ""))
        chosen[ours] = int(value) if value.isascii() and value.isdecimal() and len(value) < 4 else None
    return chosen


def _mark(form: FormData) -> str:
    """What tells one chosen file from another: its columns are its own."""
    file = form.get("file")
    return f"{(file.filename or '')[:200]} {file.size}" if isinstance(file, UploadFile) else ""


def as_csv(report: ImportReport) -> str:
    """Every line of the import with what became of it, for a spreadsheet."""
    rows: list[tuple[int, str, str, str]] = [(one.line, one.phrase, "taken", "") for one in report.taken]
    for one in report.merged:
        into = f"the same as line {one.into_line}" if one.into_line else "there was such a keyword"
        rows.append((one.line, one.phrase, "merged", into))
    rows += [(one.line, one.text, "refused", one.why) for one in report.refused]
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(("line", "keyword", "what became of it", "why"))
    writer.writerows((line, _harmless(text), became, why) for line, text, became, why in sorted(rows))
    return written.getvalue()


def _harmless(text: str) -> str:
    """So that no spreadsheet takes it for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


_AT = "/sites/{slug}/planner/import"
ROUTES = (
    page(_AT, show, needs="editor"),
    act(f"{_AT}/look", look),
    act(f"{_AT}/run", run),
)
