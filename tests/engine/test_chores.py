"""The loop that does the house's chores: each at its pace, none held up by another, and an end when asked."""

import asyncio
import logging

import pytest
from sqlalchemy.exc import OperationalError

from nightdesk.engine.chores import Chore, keep


class Counted:
    """A chore that counts its rounds and asks for the end after some of them."""

    def __init__(self, stopping: asyncio.Event, last: int = 3, error: BaseException | None = None) -> None:
        self.rounds, self._stopping, self._last, self._error = 0, stopping, last, error

    async def run(self) -> None:
        self.rounds += 1
        if self.rounds == self._last:
            self._stopping.set()
        if self._error is not None:
            raise self._error


async def test_each_chore_is_done_again_and_again_until_the_end_is_asked_for() -> None:
    stopping = asyncio.Event()
    quick, seldom = Counted(stopping, 5), Counted(stopping, 99)
    chores = [Chore("quick", 0.01, quick.run), Chore("seldom", 60, seldom.run)]
    await asyncio.wait_for(keep(chores, stopping), 5)
    assert (quick.rounds, seldom.rounds) == (5, 1)


async def test_a_database_that_is_away_puts_a_chore_off_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    stopping = asyncio.Event()
    chore = Counted(stopping, 2, OperationalError("select", {}, ConnectionResetError("gone")))
    with caplog.at_level(logging.WARNING):
        await asyncio.wait_for(keep([Chore("sends", 0.01, chore.run)], stopping), 5)
    assert chore.rounds == 2
    told = [(r.levelname, r.message, vars(r)["chore"], vars(r)["why"]) for r in caplog.records]
    assert told == [("WARNING", "chores.put_off", "sends", "ConnectionResetError")] * 2


async def test_a_chore_that_breaks_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    stopping = asyncio.Event()
    broken, whole = Counted(stopping, 99, KeyError("x")), Counted(stopping, 4)
    chores = [Chore("broken", 60, broken.run), Chore("whole", 0.01, whole.run)]
    with caplog.at_level(logging.ERROR):
        await asyncio.wait_for(keep(chores, stopping), 5)
    assert whole.rounds == 4
    assert [(r.message, r.exc_info is not None) for r in caplog.records] == [("chores.failed", True)]


async def test_a_chore_in_hand_may_end_by_itself_when_the_process_is_to_stop() -> None:
    stopping, ended = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        stopping.set()
        await asyncio.sleep(0.05)
        ended.set()

    await asyncio.wait_for(keep([Chore("slow", 60, slow)], stopping), 5)
    assert ended.is_set()


async def test_a_chore_that_takes_longer_than_the_grace_is_broken_off() -> None:
    stopping, broken_off = asyncio.Event(), asyncio.Event()

    async def endless() -> None:
        stopping.set()
        try:
            await asyncio.sleep(60)
        finally:
            broken_off.set()

    await asyncio.wait_for(keep([Chore("endless", 60, endless)], stopping, grace=0.05), 5)
    assert broken_off.is_set()


async def test_whoever_keeps_the_chores_and_is_cancelled_leaves_none_of_them_behind() -> None:
    begun, broken_off = asyncio.Event(), asyncio.Event()

    async def endless() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            broken_off.set()

    keeping = asyncio.create_task(keep([Chore("endless", 60, endless)], asyncio.Event()))
    await begun.wait()
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    assert broken_off.is_set()


async def test_without_chores_there_is_nothing_to_keep() -> None:
    await asyncio.wait_for(keep([], asyncio.Event()), 1)
