"""The `nightdesk` command as a whole: its commands, what all of them take, and how each failure ends."""

import sys
import tempfile
import traceback
from types import TracebackType
from typing import Annotated, ClassVar

import typer
from typer.main import get_command

from nightdesk.faces.cli.doors import Asked, Doors
from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.lazy import LazyGroup, Place
from nightdesk.faces.cli.printing import aside, plain

START, WORK, DESK = "Start", "Work", "Desk"


class Commands(LazyGroup):
    """Every command, in the order in which a newcomer meets them."""

    places: ClassVar[dict[str, Place]] = {
        "demo": Place("demo", "Make a demo site, run it to the review gate, show what came of it.", START),
        "init": Place("init", "Make the data folder, the database and the first workspace.", START),
        "up": Place("up", "Run everything: database, web, worker and timetable.", START),
        "web": Place("processes", "Run the web server alone.", START),
        "worker": Place("processes", "Run a worker alone.", START),
        "timetable": Place("processes", "Run the timetable alone.", START),
        "rehearse": Place("rehearse", "Rehearse a week in minutes, with fake platforms.", START),
        "doctor": Place("doctor", "Check this machine and what is set, and say what to do.", START),
        "run": Place("runs", "Start a run of a site's line and follow it.", WORK),
        "status": Place("runs", "What is running, and what waits where.", WORK),
        "logs": Place("runs", "What a run said.", WORK),
        "pause": Place("runs", "Pause a run at the end of what is in hand.", WORK),
        "resume": Place("runs", "Let a paused run go on.", WORK),
        "cancel": Place("runs", "Cancel a run.", WORK),
        "retry": Place("runs", "Take parked items out of parking.", WORK),
        "video": Place("video", "Make, list, approve and export videos.", WORK),
        "review": Place("review", "Read, approve, send back and export articles at the gate.", WORK),
        "publish": Place("publish", "What goes out, and what became of it.", WORK),
        "accounts": Place("accounts", "Accounts that pieces go out to.", DESK),
        "sites": Place("sites", "Make, list and change sites.", DESK),
        "keywords": Place("keywords", "Import, add and list keywords.", DESK),
        "sources": Place("sources", "Add and list the documents that articles cite.", DESK),
        "feeds": Place("feeds", "Add, list and scrape the feeds of a site.", DESK),
        "topics": Place("topics", "List, pick and add what a site may speak about next.", DESK),
        "config": Place("config", "When a site's line runs, and in which batches.", DESK),
        "providers": Place("providers", "Which provider does which kind of work.", DESK),
        "voices": Place("voices", "List, try and put in the voices that videos are read by.", DESK),
        "credits": Place("credits", "What is left, and grants.", DESK),
        "people": Place("people", "List, invite and remove people.", DESK),
        "keys": Place("keys", "Make, list and revoke API keys.", DESK),
        "webhooks": Place("webhooks", "Who hears of events, and hooks that programs call.", DESK),
        "mcp": Place("mcp", "Serve our tools to a program that starts this command.", DESK),
    }


app = typer.Typer(
    name="nightdesk",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(ctx: typer.Context, wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"nightdesk {ctx.obj.version}\n")
        raise typer.Exit


@app.callback()
def nightdesk(
    ctx: typer.Context,
    workspace: Annotated[
        int | None,
        typer.Option(min=1, envvar="NIGHTDESK_WORKSPACE", help="The workspace; the first unless told."),
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """The night desk of a newsroom: articles made overnight, reviewed in the morning.

    Try `nightdesk demo`, then `nightdesk up`.
    """
    ctx.obj = Asked(ctx.obj, workspace)


def start(doors: Doors) -> None:
    """Runs the command line of this process; ends the process with its exit status."""
    sys.excepthook = _fault
    try:
        get_command(app).main(obj=doors, prog_name="nightdesk")
    except Failure as failure:
        aside().print(f"[red]{plain(failure)}[/red]", soft_wrap=True)
        sys.exit(failure.status)


def _fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody foresaw: a sentence for the person, the details in a file."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="nightdesk-fault-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exception(kind, error, trace, file=file)
    aside().print(
        "[red]This is a fault of Nightdesk; what was stored before is unchanged. "
        f"What happened is written down in {plain(file.name)}; please report it.[/red]",
        soft_wrap=True,
    )
