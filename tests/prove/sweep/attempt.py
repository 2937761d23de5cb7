"""One attempt: a database and a folder of its own, the processes that work in them, and what came of it."""

import json
import shutil
import signal
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sweep import invariants
from sweep.forks import Forked, Zygote
from sweep.ground import RUNNING, Ground, environment
from sweep.mutants import MUTANTS
from sweep.planting import bites, plant

LEASE = 0.8
RHYTHM = {"lease": LEASE, "poll": 0.2, "beat": 0.3, "grace": 0.5}
"""A worker's rhythm in attempts: ten times as fast as in service, so that a lease is over soon."""

LAST_STEPS = 1.0
"""Seconds that a process has for what it does after its last commit, where a point of it may be."""

PATIENCE = 30.0
"""Seconds in which a run must be brought to its end by a worker that nothing disturbs any more."""

OPENED = 8.0
"""Seconds after which somebody starts a process anew that has not opened its house."""

_BEGUN = "select exists (select 1 from batches where token > 0)"
_OVER = """
    select not exists (select 1 from runs where status in ('running', 'paused'))
       and not exists (select 1 from queue.pgqueuer)
"""


@dataclass
class Undisturbed:
    """A run that nothing disturbed: what it passed, what it made, what it asked the providers.

    `points` are places: the name of a point and the how-manieth of that name it was.
    """

    points: list[str]
    outcome: str
    asked: Counter[str]
    seconds: float


@dataclass
class Result:
    """What came of an attempt: `ONLY=CASE` replays it; `log` is what its processes said, if it broke.

    `bites`: how often the fault that was planted acted.
    """

    case: str
    what: str
    violations: list[str]
    log: str = ""
    reached: bool = True
    interrupts: int = 1
    waited: float = 0.0
    bites: int = 0


@dataclass
class Attempt:
    """A database with a run just started, or other work, over when `over_when` says so; and its processes."""

    ground: Ground
    zygote: Zygote
    name: str
    database: str
    folder: Path
    connection: psycopg.Connection
    delay: float = 0.0
    mutant: str | None = None
    patience: float = PATIENCE
    over_when: str = _OVER
    processes: list[Forked] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self, role: str = "worker", **more: Any) -> Forked:
        order = {
            "role": role,
            "folder": str(self.folder),
            "database": self.ground.postgres.url(self.database),
            "models": self.ground.models(self.name, self.delay),
            "log": str(self.log),
            "rhythm": RHYTHM,
            "mutant": self.mutant,
            **more,
        }
        process = self.zygote.fork(order)
        self.processes.append(process)
        return process

    def start_until_it_works(self, **more: Any) -> Forked:
        """Starts a worker; one that an interrupt met while it opened the house is started once more."""
        worker = self.start(**more)
        until = time.monotonic() + OPENED
        while not self.begun():
            if worker.ended() or time.monotonic() > until:
                worker.kill()
                return self.start(**more)
            time.sleep(0.02)
        return worker

    def one(self, query: str, *values: Any) -> Any:
        """The first value; a server that is away is waited for."""
        try:
            row = self.connection.execute(query, values or None).fetchone()
        except psycopg.OperationalError:
            self.reconnect()
            row = self.connection.execute(query, values or None).fetchone()
        return row[0] if row else None

    def begun(self) -> bool:
        """Whether a worker has taken a batch."""
        return bool(self.one(_BEGUN))

    def over(self) -> bool:
        return bool(self.one(self.over_when))

    def await_death(self, process: Forked, seconds: float = PATIENCE) -> bool:
        """Waits until it is dead; False where the run came to its end before, or nothing happens any more."""
        until = time.monotonic() + seconds
        while process.wait(0.1) is None and not self.over() and time.monotonic() < until:
            pass
        return process.wait(LAST_STEPS) == -signal.SIGKILL

    def await_freeze(self, process: Forked, seconds: float = PATIENCE) -> bool:
        """Waits until it has stopped itself; False where the run came to its end before."""
        until = time.monotonic() + seconds
        while not process.stopped():
            if process.ended() or time.monotonic() > until or self.over():
                return False
            time.sleep(0.02)
        return True

    def reconnect(self, seconds: float = 15.0) -> None:
        until = time.monotonic() + seconds
        self.connection.close()
        while True:
            try:
                self.connection = self.ground.connect(self.database)
                return
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def await_end(self) -> bool:
        """Waits until the run is over and its queue is empty."""
        until = time.monotonic() + self.patience
        while not self.over():
            if time.monotonic() > until:
                self.violations.append(f"not brought to its end within {self.patience:g} s: {self.stuck()}")
                return False
            time.sleep(0.03)
        return True

    def stuck(self) -> str:
        runs = self.connection.execute("select status, asked, pause_reason, position from runs").fetchall()
        open_batches = self.connection.execute(
            "select id, step, status, token, tries from batches where status in ('waiting', 'working')"
        ).fetchall()
        queue = self.connection.execute(
            "select status, dedupe_key, left(queue_manager_id::text, 4), now() - heartbeat "
            "from queue.pgqueuer"
        ).fetchall()
        statements = self.connection.execute(
            "select pid, state, wait_event, left(query, 60) from pg_stat_activity "
            "where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()"
        ).fetchall()
        for process in self.alive():
            process.tell(signal.SIGUSR2)
        time.sleep(0.3)
        return f"{runs=} {open_batches=} {queue=} {statements=}"

    def stop(self, process: Forked) -> None:
        """Asks it to end, as an operator would; it must do so by itself, or not have begun yet."""
        process.tell(signal.SIGTERM)
        until = time.monotonic() + 15
        while (status := process.wait(0.5)) is None and time.monotonic() < until:
            process.tell(signal.SIGCONT)  # it may have come by the place of its freeze only now
        if status not in (0, -signal.SIGTERM, *((-signal.SIGKILL,) if process.kills else ())):
            self.violations.append(f"a worker that was asked to end ended with {status}")
            process.kill()

    def check_now(self) -> None:
        self.violations += invariants.at_any_time(self.connection, self.media)

    def check_end(
        self,
        usual: Undisturbed | None,
        more_calls: int = 0,
        *,
        may_park: bool = False,
        completed: bool = True,
    ) -> None:
        """`more_calls`: how often more than usual a provider may have been asked the same."""
        outcome = usual.outcome if usual else None
        self.await_true(f"not {invariants.UNREADABLE}", 15)
        self.violations += invariants.at_the_end(
            self.connection, self.media, outcome, may_park=may_park, completed=completed
        )
        asked = self.asked()
        self.violations += invariants.more_booked_than_asked(self.connection, asked.total())
        if usual:
            self.violations += invariants.asked_too_often(asked, usual.asked, more_calls)

    def result(self, case: object, what: str = "", **facts: Any) -> "Result":
        """What came of it; `case` replays it."""
        said = self.log.read_text(errors="replace") if self.violations and self.log.exists() else ""
        acted = bites(self.connection, self.folder) if self.mutant else 0
        return Result(str(case), what, self.violations, said, bites=acted, **facts)

    def alive(self) -> list[Forked]:
        return [process for process in self.processes if not process.ended()]

    def await_true(self, condition: str, seconds: float = PATIENCE) -> bool:
        until = time.monotonic() + seconds
        while not self.one(f"select {condition}"):
            if time.monotonic() > until:
                self.violations.append(f"not within {seconds:g} s: {condition}")
                return False
            time.sleep(0.03)
        return True

    def asked(self) -> Counter[str]:
        url = self.ground.models(self.name).rsplit("/", 2)[0] + "/asked"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return Counter(json.load(answer))


