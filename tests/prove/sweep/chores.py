"""Kills the process that does the chores at one point, has another do them, and looks at what must hold."""

import hashlib
import os
import shutil
import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sweep.attempt import Attempt, Result, Slot, places
from sweep.chore_input import KINDS, furnish
from sweep.small_web import FEEDS, SmallWeb, small_web

CHORES = (
    *("feeds.scrape", "topics.stock", "notices.write", "notices.send", "retention.prune", "retention.files"),
)
ROUND = 60.0
"""Seconds that a round of all chores may take where nobody else uses the machine; it takes two."""

MOST_CROWDED = 5.0
"""How many times as long it may take, at most, where so many processes wait for each processor."""

STORIES = {title: sum(title in told for told in FEEDS.values()) for told in FEEDS.values() for title in told}
ENTRIES = sum(map(len, FEEDS.values()))
NOTICES = 2
_YOUNG = "at > now() - interval '100 days'"
_OF_FEEDS = "entries where feed_id is not null"

# What nothing may ever touch, whenever a process dies: each gives one row that stays as it was.
STAYS = {
    "what was charged": "select sum(charged) from batches",
    "costs of items": "select sum(credits), sum(usd) from item_costs",
    "calls": "select sum(calls), sum(usd), sum(input_tokens), sum(output_tokens) from provider_calls",
    "the ledger": "select count(*), sum(amount) from credit_transfers",
    "balances": "select sum(balance) from credit_accounts",
    "lines of young runs": f"select count(*) from events where {_YOUNG} and run_id is not null",
    "batches of young runs": """select count(*) from batches b join runs r on r.id = b.run_id
                                where r.completed_at > now() - interval '100 days'""",
    "runs": "select count(*) from runs",
    "used topics": "select count(*) from topics where status = 'used'",
    "documents": "select count(*) from documents",
    "keywords of live sites": """select count(*) from keywords k join sites s on s.id = k.site_id
                                 where s.slug not like 'gone%'""",
    "old entries": "select count(*) from entries where feed_id is null",
}
# What is wrong at any time: each counts rows.
WRONG = {
    "an entry twice": f"select count(*) - count(distinct (feed_id, key)) from {_OF_FEEDS}",
    "an entry without topic": f"select count(*) from {_OF_FEEDS} and topic_id is null",
    "a topic twice": "select count(*) - count(distinct title) from topics",
    "a topic without entry": """select count(*) from topics t
                                where not exists (select from entries e where e.topic_id = t.id)""",
    "a topic without marks": """select count(*) from topics t
                                where not exists (select from topic_marks m where m.topic_id = t.id)""",
    "marks without topic": """select count(*) from topic_marks m
                              where not exists (select from topics t where t.id = m.topic_id)""",
    "an entry of no topic": """select count(*) from entries e where e.topic_id is not null
                               and not exists (select from topics t where t.id = e.topic_id)""",
    "a feed read without its entries": """select count(*) from feeds f where (f.etag <> '' or f.entries > 0)
        and f.entries <> (select count(*) from entries e where e.feed_id = f.id)""",
    "a feed known and not counted": """select count(*) from feeds f where f.entries = 0
        and exists (select from entries e where e.feed_id = f.id)""",
    "a notice twice": "select count(*) - count(distinct (target_id, key)) from notices",
    "rows of a site that is gone": """select count(*) from keywords k
        where not exists (select from sites s where s.id = k.site_id)""",
    "a run summed up that has its details": """select count(*) from runs r where folded_at is not null and
        (select count(*) from batches b where b.run_id = r.id) >
        (select count(distinct (stage, step, status)) from batches b where b.run_id = r.id)""",
}
# What is wrong once all has been done.
LEFT = {
    "a feed that was not read": "select count(*) from feeds where etag = '' or claimed_until is not null",
    "a notice that was not sent": "select count(*) from notices where status <> 'sent'",
    "old log lines": f"select count(*) from events where not ({_YOUNG})",
    "old topics": "select count(*) from topics where status = 'new' and normal like 'old %'",
    "old notices": "select count(*) from notices where key = 'old:1'",
    "an archived site": "select count(*) from sites where slug like 'gone%'",
    "details of old runs": """select count(*) from runs
        where completed_at < now() - interval '300 days' and folded_at is null""",
    "an unused file's row": "select count(*) from assets where unused_since is not null",
}
_SENT = "select title from notices where status = 'sent' and key <> 'old:1'"

# Leases are those of service; the attempt has no two minutes to wait for the end of a dead process's.
_LEASES_OVER = """
    update feeds set claimed_until = now() - interval '1 second' where claimed_until is not null;
    update notices set taken_until = now() - interval '1 second' where taken_until is not null;
    update sites set stocked_at = null;
"""


