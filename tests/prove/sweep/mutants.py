"""Engines with a fault planted in them: a proof that lets one of these pass proves nothing.

Each is applied in a forked process before its house is opened. Some faults heal by a second line of defence,
as they should; then that is taken away too, and the name says so.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pgqueuer.core.heartbeat import Heartbeat
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

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
    """A planted fault: `apply` patches the process, `sql` the attempt's database."""

    apply: Callable[[], None] = lambda: None
    sql: str = ""


def _remember_the_store() -> None:
    opened = Store.__init__

    def init(self: Store, *args: Any, **facts: Any) -> None:
        opened(self, *args, **facts)
        _stores.append(self)

    Store.__init__ = init  # type: ignore[method-assign]


def charge_in_its_own_transaction() -> None:
    _remember_the_store()
    close = booking.close
    held = text("select held from batches where id = :batch")
    settle = text("select credit_settle(:workspace, :key, :held, :cost, :run, :batch)")

    async def apart(session: AsyncSession, hand: Any, *args: Any, **facts: Any) -> Any:
        batch = hand.batch
        values = {
            "workspace": batch.workspace_id,
            "key": f"batch:{batch.id}",
            "held": await session.scalar(held, {"batch": batch.id}),
            "cost": facts.get("cost", 0),
            "run": hand.run.id,
            "batch": batch.id,
        }
        async with _stores[0].workspace(batch.workspace_id) as own:
            await own.execute(settle, values)
        points.reach(BETWEEN)
        return await close(session, hand, *args, **facts)

    booking.close = apart


def result_saved_before_the_charge() -> None:
    close = booking.close

    async def late(session: AsyncSession, hand: Any, *args: Any, **facts: Any) -> Any:
        await session.commit()
        points.reach(BETWEEN)
        await session.execute(_TENANT, {"workspace": str(hand.batch.workspace_id)})
        return await close(session, hand, *args, **facts)

    booking.close = late


def log_in_its_own_transaction() -> None:
    _remember_the_store()
    write = settling.write

    async def apart(session: AsyncSession, workspace_id: int, *args: Any, **facts: Any) -> None:
        async with _stores[0].workspace(workspace_id) as own:
            await write(own, workspace_id, *args, **facts)
        points.reach(BETWEEN)

    settling.write = apart  # type: ignore[attr-defined]


def acknowledged_before_the_work_and_no_sweep() -> None:
    register = jobs.Crew.register

    def early(self: jobs.Crew, entrypoint: str, handler: jobs.Handler) -> None:
        async def run(carries: dict[str, Any], scope: Any) -> None:
            gone = "delete from queue.pgqueuer where payload = $1 and status = 'picked' returning id"
            await self._driver.fetch(gone, jobs.json.dumps(carries).encode())
            points.reach(BETWEEN)
            await handler(carries, scope)

        register(self, entrypoint, run)

    jobs.Crew.register = early  # type: ignore[method-assign]
    no_sweep()


def no_sweep() -> None:
    async def nothing(self: Upkeep, grace: float = 0) -> None:
        return

    Upkeep.sweep = nothing  # type: ignore[method-assign]


def no_fence() -> None:
    fence: Any = settling._FENCE
    open_to_all = fence._generate()
    open_to_all._where_criteria = tuple(
        one for one in fence._where_criteria if "token" not in str(one) and "status" not in str(one)
    )
    assert len(open_to_all._where_criteria) < len(fence._where_criteria)
    settling._FENCE = open_to_all


def no_lock_on_the_run() -> None:
    settling._FENCE = settling._FENCE.with_for_update(of=Batch)


def hold_never_released() -> None:
    async def kept(session: AsyncSession, batch: Batch) -> None:
        return

    claims.release_hold = kept


def file_written_at_its_final_name() -> None:
    def put(self: Any, folder: Path, workspace: int, content: bytes | Path, mime: str) -> files.AssetRef:
        assert isinstance(content, bytes)
        sha256 = hashlib.sha256(content).hexdigest()
        final = folder / f"{workspace}/{sha256[:2]}/{sha256}"
        final.parent.mkdir(parents=True, exist_ok=True)
        with final.open("wb") as out:
            out.write(content[: len(content) // 2])
            out.flush()
            points.reach("store.files.temp.opened")
            out.write(content[len(content) // 2 :])
        return files.AssetRef(sha256, mime, len(content))

    files.Files._put_into_folder = put  # type: ignore[method-assign]


def rescued_by_the_time_it_takes() -> None:
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

    Upkeep.sweep = rescue  # type: ignore[method-assign]


def lease_never_renewed() -> None:
    async def silent(self: Heartbeat) -> None:
        await self.shutdown.wait()

    Heartbeat.send_heartbeat = silent  # type: ignore[method-assign]


CHARGED_ALREADY = """
    alter function credit_move rename to credit_move_once;
    create function credit_move(
        for_workspace bigint, with_key text, of_kind text, from_side text, to_side text, how_much bigint,
        for_run uuid, for_batch bigint, with_note text
    ) returns boolean language sql as $$
        select credit_move_once($1, $2, $3, $4, $5, $6, $7, $8, $9) or true
    $$
"""
"""A movement under a key that is known counts as done, so that a charge made before is not missed later."""

RANDOM_KEYS = """
    create or replace function credit_move(
        for_workspace bigint, with_key text, of_kind text, from_side text, to_side text, how_much bigint,
        for_run uuid, for_batch bigint, with_note text
    ) returns boolean language plpgsql as $$
    begin
        insert into credit_transfers (workspace_id, key, kind, debit, credit, amount, run_id, batch_id, note)
        values (for_workspace, with_key || gen_random_uuid(), of_kind, from_side, to_side, how_much, for_run,
                for_batch, with_note);
        update credit_accounts
        set balance = balance + case kind when from_side then -how_much else how_much end
        where workspace_id = for_workspace and kind in (from_side, to_side);
        return true;
    end $$
"""

MUTANTS = {
    "charge in its own transaction": Mutant(charge_in_its_own_transaction, CHARGED_ALREADY),
    "result saved before the charge": Mutant(result_saved_before_the_charge),
    "log in its own transaction": Mutant(log_in_its_own_transaction),
    "acknowledged before the work, no sweep": Mutant(acknowledged_before_the_work_and_no_sweep),
    "no sweep for lost jobs": Mutant(no_sweep),
    "no fence": Mutant(no_fence),
    "random keys in the ledger, no fence": Mutant(no_fence, RANDOM_KEYS),
    "no lock on the run": Mutant(no_lock_on_the_run),
    "hold never released": Mutant(hold_never_released),
    "file written at its final name": Mutant(file_written_at_its_final_name),
    "rescued by the time it takes": Mutant(rescued_by_the_time_it_takes),
    "lease never renewed": Mutant(lease_never_renewed),
}
