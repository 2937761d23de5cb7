"""`nightdesk doctor`: what is well on this machine, what is not, and what to do about it."""

import platform
import shutil
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from nightdesk.desk.trials import Trial
from nightdesk.faces.cli.doors import House
from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.opening import read_settings, within
from nightdesk.faces.cli.printing import AsJson, plain, say, say_json
from nightdesk.faces.cli.providers import say_trials

app = typer.Typer(add_completion=False)

ROOM = 2 * 2**30
"""Bytes that a newsroom fills in its first weeks."""


class Found(NamedTuple):
    """One thing that was looked at."""

    name: str
    ok: bool
    says: str


@app.command()
def doctor(
    ctx: typer.Context,
    try_: Annotated[bool, typer.Option("--try", help="Make a tiny real call to each provider.")] = False,
    json: AsJson = False,
) -> None:
    """Check Python, disk, database, key, storage and providers, and say what to do."""
    found = _machine(read_settings().data_dir)

    async def look(house: House, workspace: int) -> tuple[list[Found], list[Trial]]:
        desk = house.desk
        ready = [Found(check.name, check.ok, check.says) for check in await desk.health.ready()]
        server = (
            "The database is that of NIGHTDESK_DATABASE_URL."
            if house.settings.database_url
            else "The database is Nightdesk's own, in the data folder."
        )
        storage = Found("storage", True, f"Media files lie in {house.settings.storage}.")
        chosen = ", ".join(f"{c.kind} {c.chosen}" for c in await desk.choices.shown(workspace) if c.chosen)
        made = [Found("server", True, server), storage, Found("providers", True, f"{chosen}.")]
        words = desk.voices.alignment
        made.append(Found("word_times", not words.fault, words.says))
        if not await desk.health.living("worker"):
            made.append(Found("worker", True, "No worker is alive just now; nightdesk up starts one."))
        return [*ready, *made], await desk.trials.all(workspace) if try_ else []

    more, trials = within(ctx, look)
    _tell([*found, *more], trials, json)


def _machine(data_dir: Path) -> list[Found]:
    """What can be known before anything is opened."""
    place = next(folder for folder in (data_dir, *data_dir.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    room = f"{free / 2**30:.1f} GB are free for {data_dir}"
    return [
        Found("python", True, f"Python {platform.python_version()} on {platform.system()}."),
        Found("room", free > ROOM, f"{room}." if free > ROOM else f"Only {room}; make some room."),
    ]


def _tell(found: list[Found], trials: list[Trial], json: bool) -> None:
    if json:
        checks: list[dict[str, Any]] = [one._asdict() for one in found]
        say_json({"checks": checks, "trials": trials})
    else:
        for one in found:
            mark = "[green]✓[/green]" if one.ok else "[red]✗[/red]"
            say(f"{mark} [bold]{one.name.replace('_', ' ')}[/bold]  {plain(one.says)}")
        if trials:
            say_trials(trials)
    if not all([*(one.ok for one in found), *(trial.ok for trial in trials)]):
        raise Failure("Something is to be done; see above.")
    if not json:
        say("[green]All is well.[/green]")
