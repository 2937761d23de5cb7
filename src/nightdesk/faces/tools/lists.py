"""Tools that list: sites, topics, what waits for review, runs, and who one is."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from nightdesk.desk.errors import Invalid
from nightdesk.desk.overview import Overview, SiteSeen
from nightdesk.desk.paging import Order, Paging, read_cursor
from nightdesk.desk.people import allows
from nightdesk.desk.review.film_queue import FilmQueue
from nightdesk.desk.review.queue import Asked as Waiting
from nightdesk.desk.review.queue import Queue
from nightdesk.desk.rows import Run, Topic
from nightdesk.desk.runs import Among
from nightdesk.desk.topics import TopicFilter, Topics
from nightdesk.faces.tools.tool import (
    MATERIAL,
    Asked,
    Call,
    CursorText,
    Limit,
    Material,
    SiteKey,
    Told,
    Tool,
    brief,
)

Line = Literal["article", "video"]


class Page(Told):
    next_cursor: str | None = None


class NothingAsked(Asked):
    pass


class SitesAsked(Asked):
    limit: Limit = 20
    cursor: CursorText = ""


class SiteTold(Told):
    """`tools_may_approve`: whether its owner lets tools approve and publish."""

    id: int
    slug: str
    name: str
    subject: str
    language: str
    timezone: str
    pending: int
    waiting_for_review: int
    failed: int
    active_run: UUID | None
    next_run_at: datetime | None
    tools_may_approve: bool


class SitesTold(Page):
    items: list[SiteTold]


class TopicsAsked(Asked):
    site: SiteKey
    status: Literal["new", "used", "dismissed"] | None = "new"
    limit: Limit = 20
    cursor: CursorText = ""


class TopicTold(Told):
    id: int
    status: str
    source: str
    score: float
    url: str
    flags: str = Field(description="Where its text reads in part like orders to a machine.")
    first_seen_at: datetime
    material: Material


class TopicsTold(Page):
    note: str = MATERIAL
    items: list[TopicTold]


class WaitingAsked(Asked):
    kind: Literal["article", "video"] = "article"
    site: SiteKey | None = None
    limit: Limit = 20
    cursor: CursorText = ""


class WaitingTold(Told):
    """`worst` is the worst that its checks found: `serious`, `warning`, `info` or nothing."""

    kind: str
    id: int
    revision: int
    site: str
    worst: str
    credits: float
    usd: float
    material: Material


class WaitingList(Page):
    note: str = MATERIAL
    items: list[WaitingTold]


class RunsAsked(Asked):
    site: SiteKey | None = None
    line: Line | None = None
    status: Literal["running", "paused", "cancelled", "completed", "failed"] | None = None
    limit: Limit = 20
    cursor: CursorText = ""


class RunTold(Told):
    id: UUID
    site_id: int
    line: str
    trigger_type: str
    status: str
    current_stage: int
    started_at: datetime
    completed_at: datetime | None
    total_credits_used: int
    pause_reason: str | None
    error_message: str | None


class RunsTold(Page):
    items: list[RunTold]


class WhoTold(BaseModel):
    """`may`: what this key's role reaches to."""

    workspace: int
    who: str
    role: str
    may: list[str]
    of_a_person: bool
    credits_left: int


async def who(call: Call, _: NothingAsked) -> WhoTold:
    left = await call.desk.credits.balances(call.workspace)
    may = [role for role in ("viewer", "editor", "owner") if allows(call.by.role, role)]
    return WhoTold(
        workspace=call.workspace,
        who=call.by.name,
        role=call.by.role,
        may=may,
        of_a_person=call.by.person_id is not None,
        credits_left=left.wallet,
    )


async def sites(call: Call, asked: SitesAsked) -> SitesTold:
    page = paging(Overview.orders["name"], asked.limit, asked.cursor)
    found = await call.desk.overview.sites(call.workspace, page)
    allowed = await call.desk.tool_rights.listed(call.workspace)
    items = [_site(one, tools=one.site.id in allowed) for one in found.items]
    return SitesTold(items=items, next_cursor=found.next_cursor)


async def topics(call: Call, asked: TopicsAsked) -> TopicsTold:
    site = await call.desk.sites.get(call.workspace, asked.site)
    page = paging(Topics.orders["score"], asked.limit, asked.cursor)
    found = await call.desk.topics.page(call.workspace, site.id, TopicFilter(asked.status), page)
    return TopicsTold(items=[_topic(one) for one in found.items], next_cursor=found.next_cursor)


