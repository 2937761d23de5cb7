"""Rehearses days of the desk from beginning to end, and says what came of them."""

import random
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from nightdesk.bootstrap import House, open_house
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.people import Operator
from nightdesk.desk.rows import Site
from nightdesk.kit.endings import NeedsPerson
from nightdesk.rehearsing.clock import Board, JumpingClock
from nightdesk.rehearsing.conductor import Conductor
from nightdesk.rehearsing.example import example_sites
from nightdesk.rehearsing.hand import Hands, OwnHands
from nightdesk.rehearsing.own_sites import OwnSites
from nightdesk.rehearsing.person import Person
from nightdesk.rehearsing.plan import Plan
from nightdesk.rehearsing.report import Reporter
from nightdesk.rehearsing.scratch import scratch
from nightdesk.rehearsing.street import Street, open_street
from nightdesk.settings import Settings
from nightdesk.store.tables.tenancy import Site as SiteRow

CREDITS = 1_000_000
"""What the scratch workspace has; what a rehearsal costs is told by what it takes of them."""

Say = Callable[[str], None]
EachDay = Callable[[House, int], Awaitable[None]]


async def rehearse(
    settings: Settings,
    plan: Plan,
    say: Say,
    each_day: EachDay | None = None,
) -> dict[str, Any]:
    """Rehearses in a scratch desk, which is gone afterwards; everything that came of it, fit for JSON.

    `say` is told of each day; `each_day` sees the desk at the end of each. Raises `NeedsPerson` where it
    cannot begin, `Later` where it does not come to its end.
    """
    own = None if plan.sites else await _own_sites(settings, plan)
    async with AsyncExitStack() as stack:
        path = stack.enter_context(_board(settings.data_dir / "rehearsals"))
        board = Board(path)
        clock = JumpingClock(board)
        began, shift = clock.monotonic(), clock.go_back(plan.days)
        street = await stack.enter_async_context(open_street(clock, plan.seed))
        made = await stack.enter_async_context(scratch(settings, street.allow))
        house = await stack.enter_async_context(open_house(made, clock=clock))
        say("A scratch desk is open: its sites are set up.")
        workspace = await house.desk.founding.found("Rehearsal", CREDITS)
        left_out = await _furnish(house, workspace, street, plan, own)
        sites = await house.desk.sites.listed(workspace)
        reporter = Reporter(house, workspace, street, shift)
        person = Person(house, workspace, street)
        pause = timedelta(hours=plan.step / 2)
        hands: Hands | OwnHands = Hands(made, path, pause) if plan.kills else OwnHands(house, board, pause)
        await stack.enter_async_context(hands.at_work())
        chance = random.Random(plan.seed)  # noqa: S311 - when kills strike, no secrets
        conductor = Conductor(house, clock, board, plan, person, street, hands, chance)
        memory: list[float] = []

        async def day_over(day: int) -> None:
            street.forget_requests()
            memory.append(resident())
            say(f"Day {day} of {plan.days}: {await _told(reporter)}; {memory[-1]:.0f} MB.")
            if each_day is not None:
                await each_day(house, day)

        await conductor.lead(day_over)
        came = await reporter.everything()
        if hands.ended:
            came["findings"]["wrong"].append(f"the process that works ended by itself {hands.ended} times")
        return {
            "days": plan.days,
            "sites": [{"name": site.name, "auto_mode": site.auto_mode} for site in sites],
            "left_out": left_out,
            **came,
            "held": [_shifted(one, shift) for one in person.held],
            "person": dict(person.did),
            "costs": await _costs(house, workspace, sites),
            "kills": hands.kills,
            "faults": street.struck,
            "memory": memory,
            "jumps": conductor.jumps,
            "seconds": round(clock.monotonic() - began, 1),
        }


@contextmanager
def _board(folder: Path) -> Iterator[Path]:
    """Where the board lies."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"board-{secrets.token_hex(6)}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


async def _own_sites(settings: Settings, plan: Plan) -> OwnSites:
    """Raises `NeedsPerson` where there are none."""
    own = OwnSites()
    async with open_house(settings) as house:
        await own.read(house, plan.workspace or await house.desk.founding.first())
    if not own.rows["sites"]:
        raise NeedsPerson(
            "There is no site to rehearse yet. Make one (nightdesk sites create NAME), or rehearse with "
            "example sites: nightdesk rehearse --sites 3"
        )
    return own


async def _furnish(
    house: House, workspace: int, street: Street, plan: Plan, own: OwnSites | None
) -> list[str]:
    """Sites with accounts; the names of accounts that are left out."""
    if own is not None:
        return await own.write(house, workspace, street, videos=plan.videos)
    await _connect(house, workspace, await example_sites(house, workspace, plan), street, plan)
    return []


async def _connect(house: House, workspace: int, sites: list[Site], street: Street, plan: Plan) -> None:
    """Accounts of each site on the fakes, and its auto mode."""
    by = Operator(workspace)
    for site in sites:
        kinds = ["wordpress", "folder", *(["instagram"] if plan.videos else [])]
        for name in kinds:
            values = {"folder": site.slug} if name == "folder" else street.values(name)
            new = NewAccount(name, f"{site.name} {name}", values, timezone=site.timezone)
            account = await house.desk.accounts.connect(by, new)
            await house.desk.accounts.link(by, account.id, site.id)
        async with house.store.workspace(workspace) as session:
            facts = {"videos_a_day": int(plan.videos)}
            of_it = (SiteRow.workspace_id == workspace, SiteRow.id == site.id)
            await session.execute(update(SiteRow).where(*of_it).values(**facts))
        await house.desk.niches.auto.toggle(workspace, site.id, True, plan.posts)


async def _told(reporter: Reporter) -> str:
    found = await reporter.findings()
    states = ", ".join(f"{n} {state}" for state, n in sorted(found.states.items()))
    return f"{found.publications} publications ({states})" if states else "nothing is planned"


async def _costs(house: House, workspace: int, sites: list[Site]) -> dict[str, Any]:
    costs = {site.name: await house.desk.costs.summary(workspace, site.id) for site in sites}
    return {
        "credits": sum(one.credits for one in costs.values()),
        "usd": float(sum(one.usd for one in costs.values())),
        "sites": {name: {"credits": one.credits, "usd": float(one.usd)} for name, one in costs.items()},
    }


def _shifted(held: dict[str, Any], shift: Any) -> dict[str, Any]:
    return {**held, "at": held["at"] + shift} if "at" in held else held


def resident() -> float:
    """Megabytes of memory that this process holds."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
