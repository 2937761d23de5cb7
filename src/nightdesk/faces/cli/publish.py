"""`nightdesk publish`: what goes out, what became of it, and what a person decides about it."""

from datetime import datetime
from typing import Annotated, Any, Literal

import typer

from nightdesk.desk import Desk
from nightdesk.desk.paging import Paging
from nightdesk.desk.people import Operator
from nightdesk.desk.publishing import Asked, PublicationShown, Wish
from nightdesk.desk.publishing.stories import ORDERS, PublicationFilter
from nightdesk.faces.cli.failure import USED_WRONGLY, Failure
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, facts_of, plain, say, say_json, say_table

app = typer.Typer(help="What goes out, and what became of it.", no_args_is_help=True, add_completion=False)

Number = Annotated[int, typer.Argument(min=1, help="Of the publication, as `publish list` shows it.")]
State = Literal["queued", "preparing", "committing", "ambiguous", "held", "live", "rejected", "cancelled"]
SHOWN = 50
FACTS = (
    "id", "site_id", "account_id", "content_id", "video_id", "title", "state", "planned_at", "due_at",
    "moved", "code", "error", "tries", "url", "remote_id", "live_at",
)  # fmt: skip


@app.command("list")
def list_(
    ctx: typer.Context,
    state: Annotated[State | None, typer.Option("--state", help="Only those in that state.")] = None,
    json: AsJson = False,
) -> None:
    """List the newest publications with how they stand."""

    async def look(desk: Desk, workspace: int) -> tuple[list[PublicationShown], int]:
        stories, paging = desk.publishing.stories, Paging(ORDERS["newest"], SHOWN)
        page = await stories.listed(workspace, PublicationFilter(state=state), paging)
        return page.items, (await stories.counted(workspace))["held"]

    found, held = ask(ctx, look)
    if json:
        say_json([_facts(one) for one in found])
        return
    rows = [
        (
            one.publication.id,
            one.publication.title,
            one.account,
            one.publication.state,
            one.publication.planned_at,
            one.publication.url or one.publication.error,
        )
        for one in found
    ]
    empty = "Nothing yet. Approve something, then: nightdesk publish send --article NUMBER"
    if state is not None:
        empty = f"No publication is {state}."
    say_table(("number#", "title", "account", "state", "planned", ""), rows, empty=empty)
    if held and state == "held":
        say("Look on the platform whether it is there, then: nightdesk publish show NUMBER")
    elif held:
        asks = ("is", "it is") if held == 1 else ("are", "they are")
        say(f"[bold]{held} {asks[0]} held: nobody knows whether {asks[1]} out.[/bold]")
        say("Decide on what is shown by: nightdesk publish list --state held")


@app.command()
def show(ctx: typer.Context, number: Number, json: AsJson = False) -> None:
    """Tell every request, answer and decision of one publication."""

    async def look(desk: Desk, workspace: int) -> PublicationShown:
        return await desk.publishing.stories.show(workspace, number)

    found = ask(ctx, look)
    if json:
        say_json(_facts(found) | {"story": list(found.story)})
        return
    row = found.publication
    say(f"{plain(row.title)} → {plain(found.account)} ({found.platform}): [bold]{row.state}[/bold]")
    rows = [(line.at, line.what, line.says, line.who) for line in found.story]
    say_table(("when", "what", "", "who"), rows, empty="")
    if row.state == "held":
        say(f"Look there, then: nightdesk publish confirm {row.id} --live [--url …], or --not-live.")


@app.command()
def send(
    ctx: typer.Context,
    article: Annotated[int | None, typer.Option("--article", min=1, help="An approved article.")] = None,
    video: Annotated[int | None, typer.Option("--video", min=1, help="An approved video.")] = None,
    accounts: Annotated[
        list[int] | None, typer.Option("--account", help="Where to; else all that its site is linked to.")
    ] = None,
    at: Annotated[datetime | None, typer.Option("--at", help="When, by this machine; else now.")] = None,
    json: AsJson = False,
) -> None:
    """Have an approved piece go out; asking twice sends once."""
    if (article is None) == (video is None):
        raise typer.BadParameter("Name one piece, by --article NUMBER or by --video NUMBER.")
    wish = Wish(article, video, accounts or (), _by_this_machine(at) if at else None)

    async def put(desk: Desk, workspace: int) -> list[Asked]:
        return await desk.publishing.publish(Operator(workspace), wish)

    asked = ask(ctx, put)
    if json:
        say_json(asked)
        return
    for one in asked:
        say(f"{one.id}: {'asked for' if one.new else 'was asked for before, and is'} {one.state}.")
        if one.new and one.moved:
            say(f"[yellow]{plain(one.moved)}[/yellow]")
    say("It goes out while `nightdesk up` or a worker runs. Next: nightdesk publish list")


@app.command()
def confirm(
    ctx: typer.Context,
    number: Number,
    live: Annotated[bool | None, typer.Option("--live/--not-live", help="Whether it is there.")] = None,
    url: Annotated[str, typer.Option("--url", help="Where it is.")] = "",
    json: AsJson = False,
) -> None:
    """Decide on one that is held: it is there, or it is not and is sent again."""
    if live is None:
        raise typer.BadParameter("Look on the platform, then say --live or --not-live.")

    async def put(desk: Desk, workspace: int) -> None:
        await desk.publishing.confirm(Operator(workspace), number, live=live, url=url)

    ask(ctx, put)
    _done({"id": number, "live": live}, "It counts as out." if live else "It is sent again.", json)


@app.command()
def cancel(ctx: typer.Context, number: Number, json: AsJson = False) -> None:
    """Take one back while nothing of it can be out."""

    async def put(desk: Desk, workspace: int) -> None:
        await desk.publishing.cancel(Operator(workspace), number)

    ask(ctx, put)
    _done({"id": number, "state": "cancelled"}, "Taken back.", json)


@app.command()
def stop(
    ctx: typer.Context,
    off: Annotated[bool, typer.Option("--off", help="Let everything go out again.")] = False,
    json: AsJson = False,
) -> None:
    """The kill switch: nothing goes out until it is taken off."""

    async def put(desk: Desk, workspace: int) -> None:
        await (desk.publishing.resume if off else desk.publishing.stop)(Operator(workspace))

    ask(ctx, put)
    says = "Publications go out again." if off else "Nothing goes out. Undo: nightdesk publish stop --off"
    _done({"stopped": not off}, says, json)


def _by_this_machine(at: datetime) -> datetime:
    """Raises `Failure` for a time that it cannot place in its zone."""
    try:
        return at.astimezone()
    except (ValueError, OverflowError) as error:
        raise Failure("Give --at a time of this century or the next.", USED_WRONGLY) from error


def _done(fact: dict[str, Any], says: str, json: bool) -> None:
    if json:
        say_json(fact)
    else:
        say(f"[green]{says}[/green]")


def _facts(shown: PublicationShown) -> dict[str, Any]:
    named = {"account": shown.account, "platform": shown.platform}
    return {**facts_of(shown.publication, *FACTS), **named}