@dataclass
class ChoreSlot:
    """A slot with a web and a template of its own."""

    slot: Slot
    web: SmallWeb
    template: str
    media: Path
    before: Mapping[str, Any]

    @contextmanager
    def attempt(self) -> Iterator[Attempt]:
        self.web.got.clear()
        with self.slot.attempt(self.template) as attempt:
            shutil.copytree(self.media, attempt.media)
            yield attempt

    def start(self, attempt: Attempt, **more: Any) -> int | None:
        """Has a process do all chores once; how it ended."""
        process = attempt.start("chores", chores=CHORES, allow=self.web.allowed, **more)
        seconds = ROUND * crowding()
        status = process.wait(seconds)
        if status is None:
            attempt.violations.append(f"not within {seconds:.0f} s: a round of all chores")
            process.tell(signal.SIGUSR2)
            process.wait(0.5)
        process.kill()
        return status

    def points(self) -> list[str]:
        """The points of a round that nothing disturbs. Fails where even that breaks what must hold."""
        with self.attempt() as attempt:
            log = attempt.folder / "points"
            self.start(attempt, arm={"log": str(log)})
            self.look(attempt)
            self.look_at_end(attempt)
            if attempt.violations:
                said = attempt.log.read_text()[-3000:]
                raise AssertionError(f"undisturbed: {attempt.violations} {said}")
            return places(log)

    def kill(self, point: str) -> Result:
        """SIGKILL at that place; the next process finds the database and the files as they are then."""
        with self.attempt() as attempt:
            reached = self.start(attempt, arm={"kill_at": point}) == -9
            attempt.await_true(_NOBODY)
            self.look(attempt)
            attempt.connection.execute(_LEASES_OVER)
            if self.start(attempt) not in (0, None):
                attempt.violations.append("the next process ended with an error")
            self.look(attempt)
            self.look_at_end(attempt)
            return attempt.result(point, reached=reached)

    def look(self, attempt: Attempt) -> None:
        """What must hold whenever a process dies."""
        wrong = attempt.violations
        now = stays(attempt)
        wrong += [f"{what}: {now[what]}, not {was}" for what, was in self.before.items() if now[what] != was]
        wrong += [f"{what}: {n}" for what, query in WRONG.items() if (n := attempt.one(query))]
        sent = attempt.connection.execute(
            "select title from notices where status = 'sent' and key <> 'old:1'"
        )
        wrong += [f"sent and not received: {title}" for (title,) in sent if not self.web.got[title]]
        for (name,) in attempt.connection.execute("select sha256 from assets"):
            if not list(attempt.media.rglob(f"*{name}*")):
                wrong.append(f"a row of a file that is gone: {name[:8]}")
        if attempt.log.exists() and "chores.failed" in attempt.log.read_text(errors="replace"):
            wrong.append("a chore failed")

    def look_at_end(self, attempt: Attempt) -> None:
        """What must hold when all chores have been done."""
        wrong = attempt.violations
        wrong += [f"left: {what}: {n}" for what, query in LEFT.items() if (n := attempt.one(query))]
        entries = attempt.one(f"select count(*) from {_OF_FEEDS}")
        found = attempt.connection.execute("select title, told_by from topics where status = 'new'")
        told = dict(found.fetchall())
        if entries != ENTRIES or told != STORIES:
            wrong.append(f"{entries} entries, not {ENTRIES}; topics {told}")
        written = attempt.one("select count(*) from notices")
        if written != NOTICES or len(self.web.got) != NOTICES:
            wrong.append(f"{written} notices, and {len(self.web.got)} received, not {NOTICES}")
        kept = {kind for kind in KINDS if list(attempt.media.rglob(f"*{_name(kind)}*"))}
        if kept != {"young"}:
            wrong.append(f"files kept: {kept}")


def crowding() -> float:
    """How many times as long as by itself something takes on this machine just now, at least once."""
    return min(max(os.getloadavg()[0] / (os.cpu_count() or 1), 1.0), MOST_CROWDED)


_NOBODY = """
    not exists (select from pg_stat_activity
                where datname = current_database() and application_name = 'nightdesk')
"""


def stays(attempt: Attempt) -> dict[str, Any]:
    return {what: attempt.connection.execute(query.encode()).fetchone() for what, query in STAYS.items()}


@contextmanager
def chore_slots(slots: list[Slot]) -> Iterator[list[ChoreSlot]]:
    """The slots, each furnished for chores."""
    with ExitStack() as opened:
        furnished = []
        for place, slot in enumerate(slots):
            web, template = opened.enter_context(small_web()), f"sweep_chores_{place}"
            media = furnish(slot.ground, web, template)
            with slot.attempt(template) as attempt:
                furnished.append(ChoreSlot(slot, web, template, media, stays(attempt)))
        yield furnished


def _name(kind: str) -> str:
    return hashlib.sha256(kind.encode()).hexdigest()