def places(log: Path) -> list[str]:
    """The points in a log, each as its name and the how-manieth of that name it was (`settle.written#3`)."""
    reached: Counter[str] = Counter()
    found = []
    for line in log.read_text().splitlines():
        name = line.split()[1]
        reached[name] += 1
        found.append(f"{name}#{reached[name]}")
    return found


class Slot:
    """Does attempts one after the other; several slots do them side by side."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.zygote = Zygote(environment())

    @contextmanager
    def attempt(self, template: str = RUNNING, **facts: Any) -> Iterator[Attempt]:
        with self.ground.database(template) as database:
            folder = self.ground.folder / database
            folder.mkdir()
            connection = self.ground.connect(database)
            if mutant := MUTANTS.get(facts.get("mutant") or ""):
                plant(connection, mutant.edits)
            attempt = Attempt(self.ground, self.zygote, database, database, folder, connection, **facts)
            try:
                yield attempt
            except Exception as error:
                error.add_note(
                    attempt.log.read_text(errors="replace")[-3000:] if attempt.log.exists() else ""
                )
                raise
            finally:
                for process in attempt.processes:
                    process.kill()
                attempt.connection.close()
            shutil.rmtree(folder)

    def undisturbed(self, usual: Undisturbed | None = None, **facts: Any) -> Undisturbed:
        """A run from its beginning to its end. Fails where even that breaks what must hold."""
        with self.attempt(**facts) as attempt:
            began = time.monotonic()
            log = attempt.folder / "points"
            worker = attempt.start(arm={"log": str(log)})
            attempt.await_end()
            seconds = time.monotonic() - began
            attempt.stop(worker)
            attempt.check_end(usual)
            if attempt.violations:
                raise AssertionError(f"undisturbed: {attempt.violations} {attempt.log.read_text()[-2000:]}")
            points = places(log)
            outcome = invariants.outcome_of(attempt.connection)
            return Undisturbed(points, outcome, attempt.asked(), seconds)

    def close(self) -> None:
        self.zygote.close()
