"""The engine lets batches that need something scarce have it one at a time, and others not wait for it."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from nightdesk.engine.gpu import OneOwner
from nightdesk.kit.clock import SystemClock
from nightdesk.stage import Use


@pytest.mark.parametrize("needs", [True, False], ids=["a maker on the GPU", "a maker elsewhere"])
async def test_batches_of_a_scarce_stage_take_turns_where_the_maker_needs_it(desk, tmp_path: Path, needs):
    told: list[str] = []

    async def before() -> None:
        told.append("room made")

    async def after() -> None:
        told.append("let go")

    async def a_while(_):
        await asyncio.sleep(0.02)

    async def make_bench(session, site, settings, meter):
        bench = await plain(session, site, settings, meter)
        return replace(bench, use_of=lambda name: Use("film", before, after) if needs else None)

    plain, owner = desk.batches.make_bench, OneOwner(tmp_path / "gpu.lock", SystemClock(), linger=5)
    desk.batches = replace(desk.batches, make_bench=make_bench, scarce={"gpu": owner})
    desk.stage.policy = replace(desk.stage.policy, batch_size=1, concurrency=6, scarce="gpu")
    desk.stage.during = a_while
    await desk.add_keywords(8)
    run = await desk.start()
    async with desk.working():
        await desk.when(run, "completed")
    await owner.aclose()
    assert (desk.stage.most_at_work == 1) == needs
    assert told == (["room made", "let go"] if needs else [])
