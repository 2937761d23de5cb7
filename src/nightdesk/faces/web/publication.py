"""One publication: every request, answer and decision, and what a person can do with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.paging import Paging
from nightdesk.desk.publishing import PublicationFilter
from nightdesk.desk.publishing.asking import MOST_ACCOUNTS
from nightdesk.desk.publishing.stories import ORDERS
from nightdesk.faces.web import publication_words
from nightdesk.faces.web.publishing_answers import around, done
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.slot_times import read_slot, slot_field
from nightdesk.faces.web.times import zone_of
from nightdesk.faces.web.visit import Undo, Visit


async def show(visit: Visit) -> Response:
    return await visit.answer("publication.html", await publication_context(visit))


async def publication_context(visit: Visit) -> dict[str, Any]:
    """Raises `NotFound`."""
    shown = await visit.desk.publishing.stories.show(visit.workspace, _number(visit))
    row, frame = shown.publication, await around(visit)
    try:
        account = await visit.desk.accounts.show(visit.workspace, row.account_id)
    except NotFound:
        account = None
    site = frame["sites"].get(row.site_id)
    zone = zone_of(visit.caller.timezone)
    return frame | {
        "shown": shown,
        "row": row,
        "base": f"/publications/{row.id}",
        "account": account,
        "site": site,
        "site_zone": site.timezone if site else "UTC",
        "slot": publication_words.told(row.planned_at.isoformat(), zone_of(site.timezone if site else "UTC")),
        "state": publication_words.STATES[row.state],
        "steps": publication_words.STEPS,
        "waits": publication_words.waits_for(row, account, frame["stopped"]),
        "warnings": publication_words.warnings(row),
        "evidence": publication_words.evidence(row),
        "last_there": await _last_there(visit, row.account_id) if row.state == "held" else "",
        "story": [
            (one, publication_words.told(one.says, zone), publication_words.evidence_of(one))
            for one in shown.story
        ],
        "piece_at": f"/review/{row.content_id}"
        if row.content_id
        else f"/videos/{row.video_id}"
        if row.video_id
        else "",
    }


async def _last_there(visit: Visit, account_id: int) -> str:
    """Where the newest of the account's pieces that are out can be seen, to begin looking at; or nothing."""
    asked = PublicationFilter(account_id=account_id, state="live")
    found = await visit.desk.publishing.stories.listed(
        visit.workspace, asked, Paging(ORDERS["newest"], limit=1)
    )
    urls = [one.publication.url for one in found.items]
    return next((url for url in urls if url.startswith(("https://", "http://"))), "")


async def move_form(visit: Visit) -> Response:
    """The dialog in which it is planned for another time, in its site's zone."""
    row = (await visit.desk.publishing.stories.show(visit.workspace, _number(visit))).publication
    zone = await _zone(visit, row.site_id)
    facts = {"row": row, "slot": slot_field(row.planned_at, zone_of(zone)), "site_zone": zone}
    return visit.fragments(visit.part("publication_sheet.html", "move", facts))


async def move(visit: Visit) -> Response:
    number = _number(visit)
    row = (await visit.desk.publishing.stories.show(visit.workspace, number)).publication
    zone = await _zone(visit, row.site_id)
    at = read_slot(str((await visit.form()).get("at", "")), zone_of(zone))
    return await moved(visit, [(number, at)], zone)


async def moved(visit: Visit, moves: Sequence[tuple[int, datetime]], zone: str) -> Response:
    """Plans each of a piece for its moment, and offers to take that back."""
    was, rows = [], []
    for number, at in moves:
        before = (await visit.desk.publishing.stories.show(visit.workspace, number)).publication.planned_at
        was.append(f"{number}@{before.isoformat()}")
        rows.append(await visit.desk.publishing.move(visit.caller, number, at))
    there = rows[0].planned_at.astimezone(zone_of(zone))
    whose = f" on {len(rows)} accounts" if len(rows) > 1 else ""
    says = f"“{rows[0].title}” is planned for {there:%A} {there.day} {there:%B, %H:%M} ({zone}){whose}."
    undo = Undo(f"/calendar/back?was={quote(','.join(was))}")
    return done(visit, " ".join([says, *(row.moved for row in rows if row.moved)]), undo)


async def back(visit: Visit) -> Response:
    """Takes a move back."""
    rows = []
    for one in visit.query.get("was", "").split(",")[:MOST_ACCOUNTS]:
        number, _, before = one.partition("@")
        if not (number.isascii() and number.isdecimal() and len(number) < 19):
            raise Invalid("was", "This cannot be taken back any more.")
        at = read_slot(before, zone_of("UTC"))
        rows.append(await visit.desk.publishing.move(visit.caller, int(number), at))
    moves = [row.moved for row in rows if row.moved]
    return done(visit, " ".join(moves) or f"“{rows[0].title}” is planned as it was before.")


async def cancel(visit: Visit) -> Response:
    row = await visit.desk.publishing.cancel(visit.caller, _number(visit))
    return done(visit, f"“{row.title}” does not go out. It can be published again from its page.")


async def publish_again(visit: Visit) -> Response:
    """What was to be put right is."""
    row = await visit.desk.publishing.again(visit.caller, _number(visit))
    return done(visit, f"“{row.title}” goes out now.")


async def confirm_live(visit: Visit) -> Response:
    """A person has seen it there."""
    url = str((await visit.form()).get("url", "")).strip()
    await visit.desk.publishing.confirm(visit.caller, _number(visit), live=True, url=url)
    return done(visit, "It is out, as you say. It is not sent again.")


async def confirm_absent(visit: Visit) -> Response:
    """A person has looked, and it is not there."""
    await visit.desk.publishing.confirm(visit.caller, _number(visit), live=False)
    return done(visit, "It is sent again.")


async def _zone(visit: Visit, site_id: int) -> str:
    site = (await around(visit))["sites"].get(site_id)
    return site.timezone if site else "UTC"


def _number(visit: Visit) -> int:
    return int(visit.path["number"])


_AT = "/publications/{number:int}"
ROUTES = (
    page(_AT, show),
    page(f"{_AT}/move", move_form, needs="editor"),
    act(f"{_AT}/move", move),
    act("/calendar/back", back),
    act(f"{_AT}/cancel", cancel),
    act(f"{_AT}/anew", publish_again),
    act(f"{_AT}/live", confirm_live),
    act(f"{_AT}/again", confirm_absent),
)