async def waiting(call: Call, asked: WaitingAsked) -> WaitingList:
    site = await call.desk.sites.get(call.workspace, asked.site) if asked.site else None
    queue = Waiting(site_id=site.id if site else None)
    if asked.kind == "article":
        page = paging(Queue.orders["oldest"], asked.limit, asked.cursor)
        found = await call.desk.review.queue.page(call.workspace, queue, page)
        rows = [(one, one.content, one.content.title) for one in found.items]
        following = found.next_cursor
    else:
        page = paging(FilmQueue.orders["oldest"], asked.limit, asked.cursor)
        films = await call.desk.review.films.page(call.workspace, queue, page)
        rows = [(one, one.video, one.video.title or one.video.topic) for one in films.items]  # type: ignore[misc]
        following = films.next_cursor
    items = [
        WaitingTold(
            kind=asked.kind,
            id=row.id,
            revision=row.revision,
            site=one.site.slug,
            worst=_worst(mark.worst for mark in one.marks.values()),
            credits=float(one.credits),
            usd=float(one.usd),
            material=Material(title=brief(title, 300)),
        )
        for one, row, title in rows
    ]
    return WaitingList(items=items, next_cursor=following)


async def runs(call: Call, asked: RunsAsked) -> RunsTold:
    site = await call.desk.sites.get(call.workspace, asked.site) if asked.site else None
    among = Among(site.id if site else None, asked.line, asked.status)
    before = _run_cursor(asked.cursor)
    found = await call.desk.runs.page(call.workspace, among, asked.limit, before)
    return RunsTold(items=[of_run(one) for one in found.items], next_cursor=found.next_cursor)


def of_run(run: Run) -> RunTold:
    told = RunTold.model_validate(run)
    return told.model_copy(update={"error_message": brief(run.error_message) or None})


def paging(order: Order, limit: int, cursor: str) -> Paging:
    """Raises `Invalid`."""
    try:
        return Paging(order, limit, read_cursor(cursor, order) if cursor else None)
    except ValueError as error:
        raise Invalid("cursor", str(error)) from error


def _run_cursor(cursor: str) -> UUID | None:
    """Raises `Invalid`."""
    try:
        return UUID(cursor) if cursor else None
    except ValueError as error:
        raise Invalid("cursor", "Give the `next_cursor` of the page before, as it came.") from error


def _site(seen: SiteSeen, *, tools: bool) -> SiteTold:
    site = seen.site
    return SiteTold(
        **{name: getattr(site, name) for name in ("id", "slug", "name", "language", "timezone")},
        subject=brief(site.subject),
        pending=seen.pending,
        waiting_for_review=seen.review,
        failed=seen.parked,
        active_run=seen.active.id if seen.active else None,
        next_run_at=seen.next_run_at,
        tools_may_approve=tools,
    )


def _topic(topic: Topic) -> TopicTold:
    return TopicTold(
        **{name: getattr(topic, name) for name in ("id", "status", "source", "flags", "first_seen_at")},
        score=round(topic.score, 2),
        url=brief(topic.url, 2000),
        material=Material(title=brief(topic.title, 300), text=brief(topic.summary)),
    )


def _worst(found: object) -> str:
    marks = set(found)  # type: ignore[call-overload]
    return next((one for one in ("serious", "warning", "info") if one in marks), "")


TOOLS = (
    Tool(
        "who_am_i",
        "Who I am",
        "As whom you work here, what you may do, and the credits left.",
        NothingAsked,
        WhoTold,
        who,
    ),
    Tool(
        "list_sites",
        "Sites",
        "The sites of the workspace, with what waits at each.",
        SitesAsked,
        SitesTold,
        sites,
    ),
    Tool(
        "list_topics",
        "Topics",
        "A site's topics, the best first. " + MATERIAL,
        TopicsAsked,
        TopicsTold,
        topics,
    ),
    Tool(
        "list_waiting",
        "Waiting for review",
        "Articles or videos that wait at the review gate, the oldest first.",
        WaitingAsked,
        WaitingList,
        waiting,
    ),
    Tool(
        "list_runs", "Runs", "Runs of the workspace or a site, the newest first.", RunsAsked, RunsTold, runs
    ),
)
