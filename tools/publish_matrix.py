"""Counts over all platforms what becomes of publications under each fault of the platform (T7).

Runs the platforms' own tests in `tests/publishing` and gathers what they saw; fails where a piece came out
twice, where one that the platform takes did not end live though its token or mark tells, or where there are
too few cases.
"""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FEWEST = 70
PROVEN = ("live", "held", "rejected")
DECLINED = ("forbidden", "quota")
"""Faults by which a platform says that it will not take the piece: then it is right that it is not out."""


class _None:
    params: dict[str, Any] = {}  # noqa: RUF012


class Gathering:
    """Leaves the tests that have a fault, and takes what they saw once they have run."""

    outcomes: list[Any] = []  # noqa: RUF012 - of one run of this program

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if "fault" in getattr(item, "callspec", _None).params]

    def pytest_sessionfinish(self) -> None:
        module = sys.modules.get("publishing.contract")
        self.outcomes = list(module.OUTCOMES) if module else []


def main() -> int:
    gathering = Gathering()
    arguments = ["-q", "-p", "no:cacheprovider", "-m", "not prove", str(ROOT / "tests" / "publishing")]
    status = pytest.main([*arguments, *sys.argv[1:]], plugins=[gathering])
    matrix = [one for one in gathering.outcomes if one.moment == "commit"]
    print(f"\n{'platform':12}{'repeats':12}cases  most posts  live  held  rejected  live of those taken")
    for platform in dict.fromkeys(one.platform for one in matrix):
        told(platform, [one for one in matrix if one.platform == platform])
    told("all", matrix)
    prepared = [one for one in gathering.outcomes if one.moment != "commit"]
    print(f"struck while made ready: {len(prepared)} cases, {Counter(one.state for one in prepared)}")
    return int(status) or int(bool(faults(matrix)))


def told(name: str, cases: list[Any]) -> None:
    states = Counter(one.state for one in cases)
    taken = [one for one in cases if one.fault not in DECLINED]
    share = 100 * sum(one.state == "live" for one in taken) / max(len(taken), 1)
    repeats = "/".join(dict.fromkeys(one.repeats for one in cases)) if name != "all" else ""
    counts = "".join(f"{states[state]:>{width}}" for state, width in zip(PROVEN, (6, 6, 10), strict=True))
    print(f"{name:12}{repeats:12}{len(cases):5}{max(one.posts for one in cases):12}{counts}{share:15.0f} %")


def faults(matrix: list[Any]) -> list[str]:
    """What breaks the promise, printed."""
    found = [f"{one.platform}, {one.fault}: {one.posts} posts" for one in matrix if one.posts > 1]
    for one in matrix:
        known = one.repeats != "blind" and one.fault not in DECLINED
        if one.state not in PROVEN or (known and one.state != "live"):
            found.append(f"{one.platform}, {one.fault}: ended {one.state}")
    if len(matrix) < FEWEST:
        found.append(f"{len(matrix)} cases, fewer than {FEWEST}")
    print("\n".join(found) or "T7 holds.")
    return found


if __name__ == "__main__":
    sys.exit(main())
