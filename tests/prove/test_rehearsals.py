"""Weeks of the desk by itself: nothing lost, nothing twice, every credit accounted for, memory flat."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import httpx2
import pytest

from nightdesk import __version__
from nightdesk.bootstrap import House
from nightdesk.faces.api.app import make_app
from nightdesk.rehearsing import Plan, rehearse
from rehearsing.test_rehearsing import databases, settings_of

pytestmark = [pytest.mark.prove, pytest.mark.timeout(3600)]
WEEK = Plan(days=7, sites=3, posts=2, kills=3.0, faults=0.15, seed=7)
MONTH = Plan(days=30, sites=20, posts=1, step=6.0)
BOOKED_FROM_DAY = 1
"""The first day is filled while it runs: only the days after it have all their pieces."""

FLAT = 1.15
"""How many times the memory of the first third a month may end with, at most."""

STUCK = "select count(*) from publications where until < now() - interval '5 seconds'"


async def test_a_week_of_three_sites_with_random_kills_loses_nothing_and_does_nothing_twice(
    database: str, tmp_path: Path
) -> None:
    found = await rehearse(settings_of(database, tmp_path), WEEK, lambda line: print(f"\n{line}", end=""))
    _print(found)
    assert found["findings"]["wrong"] == []
    assert found["kills"] >= WEEK.kills * WEEK.days
    due = [one for one in found["calendar"] if one["state"] != "queued"]
    assert {one["state"] for one in due} <= {"live", "rejected"}
    per_site = Counter((one["site"], one["platform"]) for one in found["calendar"] if one["state"] == "live")
    refused = sum(one["state"] == "rejected" for one in due)
    for site in found["sites"]:
        for platform in ("wordpress", "folder"):
            assert per_site[site["name"], platform] >= WEEK.posts * (WEEK.days - BOOKED_FROM_DAY) - refused


async def test_thirty_days_of_twenty_sites_in_one_process_leave_memory_flat_and_nothing_stuck(
    database: str, tmp_path: Path
) -> None:
    told: list[tuple[int, bool, bool]] = []
    apps: list[Any] = []

    async def look(house: House, _: int) -> None:
        if not apps:
            apps.append(make_app(house.desk, __version__))
        told.append((await _ready(apps[0]), True, await _can_work(house)))
        reserve, house.files.reserve = house.files.reserve, 1 << 60
        house.desk.health._kept = None
        told.append((await _ready(apps[0]), False, False))
        house.files.reserve, house.desk.health._kept = reserve, None

    settings = settings_of(database, tmp_path)
    found = await rehearse(settings, MONTH, lambda line: print(f"\n{line}", end=""), look)
    _print(found)
    print(f"memory by day, MB: {', '.join(f'{one:.0f}' for one in found['memory'])}")
    print(f"/ready asked {len(told)} times: right {sum((s == 200) == due for s, due, _ in told)}")
    assert found["findings"]["wrong"] == []
    assert all((status == 200) == ready == can for status, ready, can in told), told
    assert len(told) == 2 * MONTH.days
    assert _last(found["memory"]) <= FLAT * median(found["memory"][: MONTH.days // 3])
    live = Counter(one["site"] for one in found["calendar"] if one["state"] == "live")
    assert min(live[site["name"]] for site in found["sites"]) >= 2 * (MONTH.days - BOOKED_FROM_DAY - 1)


def test_the_command_rehearses_with_kills_and_an_interrupt_leaves_nothing_behind(
    database: str, tmp_path: Path
) -> None:
    command = [str(Path(sys.executable).parent / "nightdesk"), "rehearse", "--sites", "1", "--days", "1"]
    environment = {**os.environ, "NIGHTDESK_DATABASE_URL": database, "NIGHTDESK_DATA_DIR": str(tmp_path)}
    ended = subprocess.run(
        [*command, "--kills", "2", "--json"], env=environment, capture_output=True, check=False, timeout=900
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert (found["kills"], found["findings"]["wrong"]) == (2, [])

    broken_off = subprocess.Popen([*command, "--kills", "9"], env=environment, stderr=subprocess.PIPE)
    assert broken_off.stderr is not None
    assert b"scratch desk" in broken_off.stderr.readline()
    broken_off.send_signal(signal.SIGINT)
    said = broken_off.communicate(timeout=120)[1]
    assert broken_off.returncode not in (0, None)
    assert b"Traceback" not in said
    assert databases(database) == []
    assert not any((tmp_path / "rehearsals").iterdir())


async def _ready(app: Any) -> int:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        return (await client.get("/ready")).status_code


async def _can_work(house: House) -> bool:
    """Whether nothing is stuck and somebody works, seen in the rows themselves."""
    async with house.store.everywhere() as session:
        connection = await session.connection()
        stuck = (await connection.exec_driver_sql(STUCK)).scalar_one()
        living = (
            await connection.exec_driver_sql(
                "select count(*) from beats where role = 'worker' and seen_at > now() - interval '10 seconds'"
            )
        ).scalar_one()
    return not stuck and bool(living)


def _last(memory: Sequence[float]) -> float:
    return median(memory[-5:])


def _print(found: dict[str, Any]) -> None:
    findings = found["findings"]
    print(
        f"\n{found['days']} days, {len(found['sites'])} sites: {findings['publications']} publications "
        f"{findings['states']}, {findings['posts']} posts; kills={found['kills']} "
        f"faults={len(found['faults'])} jumps={found['jumps']} seconds={found['seconds']:.0f} "
        f"credits={found['costs']['credits']}; a person: {found['person']}; wrong: {findings['wrong']}"
    )
