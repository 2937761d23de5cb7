"""How fast a program may ask: a 429 for the key, the person or the address that asks too much at once."""

import logging
import math
import re

from starlette.types import Scope

from nightdesk.desk.people.guesses import network_of
from nightdesk.faces.api.problems import Problem, problem
from nightdesk.kit.pace import Pace

HEAVY = re.compile(
    r"/api(/v1)?/(automation/run_now|documents|keywords/(bulk|import)|feeds(/opml)?|generator/topic"
    r"|niches/(import|trigger-generation|[^/]+/generate-topics)"
    r"|scraper/(run|ingest|scrape(/[^/]+)?|seed-feeds/[^/]+))"
)
"""What is posted there starts runs, reads files or fetches pages."""

STREAMS = ("/api/v1/events", "/api/events")
STREAM = 0.2
"""What a stream counts: many that were cut off at once may come back at once."""

_log = logging.getLogger(__name__)


def address_of(scope: Scope) -> str:
    """By which requests of who shows nothing that opens anything are counted."""
    client = scope.get("client")
    return network_of(client[0]) if client else "address unknown"


def held_back(pace: Pace, scope: Scope, caller: str, *, take: bool = True) -> Problem | None:
    """The answer to one request too many, else None; with `take` the request is counted then."""
    heavy = scope["method"] == "POST" and HEAVY.fullmatch(scope["path"]) is not None
    weight = STREAM if scope["path"] in STREAMS else 1.0
    wait = (pace.wait if take else pace.short)(caller, weight, heavy=heavy)
    if not wait:
        return None
    client = scope.get("client")
    asked = {"method": scope["method"], "path": scope["path"][:200], "address": client[0] if client else ""}
    _log.warning("request held back", extra=asked | {"action": "held_back"})
    return _too_many(wait, heavy)


def _too_many(wait: float, heavy: bool) -> Problem:
    seconds = max(math.ceil(wait), 1)
    what = "runs, imports and look-ups" if heavy else "requests"
    detail = f"So many {what} at once are not taken from one caller. Nothing was done; go on in {seconds} s."
    return problem(429, detail, headers={"Retry-After": str(seconds)})
