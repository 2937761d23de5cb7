"""A deadline counts the work and not the wait for one's turn."""

import asyncio

import pytest

from nightdesk.kit.deadlines import Deadline, in_line
from nightdesk.providers.limits import Gate


async def test_work_that_takes_too_long_is_stopped():
    with pytest.raises(TimeoutError):
        async with Deadline(0.05):
            await asyncio.sleep(5)


async def test_waiting_for_a_turn_does_not_count():
    async with Deadline(0.1):
        with in_line():
            await asyncio.sleep(0.3)
        await asyncio.sleep(0.02)


async def test_what_was_left_before_the_wait_is_left_after_it():
    async def work() -> None:
        async with Deadline(0.3):
            await asyncio.sleep(0.2)
            with in_line():
                await asyncio.sleep(0.2)
            await asyncio.sleep(5)

    began = asyncio.get_running_loop().time()
    with pytest.raises(TimeoutError):
        await work()
    assert 0.45 < asyncio.get_running_loop().time() - began < 1.5


async def test_while_one_of_several_waits_the_deadline_stands_still_for_all():
    async def wait(seconds: float) -> None:
        with in_line():
            await asyncio.sleep(seconds)

    async with Deadline(0.1), asyncio.TaskGroup() as group:
        group.create_task(wait(0.2))
        group.create_task(wait(0.3))


async def test_the_wait_at_a_gate_counts_in_no_deadline():
    gate = Gate(1)

    async def call(deadline: float) -> None:
        async with Deadline(deadline), gate:
            await asyncio.sleep(0.1)

    await asyncio.gather(*(call(0.2) for _ in range(4)))


async def test_one_that_is_called_off_while_it_waits_leaves_the_deadline_of_others_alone():
    async def wait() -> None:
        with in_line():
            await asyncio.sleep(5)

    async def work() -> None:
        async with Deadline(0.2):
            task = asyncio.create_task(wait())
            await asyncio.sleep(0.05)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await asyncio.sleep(5)

    with pytest.raises(TimeoutError):
        await work()


async def test_a_deadline_within_another_stands_still_together_with_it():
    async with Deadline(0.1), Deadline(0.1):
        with in_line():
            await asyncio.sleep(0.3)
        await asyncio.sleep(0.02)


async def test_of_two_deadlines_the_shorter_holds_and_the_other_goes_on():
    async with Deadline(5):
        with pytest.raises(TimeoutError):
            async with Deadline(0.05):
                await asyncio.sleep(5)
        await asyncio.sleep(0)
