"""`nightdesk run`, `status`, `logs`, `pause`, `resume`, `cancel` and `retry`."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import typer

from nightdesk.desk import Desk
from nightdesk.desk.badges import Counts
from nightdesk.desk.rows import Event, Run
from nightdesk.faces.cli.doors import House
from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.following import OVER, made
from nightdesk.faces.cli.opening import ask, within
from nightdesk.faces.cli.printing import AsJson, facts_of, out, plain, say, say_json, say_table
from nightdesk.faces.cli.running import how_it_ended, start_and_follow
from nightdesk.faces.cli.sites import SiteKey

app = typer.Typer(add_completion=False)

Line = Annotated[str, typer.Option(help="The line.")]
RunKey = Annotated[str, typer.Argument(metavar="RUN|SITE", help="A run, or the site whose run is meant.")]
FACTS = (
    "site_id",
    "line",
    "trigger_type",
    "status",
    "current_stage",
    "started_at",
    "paused_at",
    "resumed_at",
    "cancelled_at",
    "completed_at",
    "total_credits_used",
    "error_message",
    "pause_reason",
)
LOOK_AGAIN = 0.5


@app.command()
def run(
    ctx: typer.Context,
    site: SiteKey,
    line: Line = "article",
    follow: Annotated[bool, typer.Option(help="Show its progress until it is over.")] = True,
    work: Annotated[
        bool | None,
        typer.Option("--work/--no-work", help="Do the work in this process; by default if no worker lives."),
    ] = None,
    clusters: Annotated[
        int | None, typer.Option(min=1, help="Plan at most so many clusters, the most searched first.")
    ] = None,
    ideas: Annotated[int | None, typer.Option(min=1, max=10, help="Ideas for each cluster.")] = None,
    json: AsJson = False,
) -> None:
    """Start a run of a site's line and follow it."""
    wishes: dict[str, Any] = {"most": {"2": clusters}} if clusters else {}
    wishes |= {"ideas_per_cluster": ideas} if ideas else {}

    async def start(house: House, workspace: int) -> Run:
        found = await house.desk.sites.get(workspace, site)
        started = await house.desk.runs.run_now(workspace, found.id, line, wishes)
        if not follow:
            return started
        return await start_and_follow(house, workspace, started, work=work, quiet=json)

    ended = within(ctx, start)
    if json:
        say_json(facts(ended))
    elif not follow:
        say(f"[green]Started[/green] run {ended.id}. Follow it: nightdesk logs {ended.id} --follow")
    if follow and ended.status != "completed":
        raise Failure(how_it_ended(ended))
    if follow and not json:
        made_list = "video" if line == "video" else "review"
        say(f"{plain(how_it_ended(ended))} Next: nightdesk {made_list} list --site {plain(site)}")


@app.command()
def status(
    ctx: typer.Context,
    site: Annotated[str | None, typer.Argument(metavar="[SITE]", help="One site, stage by stage.")] = None,
    line: Line = "article",
    json: AsJson = False,
) -> None:
    """What is running and what waits for you; of one site, what waits for each stage."""
    if site is None:
        _status_of_all(ctx, json)
        return

    async def look(desk: Desk, workspace: int) -> tuple[list[dict[str, Any]], Run | None]:
        found = await desk.sites.get(workspace, site)
        stages = await desk.insights.pipeline(workspace, found.id, line)
        return stages, await desk.runs.current(workspace, found.id, line)

    stages, current = ask(ctx, look)
    if json:
        say_json({"stages": stages, "run": current and facts(current)})
        return
    rows = [
        (
            str(stage["number"]),
            stage["name"],
            stage["pending"],
            ", ".join(f"{n:,} {state}" for state, n in sorted(stage["counts"].items())),
        )
        for stage in stages
    ]
    say_table(("#", "stage", "waiting#", "items by state"), rows, empty="")
    say(describe(current) if current else "No run is active.")


@app.command()
def logs(
    ctx: typer.Context,
    key: RunKey,
    line: Line = "article",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the run is over.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, max=5000, help="How many at first.")] = 100,
    json: AsJson = False,
) -> None:
    """What a run said, oldest first."""

    async def tell(desk: Desk, workspace: int) -> list[Event]:
        found = await _run(desk, workspace, key, line)
        events = await desk.runs.log(workspace, found.id, lines)
        if follow:
            await _go_on(desk, workspace, found.id, events, lines)
        return events

    events = ask(ctx, tell)
    if json and not follow:
        say_json([facts_of(e, "id", "at", "level", "stage", "message") for e in events])
    elif not follow:
        _print(events)


@app.command()
def pause(ctx: typer.Context, key: RunKey, line: Line = "article", json: AsJson = False) -> None:
    """Pause a run at the end of what is in hand."""
    _steer(ctx, key, line, lambda desk, workspace, run_id: desk.runs.pause(workspace, run_id), json)


