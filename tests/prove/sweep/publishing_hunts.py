"""What brings each fault that is planted in a sender to light: a piece that is out twice, or never.

They are hunted on the wall, which does nothing against a second post by itself.
"""

from collections.abc import Callable, Iterator

from sweep.attempt import LEASE, Result
from sweep.publishing import PublishingSlot
from sweep.publishing_mutants import PUBLISHING_MUTANTS

Hunt = Callable[[PublishingSlot, str], Iterator[tuple[str, Result]]]
"""The attempts to bring a fault to light, each with what disturbed the sender."""


def kills(*points: str) -> Hunt:
    def hunt(slot: PublishingSlot, mutant: str) -> Iterator[tuple[str, Result]]:
        for point in points:
            yield "kill", slot.kill(f"wall/{point}#1", mutant=mutant)

    return hunt


def freezes(*points: str) -> Hunt:
    def hunt(slot: PublishingSlot, mutant: str) -> Iterator[tuple[str, Result]]:
        for point in points:
            yield "freeze", slot.freeze(f"wall/{point}#1", mutant=mutant)

    return hunt


def faults(*named: str) -> Hunt:
    def hunt(slot: PublishingSlot, mutant: str) -> Iterator[tuple[str, Result]]:
        for fault in named:
            yield fault, slot.undergo("wall", fault, mutant=mutant)

    return hunt


def slowness(slot: PublishingSlot, mutant: str) -> Iterator[tuple[str, Result]]:
    """The platform answers after longer than a lease; nothing else is wrong."""
    yield "slowness", slot.undergo("wall", "", seconds=2.5 * LEASE, disturbed=False, mutant=mutant)


HUNTS: dict[str, Hunt] = {
    "no write-ahead before publishing": kills("wall.call.after"),
    "what was being committed is queued again": kills("wall.post.after"),
    "tried again after a reset": faults("taken_then_reset"),
    "no fence where it is settled": freezes("outgoing.committing.before"),
    "a sender's lease is never renewed": slowness,
    "given up at the first try": faults("too_many"),
}
assert HUNTS.keys() == PUBLISHING_MUTANTS.keys()


def caught(slot: PublishingSlot, name: str) -> Result:
    """The first attempt that shows the fault; broken where none does, where it never acted, and where it
    shows though nothing disturbs the sender."""
    quiet = slot.undergo("wall", "", disturbed=False, mutant=name)
    if quiet.violations:
        return Result(name, "nothing", [f"shows undisturbed: {quiet.violations[0]}"], reached=False)
    attempts, acted, seen = 0, 0, ""
    for how, result in HUNTS[name](slot, name):
        attempts, acted = attempts + 1, acted + result.bites
        seen = "".join(result.violations[:1]) or seen
        if result.violations and result.bites:
            return Result(name, how, [], result.violations[0][:110], interrupts=attempts, bites=acted)
    why = f"{'not caught' if acted else 'planted, but never acted'} in {attempts} attempts; seen: {seen!r}"
    return Result(name, "nothing", [why], reached=False, interrupts=attempts)
