"""Publications on their way out, whose sender is killed, frozen or cut off; each piece may come out once."""

import copy
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sweep import invariants
from sweep.attempt import LEASE, Attempt, Result, Slot, places
from sweep.commit_proxy import CommitProxy, Fault
from sweep.forks import Forked
from sweep.outlets import OUTLETS, Outlet
from sweep.shop_window import TEMPLATE, ShopWindow, furnish
from sweep.street import served
from sweep.uncertain import between

from nightdesk.kit.clock import SystemClock
from nightdesk.rehearsal.platform import FakePlatform

IDLE_LIMIT = 1.0
"""Seconds after which the server ends a frozen sender's transaction here; in service 10, its lease 60."""

AWAY = 0.15
"""Seconds that a sender meets a database that is not there."""

COMMENT_TOLD = """
    select 1 from publication_steps where what = 'decision' and says like '%its first comment%by hand%'
"""
SETTLED = """
    select not exists (select from publications
                       where state in ('queued', 'preparing', 'committing', 'ambiguous'))
"""
_NOBODY = """
    not exists (select from pg_stat_activity
                where datname = current_database() and application_name = 'nightdesk')
"""
_END_IDLE = """
    select count(pg_terminate_backend(pid)) from pg_stat_activity
    where datname = current_database() and state = 'idle in transaction'
      and state_change < clock_timestamp() - make_interval(secs => %s)
"""
# What is wrong at any time: each gives rows.
WRONG = {
    "a taker without a lease": """select id, state from publications
        where state in ('preparing', 'committing') and (until is null or owner = '')""",
    "sent, and not said so before": """select id, state from publications p
        where state in ('committing', 'live') and not exists (select from publication_steps s
            where s.publication_id = p.id and s.what = 'commits')""",
    "live without an end": "select id from publications where state = 'live' and live_at is null",
    "live twice in its story": """select publication_id, count(*) from publication_steps
        where what = 'live' group by 1 having count(*) > 1""",
    "told twice that it is out": """select data->>'publication_id', count(*) from events
        where type = 'publication_changed' and data->>'state' = 'live' group by 1 having count(*) > 1""",
    "held without evidence": "select id from publications where state = 'held' and evidence = '[]'",
}
# What is wrong once all is settled.
LEFT = {
    "one is still in somebody's hands": """select id, state, owner, until - now() from publications
        where owner <> '' or until > now()""",
    "one is on its way": """select id, state, code, error from publications
        where state in ('queued', 'preparing', 'committing', 'ambiguous')""",
}


@dataclass
class Outgoings:
    """An attempt with one publication, which goes to one platform."""

    attempt: Attempt
    name: str
    outlet: Outlet
    fake: FakePlatform | None
    key: str
    order: dict[str, Any] = field(default_factory=dict)

    def start(self, **more: Any) -> Forked:
        return self.attempt.start("sender", **self.order, **more)

    def posts(self) -> int:
        """How often it is public."""
        if self.fake is not None:
            return len(self.fake.posts())
        published = self.attempt.folder / "published"
        return sum(one.name != ".incoming" for one in published.glob("*/*/*"))

    def comments(self) -> int:
        """How many first comments are under it."""
        return len(self.fake.first_comments()) if self.fake is not None else 0

    def row(self) -> tuple[str, str, str]:
        """State, code and error."""
        found = self.attempt.connection.execute(
            "select state, code, error from publications where key = %s", [self.key]
        ).fetchone()
        return tuple(found)  # type: ignore[return-value,arg-type]

    def look(self) -> None:
        """What must hold at any time."""
        wrong, posts, state = self.attempt.violations, self.posts(), self.row()[0]
        if posts > 1:
            wrong.append(f"{posts} posts of one piece")
        if self.comments() > 1:
            wrong.append(f"{self.comments()} first comments under one piece")
        if posts and state in ("queued", "preparing"):
            wrong.append(f"it is out, and stands as {state}")
        wrong += [
            f"{what}: {rows[:3]}"
            for what, query in WRONG.items()
            if (rows := self.attempt.connection.execute(query.encode()).fetchall())
        ]
        self.attempt.check_now()

    def look_at_end(self, *, disturbed: bool) -> None:
        """What must hold when it is settled: live and there, once; or held, where nobody can know."""
        self.look()
        wrong, (state, code, error) = self.attempt.violations, self.row()
        wrong += [
            f"{what}: {rows[:3]}"
            for what, query in LEFT.items()
            if (rows := self.attempt.connection.execute(query.encode()).fetchall())
        ]
        may_hold = disturbed and self.outlet.may_hold
        if state != "live" and not (state == "held" and may_hold):
            wrong.append(f"it ended {state} ({code}: {error})")
        if state == "live" and self.posts() != 1:
            wrong.append(f"it counts as live, and is there {self.posts()} times")
        if state == "live" and self.outlet.comments and not self.comments():
            told = self.attempt.connection.execute(COMMENT_TOLD).fetchone()
            if not (disturbed and told):
                wrong.append("its first comment is missing, and nobody is told")

    def end(self, *, disturbed: bool = True) -> None:
        """Waits until it is settled, ends the senders, and looks."""
        if not self.attempt.await_end():
            self.look()
            return
        for process in self.attempt.alive():
            self.attempt.stop(process)
        self.attempt.await_true(f"not {invariants.UNREADABLE}", 15)
        self.look_at_end(disturbed=disturbed)


