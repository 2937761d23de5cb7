"""Rows of every kind that hold text, whose texts can be made to say anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, update

from api.rows import add
from browser.browser_house import Desk
from browser.hostile_texts import SAID_ONCE, TEXTS, filled
from browser.review_gate import pieces, site_with_source, tenant
from nightdesk.kit import ids
from nightdesk.store.tables.access import ApiKey, ProviderKey
from nightdesk.store.tables.autopilot import FirstApproval, LetThrough, Pilot, TrustRule
from nightdesk.store.tables.feeds import Feed, Topic
from nightdesk.store.tables.gate import GateDecision, Revision
from nightdesk.store.tables.money import CreditTransfer
from nightdesk.store.tables.notices import Notice, NoticeTarget
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.people import Deed, Link, Person
from nightdesk.store.tables.planner import Idea, Keyword, Task
from nightdesk.store.tables.publishing import Account, AccountSite, Publication, PublicationStep
from nightdesk.store.tables.results import PublicationResult
from nightdesk.store.tables.runs import Batch, ProviderCall, Run
from nightdesk.store.tables.sections import Section
from nightdesk.store.tables.tenancy import Site, Workspace
from nightdesk.store.tables.videos import OwnPiece, Scene, Video
from nightdesk.store.tables.webhooks import Hook, ToolRight, WebhookDelivery, WebhookTarget
from nightdesk.store.tables.writer import Image

SIDES = {"debit": "source", "credit": "wallet"}


@dataclass(frozen=True)
class Planted:
    """A site with one of everything, whose texts can be made to say anything."""

    desk: Desk
    site: Site
    content: int
    image: int
    run: str
    rows: Sequence[tuple[Any, dict[str, Any]]]

    async def say(self, text: str) -> None:
        """Has every stored text of it be that one, as if no form and no cleaning stood before the tables.

        `{}` in it is the names of table and column.
        """
        text, store = text.replace("\0", ""), self.desk.house.store
        for table, facts in self.rows:
            # What is of no workspace is changed by who sees all of them.
            wide = table in (Person, Workspace)
            async with store.everywhere() if wide else store.workspace(self.desk.workspace) as session:
                await session.execute(update(table).values(**filled(table, facts, text)))


async def planted(desk: Desk) -> Planted:
    """One of everything, with harmless texts so far."""
    site, document = await site_with_source(desk)
    (content,) = await pieces(desk, ["leaf mould"], site, document)
    house, whose = desk.house, tenant(desk, site)
    await add(house, whose, Keyword, phrase="leaf mould", normal="leaf mould", volume=9)
    await add(house, whose, Feed, url="https://a.example/feed")
    await add(house, whose, Topic, title="leaf mould", normal="leaf mould", source="rss")
    video = await add(house, whose, Video, topic="leaf mould", status="review", file="0" * 64, seconds=9.0)
    await add(house, whose, Scene, video_id=video, position=1, says="Leaf mould.", status="filmed")
    run = ids.sortable_id(house.clock)
    async with house.store.workspace(desk.workspace) as session:
        facts = {"workspace_id": desk.workspace, "site_id": site.id, "line": "article", "status": "paused"}
        more = {"trigger_type": "manual", "started_at": house.clock.now(), "paused_at": house.clock.now()}
        await session.execute(insert(Run).values(id=run, **facts, **more))
    async with house.store.workspace(desk.workspace) as session:
        facts = {"workspace_id": desk.workspace, "platform": "folder", "name": "x", "status": "connected"}
        account = await session.scalar(insert(Account).values(**facts).returning(Account.id))
        linked = {"workspace_id": desk.workspace, "account_id": account, "site_id": site.id}
        await session.execute(insert(AccountSite).values(**linked))
    await _trusted(desk, site, video, content)
    await _told(desk, site)
    await _read_back(desk, site, account, video)
    await _worked_on(desk, site, run, content)
    await _failed(desk, site)
    plan = {"title": "x", "angle": "x", "keywords": [], "intent": "informational", "structure": "guide"}
    of_it = {"words": 600, "outline": [], "cluster_id": 1, **plan}
    await add(house, whose, Idea, status="new", **of_it)
    idea = await add(house, whose, Idea, status="queued", **of_it)
    of_idea = {"idea_id": idea, "cluster_id": 1, "title": "x", "words": 600}
    await add(house, whose, Task, status="queued", brief=of_it, **of_idea)
    out = {"account_id": account, "content_id": content, "revision": 1, "key": uuid4(), "state": "held"}
    now = house.clock.now()
    await add(house, whose, Publication, title="leaf mould", planned_at=now, due_at=now, **out)
    image = (await desk.house.desk.review.contents.piece(desk.workspace, content)).images[0].id
    return Planted(desk, site, content, image, str(run), TEXTS)


async def _trusted(desk: Desk, site: Site, video: int, content: int) -> None:
    """A rule that holds the video back for now, and the article until a person says so, of a site whose auto
    mode waits."""
    house, whose, now = desk.house, tenant(desk, site), desk.house.clock.now()
    await desk.house.desk.niches.auto.toggle(desk.workspace, site.id, True, 1)
    signed = {"kind": "video", "hold": 60, "words": "x", "who": "x", "signed_at": now}
    rule = await add(house, whose, TrustRule, **signed)
    held = {"rule_id": rule, "video_id": video, "revision": 1, "begun_at": now}
    await add(house, whose, LetThrough, ends_at=now + timedelta(hours=1), **held)
    stopped = {"rule_id": rule, "content_id": content, "revision": 1, "begun_at": now, "state": "stopped"}
    await add(house, whose, LetThrough, ends_at=now, ended_at=now, **stopped)
    async with house.store.workspace(desk.workspace) as session:
        pilot = {"workspace_id": desk.workspace, "site_id": site.id, "reason": "topics", "says": "x"}
        await session.execute(insert(Pilot).values(**pilot, since=now))


async def _put(desk: Desk, table: Any, **facts: Any) -> None:
    """A row of the workspace."""
    async with desk.house.store.workspace(desk.workspace) as session:
        await session.execute(insert(table).values(workspace_id=desk.workspace, **facts))


async def _told(desk: Desk, site: Site) -> None:
    """Targets of notices and webhooks with what was sent to them, a hook, a tool's right, who is let in."""
    now = desk.house.clock.now()
    sent = {"target_id": 1, "key": "x", "due_at": now, "made_at": now, "status": "given_up", "tries": 3}
    await _put(desk, NoticeTarget, service="x", sealed="x", last_four="x", who="x", seen=0)
    await _put(desk, Notice, kind="held", title="x", body="x", **sent)
    await _put(desk, WebhookTarget, url="https://a.example/", sealed="x", who="x", seen=0, failures=2)
    await _put(desk, WebhookDelivery, event="x", body="{}", event_id=uuid4(), **sent)
    called = {"token": "x", "name": "x", "does": "topic", "line": "article", "sealed": "x", "who": "x"}
    await _put(desk, Hook, site_id=site.id, used_at=now, uses=1, **called)
    await _put(desk, ToolRight, site_id=site.id, who="x", at=now)
    until = now + timedelta(days=1)
    await _put(
        desk, Link, email="x", role="editor", kind="invitation", hash="x", made_at=now, expires_at=until
    )
    await _put(desk, ApiKey, name="x", prefix="x", hash="x")


