"""`nightdesk rehearse`: days of the desk in minutes, on a scratch desk with fake platforms."""

import asyncio
import contextlib
import signal
from collections import Counter
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from nightdesk.faces.cli.doors import Rehearsed
from nightdesk.faces.cli.failure import START_REFUSED, Failure
from nightdesk.faces.cli.opening import as_failures, read_settings
from nightdesk.faces.cli.printing import AsJson, aside, plain, say, say_json, say_table
from nightdesk.kit.endings import NeedsPerson

app = typer.Typer(add_completion=False)

SHOWN = 60
"""Pieces of the calendar that are printed; `--json` has all."""


@app.command()
def rehearse(
    ctx: typer.Context,
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days.")] = 7,
    sites: Annotated[
        int, typer.Option(min=0, max=100, help="So many example sites; 0 your own sites, as they are.")
    ] = 0,
    posts: Annotated[int, typer.Option(min=1, max=20, help="Articles a day of an example site.")] = 2,
    videos: Annotated[
        bool, typer.Option("--videos", help="Make videos too, which takes far longer.")
    ] = False,
    faults: Annotated[
        float, typer.Option(min=0, max=1, help="At which share of the steps a platform has a fault.")
    ] = 0.0,
    kills: Annotated[
        float, typer.Option(min=0, max=50, help="How often a day the process that works is killed.")
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="Of the faults and the kills: the same ones again.")] = 1,
    json: AsJson = False,
) -> None:
    """Rehearse days of the desk in minutes: what would go out when, what it would cost, what would be held.

    Nothing reaches a real account: a scratch desk with a database of its own publishes to fake platforms on
    this machine, with the offline text provider, and is removed afterwards. A person who approves everything
    is played as well.
    """
    wishes = {
        "days": days,
        "sites": sites,
        "posts": posts,
        "videos": videos,
        "faults": faults,
        "kills": kills,
        "seed": seed,
    }
    found = _rehearsed(ctx.obj.doors.rehearse, wishes, ctx.obj.workspace, quiet=json)
    if json:
        say_json(found)
    else:
        _tell(found)
    if found["findings"]["wrong"]:
        raise Failure("The rehearsal found what must not be: " + "; ".join(found["findings"]["wrong"][:5]))


def _rehearsed(
    play: Rehearsed, wishes: dict[str, Any], workspace: int | None, *, quiet: bool
) -> dict[str, Any]:
    async def whole() -> dict[str, Any]:
        task = asyncio.current_task()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel if task else lambda: None)
        return await play(read_settings(), wishes, workspace, say_line)

    console = aside()
    days = _days(wishes["days"])
    shown = console.status(f"Rehearsing {days}…")

    def say_line(line: str) -> None:
        if not quiet:
            console.print(plain(line), soft_wrap=True)
        shown.update(f"{plain(line.partition(':')[0])} is over; rehearsing {days}…")

    with as_failures(), shown:
        try:
            return asyncio.run(whole())
        except NeedsPerson as error:
            raise Failure(error.why, START_REFUSED) from error


def _tell(found: dict[str, Any]) -> None:
    _tell_calendar(found["calendar"])
    _tell_held(found)
    costs, findings = found["costs"], found["findings"]
    say(f"\n[bold]Costs[/bold]: {costs['credits']:,} credits, {costs['usd']:.2f} USD")
    by_site = [(name, one["credits"], f"{one['usd']:.2f}") for name, one in costs["sites"].items()]
    say_table(("site", "credits#", "USD#"), by_site, empty="")
    states = ", ".join(f"{number} {state}" for state, number in sorted(findings["states"].items()))
    say(
        f"\n{findings['publications']} publications ({states or 'none'}), {findings['posts']} posts; "
        f"{found['kills']} kills, {len(found['faults'])} faults; {_days(found['days'])} in "
        f"{found['seconds']:.0f} seconds."
    )
    if not findings["wrong"]:
        say("[green]Nothing was lost, nothing came out twice, every credit is accounted for.[/green]")


def _tell_calendar(calendar: list[dict[str, Any]]) -> None:
    """Day by day; of a piece that goes to several accounts at once one line."""
    say("\n[bold]The calendar[/bold] (times of each site)")
    pieces: dict[tuple[datetime, str, str, str], list[str]] = {}
    for one in calendar:
        piece = (_local(one["at"], one["timezone"]), one["site"], one["title"], one["state"])
        pieces.setdefault(piece, []).append(one["platform"])
    rows, last = [], ""
    for (at, site, title, state), platforms in sorted(pieces.items())[:SHOWN]:
        day = f"{at:%a %d %b}"
        where = ", ".join(sorted(platforms))
        rows.append((day if day != last else "", f"{at:%H:%M}", site, title, where, state))
        last = day
    say_table(("day", "time", "site", "title", "to", "state"), rows, empty="Nothing was planned.")
    if len(pieces) > SHOWN:
        say(f"… and {len(pieces) - SHOWN} more: --json has all.")


def _tell_held(found: dict[str, Any]) -> None:
    """Everything that would have waited for a person."""
    say("\n[bold]What would wait for you[/bold]")
    done = Counter(found["person"])
    rows = [(number, what) for what, number in done.most_common() if number]
    say_table(("times#", "what you would have done"), rows, empty="Nothing.")
    idle = [one["name"] for one in found["sites"] if not one["auto_mode"]]
    if idle:
        say(
            f"Without auto mode, so that nothing of them goes out by itself: {plain(', '.join(idle))}. "
            "Switch it on: nightdesk sites auto SITE --on"
        )
    if found["left_out"]:
        say(f"Accounts that cannot be rehearsed, and were left out: {plain(', '.join(found['left_out']))}.")
    said = [(one["site"], _reason(one)) for one in found["waits"]]
    said += [(one.get("title") or one.get("name", ""), one["says"]) for one in found["held"]]
    said += [(one["title"], one["error"]) for one in found["calendar"] if one["error"]]
    if said:
        say_table(("whose", "why it waited, or did not go out"), said[:SHOWN], empty="")


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _reason(wait: dict[str, Any]) -> str:
    return str(wait["says"]).removeprefix(f"Auto mode of {wait['site']} waits: ")


def _local(at: datetime, timezone: str) -> datetime:
    """As the site's clocks say, without a zone; in UTC where the zone is not known here."""
    zone = ZoneInfo("UTC")
    with contextlib.suppress(KeyError, ValueError):
        zone = ZoneInfo(timezone)
    return at.astimezone(zone).replace(tzinfo=None)
