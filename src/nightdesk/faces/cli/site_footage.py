"""`nightdesk sites footage`: a site's own photos and clips, out of which scenes of its videos are shown."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from nightdesk.desk import Desk
from nightdesk.desk.rows import OwnPiece
from nightdesk.desk.videos.taking_in import MOST_BYTES
from nightdesk.faces.cli.keywords import read_file
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, facts_of, plain, say, say_json, say_table

app = typer.Typer(
    help="List, add and remove a site's own photos and clips.", no_args_is_help=True, add_completion=False
)

SiteKey = Annotated[str, typer.Argument(metavar="SITE", help="A site's slug or number.")]
Number = Annotated[int, typer.Argument(help="The photo or clip, as the list names it.")]
FACTS = ("id", "shows", "source", "by_model", "off", "width", "height", "added_at")


@app.command("list")
def list_(ctx: typer.Context, site: SiteKey, json: AsJson = False) -> None:
    """List what a site has, the newest first, and in how many videos each is shown."""

    async def look(desk: Desk, workspace: int) -> list[dict[str, Any]]:
        number = (await desk.sites.get(workspace, site)).id
        seen = await desk.videos.own_shelf.seen(workspace, number)
        pieces = await desk.videos.own_shelf.listed(workspace, number)
        return [_facts(piece) | {"videos": seen.get(piece.id, 0)} for piece in pieces]

    found = ask(ctx, look)
    if json:
        say_json(found)
        return
    names = ("id", "kind", "shows", "source", "off", "videos")
    say_table(
        ("number#", "kind", "shows", "whose it is", "off", "videos#"),
        [[one[name] for name in names] for one in found],
        empty=f"None so far. Add one: nightdesk sites footage add {plain(site)} FILE --shows WORDS",
    )


@app.command()
def add(
    ctx: typer.Context,
    site: SiteKey,
    file: Annotated[Path, typer.Argument(help="PNG, JPEG, WebP, MP4 or WebM; - for standard input.")],
    shows: Annotated[str, typer.Option(help="What is to be seen, in a few words: it is found by them.")],
    source: Annotated[str, typer.Option(help="Whose it is.")] = "",
    by_model: Annotated[bool, typer.Option("--by-model", help="A trained model made it.")] = False,
    json: AsJson = False,
) -> None:
    """Add a photo or a clip, which scenes that it fits show from then on."""
    _, content = read_file(file, MOST_BYTES)
    facts = {"shows": shows, "source": source, "by_model": by_model}

    async def take(desk: Desk, workspace: int) -> OwnPiece:
        number = (await desk.sites.get(workspace, site)).id
        return await desk.videos.own_shelf.add(workspace, number, content, facts)

    piece = ask(ctx, take)
    if json:
        say_json(_facts(piece))
        return
    say(f"[green]Added[/green] {_kind(piece)} {piece.id}, “{plain(piece.shows)}”.")


@app.command()
def remove(ctx: typer.Context, site: SiteKey, number: Number) -> None:
    """Remove one; videos that show it keep it, and it can be restored for a day."""
    piece = ask(ctx, _of_shelf(site, lambda desk, of, at: desk.videos.own_shelf.remove(of, at, number)))
    say(f"[green]Removed[/green] {_kind(piece)} {piece.id}, “{plain(piece.shows)}”.")
    say(f"To have it back within a day: nightdesk sites footage restore {plain(site)} {number}")


@app.command()
def restore(ctx: typer.Context, site: SiteKey, number: Number) -> None:
    """Put back what was removed within the last day."""
    piece = ask(ctx, _of_shelf(site, lambda desk, of, at: desk.videos.own_shelf.put_back(of, at, number)))
    say(f"[green]Restored[/green] {_kind(piece)} {piece.id}, “{plain(piece.shows)}”.")


def _of_shelf(
    site: str, does: Callable[[Desk, int, int], Awaitable[OwnPiece]]
) -> Callable[[Desk, int], Awaitable[OwnPiece]]:
    async def done(desk: Desk, workspace: int) -> OwnPiece:
        return await does(desk, workspace, (await desk.sites.get(workspace, site)).id)

    return done


def _kind(piece: OwnPiece) -> str:
    return "clip" if piece.footage else "photo"


def _facts(piece: OwnPiece) -> dict[str, Any]:
    return facts_of(piece, *FACTS) | {"kind": _kind(piece)}
