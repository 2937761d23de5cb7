"""Sees a run through: follows it, and does its work here where nobody else would."""

from uuid import UUID

from rich.markup import escape

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
    if work is None:
        work = not await house.desk.health.living("worker")
        if work and not quiet:
            aside().print("[dim]No worker is alive, so this process does the work itself.[/dim]")
    stopping = Stopping()
    with stopping.on_signals():
        parts = [until_asked(stopping, _followed(house, workspace, run.id, stopping, quiet))]
        if work:
            parts.append(keep_working(house.worker(), stopping))
        await run_together(stopping, *parts)
    return await house.desk.runs.get(workspace, run.id)


async def _followed(house: House, workspace: int, run_id: UUID, stopping: Stopping, quiet: bool) -> None:
    """Shows the run; asks for the end when it is over."""
    run = await house.desk.runs.get(workspace, run_id)
    stages = await house.desk.insights.pipeline(workspace, run.site_id, run.line)
    console = aside()
    screen: Shows
    if quiet:
        screen = Silent()
    elif console.is_terminal:
        screen = Bars.on(console, stages)
    else:
        screen = Lines(stages, console)
    if isinstance(screen, Bars):
        with screen.progress:
            await follow(house.desk, workspace, run_id, screen)
    else:
        await follow(house.desk, workspace, run_id, screen)
    if not stopping.asked.is_set():
        stopping.ask()


def how_it_ended(run: Run) -> str:
    """In one sentence, with what to do where a person has to do something."""
    if run.status == "completed":
        return f"The run is complete; it used {run.total_credits_used:,} credits. Next: nightdesk review list"
    if run.status == "paused":
        why = run.error_message or "as asked"
        return f"The run is paused: {escape(why)} Let it go on with: nightdesk resume {run.id}"
    if run.status == "running":
        return f"The run goes on as soon as a worker is there (nightdesk up). Its number is {run.id}."
    return f"The run is {run.status}. {escape(run.error_message or '')}".strip()
