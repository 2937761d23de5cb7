"""What the engine's benches stand on: a database of their own, a workspace, a line that costs nothing."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from nightdesk.desk.founding import Founding
from nightdesk.engine.batch import Batches
from nightdesk.engine.control import Control
from nightdesk.engine.runner import Runner
from nightdesk.engine.settling import Settler
from nightdesk.engine.upkeep import Upkeep
from nightdesk.engine.worker import Rhythm, Worker
from nightdesk.kit.clock import SystemClock
from nightdesk.providers.calls import Call
from nightdesk.stage import Bench, Line, Policy, Saved, Stage
from nightdesk.store.files import Files
from nightdesk.store.migrations import migrate
from nightdesk.store.postgres import EmbeddedPostgres
from nightdesk.store.session import WIDE_ROLE, Store, plain_address
from nightdesk.store.tables.planner import Keyword
from nightdesk.store.tables.tenancy import Site


class Nothing(Stage[Keyword]):
    """A stage whose work takes no time: what remains is the engine."""

    number, name, title = 1, "nothing", "Nothing"
    policy = Policy(batch_size=1, concurrency=16)
    table, waits, counted = Keyword, "new", "keywords_processed"
    fields = ("keywords_processed",)

    def estimate(self, items: Sequence[Keyword]) -> int:
        return len(items)

    async def work(self, items: Sequence[Keyword], material: Any, bench: Bench) -> None:
        bench.meter.record(Call("text", "nothing", "nothing", 0.0, True))

    async def save(self, session: Any, site: Site, items: Sequence[Keyword], made: Any) -> Saved:
        for item in items:
            item.status = "mapped"
        return Saved({"keywords_processed": len(items)})


@dataclass
class Ground:
    """An engine over a database of its own."""

    store: Store
    control: Control
    upkeep: Upkeep
    files: Files
    postgres: EmbeddedPostgres

    async def workspace(self, credits: int = 10_000_000) -> int:
        return await Founding(self.store).found("Bench", credits)

    async def site(self, workspace: int, slug: str = "bench") -> Site:
        async with self.store.workspace(workspace) as session:
            site = Site(workspace_id=workspace, slug=slug, name=slug)
            session.add(site)
            await session.flush()
            await session.refresh(site)
            return site

    async def keywords(self, site: Site, count: int) -> None:
        async with self.store.workspace(site.workspace_id) as session:
            rows = [
                {
                    "workspace_id": site.workspace_id,
                    "site_id": site.id,
                    "phrase": f"p {n}",
                    "normal": f"p {n}",
                }
                for n in range(count)
            ]
            await session.execute(insert(Keyword), rows)

    def worker(self, name: str = "bench") -> Worker:
        async def make_bench(session: Any, site: Site, settings: Any, meter: Any) -> Bench:
            clock = self.control.runner.clock
            return Bench(site, settings, None, None, None, meter, self.files, clock)  # type: ignore[arg-type]

        runner = self.control.runner
        batches = Batches(
            self.store,
            runner,
            Settler(self.store, runner, runner.clock),
            make_bench,
            runner.clock,
            name,
            lambda: None,
        )
        address = plain_address(self.store.url, WIDE_ROLE)
        return Worker(address, batches, self.upkeep, ["text", "local"], Rhythm())


@asynccontextmanager
async def ground(*lines: Line) -> AsyncIterator[Ground]:
    """Opens a database in a temporary folder, with the newest schema."""
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres = EmbeddedPostgres(folder)
        postgres.start()
        try:
            migrate(postgres.url())
            store = Store(postgres.url(), pool_size=20)
            runner = Runner({line.name: line for line in lines}, SystemClock())
            control, files = Control(runner), Files(folder / "media", reserve=0)
            yield Ground(store, control, Upkeep(store, control, files), files, postgres)
            await store.close()
        finally:
            postgres.stop()
