"""`nightdesk providers`: which provider does which kind of work, and the keys they are called with."""

import sys
from typing import Annotated, Any

import typer

from nightdesk.desk import Desk
from nightdesk.desk.choices import CHOOSABLE, ChoiceShown
from nightdesk.desk.trials import Trial
from nightdesk.faces.cli.asking_first import Yes, sure
from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, plain, say, say_json, say_table

app = typer.Typer(
    help="Which provider does which kind of work.", invoke_without_command=True, add_completion=False
)

Kind = Annotated[str, typer.Argument(help=f"One of {', '.join(CHOOSABLE)}.")]
MaybeSite = Annotated[
    str | None, typer.Option("--site", metavar="SITE", help="For one site; else for the workspace.")
]


@app.callback()
def providers(ctx: typer.Context, site: MaybeSite = None, json: AsJson = False) -> None:
    """Which provider does which kind of work. Without a command: what holds, and where it was chosen."""
    if ctx.invoked_subcommand is None:
        _show(ask(ctx, lambda desk, workspace: _choices(desk, workspace, site)), json)


@app.command()
def choose(
    ctx: typer.Context,
    kind: Kind,
    choice: Annotated[
        str, typer.Argument(metavar="PROVIDER[:MODEL]", help="Such as openai:gpt-5-mini; '' takes it back.")
    ],
    site: MaybeSite = None,
    json: AsJson = False,
) -> None:
    """Choose a provider; the next batch uses it."""

    async def put(desk: Desk, workspace: int) -> list[ChoiceShown]:
        return await desk.choices.choose(workspace, kind, choice, await site_id(desk, workspace, site))

    _show(ask(ctx, put), json)


@app.command()
def key(ctx: typer.Context, kind: Kind, site: MaybeSite = None, json: AsJson = False) -> None:
    """Keep a key, sealed. It is asked for, or read from standard input; it is never shown again."""
    asked = sys.stdin.isatty()
    given = typer.prompt("The key", hide_input=True, err=True) if asked else sys.stdin.readline()

    async def put(desk: Desk, workspace: int) -> str:
        return await desk.choices.set_key(workspace, kind, given, await site_id(desk, workspace, site))

    shown = ask(ctx, put)
    if json:
        say_json({"kind": kind, "key": shown})
    else:
        say(f"[green]Kept[/green] the key {plain(shown)} for {kind}.")


@app.command()
def forget(ctx: typer.Context, kind: Kind, site: MaybeSite = None, yes: Yes = False) -> None:
    """Forget a key."""

    async def lost(desk: Desk, workspace: int) -> str:
        choices = await desk.choices.shown(workspace, await site_id(desk, workspace, site))
        here = "workspace" if site is None else "site"
        shown = [f" ({one.key})" for one in choices if one.kind == kind and one.key_at == here]
        return f"Forget the key for {kind}{''.join(shown)}? It cannot be read back; you would enter it again."

    sure(ctx, yes, lost)

    async def drop(desk: Desk, workspace: int) -> None:
        await desk.choices.forget_key(workspace, kind, await site_id(desk, workspace, site))

    ask(ctx, drop)
    say(f"[green]Forgotten[/green]: the key for {kind}.")


@app.command("try")
def try_(ctx: typer.Context, site: MaybeSite = None, json: AsJson = False) -> None:
    """Make one tiny real call to each; with a paid provider it costs a little."""

    async def call(desk: Desk, workspace: int) -> list[Trial]:
        return await desk.trials.all(workspace, await site_id(desk, workspace, site))

    trials = ask(ctx, call)
    if json:
        say_json(trials)
    else:
        say_trials(trials)
    if not all(trial.ok for trial in trials):
        raise Failure("Not every provider can be used.")


def say_trials(trials: list[Trial]) -> None:
    rows = [
        (t.kind, t.chosen, "works" if t.ok else "fails", f"{t.seconds:.2f}", t.usd, t.says) for t in trials
    ]
    say_table(("kind", "provider", "", "seconds#", "USD#", "what came of it"), rows, empty="")


async def site_id(desk: Desk, workspace: int, site: str | None) -> int | None:
    """The number of the site named, if one is. Raises `NotFound`."""
    return None if site is None else (await desk.sites.get(workspace, site)).id


async def _choices(desk: Desk, workspace: int, site: str | None) -> list[ChoiceShown]:
    return await desk.choices.shown(workspace, await site_id(desk, workspace, site))


def _show(choices: list[ChoiceShown], json: bool) -> None:
    if json:
        say_json(choices)
        return
    rows: list[tuple[Any, ...]] = [(one.kind, one.chosen, one.chosen_at, one.key) for one in choices]
    say_table(("kind", "provider", "chosen at", "key"), rows, empty="")
