"""`nightdesk sources`: the documents that a site's articles may cite."""

from pathlib import Path
from typing import Annotated, Any

import typer

from nightdesk.desk import Desk
from nightdesk.desk.errors import DeskError
from nightdesk.desk.items import Filter
from nightdesk.desk.paging import MOST, Paging
from nightdesk.desk.rows import Document
from nightdesk.desk.sources import LARGEST_FILE, Added
from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.keywords import OfSite, read_file
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, facts_of, plain, say, say_json, say_table

app = typer.Typer(
    help="Add and list the documents that articles cite.", no_args_is_help=True, add_completion=False
)

FACTS = ("id", "title", "author", "url", "published", "language", "flags", "added_at")


@app.command()
def add(
    ctx: typer.Context,
    places: Annotated[
        list[str], typer.Argument(metavar="FILE-or-URL…", help="Text, Markdown or HTML; or a page's address.")
    ],
    site: OfSite,
    json: AsJson = False,
) -> None:
    """Add documents. One that cannot be taken does not keep the others from being taken."""

    async def take(desk: Desk, workspace: int) -> list[tuple[str, Added | str]]:
        found = await desk.sites.get(workspace, site)
        return [(place, await _taken(desk, workspace, found.id, place)) for place in places]

    results = ask(ctx, take)
    if json:
        say_json([_fact(place, one) for place, one in results])
    else:
        for place, one in results:
            _say(place, one)
    failed = sum(isinstance(one, str) for _, one in results)
    if failed:
        others = "; the others were" if failed < len(results) else ""
        raise Failure(f"{failed} of {len(results)} could not be taken{others}.")


@app.command("list")
def list_(
    ctx: typer.Context,
    site: OfSite,
    search: Annotated[str | None, typer.Option(help="A piece of the title.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many.")] = 50,
    json: AsJson = False,
) -> None:
    """List a site's documents, the newest first."""

    async def look(desk: Desk, workspace: int) -> list[tuple[Document, int]]:
        found = await desk.sites.get(workspace, site)
        paging = Paging(desk.sources.orders["newest"], limit)
        return (await desk.sources.page(workspace, found.id, Filter(search=search), paging)).items

    found = ask(ctx, look)
    if json:
        say_json([facts_of(one, *FACTS) | {"passages": passages} for one, passages in found])
        return
    say_table(
        ("number#", "title", "author", "published", "passages#", "address"),
        [(str(d.id), d.title, d.author, d.published, passages, d.url) for d, passages in found],
        empty=f"No document yet. Add some: nightdesk sources add FILE --site {plain(site)}",
    )


async def _taken(desk: Desk, workspace: int, site_id: int, place: str) -> Added | str:
    """What became of one place; a sentence where it could not be taken."""
    try:
        if place.lower().startswith(("http://", "https://")):
            return await desk.sources.add_page(workspace, site_id, place)
        name, content = read_file(Path(place), LARGEST_FILE)
        return await desk.sources.add_file(workspace, site_id, name, content)
    except (DeskError, Failure) as error:
        return str(error)


def _fact(place: str, one: Added | str) -> dict[str, Any]:
    if isinstance(one, str):
        return {"place": place, "error": one}
    return {
        "place": place,
        **facts_of(one.document, *FACTS),
        "passages": one.passages,
        "duplicate": one.duplicate,
        "warnings": list(one.warnings),
    }


def _say(place: str, one: Added | str) -> None:
    if isinstance(one, str):
        say(f"[red]{plain(place)}[/red]: {plain(one)}")
        return
    title = plain(one.document.title)
    if one.duplicate:
        say(f"[yellow]{plain(place)}[/yellow]: was there before as “{title}” ({one.document.id})")
        return
    say(f"[green]{plain(place)}[/green]: “{title}”, {one.passages:,} passages")
    for warning in one.warnings:
        say(f"  [yellow]{plain(warning)}[/yellow]")
