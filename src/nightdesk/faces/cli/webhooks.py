"""`nightdesk webhooks`: addresses that hear of events, and hooks that programs call."""

from typing import Annotated, cast

import typer

from nightdesk.desk import Desk
from nightdesk.desk.errors import NotFound
from nightdesk.desk.people import Operator
from nightdesk.desk.webhooks import EVENTS, Does, HookShown, Line
from nightdesk.faces.cli.asking_first import Yes, sure
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, facts_of, plain, say, say_json, say_table

app = typer.Typer(
    help="Who hears of events, and hooks that programs call.", no_args_is_help=True, add_completion=False
)
hooks = typer.Typer(help="Hooks that programs call.", no_args_is_help=True, add_completion=False)
app.add_typer(hooks, name="in")

Number = Annotated[int, typer.Argument(min=1, help="Its number in the list.")]
PATH = "/api/v1/hooks/"


@app.command("list")
def list_(ctx: typer.Context, json: AsJson = False) -> None:
    """List the addresses that hear of events."""
    found = ask(ctx, lambda desk, workspace: desk.webhooks.targets.listed(workspace))
    if json:
        say_json(found)
        return
    rows = [
        (str(one.id), one.url, ", ".join(one.wants), "paused" if one.paused_at else "on", str(one.failures))
        for one in found
    ]
    say_table(
        ("number#", "address", "events", "state", "failures#"),
        rows,
        empty="No address yet. Add one: nightdesk webhooks add https://…",
    )


@app.command()
def add(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(help="The address that is called.")],
    event: Annotated[
        list[str] | None, typer.Option(help=f"Which events, all unless told: {', '.join(EVENTS)}.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Have events sent to an address. Its secret is shown this once."""
    made, secret = ask(
        ctx,
        lambda desk, workspace: desk.webhooks.targets.add(Operator(workspace), url, event or list(EVENTS)),
    )
    if json:
        say_json({"id": made.id, "url": made.url, "wants": list(made.wants), "secret": secret})
        return
    say(f"[bold]{secret}[/bold]")
    say("Keep it; it is not shown again. See docs/webhooks.md for how a signature is judged by it.")


@app.command()
def test(ctx: typer.Context, webhook: Number) -> None:
    """Send a test now, and tell what came of it."""
    answer = ask(ctx, lambda desk, workspace: desk.webhooks.targets.test(Operator(workspace), webhook))
    say(f"[green]Sent.[/green] {plain(answer.says)}" if answer.ok else f"[red]{plain(answer.says)}[/red]")
    if not answer.ok:
        raise typer.Exit(1)


@app.command()
def log(ctx: typer.Context, webhook: Number, json: AsJson = False) -> None:
    """Show the last deliveries of an address."""
    found = ask(ctx, lambda desk, workspace: desk.webhooks.targets.deliveries(workspace, webhook))
    if json:
        say_json(found)
        return
    rows = [(one.event, one.made_at, one.status, str(one.tries), one.says) for one in found]
    say_table(("event", "when", "outcome", "tries#", "what it said"), rows, empty="Nothing was sent yet.")


@app.command()
def resume(ctx: typer.Context, webhook: Number) -> None:
    """Let a paused one go on with what waits for it."""
    ask(
        ctx,
        lambda desk, workspace: desk.webhooks.targets.pause(Operator(workspace), webhook, paused=False),
    )
    say(f"[green]Goes on.[/green] Webhook {webhook}.")


@app.command()
def remove(ctx: typer.Context, webhook: Number, yes: Yes = False) -> None:
    """Forget an address with its secret and what waits for it."""

    async def lost(desk: Desk, workspace: int) -> str:
        target = await desk.webhooks.targets.get(workspace, webhook)
        return f"Remove {target.url}? Its secret is forgotten, and with it what waits to be sent there."

    sure(ctx, yes, lost)
    ask(ctx, lambda desk, workspace: desk.webhooks.targets.remove(Operator(workspace), webhook))
    say(f"[green]Removed[/green] webhook {webhook}.")


@hooks.command("list")
def list_hooks(ctx: typer.Context, json: AsJson = False) -> None:
    """List the hooks."""
    found = ask(ctx, lambda desk, workspace: desk.webhooks.hooks.listed(workspace))
    if json:
        say_json([facts_of(one, *one.__dataclass_fields__) | {"path": PATH + one.token} for one in found])
        return
    rows = [
        (str(one.id), one.name, str(one.site_id), one.does, one.line, PATH + one.token, str(one.uses))
        for one in found
    ]
    say_table(("number#", "name", "site#", "does", "line", "path", "calls#"), rows, empty="No hook yet.")


@hooks.command("add")
def add_hook(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What it is for.")],
    site: Annotated[str, typer.Option(help="The site's slug or number.")],
    does: Annotated[str, typer.Option(help="topic: adds one; run: starts the line.")] = "topic",
    line: Annotated[str, typer.Option(help="article or video")] = "article",
    json: AsJson = False,
) -> None:
    """Make a hook. Its secret is shown this once."""

    async def made(desk: Desk, workspace: int) -> tuple[HookShown, str]:
        of = await desk.sites.get(workspace, site)
        hooks = desk.webhooks.hooks
        return await hooks.add(Operator(workspace), name, of.id, cast(Does, does), cast(Line, line))

    hook, secret = ask(ctx, made)
    if json:
        say_json({"id": hook.id, "path": PATH + hook.token, "secret": secret})
        return
    say(f"{PATH}{hook.token}")
    say(f"[bold]{secret}[/bold]")
    say("Keep the secret; it is not shown again. See docs/webhooks.md for how a call is signed.")


@hooks.command("remove")
def remove_hook(ctx: typer.Context, hook: Number, yes: Yes = False) -> None:
    """Have a hook's address answer no more."""

    async def lost(desk: Desk, workspace: int) -> str:
        for one in await desk.webhooks.hooks.listed(workspace):
            if one.id == hook:
                return (
                    f"Remove the hook “{one.name}”? Its address answers no more, and its secret is forgotten."
                )
        raise NotFound("hook")

    sure(ctx, yes, lost)
    ask(ctx, lambda desk, workspace: desk.webhooks.hooks.remove(Operator(workspace), hook))
    say(f"[green]Removed[/green] hook {hook}.")
