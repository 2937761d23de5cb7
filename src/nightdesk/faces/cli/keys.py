"""`nightdesk keys`: the API keys of the workspace."""

from typing import Annotated

import typer

from nightdesk.desk import Desk
from nightdesk.desk.errors import NotFound
from nightdesk.desk.people import Operator
from nightdesk.faces.cli.asking_first import Yes, sure
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, say, say_json, say_table

GONE = "What uses it stops working at once, and the key cannot be brought back."

app = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True, add_completion=False)


@app.command()
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What it is for, so that you know it again.")],
    json: AsJson = False,
) -> None:
    """Make a key. It is shown this once and kept as a hash."""
    made = ask(ctx, lambda desk, workspace: desk.people.create_key(workspace, name, Operator(workspace)))
    if json:
        say_json({"id": made.id, "name": made.name, "prefix": made.prefix, "key": made.token})
        return
    say(f"[bold]{made.token}[/bold]")
    say("Keep it; it is not shown again. Send it as `Authorization: Bearer …`.")


@app.command("list")
def list_(ctx: typer.Context, json: AsJson = False) -> None:
    """List the keys by the part of them that may be shown."""
    keys = ask(ctx, lambda desk, workspace: desk.people.keys(workspace))
    if json:
        say_json(keys)
        return
    rows = [(str(k.id), k.name, f"{k.prefix}…", k.created_at, k.last_used_at, k.revoked_at) for k in keys]
    say_table(
        ("number#", "name", "key", "made", "last used", "revoked"),
        rows,
        empty="No key yet. Make one: nightdesk keys create NAME",
    )


@app.command()
def revoke(
    ctx: typer.Context,
    key: Annotated[int, typer.Argument(min=1, help="Its number in the list.")],
    yes: Yes = False,
) -> None:
    """Have a key open nothing from now on."""

    async def lost(desk: Desk, workspace: int) -> str:
        for one in await desk.people.keys(workspace):
            if one.id == key:
                return f"Revoke the key “{one.name}” ({one.prefix}…)? {GONE}"
        raise NotFound("key")

    sure(ctx, yes, lost)
    ask(ctx, lambda desk, workspace: desk.people.revoke_key(workspace, key, Operator(workspace)))
    say(f"[green]Revoked[/green] key {key}.")
