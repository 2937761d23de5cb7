"""Engines with a fault planted in them: a proof that lets one of these pass proves nothing.

Each is applied in a forked process before its house is opened. Some faults heal by a second line of defence,
as they should; then that is taken away too, and the name says so. Every fault tells when it acts (`bite`), so
that one which no longer fits the engine is not taken for one that nobody noticed.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pgqueuer.core.heartbeat import Heartbeat
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sweep.planting import Bite, Edit, Patch, bite_into, replace

from nightdesk.engine import booking, claims, jobs, settling
from nightdesk.engine.upkeep import Upkeep
from nightdesk.kit import points
from nightdesk.store import files
from nightdesk.store.session import Store
from nightdesk.store.tables.runs import Batch

BETWEEN = "mutant.between"
"""The point that a planted fault adds, where it tears apart what belongs together."""

_TENANT = text("select set_config('nightdesk.workspace', :workspace, true)")
_stores: list[Store] = []


@dataclass(frozen=True)
class Mutant:
    """A planted fault: `patch` changes the process, `edits` the functions of the attempt's database.

    `quiet`: nothing is wrong with it as long as nothing interrupts it, or is slow.
    """

    patch: Patch | None = None
    edits: tuple[Edit, ...] = ()
    quiet: bool = True

    def apply(self, folder: Path) -> None:
        """Changes this process; how often the fault acts is noted in `folder`."""
        if self.patch:
            self.patch(bite_into(folder))


def _remember_the_store() -> None:
    opened = Store.__init__

    def init(self: Store, *args: Any, **facts: Any) -> None:
        opened(self, *args, **facts)
        _stores.append(self)

    replace(Store, "__init__", init)


def charge_in_its_own_transaction(bite: Bite) -> None:
    _remember_the_store()
    close = booking.close
    held = text("select held from batches where id = :batch")
    settle = text("select credit_settle(:workspace, :key, :held, :cost, :run, :batch)")

    async def apart(session: AsyncSession, hand: Any, *args: Any, **facts: Any) -> Any:
        batch = hand.batch
        values = {
            "workspace": batch.workspace_id,
            "key": claims.key(batch),
            "held": await session.scalar(held, {"batch": batch.id}),
            "cost": facts.get("cost", 0),
            "run": hand.run.id,
            "batch": batch.id,
        }
        async with _stores[0].workspace(batch.workspace_id) as own:
            charged = (await own.execute(settle, values)).scalar_one()
        bite()
        points.reach(BETWEEN)
        booked = await close(session, hand, *args, **facts)
        assert booked.charged == charged, "what was charged before is not taken over"
        return booked

    replace(booking, "close", apart)


def result_saved_before_the_charge(bite: Bite) -> None:
    close = booking.close

    async def late(session: AsyncSession, hand: Any, *args: Any, **facts: Any) -> Any:
        await session.commit()
        bite()
        points.reach(BETWEEN)
        await session.execute(_TENANT, {"workspace": str(hand.batch.workspace_id)})
        return await close(session, hand, *args, **facts)

    replace(booking, "close", late)


def log_in_its_own_transaction(bite: Bite) -> None:
    _remember_the_store()
    write = settling.write

    async def apart(session: AsyncSession, workspace_id: int, *args: Any, **facts: Any) -> None:
        async with _stores[0].workspace(workspace_id) as own:
            await write(own, workspace_id, *args, **facts)
        bite()
        points.reach(BETWEEN)

    replace(settling, "write", apart)


def acknowledged_before_the_work_and_no_sweep(bite: Bite) -> None:
    register = jobs.Crew.register
    gone = "delete from queue.pgqueuer where payload = $1 and status = 'picked' returning id"

    def early(self: jobs.Crew, entrypoint: str, handler: jobs.Handler) -> None:
        async def run(carries: dict[str, Any], scope: Any) -> None:
            if await self._driver.fetch(gone, jobs.json.dumps(carries).encode()):
                bite()
            points.reach(BETWEEN)
            await handler(carries, scope)

        register(self, entrypoint, run)

    replace(jobs.Crew, "register", early)
    no_sweep()


def no_sweep(bite: Bite = lambda: None) -> None:
    async def nothing(self: Upkeep, grace: float = 0) -> None:
        bite()

    replace(Upkeep, "sweep", nothing)


def no_fence(bite: Bite) -> None:
    fence: Any = settling._FENCE
    fenced = settling._fenced
    open_to_all = fence._generate()
    open_to_all._where_criteria = tuple(
        one for one in fence._where_criteria if "token" not in str(one) and "status" not in str(one)
    )
    assert len(open_to_all._where_criteria) == len(fence._where_criteria) - 2

    async def anybody(session: AsyncSession, mine: Batch) -> settling.Locked | None:
        found = await fenced(session, mine)
        if found and (found.batch.token != mine.token or found.batch.status != "working"):
            bite()
        return found

    replace(settling, "_FENCE", open_to_all)
    replace(settling, "_fenced", anybody)


def no_lock_on_the_run(bite: Bite) -> None:
    fenced = settling._fenced

    async def unlocked(session: AsyncSession, mine: Batch) -> settling.Locked | None:
        bite()
        return await fenced(session, mine)

    replace(settling, "_FENCE", settling._FENCE.with_for_update(of=Batch))
    replace(settling, "_fenced", unlocked)


def file_written_at_its_final_name(bite: Bite) -> None:
    def put(self: Any, folder: Path, workspace: int, content: bytes | Path, mime: str) -> files.AssetRef:
        assert isinstance(content, bytes)
        sha256 = hashlib.sha256(content).hexdigest()
        final = folder / files._key(workspace, sha256)
        final.parent.mkdir(parents=True, exist_ok=True)
        with final.open("wb") as out:
            out.write(content[: len(content) // 2])
            out.flush()
            bite()
            points.reach("store.files.temp.opened")
            out.write(content[len(content) // 2 :])
        return files.AssetRef(sha256, mime, len(content))

    replace(files.Files, "_put_into_folder", put)


def rescued_by_the_time_it_takes(bite: Bite) -> None:
    sweep = Upkeep.sweep
    late = text("""
        select workspace_id, id from batches
        where status = 'working' and taken_at < now() - make_interval(secs => :grace)
    """)

    async def rescue(self: Upkeep, grace: float = 0) -> None:
        await sweep(self, grace)
        async with self.store.everywhere() as session:
            found = (await session.execute(late, {"grace": grace})).all()
        for workspace_id, batch_id in found:
            async with self.store.workspace(workspace_id) as session:
                batch = await session.get_one(Batch, (workspace_id, batch_id))
                batch.tries += 1
                await jobs.defer(session, [claims.order_again(batch)])
            bite()

    replace(Upkeep, "sweep", rescue)


def lease_never_renewed(bite: Bite) -> None:
    async def silent(self: Heartbeat) -> None:
        bite()
        await self.shutdown.wait()

    replace(Heartbeat, "send_heartbeat", silent)


CHARGED_ALREADY = Edit(
    "credit_settle",
    "if closed then\n        return 0;",
    """if closed then
        return (
            select coalesce(sum(amount), 0) from credit_transfers
            where workspace_id = for_workspace and kind = 'charge'
              and key = any (array[with_key || ':charge', with_key || ':beyond'])
        );""",
)
"""A hold that is closed tells what was charged then, so that a charge made before is not missed later."""

NEVER_RELEASED = Edit(
    "credit_settle",
    "if held > from_hold then\n",
    "if held > from_hold then\n        perform nextval('mutant_bites');\n    end if;\n    if false then\n",
)

RANDOM_KEYS = (
    Edit(
        "credit_post",
        "values (for_workspace, with_key, of_kind,",
        "values (for_workspace, with_key || gen_random_uuid(), of_kind,",
    ),
    Edit("credit_settle", "if closed then", "if false then"),
    Edit("credit_settle", "if held is distinct from in_book then", "if false then"),
)
"""Keys of which none comes twice; what is looked up by key is then not looked up."""

MUTANTS = {
    "charge in its own transaction": Mutant(charge_in_its_own_transaction, (CHARGED_ALREADY,)),
    "result saved before the charge": Mutant(result_saved_before_the_charge),
    "log in its own transaction": Mutant(log_in_its_own_transaction),
    "acknowledged before the work, no sweep": Mutant(acknowledged_before_the_work_and_no_sweep),
    "no sweep for lost jobs": Mutant(no_sweep),
    "no fence": Mutant(no_fence),
    "random keys in the ledger, no fence": Mutant(no_fence, RANDOM_KEYS),
    "no lock on the run": Mutant(no_lock_on_the_run, quiet=False),
    "hold never released": Mutant(edits=(NEVER_RELEASED,)),
    "file written at its final name": Mutant(file_written_at_its_final_name),
    "rescued by the time it takes": Mutant(rescued_by_the_time_it_takes, quiet=False),
    "lease never renewed": Mutant(lease_never_renewed, quiet=False),
}
