"""The article line over a database of its own, with the keyless providers or one that the test scripts."""

import asyncio
import csv
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from nightdesk.desk.founding import Founding
from nightdesk.engine.batch import Batches
from nightdesk.engine.control import Control
from nightdesk.engine.runner import Runner
from nightdesk.engine.settling import Settler
from nightdesk.engine.upkeep import Upkeep
from nightdesk.engine.worker import Rhythm, Worker
from nightdesk.kit.clock import SystemClock
from nightdesk.lines.article import ARTICLE
from nightdesk.providers.calls import Call
from nightdesk.providers.choice import Choice
from nightdesk.providers.embeddings.lexical import LexicalEmbeddings
from nightdesk.providers.images.cards import CardMaker
from nightdesk.providers.text import offline
from nightdesk.providers.text.questions import ArticleWritten
from nightdesk.sources.documents import read_file, split_passages
from nightdesk.stage import Bench, Line, NoStudio, Stage, Studio
from nightdesk.store import ledger
from nightdesk.store.files import Files
from nightdesk.store.session import Store
from nightdesk.store.tables.library import Document, Passage
from nightdesk.store.tables.money import CreditTransfer
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content, Image

DEMO = Path(str(files("nightdesk") / "demo" / "input"))
CLOCK = SystemClock()


class Scripted:
    """Stands for an outside model: answers each kind of question by the function that the test gives."""

    def __init__(self, answers: Mapping[str, Callable[[Any], Any]], *, trusted: bool = True) -> None:
        self.label, self.trusted_to_publish = "scripted:model", trusted
        self.answers = answers
        self.asked: list[Any] = []

    async def ask(self, question: Any, meter: Any) -> Any:
        self.asked.append(question)
        meter.record(Call("text", "scripted", "model", 0.01, True, 100, 50))
        answer = self.answers[question.name](question.data)
        if asyncio.iscoroutine(answer):
            answer = await answer
        return answer


