"""Every fault of a maker of clips, at every call that goes to one, has one outcome (PROMISES, T6)."""

import asyncio
from pathlib import Path

import pytest

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Ending
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.clips import open_clips
from nightdesk.providers.clips.contract import ClipRequest
from servers.clips_faults import FAULTS, NOW, SITES, TIMEOUT, cases, expected, failing
from servers.clips_openers import KEY, choice_of, surroundings
from servers.clips_server import still

REQUEST = ClipRequest(still(), "a compost bin", 1.0, 180, 320)


class FixedClock(SystemClock):
    """The machine's own durations, and always the same time of day."""

    def now(self):  # type: ignore[no-untyped-def]
        return NOW


@pytest.mark.parametrize(("fault", "site"), cases())
async def test_a_fault_has_one_outcome_and_costs_nothing(fault: str, site: str, tmp_path: Path) -> None:
    meter, end = ListMeter(), expected(fault, site)
    async with failing(fault, site, tmp_path) as (_, address, ports):
        provider = open_clips(
            choice_of(SITES[site][0], address, timeout=TIMEOUT), surroundings(tmp_path, FixedClock(), ports)
        )
        with pytest.raises(Ending) as ended:
            await asyncio.wait_for(provider.make(REQUEST, meter), 10)
        await provider.aclose()
    assert isinstance(ended.value, end.ending), ended.value.why
    assert end.says in ended.value.why
    assert getattr(ended.value, "seconds", None) == end.seconds
    assert KEY not in ended.value.why
    assert [(call.ok, call.units, call.usd, call.note) for call in meter.calls] == [
        (False, 0, None, ended.value.why)
    ]


def test_the_table_of_faults_is_whole() -> None:
    print(f"\nclips: {len(FAULTS)} faults at {len(SITES)} call sites = {len(cases())} cases")
    assert len(FAULTS) >= 16
    assert len(cases()) >= 96
