"""Parts of a process end together: asked once in order, asked twice at once, and all when one fails."""

import asyncio

import pytest

from nightdesk.faces.cli.stopping import Stopping, run_together, until_asked


async def forever() -> None:
    await asyncio.Event().wait()


async def test_asked_once_the_parts_finish_what_they_do():
    stopping, done = Stopping(), []

    async def part() -> None:
        await stopping.asked.wait()
        await asyncio.sleep(0.02)
        done.append("finished")

    asyncio.get_running_loop().call_later(0.01, stopping.ask)
    await run_together(stopping, part(), until_asked(stopping, forever()))
    assert done == ["finished"]


async def test_asked_twice_nothing_is_waited_for():
    stopping = Stopping()
    stopping.ask()
    stopping.ask()
    async with asyncio.timeout(1):
        await run_together(stopping, forever())


async def test_a_part_that_fails_ends_the_others_and_is_told_of():
    ended = asyncio.Event()

    async def other() -> None:
        try:
            await forever()
        finally:
            ended.set()

    async def failing() -> None:
        await asyncio.sleep(0.01)
        raise LookupError("lost")

    with pytest.raises(LookupError, match="lost"):
        await run_together(Stopping(), other(), failing())
    assert ended.is_set()


async def test_work_that_fails_before_it_is_asked_to_end_is_told_of():
    async def failing() -> None:
        raise LookupError("lost")

    with pytest.raises(LookupError):
        await until_asked(Stopping(), failing())