@dataclass
class Press:
    """One site's article line, and what a test asks of it."""

    store: Store
    workspace: int
    site: Site
    files: Files
    text: Any
    images: Any
    embeddings: Any
    line: Line = ARTICLE
    stages: Sequence[Stage[Any]] = ()
    studio: Studio = field(default_factory=NoStudio)
    runs: list[Run] = field(default_factory=list)

    async def bench(self, session: Any, site: Site, settings: Any, meter: Any) -> Bench:
        return Bench(
            site, settings, self.text, self.embeddings, self.images, meter, self.files, CLOCK, self.studio
        )

    async def price(self, session: Any, site: Site, kind: str, asked: str = "") -> int:
        return int(self.images.credits)

    def engine(self) -> tuple[Control, Batches]:
        line = Line(self.line.name, tuple(self.stages or self.line.stages))
        runner = Runner({line.name: line}, CLOCK, self.price)
        settler = Settler(self.store, runner, CLOCK)
        return Control(runner), Batches(
            self.store, runner, settler, self.bench, CLOCK, "worker", lambda: None
        )

    async def walk(self, *stages: type[Stage[Any]], **settings: Any) -> Run:
        """Runs those stages alone, or the whole line, batch by batch in this task; gives the finished run."""
        self.stages = tuple(stage() for stage in stages)
        control, batches = self.engine()
        async with self.store.workspace(self.workspace) as session:
            run = await control.start(session, self.site, self.line.name, "manual", settings)
        for _ in range(1000):
            async with self.store.workspace(self.workspace) as session:
                waiting = (
                    await session.scalars(
                        select(Batch.id).where(Batch.run_id == run.id, Batch.status == "waiting")
                    )
                ).all()
            if not waiting:
                break
            for batch in waiting:
                await batches.do(self.workspace, batch)
        return (await self.rows(Run, Run.id == run.id))[0]

    @asynccontextmanager
    async def working(self) -> AsyncIterator[Control]:
        """A worker over all queues, in this process, while the block runs."""
        control, batches = self.engine()
        url = str(self.store.url.set(drivername="postgresql").render_as_string(hide_password=False))
        upkeep = Upkeep(self.store, control, self.files)
        worker = Worker(url, batches, upkeep, ["text", "images", "local"], Rhythm(beat=0.5))
        task = asyncio.create_task(worker.run())
        try:
            yield control
        finally:
            worker.stop()
            await asyncio.wait_for(task, 30)

    async def rows(self, table: Any, *where: Any) -> list[Any]:
        async with self.store.workspace(self.workspace) as session:
            return list(await session.scalars(select(table).where(*where).order_by(table.id)))

    async def count(self, table: Any, *where: Any) -> int:
        async with self.store.workspace(self.workspace) as session:
            return await session.scalar(select(func.count()).select_from(table).where(*where)) or 0

    async def log(self) -> list[str]:
        return [event.message for event in await self.rows(Event, Event.message != "")]

    async def balances(self) -> ledger.Balances:
        async with self.store.workspace(self.workspace) as session:
            return await ledger.balances(session, self.workspace)

    async def transfers(self, kind: str) -> list[CreditTransfer]:
        async with self.store.workspace(self.workspace) as session:
            return list(await session.scalars(select(CreditTransfer).where(CreditTransfer.kind == kind)))

    async def spend(self, *, but: int) -> None:
        """Spends all credits but those."""
        cost = (await self.balances()).wallet - but
        async with self.store.workspace(self.workspace) as session:
            await ledger.hold(session, self.workspace, "earlier", cost, None, None)
            await ledger.settle(session, self.workspace, "earlier", cost, cost, None, None)

    async def add(self, row: Any) -> Any:
        async with self.store.workspace(self.workspace) as session:
            row.workspace_id, row.site_id = self.workspace, self.site.id
            session.add(row)
            await session.flush()
            await session.refresh(row)
            session.expunge(row)
        return row

    async def keywords(self, phrases: Mapping[str, int] | Sequence[str]) -> None:
        """Imports phrases, with their volumes where a mapping says them."""
        volumes = phrases if isinstance(phrases, Mapping) else dict.fromkeys(phrases, 0)
        rows = [
            {
                "workspace_id": self.workspace,
                "site_id": self.site.id,
                "phrase": phrase,
                "normal": phrase.casefold(),
                "volume": volume,
            }
            for phrase, volume in volumes.items()
        ]
        async with self.store.workspace(self.workspace) as session:
            await session.execute(insert(Keyword), rows)

    async def document(self, path: Path | str, content: bytes | None = None, *, flags: str = "") -> Document:
        read = await read_file(Path(path).name, content if content is not None else Path(path).read_bytes())
        row = await self.add(
            Document(
                title=read.title,
                text=read.text,
                url=read.url or "",
                author=read.author or "",
                published=str(read.published or ""),
                language=read.language or "",
                content_hash=read.content_hash,
                flags=flags,
            )
        )
        passages = [
            {
                "workspace_id": self.workspace,
                "site_id": self.site.id,
                "document_id": row.id,
                "position": at,
                "text": text,
            }
            for at, text in enumerate(split_passages(read))
        ]
        async with self.store.workspace(self.workspace) as session:
            await session.execute(insert(Passage), passages)
        return row

    async def cluster(self, name: str = "Compost bins", keywords: Sequence[str] = ()) -> Cluster:
        row = await self.add(Cluster(name=name, keys=[]))
        for phrase in keywords:
            await self.add(
                Keyword(phrase=phrase, normal=phrase, status="mapped", cluster_id=row.id, group_key=phrase)
            )
        return row

    async def idea(self, title: str, cluster: Cluster | None = None, **more: Any) -> Idea:
        cluster = cluster or await self.cluster()
        facts = {
            "angle": "What a household with a small yard has to know.",
            "keywords": ["compost bin", "compost tumbler"],
            "intent": "informational",
            "structure": "guide",
            "outline": [
                {"heading": "How it works", "points": []},
                {"heading": "What to put in", "points": []},
            ],
            "words": 800,
        }
        return await self.add(Idea(title=title, cluster_id=cluster.id, **(facts | more)))

    async def task(self, title: str, status: str = "queued", **more: Any) -> Task:
        idea = await self.idea(title, status="queued", **more)
        names = ("title", "angle", "keywords", "intent", "structure", "outline", "words")
        brief = {name: getattr(idea, name) for name in names}
        return await self.add(
            Task(
                idea_id=idea.id,
                cluster_id=idea.cluster_id,
                title=title,
                status=status,
                brief=brief,
                words=idea.words,
            )
        )

    async def content(self, title: str, **more: Any) -> Content:
        task = await self.task(title, "completed")
        facts = {
            "slug": title.lower().replace(" ", "-"),
            "markdown": "## How it works\n\nText.\n",
            "html": "<h2>Worms in the bin</h2>\n<p>Text.</p>\n<h2>Dry leaves on top</h2>\n<p>More.</p>",
            "headings": [
                {"level": 2, "text": "Worms in the bin", "anchor": "worms-in-the-bin"},
                {"level": 2, "text": "Dry leaves on top", "anchor": "dry-leaves-on-top"},
            ],
            "summary": "Text.",
        }
        return await self.add(Content(task_id=task.id, title=title, **(facts | more)))

    async def image(self, content: Content, position: int = 0, **more: Any) -> Image:
        facts = {"kind": "featured", "prompt": "A compost bin in a yard.", "alt": "A compost bin"}
        return await self.add(Image(content_id=content.id, position=position, **(facts | more)))


async def press_of(
    store: Store, folder: Path, name: str = "Heap & Soil", workspace: int | None = None
) -> Press:
    workspace = workspace or await Founding(store).found(name)
    site = Site(
        workspace_id=workspace,
        slug=name.lower().replace(" & ", "-and-").replace(" ", "-"),
        name=name,
        subject="Home composting and garden soil",
        brand={"primary": "#2f5d3a", "ink": "#1f2a21"},
    )
    async with store.workspace(workspace) as session:
        session.add(site)
        await session.flush()
        await session.refresh(site)
        session.expunge(site)
    return Press(
        store,
        workspace,
        site,
        Files(folder, reserve=0),
        offline.open(Choice.parse("offline"), CLOCK),
        CardMaker(CLOCK, 2),
        LexicalEmbeddings(CLOCK),
    )


def demo_keywords(count: int) -> dict[str, int]:
    """The first keywords of the demo's export, with their volumes."""
    with (DEMO / "keywords.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:count]
    return {row["Keyword"].casefold(): int(row["Volume"] or 0) for row in rows}


def demo_documents() -> list[Path]:
    return sorted((DEMO / "documents").glob("*.md"))


def article(markdown: str, **more: Any) -> Any:
    """A scripted provider that answers every task with this article."""
    facts = {
        "title": "Compost bins for small yards",
        "meta_title": "Compost bins for small yards",
        "meta_description": "What a compost bin does in a small yard, and which one to take.",
    }
    return Scripted({"article": lambda _: ArticleWritten(markdown=markdown, **(facts | more))})