async def _read_back(desk: Desk, site: Site, account: Any, video: int) -> None:
    """A video that is out, and what was read of it."""
    house, now = desk.house, desk.house.clock.now()
    at = now - timedelta(hours=2)
    out = {"account_id": account, "video_id": video, "revision": 1, "key": uuid4(), "state": "live"}
    number = await add(
        house, tenant(desk, site), Publication, title="x", planned_at=at, due_at=at, live_at=at, **out
    )
    await _put(desk, PublicationResult, publication_id=number, age=1, at=now, views=9)


async def _worked_on(desk: Desk, site: Site, run: UUID, content: int) -> None:
    """A section that could not be written again, a first approval, a batch with a call, a key, a photo."""
    house, whose, now = desk.house, tenant(desk, site), desk.house.clock.now()
    asked = {"content_id": content, "anchor": "h-x", "heading": "x", "fingerprint": "x", "words": 9}
    await add(house, whose, Section, parked_at=now, tries=3, error="x", note="x", **asked)
    await _put(desk, FirstApproval, content_id=content, revision=1, person_id=1, who="x", at=now)
    of_run = {"run_id": run, "site_id": site.id, "stage": 1}
    batch = {"line": "article", "step": "clusters", "queue": "text", "status": "failed", "ended_at": now}
    await _put(desk, Batch, **batch, **of_run)
    await _put(desk, ProviderCall, kind="text", provider="x", ok=False, seconds=1.0, at=now, **of_run)
    await _put(desk, ProviderKey, kind="text", sealed="x", last_four="x")
    await add(house, whose, OwnPiece, picture="0" * 64, mime="image/png", width=9, height=9, shows="x")


async def _failed(desk: Desk, site: Site) -> None:
    """What was used, withdrawn, or could not be made: a topic, a rule, a video, its scene, a picture."""
    house, whose, now = desk.house, tenant(desk, site), desk.house.clock.now()
    await add(house, whose, Topic, title="x", normal="x", source="rss", status="used", used_at=now)
    signed = {"kind": "article", "hold": 60, "words": "x", "who": "x", "signed_at": now}
    await add(house, whose, TrustRule, withdrawn_at=now, **signed)
    video = await add(house, whose, Video, topic="x", parked_at=now, tries=3)
    await add(house, whose, Scene, video_id=video, position=1, says="x", parked_at=now, tries=3)
    async with house.store.workspace(desk.workspace) as session:
        await session.execute(update(Image).values(parked_at=now, tries=3))


async def said_once(where: Planted, text: str, revision: int) -> None:
    """The rows that are only ever added: a revision, a decision, lines of the log, of a publication's story
    and of the book that say the text."""
    text, house = text.replace("\0", ""), where.desk.house
    now = {"at": house.clock.now(), "workspace_id": where.desk.workspace}
    of_content = {"content_id": where.content, **now}
    more: dict[Any, dict[str, Any]] = {
        Revision: {
            "number": revision,
            "slug": "x",
            "structure": "guide",
            "words": 1,
            "what": "picture_replaced",
            **of_content,
        },
        GateDecision: {"decision": "send_back", "came_from": "review", "revision": revision, **of_content},
        Event: {
            "type": "run_log",
            "level": "info",
            "run_id": where.run,
            "site_id": where.site.id,
            "data": {},
            **now,
        },
        PublicationStep: {"publication_id": 1, **now},
        Deed: {"deed": "publishing_cancelled", **now},
        CreditTransfer: {"key": f"hostile:{revision}", "kind": "grant", "amount": 1, **SIDES, **now},
    }
    async with house.store.workspace(where.desk.workspace) as session:
        for table, facts in SAID_ONCE:
            await session.execute(insert(table).values(**filled(table, facts, text), **more[table]))
