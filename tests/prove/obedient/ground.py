"""A whole house whose model obeys attackers: payloads are planted, and every stage that reads them is run."""

import contextlib
import json
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

import psycopg
from obedient import provider
from obedient.attacks import payload
from pydantic import SecretStr
from sqlalchemy import Text, cast, delete, func, select

from kit.scripted_web import Web
from nightdesk.bootstrap import House, open_house
from nightdesk.desk.errors import DeskError
from nightdesk.desk.review.inputs import NewSection
from nightdesk.desk.topics import TopicMeans, Topics
from nightdesk.engine.batch import Batches
from nightdesk.engine.control import Control
from nightdesk.engine.runner import Runner
from nightdesk.engine.settling import Settler
from nightdesk.kit.http.fetch import Fetcher
from nightdesk.kit.http.guard import Guard
from nightdesk.lines.article import ARTICLE
from nightdesk.settings import Settings
from nightdesk.sources.feeds.reading import FeedReader
from nightdesk.sources.trends import open_trends
from nightdesk.sources.trends.google import GoogleTrends
from nightdesk.stage import Line
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.library import Document
from nightdesk.store.tables.runs import Batch
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

Payload = tuple[str, int]

SECRETS = {
    "key of the installation": "canary-installation-key-0123456789abcdef",
    "operator's provider key": "sk-canary-operator-51c0ffee51c0ffee",
    "site's provider key": "sk-canary-of-the-site-77b33f77b33f",
    "other tenant's text": "canary sentence of the other tenant",
}
DUMP = "select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text from {} t"
NAMES = (
    "amber basalt cedar delta ember fjord garnet harbour indigo juniper kelp larch "
    "meadow nectar ochre pewter quartz raven saffron tundra umber velvet walnut "
    "yarrow zephyr acorn birch comet dune elder fern glacier hazel iris jasper knoll "
    "lichen maple nettle opal "
)
WORDS = NAMES.split()

Rows = dict[str, list[dict[str, Any]]]


