"""Browsers that tell whether text ran or loaded something, and rows that hold such text everywhere."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.async_api import Browser, ConsoleMessage, Page, Route
from sqlalchemy import insert, update

from api.rows import add
from browser.browser_house import Desk
from browser.review_gate import pieces, site_with_source, tenant
from nightdesk.faces.web.identity import COOKIE
from nightdesk.kit import ids
from nightdesk.store.tables.autopilot import LetThrough, Pilot, TrustRule
from nightdesk.store.tables.feeds import Feed, Topic
from nightdesk.store.tables.gate import GateDecision, Revision
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task
from nightdesk.store.tables.publishing import Account, AccountSite, Publication, PublicationStep
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene, Video
from nightdesk.store.tables.writer import Content, Image

RAN = "nightdesk-test: it ran"
LISTEN = f"window.alert = window.msgbox = () => console.log({RAN!r});"
PROVOKE = """() => {
  for (const one of document.querySelectorAll("*")) {
    const href = one.href?.baseVal ?? one.href ?? one.getAttribute("xlink:href") ?? "";
    if (/^(javascript|vbscript|data):/i.test(String(href).trim())) one.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    for (const { name } of one.attributes)
      if (name.startsWith("on")) one.dispatchEvent(new Event(name.slice(2)));
  }
}"""  # noqa: E501
"""What a reader might do: follow such a link, point, click, focus."""
SETTLED = """() => Promise.all([
  ...[...document.images].map((one) => one.decode().catch(() => {})),
  new Promise((done) => setTimeout(done, 15)),
]).then(() => {})"""


@dataclass
class Judged:
    """A page, and what its text did that text must not do."""

    page: Page
    here: str
    did: list[str] = field(default_factory=list)

    def on_console(self, message: ConsoleMessage) -> None:
        if RAN in message.text:
            self.did.append("ran a script")

    async def on_request(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in ("http", "https") and address.netloc != self.here:
            self.did.append(f"asked {address.netloc}")
            await route.abort()
        else:
            await route.fallback()

    async def provoke(self) -> None:
        """Returns when all that the page loads by itself has come or failed, and a little later."""
        await self.page.wait_for_load_state()
        await self.page.evaluate(PROVOKE)
        await self.page.evaluate(SETTLED)


@asynccontextmanager
async def judged(
    browser: Browser, here: str = "desk.test", *, policy: bool = True, token: str = ""
) -> AsyncIterator[Judged]:
    """A page at the host `here`; without `policy` the browser takes no notice of our headers."""
    context = await browser.new_context(bypass_csp=not policy, base_url=f"http://{here}")
    if token:
        await context.add_cookies([{"name": COOKIE, "value": token, "url": f"http://{here}"}])
    await context.add_init_script(LISTEN)
    page = await context.new_page()
    judge = Judged(page, here)
    page.on("console", judge.on_console)
    elsewhere = re.compile(rf"^https?://(?!{re.escape(here)}(/|$))")
    await context.route(elsewhere, judge.on_request)
    yield judge
    await context.close()


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
        """Has every stored text of it be that one, as if no form and no cleaning stood before the tables."""
        text = text.replace("\0", "")
        whose = tenant(self.desk, self.site)
        async with self.desk.house.store.workspace(whose.workspace) as session:
            for table, facts in self.rows:
                said = {name: _filled(value, text) for name, value in facts.items()}
                await session.execute(update(table).values(**said))


def _filled(value: Any, text: str) -> Any:
    """The text in the place of each `$`, however deep."""
    if isinstance(value, str):
        return value.replace("$", text)
    if isinstance(value, dict):
        return {name: _filled(one, text) for name, one in value.items()}
    return [_filled(one, text) for one in value] if isinstance(value, list) else value


FINDING = {"code": "x", "severity": "serious", "message": "$", "where": "$"}
CLAIM = {"said": "$", "status": "unverified", "sentence": "$", "evidence": "$", "document": 1, "cited": []}
CHECK = {"name": "$", "score": 50, "findings": [FINDING], "facts": {"claims": [CLAIM]}}
CITATION = {"document": 1, "shown": 1, "title": "$", "url": "https://a.example/$", "author": "$"}
PICTURE = {"id": 1, "asset": None, "alt": "$", "caption": "$", "heading": "$", "label": "$"}
THUMBNAIL = {"variant": "$", "asset": "0" * 64, "width": 9, "height": 16, "words": "$", "chosen": True}
TEXTS: Sequence[tuple[Any, dict[str, Any]]] = (
    (
        Site,
        {
            "name": "$",
            "subject": "$",
            "audience": "$",
            "voice": "$",
            "video": {"voice": "$", "lexicon": {"word": "$"}},
        },
    ),
    (Keyword, {"phrase": "$", "error": "$"}),
    (Cluster, {"name": "$", "description": "$", "error": "$"}),
    (Idea, {"title": "$", "angle": "$", "error": "$"}),
    (Task, {"title": "$", "error": "$"}),
    (
        Content,
        {
            "title": "$",
            "summary": "$",
            "markdown": "$\n\n$",
            "html": '<h2 id="h-x">$</h2><p>$<sup class="citation" id="cite-1-1"><a href="#source-1">[1]</a>'
            '</sup></p>$<section class="sources"><ol><li id="source-1">$</li></ol></section>',
            "meta_title": "$",
            "meta_description": "$",
            "headings": [{"level": 2, "text": "$", "anchor": "$"}],
            "citations": [CITATION | {"published": "$", "uses": 1}],
            "label": "$",
            "error": "$",
            "checks": {"seo": CHECK, "grounding": CHECK, "originality": CHECK},
        },
    ),
    (Image, {"heading": "$", "prompt": "$", "alt": "$", "caption": "$", "label": "$", "error": "$"}),
    (
        Video,
        {
            "topic": "$",
            "title": "$",
            "voice": "$",
            "character": "$",
            "label": "$",
            "error": "$",
            "notes": ["$"],
            "script": {"hook": "$", "description": "$", "cta": "$", "hashtags": ["$"]},
            "checks": {
                "script": CHECK,
                "video": {"checks": [{"name": "$", "status": "fail", "message": "$"}]},
            },
            "marks": {"why": "$", "models": ["$"], "source_type": "x/$"},
            "thumbnails": [THUMBNAIL],
        },
    ),
    (
        Scene,
        {"heading": "$", "says": "$", "prompt": "$", "voice": "$", "label": "$", "note": "$", "error": "$"},
    ),
    (Feed, {"title": "$", "url": "https://a.example/$", "home": "https://a.example/$", "error": "$"}),
    (
        Topic,
        {
            "title": "$",
            "summary": "$",
            "url": "https://a.example/$",
            "image": "https://a.example/$",
            "used_for": "$",
            "reasons": [{"code": "x", "points": 1, "says": "$"}],
        },
    ),
    (Run, {"pause_reason": "$", "error_message": "$"}),
    (Account, {"name": "$", "says": "$", "remote_name": "$", "config": {"folder": "$"}, "last_four": "$"}),
    (AccountSite, {"options": {"category": "$"}}),
    (Pilot, {"reason": "$", "says": "$"}),
    (TrustRule, {"words": "$", "who": "$"}),
    (LetThrough, {"why": "$"}),
    (
        Publication,
        {
            "title": "$",
            "error": "$",
            "moved": "$",
            "evidence": [{"at": "$", "code": "cannot_know", "says": "$", "found": "$"}],
            "remote_id": "$",
            "url": "https://a.example/$",
            "asked_by": "$",
        },
    ),
)
SAID_ONCE: Sequence[tuple[Any, dict[str, Any]]] = (
    (Revision, {"title": "$", "markdown": "$\n\n$", "about": "$", "who": "$", "pictures": [PICTURE]}),
    (GateDecision, {"note": "$", "who": "$"}),
    (Event, {"message": "$"}),
    (PublicationStep, {"what": "$", "says": "$", "who": "$", "data": {"answer": "$"}}),
)
"""Rows that nobody may change: written anew for each text."""


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
    await _trusted(desk, site, video)
    out = {"account_id": account, "content_id": content, "revision": 1, "key": uuid4(), "state": "held"}
    now = house.clock.now()
    await add(house, whose, Publication, title="leaf mould", planned_at=now, due_at=now, **out)
    image = (await desk.house.desk.review.contents.piece(desk.workspace, content)).images[0].id
    return Planted(desk, site, content, image, str(run), TEXTS)


async def _trusted(desk: Desk, site: Site, video: int) -> None:
    """A rule that holds the video back for now, of a site whose auto mode waits."""
    house, whose, now = desk.house, tenant(desk, site), desk.house.clock.now()
    await desk.house.desk.niches.auto.toggle(desk.workspace, site.id, True, 1)
    signed = {"kind": "video", "hold": 60, "words": "x", "who": "x", "signed_at": now}
    rule = await add(house, whose, TrustRule, **signed)
    held = {"rule_id": rule, "video_id": video, "revision": 1, "begun_at": now}
    await add(house, whose, LetThrough, ends_at=now + timedelta(hours=1), **held)
    async with house.store.workspace(desk.workspace) as session:
        pilot = {"workspace_id": desk.workspace, "site_id": site.id, "reason": "topics", "says": "x"}
        await session.execute(insert(Pilot).values(**pilot, since=now))


async def said_once(where: Planted, text: str, revision: int) -> None:
    """The rows that are only ever added: a revision, a decision and a line of the log that say the text."""
    text, house = text.replace("\0", ""), where.desk.house
    now = {"at": house.clock.now(), "workspace_id": where.desk.workspace}
    of_content = {"content_id": where.content, **now}
    more: dict[Any, dict[str, Any]] = {
        Revision: {
            "number": revision,
            "slug": "x",
            "structure": "guide",
            "meta_title": text,
            "meta_description": text,
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
    }
    async with house.store.workspace(where.desk.workspace) as session:
        for table, facts in SAID_ONCE:
            said = {name: _filled(value, text) for name, value in facts.items()}
            await session.execute(insert(table).values(**said, **more[table]))
