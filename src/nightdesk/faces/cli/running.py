"""Sees a run through: follows it, and does its work here where nobody else would."""

from collections.abc import Awaitable

from nightdesk.desk.rows import Run
from nightdesk.faces.cli.doors import House
from nightdesk.faces.cli.following import Bars, Lines, Shows, Silent, follow
from nightdesk.faces.cli.printing import aside
from nightdesk.faces.cli.processes import work as keep_working
from nightdesk.faces.cli.stopping import Stopping, run_together, until_asked


async def start_and_follow(
    house: House, workspace: int, run: Run, *, work: bool | None, quiet: bool = False
) -> Run:
    """Follows a run to its end. `work`: whether to work here; None does where no worker lives."""
    await while_worked_on(house, show(house, workspace, run, quiet=quiet), work=work, quiet=quiet)
    return await house.desk.runs.get(workspace, run.id)


async def while_worked_on(
    house: House, following: Awaitable[object], *, work: bool | None = None, quiet: bool = False
) -> None:
    """Waits for what follows the work, or until told to stop; `work` as `start_and_follow` has it."""
    if work is None:
        work = not await house.desk.health.living("worker")
        if work and not quiet:
            aside().print("[dim]No worker is alive, so this process does the work itself.[/dim]")
    stopping = Stopping()

    async def followed() -> None:
        await following
        stopping.ask()

    with stopping.on_signals():
        parts = [until_asked(stopping, followed())]
        if work:
            parts.append(keep_working(house.worker(), stopping))
        await run_together(stopping, *parts)


async def show(house: House, workspace: int, run: Run, *, quiet: bool = False) -> Run:
    """Shows the run's progress until it is over or paused; returns it as it is then."""
    stages = await house.desk.insights.pipeline(workspace, run.site_id, run.line)
    console = aside()
    if quiet or not console.is_terminal:
        screen: Shows = Silent() if quiet else Lines(stages, console)
        return await follow(house.desk, workspace, run.id, screen)
    bars = Bars.on(console, stages)
    with bars.progress:
        return await follow(house.desk, workspace, run.id, bars)


def how_it_ended(run: Run) -> str:
    """In one sentence, with what to do where a person has to do something."""
    if run.status == "completed":
        return f"The run is complete; it used {run.total_credits_used:,} credits."
    if run.status == "paused":
        why = run.error_message or "as asked."
        return f"The run is paused: {why} Let it go on with: nightdesk resume {run.id}"
    if run.status == "running":
        return f"The run goes on as soon as a worker is there (nightdesk up). Its number is {run.id}."
    return f"The run is {run.status}. {run.error_message or ''}".strip()