@dataclass
class Ground:
    """The house, the attacked site, and what is watched."""

    house: House
    web: Web
    url: str
    workspace: int
    site: Site
    others: Sequence[int]
    secrets: dict[str, str]
    topics: Topics
    astray: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def dump(self) -> Rows:
        """Every row of every table, those of the queue too."""
        with psycopg.connect(self.url.replace("+psycopg", "")) as line:
            named = line.execute(
                "select relname from pg_class where relkind in ('r', 'p')"
                " and relnamespace = 'public'::regnamespace order by 1"
            ).fetchall()
            return {
                name: json.loads(line.execute(DUMP.format(f'"{name}"')).fetchone()[0]) for (name,) in named
            }  # type: ignore[arg-type, index]

    @property
    def model(self) -> "list[provider.Obedient]":
        return provider.opened

    async def rows(self, table: Any, *where: Any) -> list[Any]:
        async with self.house.store.workspace(self.workspace) as session:
            mine = (table.workspace_id == self.workspace, table.site_id == self.site.id)
            return list(await session.scalars(select(table).where(*mine, *where).order_by(table.id)))

    async def run(self, *names: str, site: Site | None = None, line: Line = ARTICLE) -> None:
        """Runs those stages of the line to their end, in this process."""
        site = site or self.site
        stages = tuple(stage for stage in line.stages if type(stage).__name__ in names or not names)
        house = self.house
        runner = Runner({line.name: replace(line, stages=stages)}, house.clock, house.desk.providers.price)
        settler = Settler(house.store, runner, house.clock)
        batches = Batches(
            house.store,
            runner,
            settler,
            house.desk.providers.make_bench,
            house.clock,
            "worker",
            lambda: None,
        )
        async with house.store.workspace(site.workspace_id) as session:
            settings = {"ideas_per_cluster": 1, "images_in_article": 0}
            run = await Control(runner).start(session, site, line.name, "manual", settings)
        while True:
            async with house.store.workspace(site.workspace_id) as session:
                query = select(Batch.id).where(Batch.run_id == run.id, Batch.status == "waiting")
                waiting = list(await session.scalars(query))
            if not waiting:
                return
            for batch in waiting:
                await batches.do(site.workspace_id, batch)

    async def plant(self, payloads: Sequence[Payload]) -> None:
        """Puts each payload where its carrier is taken in; topics are gathered by the house itself."""
        of = {carrier: [n for one, n in payloads if one == carrier] for carrier in "espotkd"}
        here = f"http://127.0.0.1:{self.web.port}"
        items = [_item(f"{_own('e', n)}: {payload('e', n)}") for n in of["e"]]
        items += [_item(_own("s", n), f"{payload('s', n)}. {_long('s', n)}") for n in of["s"]]
        items += [_item(_own("p", n), "", f"{here}/page/{n}") for n in of["p"]]
        self.web.says("/feed", _feed(items), "Content-Type: application/rss+xml")
        trends = [_item(f"Heap {_own('t', n)}: {payload('t', n)}") for n in of["t"]]
        self.web.says("/trending/rss", _feed(trends), "Content-Type: application/rss+xml")
        for n in of["p"]:
            text = "".join(f"<p>{_long('p', n + 50 * k)} {payload('p', n)}.</p>" for k in range(4))
            head = f"<head><title>{_own('p', n)}</title></head>"
            page = f"<html>{head}<body><article><h1>{_own('p', n)}</h1>{text}"
            self.web.says(f"/page/{n}", page.encode(), "Content-Type: text/html")
        desk, where = self.house.desk, (self.workspace, self.site.id)
        outlines = "".join(
            f'<outline type="rss" text="{escape(payload("o", n))}" xmlUrl="{here}/list/{n}"/>'
            for n in of["o"]
        )
        await desk.feeds.opml_in(*where, f"<opml version='2.0'><body>{outlines}</body></opml>".encode())
        for feed in await desk.feeds.listed(*where):
            await desk.feeds.switch(self.workspace, feed.id, on=False)
        await desk.feeds.set_all(*where, [f"{here}/feed"]) if not of["o"] else await desk.feeds.add(
            *where, f"{here}/feed"
        )
        phrases = "".join(f"{_own('k', n)} {payload('k', n)}\n"[:80].strip() + "\n" for n in of["k"])
        if phrases:
            await desk.planner.keywords.import_file(*where, "list.txt", phrases.encode())
        for n in of["d"]:
            text = f"# {_own('d', n)}\n\n{_long('d', n)} {payload('d', n)}.\n\n{_long('d', n + 60)}\n"
            await desk.sources.add_file(*where, f"{n}.md", text.encode())

    async def use(self) -> int:
        """Uses every new topic of the site for an article."""
        new = await self.rows(Topic, Topic.status == "new")
        for topic in new:
            await self.topics.use_for_article(self.workspace, self.site.id, topic.id)
        return len(new)

    async def wish_videos(self) -> int:
        """Wishes for a video about every topic of the site, by its title as it was told."""
        topics = await self.rows(Topic)
        async with self.house.store.workspace(self.workspace) as session:
            home = {"workspace_id": self.workspace, "site_id": self.site.id}
            session.add_all(
                Video(**home, topic=topic.title, topic_id=topic.id, target=10, status="picked")
                for topic in topics
            )
        return len(topics)

    async def forget_videos(self, kept: int) -> None:
        """Leaves only some of those that have a script, the longest ones: voices take their time."""
        async with self.house.store.workspace(self.workspace) as session:
            words = func.length(cast(Video.script, Text)).desc()
            first = select(Video.id).where(Video.state == "scripted").order_by(words, Video.id).limit(kept)
            await session.execute(delete(Video).where(Video.id.not_in(first)))

    async def analyse(self) -> int:
        """Analyses every document; a refusal of what a model answered is noted."""
        documents = await self.rows(Document)
        for document in documents:
            with self.noted():
                await self.topics.analyses.analyze(self.workspace, document.id)
        return len(documents)

    async def suggest(self, count: int) -> None:
        with self.noted():
            await self.topics.suggest(self.workspace, self.site.id, count)

    async def ask_sections(self) -> int:
        """Asks for the first section of every article again."""
        sections = self.house.desk.review.sections
        contents = await self.rows(Content)
        for content in contents:
            parts = await sections.writable(self.workspace, content.id)
            with self.noted():
                await sections.ask(
                    self.workspace, content.id, NewSection(heading=parts[0].anchor, note="Shorter.")
                )
        return len(contents)

    @contextlib.contextmanager
    def noted(self) -> Iterator[None]:
        try:
            yield
        except DeskError as error:
            self.refused.append(str(error))


def _own(carrier: str, n: int) -> str:
    """Words of its own for each payload, so that no two are taken for one story."""
    at = "espotkd".index(carrier) * 41 + n
    return " ".join(WORDS[(at * step + step * step) % len(WORDS)] for step in (1, 3, 7)) + f" {at}"


def _long(carrier: str, n: int) -> str:
    at = "espotkd".index(carrier) * 83 + n
    said = [
        f"{WORDS[(at * k + 5 * k) % len(WORDS)]} {WORDS[(at + k * k) % len(WORDS)]}" for k in range(1, 15)
    ]
    return "A heap of " + " and ".join(said) + "."


def _item(title: str, summary: str = "", link: str = "") -> str:
    given = f"<link>{link}</link>" if link else ""
    told = f"<title>{escape(title)}</title><description>{escape(summary)}</description>"
    return f"<item>{told}{given}<guid>{quote(title)}</guid></item>"


