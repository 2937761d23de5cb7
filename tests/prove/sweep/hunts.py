"""Which interruptions are known to bring each planted fault to light."""

from collections.abc import Callable, Iterator

from sweep.attempt import Result, Slot, Undisturbed
from sweep.freezes import freeze_worker
from sweep.kills import kill_person, kill_worker, points_of
from sweep.mutants import BETWEEN
from sweep.uncertain import strike_commits

PATIENCE = 12.0
Hunt = Callable[[Slot, Undisturbed, str], Iterator[tuple[str, Result]]]


def kills_at(name: str, most: int = 4) -> Hunt:
    """Kills at the points of that name."""

    def hunt(slot: Slot, usual: Undisturbed, mutant: str) -> Iterator[tuple[str, Result]]:
        own = slot.undisturbed(mutant=mutant, checked=False)
        found = [place for place in own.points if place.startswith(f"{name}#")]
        assert found, f"{mutant}: the point {name} is never passed"
        for place in found[1 :: max(len(found) // most, 1)]:
            yield "kill", kill_worker(slot, usual, place, mutant=mutant, patience=PATIENCE)

    return hunt


def freezes_at(name: str, most: int = 6) -> Hunt:
    """Freezes at the points of that name; woken while the other worker is at it, or later."""

    def hunt(slot: Slot, usual: Undisturbed, mutant: str) -> Iterator[tuple[str, Result]]:
        found = [place for place in usual.points if place.startswith(f"{name}#")]
        for turn, place in enumerate(found[1 :: max(len(found) // most, 1)]):
            yield (
                "freeze",
                freeze_worker(slot, usual, place, early=bool(turn % 2), mutant=mutant, patience=PATIENCE),
            )

    return hunt


def lost_answers(slot: Slot, usual: Undisturbed, mutant: str) -> Iterator[tuple[str, Result]]:
    """Loses the answers to many commits of a run."""
    for first in range(8, 14):
        at = range(first, 60, 6)
        yield (
            "commit unknown",
            strike_commits(slot, usual, "answer dropped", at, mutant=mutant, patience=PATIENCE),
        )


def runs(slot: Slot, usual: Undisturbed, mutant: str) -> Iterator[tuple[str, Result]]:
    """Runs that nothing disturbs: what is torn apart shows by itself where batches meet."""
    for _ in range(5):
        yield "no interrupt", kill_worker(slot, usual, "nowhere", mutant=mutant, patience=PATIENCE)


def slow_providers(slot: Slot, usual: Undisturbed, mutant: str) -> Iterator[tuple[str, Result]]:
    """Two workers, and providers that take longer than a lease."""
    with slot.attempt(mutant=mutant, delay=1.2, patience=25) as attempt:
        attempt.start()
        attempt.start()
        attempt.await_end()
        for process in attempt.alive():
            attempt.stop(process)
        attempt.check_end(usual)
        yield "slow provider", attempt.result("two workers")


def steering(slot: Slot, usual: Undisturbed, mutant: str) -> Iterator[tuple[str, Result]]:
    """Starts, pauses, resumes and cancels."""
    found = points_of(slot, "person", 20)
    for place in (found[-1], found[len(found) // 2]):
        yield "kill of who steers", kill_person(slot, place, mutant=mutant, patience=PATIENCE)


HUNTS: dict[str, Hunt] = {
    "charge in its own transaction": kills_at(BETWEEN),
    "result saved before the charge": kills_at(BETWEEN),
    "log in its own transaction": kills_at(BETWEEN),
    "acknowledged before the work, no sweep": kills_at(BETWEEN, 2),
    "no sweep for lost jobs": lost_answers,
    "no fence": freezes_at("batch.worked"),
    "random keys in the ledger, no fence": lost_answers,
    "no lock on the run": runs,
    "hold never released": steering,
    "file written at its final name": kills_at("store.files.temp.opened"),
    "rescued by the time it takes": slow_providers,
    "lease never renewed": slow_providers,
}
