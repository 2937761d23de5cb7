"""The log of a run as a live panel: its last lines, and those that came after a number."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import HTMLResponse, Response

from nightdesk.desk.rows import Event, Run
from nightdesk.faces.web import times
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.run_list import run_id
from nightdesk.faces.web.visit import Visit

SIZES = (50, 100, 200, 500)
LEVELS = (("info", "All lines"), ("warning", "Warnings and errors"), ("error", "Errors"))
USUAL = 100
BIGGEST = 2**63 - 1


async def log_context(visit: Visit, run: Run | None, home: str) -> dict[str, Any]:
    """The panel over a run's log; `home` is the page it stands in, which gives it anew."""
    lines, level = _lines(visit), _level(visit)
    facts = {"home": home, "run": run, "lines": lines, "level": level, "sizes": SIZES, "levels": LEVELS}
    if run is None:
        return facts | {"shown": [], "last": 0, "gone": False}
    upto = visit.desk.live.upto
    events = await visit.desk.runs.log_after(
        visit.workspace, run.id, after=0, upto=upto, lines=lines, level=level
    )
    # Each run says that it begins: of one that is over and silent the lines were removed.
    gone = run.status not in ("running", "paused") and level == "info" and not events
    return facts | {"shown": _shown(visit, events), "last": upto, "gone": gone}


async def following(visit: Visit) -> Response:
    """The lines after number `after`; the number to go on from is beside them."""
    run = run_id(visit.path["run"])
    after, upto = _number(visit.query.get("after", "")), visit.desk.live.upto
    events = await visit.desk.runs.log_after(
        visit.workspace, run, after=after, upto=upto, lines=_lines(visit), level=_level(visit)
    )
    facts = {"log": {"shown": _shown(visit, events), "last": max(after, upto)}}
    return HTMLResponse(visit.part("parts/log.html", "log_lines", facts))


def _shown(visit: Visit, events: Sequence[Event]) -> list[dict[str, Any]]:
    zone = times.zone_of(visit.caller.timezone)
    return [
        {
            "id": event.id,
            "at": event.at.isoformat(timespec="milliseconds"),
            "clock": event.at.astimezone(zone).strftime("%H:%M:%S"),
            "exact": times.exact(event.at, zone),
            "level": event.level,
            "stage": event.stage,
            "message": event.message,
        }
        for event in events
    ]


def _lines(visit: Visit) -> int:
    wanted = _number(visit.query.get("lines", ""))
    return wanted if wanted in SIZES else USUAL


def _level(visit: Visit) -> str:
    wanted = visit.query.get("level", "")
    return wanted if wanted in dict(LEVELS) else "info"


def _number(given: str) -> int:
    """The number, or 0 for what is none that an event can have."""
    return min(int(given[:20]), BIGGEST) if given.isascii() and given.isdecimal() else 0


ROUTES = (page("/runs/{run}/log", following),)