@dataclass
class PublishingSlot:
    """A slot with pieces that are to go out. Cases are `PLATFORM/PLACE`."""

    slot: Slot
    window: ShopWindow
    template: str = TEMPLATE
    states: Counter[str] = field(default_factory=Counter)
    most_posts: int = 0

    @contextmanager
    def going_out(self, name: str, **facts: Any) -> Iterator[Outgoings]:
        outlet = OUTLETS[name]
        fake = copy.deepcopy(self.window.fakes[name])
        with ExitStack() as stack:
            attempt = stack.enter_context(self.slot.attempt(self.template, over_when=SETTLED, **facts))
            shutil.copytree(self.window.media, attempt.media)
            address = stack.enter_context(served(fake)) if fake else ""
            order = {
                "clock": SystemClock().now().isoformat(),
                "allow": address.partition("://")[2],
                "lease": LEASE,
            }
            outgoings = Outgoings(attempt, name, outlet, fake, _only(attempt, outlet, fake), order)
            yield outgoings
            self.states[f"{name} {outgoings.row()[0]}"] += 1
            self.most_posts = max(self.most_posts, outgoings.posts())

    def points(self, name: str) -> list[str]:
        """The points of a sending that nothing disturbs. Fails where even that breaks what must hold."""
        with self.going_out(name) as going:
            log = going.attempt.folder / "points"
            going.start(arm={"log": str(log)})
            going.end(disturbed=False)
            if going.attempt.violations:
                said = going.attempt.log.read_text()[-3000:]
                raise AssertionError(f"{name}, undisturbed: {going.attempt.violations} {said}")
            found = places(log)
            return found[: 1 + max(n for n, place in enumerate(found) if place.startswith("outgoing.settle"))]

    def kill(self, case: str, **facts: Any) -> Result:
        """SIGKILL of the sender at that place; another sends on."""
        name, point = case.split("/")
        with self.going_out(name, **facts) as going:
            attempt, first = going.attempt, going.start(arm={"kill_at": point})
            reached = attempt.await_death(first)
            if reached:
                attempt.await_true(_NOBODY)
                going.look()
                going.start()
            going.end()
            return attempt.result(case, _ended(going), reached=reached)

    def freeze(self, case: str, **facts: Any) -> Result:
        """SIGSTOP of the sender at that place, SIGCONT once another has settled it or has it in hand."""
        name, point = case.split("/")
        with self.going_out(name, **facts) as going:
            attempt, first = going.attempt, going.start(arm={"freeze_at": [point]})
            reached = attempt.await_freeze(first)
            if reached:
                going.start()
                until = time.monotonic() + attempt.patience
                while not attempt.over() and time.monotonic() < until:
                    attempt.one(_END_IDLE, IDLE_LIMIT)
                    time.sleep(0.05)
                first.tell(signal.SIGCONT)
                time.sleep(0.3)
            going.end()
            return attempt.result(case, _ended(going), reached=reached)

    def undergo(
        self, name: str, fault: str, *, seconds: float = 0.0, disturbed: bool = True, **facts: Any
    ) -> Result:
        """Nothing befalls the sender; the platform has that fault once, or answers after so many seconds."""
        with self.going_out(name, **facts) as going:
            assert going.fake is not None
            if fault:
                going.fake.faults.strike(fault, at="POST")
            if seconds:
                going.fake.seconds = seconds  # type: ignore[attr-defined]
            going.start()
            going.end(disturbed=disturbed)
            return going.attempt.result(f"{name}/{fault}", _ended(going))

    def crash(self, name: str, points: Sequence[str], **facts: Any) -> Result:
        """The database ends at once while the sender stands at each of the points, and comes back."""
        with self.going_out(name, **facts) as going:
            attempt, worker = going.attempt, going.start(arm={"freeze_at": list(points)})
            crashes = 0
            while crashes < len(points) and attempt.await_freeze(worker):
                crashes += 1
                self.slot.ground.postgres.crash()
                worker.tell(signal.SIGCONT)
                time.sleep(AWAY)
                self.slot.ground.postgres.start()
                attempt.reconnect()
                going.look()
                if worker.wait(AWAY) is not None:
                    worker = going.start()
            going.end()
            case = f"{name}/{points[0]}"
            return attempt.result(case, _ended(going), reached=bool(crashes), interrupts=crashes)

    def commits(self, name: str) -> int:
        """How many explicit commits an undisturbed sending makes."""
        with self.going_out(name) as going, between(going.attempt) as (proxy, order):
            going.start(**order)
            going.attempt.await_end()
            return proxy.explicit

    def strike(self, name: str, fault: Fault, at: int, **facts: Any) -> Result:
        """That commit ends in the fault; the same sender goes on."""
        with self.going_out(name, **facts) as going:
            proxied = between(going.attempt, fault=fault, at=[at])
            with proxied as (proxy, order):
                sender = going.start(**order)
                _until_struck_and_over(going, proxy)
                if sender.ended():
                    # One that was struck while it opened the house; somebody starts it again.
                    going.start(**order)
                going.end()
                said = f"{fault}, {_ended(going)}"
                return going.attempt.result(f"{name}/{fault}/{at}", said, reached=proxy.struck > 0)


