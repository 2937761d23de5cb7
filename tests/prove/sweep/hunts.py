"""Which interruptions are known to bring each planted fault to light, and whether they do."""

from collections.abc import Callable, Iterator

from sweep.attempt import LEASE, RHYTHM, Result, Slot, Undisturbed
from sweep.freezes import freeze_worker
from sweep.kills import end, kill_person, kill_worker, points_of
from sweep.mutants import BETWEEN, MUTANTS
from sweep.uncertain import strike_commits

PATIENCE = 12.0
Hunt = Callable[[Slot, Undisturbed, str], Iterator[tuple[str, Result]]]
"""The attempts to bring a fault to light; given what passes undisturbed: its points, its outcome."""


def kills_at(name: str, most: int = 4) -> Hunt:
    """Kills at the points of that name."""

    def hunt(slot: Slot, usual: Undisturbed, mutant: str) -> Iterator[tuple[str, Result]]:
        found = [place for place in usual.points if place.startswith(f"{name}#")]
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


def two_workers(delay: float, most: int) -> Hunt:
    """Two workers who share the batches, whom nothing disturbs, and providers that take so many seconds."""
    rhythm = {**RHYTHM, "at_once": 2}

    def hunt(slot: Slot, usual: Undisturbed, mutant: str) -> Iterator[tuple[str, Result]]:
        for _ in range(most):
            with slot.attempt(mutant=mutant, delay=delay, patience=25) as attempt:
                attempt.start(rhythm=rhythm)
                attempt.start(rhythm=rhythm)
                end(attempt, usual, 0)
                yield f"two workers, {delay:g} s", attempt.result("two workers")

    return hunt


LONGER_THAN_A_LEASE = 1.5 * LEASE


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
    "no lock on the run": two_workers(0.1, 8),
    "hold never released": steering,
    "file written at its final name": kills_at("store.files.temp.opened"),
    "rescued by the time it takes": two_workers(LONGER_THAN_A_LEASE, 1),
    "lease never renewed": two_workers(LONGER_THAN_A_LEASE, 1),
}


def caught(slot: Slot, usual: Undisturbed, mutant: str) -> Result:
    """The first attempt that shows the fault: `what` interrupted it, `log` what was seen.

    Broken where none shows it, where it never acted, or where it shows without any interrupt though it should
    not: then the fault does not fit the engine any more, and whatever was seen proves nothing.
    """
    if MUTANTS[mutant].quiet:
        usual = slot.undisturbed(usual, mutant=mutant)
    attempts, acted, seen, said = 0, 0, "", ""
    for how, result in HUNTS[mutant](slot, usual, mutant):
        attempts += 1
        acted += result.bites
        seen, said = "".join(result.violations[:1]) or seen, result.log or said
        if result.violations and result.bites:
            return Result(mutant, how, [], result.violations[0][:110], interrupts=attempts, bites=acted)
    why = f"{'not caught' if acted else 'planted, but never acted'} in {attempts} attempts; seen: {seen!r}"
    return Result(mutant, "nothing", [why], said, reached=False, interrupts=attempts)
