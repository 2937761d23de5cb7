"""Chooses which of the things that happened a target wants to hear of, and has them worded."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.notices.wording import Ended, Wording, Words
from nightdesk.store.tables.notices import NoticeTarget
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.publishing import Publication
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

MOST = 200
"""Targets of one look, and events of one target in one transaction; the next look goes on."""

OF_MONEY = ("insufficient_credits", "credits", "budget", "piece_budget")
"""Reasons of a pause that are about money: of a run the first, of auto mode the others."""

STUCK = ("held", "rejected")
"""States of a publication in which it waits for a person."""


async def ends(session: AsyncSession, target: NoticeTarget, upto: int) -> Sequence[tuple[Event, Run, str]]:
    """Runs that ended or stopped without having been asked to, oldest first, with their sites' names."""
    paused = (Event.data["status"].astext == "paused") & (Event.data["pause_reason"].astext != "asked")
    query = (
        select(Event, Run, Site.name)
        .join(Run, (Run.workspace_id == Event.workspace_id) & (Run.id == Event.run_id))
        .join(Site, (Site.workspace_id == Run.workspace_id) & (Site.id == Run.site_id))
        .where(
            *_unread(target, upto),
            (Event.type == "run_finished") | ((Event.type == "run_progress") & paused),
        )
        .order_by(Event.id)
        .limit(MOST)
    )
    return [(row[0], row[1], row[2]) for row in (await session.execute(query)).all()]


async def others(session: AsyncSession, target: NoticeTarget, upto: int) -> Sequence[Event]:
    """What the target may want to hear of accounts, publications and auto mode, oldest first."""
    wants = set(target.wants)
    which: list[ColumnElement[bool]] = [false()]
    if "account" in wants:
        which.append(and_(Event.type == "account_changed", Event.data["tells"].astext.is_not(None)))
    if "held" in wants:
        stuck = Event.data["state"].astext.in_(STUCK)
        which.append(and_(Event.type == "publication_changed", stuck))
    if wants & {"auto_mode", "budget"}:
        which.append(Event.type == "autopilot_paused")
    query = select(Event).where(*_unread(target, upto), or_(*which)).order_by(Event.id).limit(MOST)
    return (await session.scalars(query)).all()


def _unread(target: NoticeTarget, upto: int) -> tuple[ColumnElement[bool], ...]:
    return (Event.workspace_id == target.workspace_id, Event.id > target.seen, Event.id <= upto)


async def of_run(
    session: AsyncSession, wording: Wording, target: NoticeTarget, event: Event, run: Run, site: str
) -> tuple[str, Words] | None:
    """The notice that the target wants of an event of a run, or none."""
    status, wants = event.data.get("status"), set(target.wants)
    if status == "completed" and wants & {"run_finished", "review"}:
        new = await _new_at_gate(session, run) if "review" in wants else 0
        ended = Ended(str(run.id), site, run.line, run.results, run.total_credits_used, new)
        if "run_finished" in wants:
            return "run_finished", wording.complete(ended, tells_of_review=new > 0)
        return ("review", wording.at_the_gate(ended)) if new else None
    if status not in ("paused", "failed"):
        return None
    ended = Ended(str(run.id), site, run.line, {}, run.total_credits_used, message=event.message)
    if "budget" in wants and event.data.get("pause_reason") in OF_MONEY:
        return "budget", wording.stopped(ended, failed=False)
    return (
        ("run_stopped", wording.stopped(ended, failed=status == "failed")) if "run_stopped" in wants else None
    )


async def of_event(
    session: AsyncSession, wording: Wording, target: NoticeTarget, event: Event
) -> tuple[str, Words] | None:
    """The notice that the target wants of any other event, or none."""
    if event.type == "account_changed":
        number, over = int(event.data["account_id"]), event.data["status"] != "connected"
        return "account", wording.account(number, event.message, over=over)
    if event.type == "publication_changed":
        number = int(event.data["publication_id"])
        row = await session.get(Publication, (event.workspace_id, number))
        title = row.title if row is not None else ""
        return "held", wording.stuck(number, title, event.message, held=event.data["state"] == "held")
    site = await session.get(Site, (event.workspace_id, event.site_id))
    kind = "budget" if event.data.get("reason") in OF_MONEY else "auto_mode"
    if site is None or site.archived_at is not None:
        return None
    # Who wants to hear of auto mode hears of money too, whichever of both it is called.
    if kind not in target.wants:
        kind = "auto_mode"
    return (kind, wording.waits(site.name, site.slug, event.message)) if kind in target.wants else None


async def _new_at_gate(session: AsyncSession, run: Run) -> int:
    """Pieces at the gate that this run was the last to have in hand."""
    table: type[Content] | type[Video] = Video if run.line == "video" else Content
    query = select(func.count()).where(
        table.workspace_id == run.workspace_id,
        table.site_id == run.site_id,
        table.state == "review",
        table.last_run == run.id,
    )
    return int(await session.scalar(query) or 0)