@app.command()
def resume(ctx: typer.Context, key: RunKey, line: Line = "article", json: AsJson = False) -> None:
    """Let a paused run go on from the stage where it stopped."""
    _steer(ctx, key, line, lambda desk, workspace, run_id: desk.runs.resume(workspace, run_id), json)


@app.command()
def cancel(
    ctx: typer.Context,
    key: RunKey,
    line: Line = "article",
    now: Annotated[bool, typer.Option("--now", help="Abort what is in hand too.")] = False,
    json: AsJson = False,
) -> None:
    """Cancel a run at the end of what is in hand; what is finished is kept."""
    _steer(ctx, key, line, lambda desk, workspace, run_id: desk.runs.cancel(workspace, run_id, now=now), json)


@app.command()
def retry(
    ctx: typer.Context,
    site: SiteKey,
    stage: Annotated[int, typer.Option(min=1, help="The stage whose parked items are meant.")],
    line: Line = "article",
    json: AsJson = False,
) -> None:
    """Take a stage's parked items out of parking; the next run takes them up."""

    async def again(desk: Desk, workspace: int) -> int:
        found = await desk.sites.get(workspace, site)
        return await desk.runs.try_parked_again(workspace, found.id, line, stage)

    count = ask(ctx, again)
    if json:
        say_json({"items": count})
    else:
        say(f"{count:,} items wait again." if count else "Nothing is parked at that stage.")


def facts(run: Run) -> dict[str, Any]:
    """The run as scripts get it: the API's fields."""
    results = {f"stage_{number}_result": result for number, result in run.results.items()}
    return {"run_id": run.id, **facts_of(run, *FACTS), **results}


def describe(run: Run) -> str:
    """A run in one line."""
    present = made(run.results.get(str(run.current_stage)) or {})
    why = f": {plain(run.error_message)}" if run.error_message else ""
    return (
        f"Run {run.id} is [bold]{run.status}[/bold] at stage {run.current_stage} ({plain(present)}), "
        f"{run.total_credits_used:,} credits used{why}"
    )


def _status_of_all(ctx: typer.Context, json: bool) -> None:
    async def look(desk: Desk, workspace: int) -> tuple[Sequence[Run], Counts, int]:
        refused = (await desk.publishing.calendar.refused(workspace, 1))[1]
        return await desk.runs.active(workspace), await desk.badges.count(workspace), refused

    active, counts, refused = ask(ctx, look)
    if json:
        say_json([facts(one) for one in active])
        return
    for one in active:
        say(describe(one))
    if not active:
        say("Nothing is running.")
    for number, says, where in (
        (counts.review, "at the review gate", "review list, video list"),
        (counts.held, "held: they may be out, say whether they are", "publish list --state held"),
        (refused, "not taken by their platform", "publish list --state rejected"),
    ):
        if number:
            say(f"{number:,} {says}: nightdesk {where}")


def _steer(ctx: typer.Context, key: str, line: str, how: Any, json: bool) -> None:
    async def steer(desk: Desk, workspace: int) -> Run:
        found = await _run(desk, workspace, key, line)
        done: Run = await how(desk, workspace, found.id)
        return done

    done = ask(ctx, steer)
    if json:
        say_json(facts(done))
    else:
        asked = f"; asked to {done.asked} at the end of what is in hand" if done.asked else ""
        say(f"{describe(done)}{asked}")


async def _run(desk: Desk, workspace: int, key: str, line: str) -> Run:
    """The run of that number; or the site's active run, else its last. Raises `NotFound`, `Failure`."""
    try:
        return await desk.runs.get(workspace, UUID(key))
    except ValueError:
        site = await desk.sites.get(workspace, key)
    current = await desk.runs.current(workspace, site.id, line)
    if current is not None:
        return current
    before = await desk.runs.history(workspace, site.id, line, 1)
    if not before:
        raise Failure(f"The site {site.name} has had no run yet: nightdesk run {site.slug}")
    return before[0]


async def _go_on(desk: Desk, workspace: int, run_id: UUID, events: list[Event], lines: int) -> None:
    _print(events)
    last = events[-1].id if events else 0
    while True:
        over = (await desk.runs.get(workspace, run_id)).status in OVER
        new = [e for e in await desk.runs.log(workspace, run_id, max(lines, 1000)) if e.id > last]
        _print(new)
        last = new[-1].id if new else last
        if over:
            return
        await asyncio.sleep(LOOK_AGAIN)


def _print(events: list[Event]) -> None:
    for e in events:
        colour = {"warning": "yellow", "error": "red"}.get(e.level, "dim")
        at = e.at.strftime("%H:%M:%S")
        out().print(f"[{colour}]{at} {e.level:7}[/{colour}] {plain(e.message)}", soft_wrap=True)