def _until_struck_and_over(going: Outgoings, proxy: CommitProxy) -> None:
    until = time.monotonic() + going.attempt.patience
    while time.monotonic() < until and not going.attempt.over():
        if not going.attempt.alive():
            return
        time.sleep(0.03)


def _only(attempt: Attempt, outlet: Outlet, fake: FakePlatform | None) -> str:
    """Leaves the one publication to that platform, where its fake is now; its key."""
    run = attempt.connection.execute
    run("delete from publication_steps")
    run(
        """delete from publications p using accounts a
           where a.workspace_id = p.workspace_id and a.id = p.account_id and a.platform <> %s""",
        [outlet.name],
    )
    for place, value in outlet.values(fake).items():
        run(
            """update accounts set config = jsonb_set(config, %s, to_jsonb(%s::text))
               where platform = %s and config ? %s""",
            [[place], value, outlet.name, place],
        )
    (key,) = run("select key from publications").fetchone() or ("",)
    return str(key)


def _ended(going: Outgoings) -> str:
    return f"{going.row()[0]}, {going.posts()} posts"


def publishing_slots(slots: Sequence[Slot]) -> list[PublishingSlot]:
    """The slots, each furnished with what is to go out."""
    furnished: dict[str, ShopWindow] = {}
    for slot in slots:
        where = str(slot.ground.folder)
        if where not in furnished:
            furnished[where] = furnish(slot.ground)
    return [PublishingSlot(slot, furnished[str(slot.ground.folder)]) for slot in slots]


def told_of(slots: Sequence[PublishingSlot]) -> str:
    """What the publications of all attempts came to, for who reads the figures."""
    states = sum((slot.states for slot in slots), Counter[str]())
    most = max(slot.most_posts for slot in slots)
    ends = ", ".join(f"{what}={n}" for what, n in sorted(states.items()))
    return f"most posts of one publication={most}; {ends}"
