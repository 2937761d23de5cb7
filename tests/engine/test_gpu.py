"""A host's GPU has one owner at a time, whose model stays loaded while there is work for it."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nightdesk.engine.gpu import OneOwner
from nightdesk.kit.clock import SystemClock
from nightdesk.kit.deadlines import Deadline
from nightdesk.kit.endings import Later
from nightdesk.stage import Use

HOLDER = """
import asyncio, sys
from pathlib import Path
from nightdesk.engine.gpu import OneOwner
from nightdesk.kit.clock import SystemClock
from nightdesk.stage import Use

async def nothing():
    pass

async def main():
    async with OneOwner(Path(sys.argv[1]), SystemClock()).turn(Use("theirs", nothing, nothing)):
        print("mine", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


class Story:
    """What happened, in order; and uses that tell of themselves."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.at_once = 0
        self.most_at_once = 0

    def use(self, key: str) -> Use:
        async def before() -> None:
            self.told.append(f"load {key}")

        async def after() -> None:
            self.told.append(f"free {key}")

        return Use(key, before, after)

    async def work(self, owner: OneOwner, key: str, seconds: float = 0.01) -> None:
        async with owner.turn(self.use(key)):
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self.told.append(key)
            await asyncio.sleep(seconds)
            self.at_once -= 1


@pytest.fixture
async def owner(tmp_path: Path) -> AsyncIterator[OneOwner]:
    owner = OneOwner(tmp_path / "host" / "gpu.lock", SystemClock(), linger=0.05)
    yield owner
    await owner.aclose()


async def let_go(story: Story, key: str) -> None:
    async with asyncio.timeout(5):
        while story.told[-1] != f"free {key}":
            await asyncio.sleep(0.01)


async def test_all_that_waits_for_a_model_is_made_while_it_is_loaded(owner: OneOwner) -> None:
    story = Story()
    await asyncio.gather(*(story.work(owner, key) for key in "abaab"))
    await let_go(story, "b")
    assert story.told == ["load a", "a", "a", "a", "free a", "load b", "b", "b", "free b"]
    assert story.most_at_once == 1


async def test_a_model_stays_a_moment_for_the_batch_that_is_about_to_come(owner: OneOwner) -> None:
    story = Story()
    await story.work(owner, "a")
    await asyncio.sleep(0.01)
    await story.work(owner, "a")
    await let_go(story, "a")
    await story.work(owner, "a")
    assert story.told == ["load a", "a", "a", "free a", "load a", "a"]


async def test_two_owners_of_one_host_take_turns(tmp_path: Path) -> None:
    story = Story()
    owners = [OneOwner(tmp_path / "gpu.lock", SystemClock(), linger=0.01) for _ in range(2)]
    await asyncio.gather(*(story.work(owner, "a", 0.05) for owner in owners for _ in range(2)))
    assert story.most_at_once == 1
    assert story.told.count("load a") == 2
    for owner in owners:
        await owner.aclose()


async def test_an_owner_that_has_had_it_long_enough_lets_others_go_first(tmp_path: Path) -> None:
    story = Story()
    first = OneOwner(tmp_path / "gpu.lock", SystemClock(), linger=0.01, longest=0.0)
    second = OneOwner(tmp_path / "gpu.lock", SystemClock(), linger=0.01)
    begun = asyncio.create_task(story.work(first, "a", 0.05))
    await asyncio.sleep(0.02)
    await asyncio.gather(begun, story.work(first, "a"), story.work(second, "b"))
    assert story.told.index("b") < len(story.told) - 1 - story.told[::-1].index("a")
    for owner in (first, second):
        await owner.aclose()


async def test_who_fails_or_is_cancelled_gives_it_back(owner: OneOwner) -> None:
    story = Story()
    with pytest.raises(ValueError):
        async with owner.turn(story.use("a")):
            raise ValueError
    working = asyncio.create_task(story.work(owner, "b", 30))
    waiting = asyncio.create_task(story.work(owner, "c"))
    await asyncio.sleep(0.7)
    for task in (working, waiting):
        task.cancel()
    await asyncio.wait([working, waiting], timeout=5)
    await asyncio.wait_for(story.work(owner, "d"), 5)
    assert story.told == ["load a", "free a", "load b", "b", "free b", "load d", "d"]


async def test_waiting_in_line_counts_in_no_deadline(owner: OneOwner) -> None:
    story = Story()

    async def hurried() -> None:
        async with Deadline(0.15):
            await story.work(owner, "a")

    long = asyncio.create_task(story.work(owner, "a", 0.4))
    await asyncio.sleep(0.02)
    await hurried()
    await long
    assert story.told == ["load a", "a", "a"]


async def test_an_owner_that_is_killed_is_followed_at_once(tmp_path: Path) -> None:
    file, story = tmp_path / "gpu.lock", Story()
    program = [sys.executable, "-c", HOLDER, str(file)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert await asyncio.to_thread(holder.stdout.readline) == "mine\n"
        owner = OneOwner(file, SystemClock(), linger=0.01)
        task = asyncio.create_task(story.work(owner, "ours"))
        await asyncio.sleep(0.3)
        assert not story.told
        assert f'"process": {holder.pid}' in file.read_text()
        os.kill(holder.pid, signal.SIGKILL)
        await asyncio.wait_for(task, 3)
    await owner.aclose()


async def test_who_waits_too_long_is_told_who_has_it(tmp_path: Path) -> None:
    file, story = tmp_path / "gpu.lock", Story()
    first = OneOwner(file, SystemClock(), linger=60)
    await story.work(first, "a")
    second = OneOwner(file, SystemClock(), most_wait=0.3)
    with pytest.raises(Later, match=str(os.getpid())):
        await story.work(second, "b")
    await first.aclose()
    await second.aclose()
