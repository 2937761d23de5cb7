"""`nightdesk credits`: what is left, what moved, and grants."""

import secrets
from typing import Annotated

import typer

from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, facts_of, say, say_json, say_table

app = typer.Typer(help="What is left, and grants.", invoke_without_command=True, add_completion=False)


@app.callback()
def credits(ctx: typer.Context, json: AsJson = False) -> None:
    """What is left, and grants. Without a command: the balance."""
    if ctx.invoked_subcommand is not None:
        return
    balances = ask(ctx, lambda desk, workspace: desk.credits.balances(workspace))
    if json:
        say_json(balances)
        return
    say(
        f"[bold]{balances.wallet:,}[/bold] credits left, {balances.held:,} set aside for batches in hand, "
        f"{balances.spent:,} spent of {balances.granted:,} granted."
    )


@app.command()
def grant(
    ctx: typer.Context,
    amount: Annotated[int, typer.Argument(min=1, help="How many.")],
    note: Annotated[str, typer.Option(help="What for.")] = "",
    key: Annotated[str | None, typer.Option(help="Repeating a grant with the same key does nothing.")] = None,
    json: AsJson = False,
) -> None:
    """Give the workspace credits; runs that waited for them go on."""
    named = key or f"cli:{secrets.token_hex(8)}"
    balances = ask(ctx, lambda desk, workspace: desk.credits.grant(workspace, amount, named, note))
    if json:
        say_json(balances)
        return
    say(f"[green]Granted {amount:,}.[/green] {balances.wallet:,} credits left.")


@app.command()
def book(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many movements.")] = 30,
    json: AsJson = False,
) -> None:
    """The newest movements, newest first."""
    moved = ask(ctx, lambda desk, workspace: desk.credits.transfers(workspace, limit))
    if json:
        names = ("at", "kind", "debit", "credit", "amount", "key", "note")
        say_json([facts_of(one, *names) for one in moved])
        return
    rows = [(t.at, t.kind, f"{t.debit} → {t.credit}", t.amount, t.key, t.note) for t in moved]
    say_table(("when", "what", "from → to", "credits#", "key", "note"), rows, empty="Nothing moved yet.")
