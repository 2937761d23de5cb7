"""Bad feeds get their exact answers within memory and time, and the service goes on (T18, feeds)."""

import asyncio
import time

import pytest

from nightdesk.kit.clock import SystemClock
from nightdesk.sources.feeds.reading import FeedReader
from sources.bad_feeds import CORPUS, item, rss, wrong_answer
from sources.feed_children import Watch, descendants

MEMORY = 512 << 20
SECONDS = 20.0
GOOD = rss(item()).encode()

pytestmark = pytest.mark.prove


async def test_every_bad_feed_gets_its_answer_within_memory_and_time() -> None:
    wrong: list[str] = []
    slowest, largest = (0.0, ""), (0, "")
    async with FeedReader(SystemClock()) as reader:
        for name in CORPUS:
            began = time.perf_counter()
            async with Watch() as watch:
                wrong += filter(None, [await wrong_answer(reader, name)])
            slowest = max(slowest, (time.perf_counter() - began, name))
            largest = max(largest, (watch.memory, name))
    print(
        f"\n{len(CORPUS)} bad feeds, {len(wrong)} wrong answers; slowest {slowest[0]:.1f} s ({slowest[1]}), "
    )
    print(f"largest child {largest[0] / 2**20:.0f} MB ({largest[1]})")
    assert wrong == []
    assert len(CORPUS) >= 60
    assert slowest[0] <= SECONDS
    assert largest[0] <= MEMORY


async def test_good_feeds_are_answered_while_bad_ones_end_their_children() -> None:
    others = set(descendants())
    async with FeedReader(SystemClock(), children=2) as reader, Watch() as watch:
        harm = [asyncio.create_task(wrong_answer(reader, name)) for name in CORPUS]
        for _ in range(200):
            assert len((await reader.read(GOOD)).entries) == 1
        assert await asyncio.gather(*harm) == [""] * len(harm)
    print(f"\n200 good feeds among {len(CORPUS)} bad ones; the loop was silent for {watch.silence:.2f} s")
    for _ in range(100):
        if set(descendants()) <= others:
            break
        await asyncio.sleep(0.05)
    assert set(descendants()) <= others
