"""A small line of two stages over the real tables, and a worker in the test's own process to walk it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, insert, literal, select, text

from nightdesk.engine.batch import Batches
from nightdesk.engine.control import Control
from nightdesk.engine.runner import Runner
from nightdesk.engine.settling import Settler
from nightdesk.engine.upkeep import Upkeep
from nightdesk.engine.worker import Rhythm, Worker
from nightdesk.kit.clock import SystemClock
from nightdesk.providers.calls import Call
from nightdesk.stage import Bench, Line, Policy, Saved, Stage
from nightdesk.store import ledger
from nightdesk.store.files import Files
from nightdesk.store.session import WIDE_ROLE, Store, plain_address
from nightdesk.store.tables.planner import Cluster, Keyword
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site

CREDITS = 10_000


class Group(Stage[Keyword]):
    """Each batch of keywords becomes a cluster; what happens in between is up to the test."""

    number, name, title = 1, "group", "Keywords to clusters"
    policy = Policy(batch_size=5, concurrency=4, timeout=5.0, attempts=3)
    table, waits, counted = Keyword, "new", "keywords_processed"
    fields = ("keywords_processed", "clusters_created")

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.at_work = 0
        self.most_at_work = 0
        self.during: Callable[[Sequence[Keyword]], Any] | None = None

    def estimate(self, items: Sequence[Keyword]) -> int:
        return -(-len(items) // 5)

    def credits_each(self) -> Any:
        return literal(Decimal("0.2"))

    async def work(self, items: Sequence[Keyword], material: Any, bench: Bench) -> str:
        self.calls.append([item.phrase for item in items])
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            if self.during is not None:
                await self.during(items)
        finally:
            self.at_work -= 1
        bench.meter.record(Call("text", "toy", "toy", 0.1, True, 10, 5))
        return items[0].phrase

    async def save(self, session, site, items, made) -> Saved:  # type: ignore[no-untyped-def]
        cluster = Cluster(workspace_id=site.workspace_id, site_id=site.id, name=made, keys=[])
        session.add(cluster)
        await session.flush()
        for item in items:
            item.status, item.cluster_id = "mapped", cluster.id
        return Saved({"keywords_processed": len(items), "clusters_created": 1}, lines=[f"Clustered {made}."])


class Tick(Stage[Cluster]):
    """A local stage that only marks."""

    number, name, title, kind = 2, "tick", "Clusters ticked", "Local"
    policy = Policy(batch_size=3, queue="local")
    table, waits, counted = Cluster, "new", "clusters_processed"
    fields = ("clusters_processed",)

    async def work(self, items: Sequence[Cluster], material: Any, bench: Bench) -> None:
        return None

    async def save(self, session, site, items, made) -> Saved:  # type: ignore[no-untyped-def]
        for item in items:
            item.status = "mapped"
        return Saved({"clusters_processed": len(items)})


@dataclass
class Desk:
    """The parts of the engine over one test database, with one workspace, one site and its credits."""

    store: Store
    control: Control
    batches: Batches
    upkeep: Upkeep
    workspace: int
    site: Site
    stage: Group
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def add_keywords(self, count: int) -> None:
        rows = [
            {
                "workspace_id": self.workspace,
                "site_id": self.site.id,
                "phrase": f"phrase {n}",
                "normal": f"phrase {n}",
            }
            for n in range(count)
        ]
        async with self.store.workspace(self.workspace) as session:
            await session.execute(insert(Keyword), rows)

    async def start(self, **settings: Any) -> Run:
        async with self.store.workspace(self.workspace) as session:
            return await self.control.start(session, self.site, "toy", "manual", settings)

    async def run(self, run: Run) -> Run:
        async with self.store.workspace(self.workspace) as session:
            return (await session.scalars(select(Run).where(Run.id == run.id))).one()

    async def when(self, run: Run, *statuses: str, seconds: float = 30.0) -> Run:
        async with asyncio.timeout(seconds):
            while (now := await self.run(run)).status not in statuses:
                await asyncio.sleep(0.02)
        return now

    async def count(self, table: Any, *where: Any) -> int:
        async with self.store.workspace(self.workspace) as session:
            return await session.scalar(select(func.count()).select_from(table).where(*where)) or 0

    async def balances(self) -> ledger.Balances:
        async with self.store.workspace(self.workspace) as session:
            return await ledger.balances(session, self.workspace)

    @asynccontextmanager
    async def working(self, **rhythm: Any) -> AsyncIterator[Worker]:
        """A worker over all queues, in this process, while the block runs."""
        url = plain_address(self.store.url, WIDE_ROLE)
        worker = Worker(url, self.batches, self.upkeep, ["text", "local"], Rhythm(**({"beat": 0.5} | rhythm)))
        task = asyncio.create_task(worker.run())
        try:
            yield worker
        finally:
            worker.stop()
            await asyncio.wait_for(task, 30)


async def found_workspace(store: Store, name: str = "Alpha", credits: int = CREDITS) -> tuple[int, Site]:
    async with store.everywhere() as session:
        workspace = (
            await session.execute(text("insert into workspaces (name) values (:n) returning id"), {"n": name})
        ).scalar_one()
        kinds = text(
            "insert into credit_accounts (workspace_id, kind) "
            "select :w, unnest(array['source', 'wallet', 'held', 'spent'])"
        )
        await session.execute(kinds, {"w": workspace})
    async with store.workspace(workspace) as session:
        if credits:
            await ledger.grant(session, workspace, "start", credits)
        site = Site(workspace_id=workspace, slug="site", name=f"{name} site")
        session.add(site)
        await session.flush()
        await session.refresh(site)
        session.expunge(site)
    return workspace, site


@pytest.fixture
async def desk(store: Store, tmp_path: Any) -> Desk:
    workspace, site = await found_workspace(store)
    stage, clock = Group(), SystemClock()
    runner = Runner({"toy": Line("toy", (stage, Tick()))}, clock)
    control = Control(runner)
    files = Files(tmp_path, reserve=0)

    async def make_bench(session, site, settings, meter) -> Bench:  # type: ignore[no-untyped-def]
        return Bench(site, settings, None, None, None, meter, files, clock)  # type: ignore[arg-type]

    batches = Batches(
        store, runner, Settler(store, runner, clock), make_bench, clock, "worker-1", lambda: None
    )
    return Desk(store, control, batches, Upkeep(store, control, files), workspace, site, stage)
