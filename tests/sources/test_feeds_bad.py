"""A sample of bad feeds gets its exact answers; the whole corpus is gone through by tests/prove."""

from bad_feeds import CORPUS, wrong_answer

from nightdesk.kit.clock import SystemClock
from nightdesk.sources.feeds.reading import FeedReader

LARGE = (" MB", "00,000", "megabyte")
SAMPLE = [
    *(name for name in CORPUS if not any(size in name for size in LARGE)),
    "400,000 items",
    "200,000 deep",
    "2.3 MB of attributes that hold tags",
    "3 MB of tags begun",
    "a byte more than 5 MB",
]


async def test_bad_feeds_get_their_exact_answers() -> None:
    async with FeedReader(SystemClock(), children=1) as reader:
        wrong = [await wrong_answer(reader, name) for name in SAMPLE]
    assert len(wrong) > 60
    assert [each for each in wrong if each] == []
