"""T1, chores: killed at any point, scraping, notices and retention lose nothing and do nothing twice."""

from collections.abc import Iterator

import pytest
from sweep.attempt import Slot
from sweep.chores import ChoreSlot, chore_slots
from sweep.sweeping import share, sweep

pytestmark = pytest.mark.prove
MUST_BE_VISITED = frozenset(
    (
        *("chores.round.begin", "chores.round.end", "scraping.round.begin", "scraping.feeds.claimed"),
        *("scraping.feed.fetch", "scraping.feed.fetched", "scraping.feeds.save", "scraping.feeds.saved"),
        *("notices.outbox.written", "notices.sending", "notices.sent", "topics.stocking.claimed"),
        *("retention.taken", "retention.folded", "retention.site.emptied", "retention.site.removed"),
        *("retention.files.forgotten", "retention.files.removed", "store.commit.before"),
        *("store.commit.after", "child.standing.ask", "child.process.start", "http.call.sent"),
    )
)


@pytest.fixture(scope="module")
def furnished(slots: list[Slot]) -> Iterator[list[ChoreSlot]]:
    with chore_slots(slots) as opened:
        yield opened


def test_chores_killed_at_any_point_leave_everything_right(furnished: list[ChoreSlot]) -> None:
    points = furnished[0].points()
    assert {point.rpartition("#")[0] for point in points} >= MUST_BE_VISITED
    told = sweep("T1c", furnished, share(points), ChoreSlot.kill)
    print(f"\n{told.line()} of {len(points)}; not come by: {', '.join(told.missed()) or 'none'}")
    assert not told.broken, told.failures()
