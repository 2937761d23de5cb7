"""T20: a full disk pauses the video line with the reason; nothing half is kept, and it goes on by itself."""

import sys
from pathlib import Path

import pytest
from sweep.attempt import Slot
from sweep.films import film_slots
from sweep.full_disks import Disk, NoMount, run_out, small_disk
from sweep.sweeping import share, sweep

pytestmark = [pytest.mark.prove, pytest.mark.timeout(900)]
DISKS = (
    *(Disk("media", room) for room in (0, 30_000, 80_000, 150_000, 250_000)),
    *(Disk("media", -(1 << 20), reserve=reserve) for reserve in (4, 20)),
    *(Disk("parts", room) for room in (0, 20_000, 60_000, 120_000, 400_000)),
)


@pytest.fixture
def may_mount(tmp_path: Path) -> None:
    try:
        with small_disk(tmp_path / "disk"):
            return
    except (NoMount, FileNotFoundError) as why:
        print(f"\nT20 IS SKIPPED: no small disk can be mounted here: {why}", file=sys.stderr)
        pytest.skip(f"no small disk can be mounted here: {why}")


def test_a_full_disk_pauses_the_line_with_the_reason_and_it_goes_on_by_itself(
    may_mount: None, slots: list[Slot]
) -> None:
    films = film_slots(slots)
    usual = films[0].undisturbed()
    told = sweep("T20", films, share(DISKS), lambda slot, disk: run_out(slot, usual, disk))
    print(f"\n{told.line('full disks')}")
    print("\n".join(f"  {one.case}: {one.what}" for one in told.results))
    assert not told.broken, told.failures()