def _feed(items: Sequence[str]) -> bytes:
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Heaps</title><description>x</description>'
    return f"{head}{''.join(items)}</channel></rss>".encode()


@contextlib.asynccontextmanager
async def obedient_ground(server: Any, folder: Path, name: str) -> AsyncIterator[Ground]:
    """The house with `obedient` as its text provider, its neighbours, and a listener on every connection."""
    with _declared(folder / "packages"):
        async with _laid_out(server, folder, name) as ground:
            yield ground


@contextlib.asynccontextmanager
async def _laid_out(server: Any, folder: Path, name: str) -> AsyncIterator[Ground]:
    web = Web()
    await web.start()
    web.says("/robots.txt", b"", status="404 Not Found")
    url = server.create(name)
    settings = Settings(
        database_url=SecretStr(url),
        data_dir=folder / "data",
        disk_reserve_mb=0,
        requests_a_minute=0,
        secret_key=SecretStr(SECRETS["key of the installation"]),
        text="obedient:canary-model",
        text_api_key=SecretStr(SECRETS["operator's provider key"]),
        allow_addresses=f"127.0.0.1:{web.port}",
        _env_file=None,
    )
    provider.opened.clear()
    async with open_house(settings) as house, FeedReader(house.clock) as reader:
        ground = await _furnished(house, web, url, reader)
        allowed = {("127.0.0.1", web.port), ("127.0.0.1", _port(url))}
        with _watched(ground.astray, allowed):
            yield ground
    await web.stop()
    server.drop(name)


async def _furnished(house: House, web: Web, url: str, reader: FeedReader) -> Ground:
    desk = house.desk
    mine, theirs = [await desk.founding.found(name, 1_000_000) for name in ("Mine", "Theirs")]
    site = await desk.sites.create(mine, "Heap & Soil")
    second = await desk.sites.create(mine, "Second Heap")
    other = await desk.sites.create(theirs, "Other")
    async with house.store.everywhere() as session:
        for one in (site, second, other):
            row = await session.get_one(Site, (one.workspace_id, one.id))
            row.trends = ["google:US"]
            row.subject = ""
    token = await desk.people.create_key(mine, "canary")
    await desk.choices.set_key(mine, "text", SECRETS["site's provider key"], site.id)
    secrets = dict(SECRETS) | {"access key": token.token}
    fetcher = Fetcher(Guard(allow=[("127.0.0.1", web.port)]), house.clock)
    places = dict(open_trends(fetcher, reader.read)) | {
        "google": GoogleTrends(fetcher, reader.read, base=f"http://127.0.0.1:{web.port}")
    }
    topics = Topics(house.store, house.clock, TopicMeans(desk.providers, desk.sources, places))
    ground = Ground(house, web, url, mine, site, (second.id, other.id), secrets, topics)
    for one in (second, other):
        where = (one.workspace_id, one.id)
        await desk.planner.keywords.import_file(*where, "list.txt", b"worm bin\nleaf heap\n")
        own = SECRETS["other tenant's text"] if one is other else "Own words."
        text = f"# Bins\n\nBins hold heat. {own}\n"
        await desk.sources.add_file(*where, "bins.md", text.encode())
        await ground.run(site=one)
    return ground


@contextlib.contextmanager
def _declared(folder: Path) -> Iterator[None]:
    """Installs the provider as another package would bring it, by an entry point, and takes it out again."""
    info = folder / "obedient_model-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: obedient-model\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[nightdesk.providers]\ntext.obedient = obedient.provider:open_obedient\n"
    )
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def _port(url: str) -> int:
    return int(psycopg.conninfo.conninfo_to_dict(url.replace("+psycopg", "")).get("port", 5432))


_watching: list[tuple[list[str], set[tuple[str, int]]]] = []
_hooked: list[bool] = []


def _hook(event: str, facts: tuple[Any, ...]) -> None:
    if event not in ("socket.connect", "socket.getaddrinfo") or not _watching:
        return
    for astray, allowed in _watching:
        at = facts[1] if event == "socket.connect" else facts[:2]
        if isinstance(at, tuple) and (str(at[0]), _number(at[1])) not in allowed:
            astray.append(f"{event} {at}")


def _number(port: Any) -> int:
    return int(port) if isinstance(port, int) or str(port).isdecimal() else 0


@contextlib.contextmanager
def _watched(astray: list[str], allowed: set[tuple[str, int]]) -> Iterator[None]:
    """Notes every connection and look-up of this process to anywhere else; the hook itself stays for good."""
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked.append(True)
    _watching.append((astray, allowed))
    try:
        yield
    finally:
        _watching.clear()
