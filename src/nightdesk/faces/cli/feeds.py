"""`nightdesk feeds`: what topics come from; taken in from lists, listed with their health, scraped."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from nightdesk.desk import Desk
from nightdesk.desk.feeds import AddedFeeds, TakenList, health_of
from nightdesk.desk.rows import Feed
from nightdesk.desk.scraping import Scraped
from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.keywords import OfSite, read_file
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, aside, facts_of, plain, say, say_json, say_table

app = typer.Typer(help="Add, list and scrape a site's feeds.", no_args_is_help=True, add_completion=False)

LARGEST_LIST = 5_000_000
PATIENCE = 900.0
"""Seconds that the command waits for all feeds; what is not fetched by then stays due."""

EVERY = 0.5
FACTS = (
    "id", "title", "url", "enabled", "failures", "code", "error", "entries", "new_entries",
    "fetched_at", "due_at"
)  # fmt: skip


@app.command("import")
def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="An OPML file of a feed reader; - for standard input.")],
    site: OfSite,
    preview: Annotated[bool, typer.Option("--preview", help="Say what would be added; add nothing.")] = False,
    json: AsJson = False,
) -> None:
    """Import feeds as feed readers export them (OPML)."""
    _, content = read_file(file, LARGEST_LIST)

    async def take(desk: Desk, workspace: int) -> TakenList:
        found = await desk.sites.get(workspace, site)
        return await desk.feeds.opml_in(workspace, found.id, content, keep=not preview)

    taken = ask(ctx, take)
    if json:
        say_json(taken)
        return
    says = "would be added" if preview else "added"
    say(f"{len(taken.new):,} {says}, {len(taken.already):,} there already, {len(taken.broken):,} not usable.")
    for one in taken.broken[:20]:
        say(f"  [red]{plain(one.url)}[/red]: {plain(one.why)}")
    if taken.new and not preview:
        say(f"Next: nightdesk feeds scrape --site {plain(site)}")


@app.command()
def add(
    ctx: typer.Context,
    addresses: Annotated[list[str], typer.Argument(help="Of feeds, or of pages that name one.")],
    site: OfSite,
    json: AsJson = False,
) -> None:
    """Add feeds by their addresses, or by those of their pages."""

    async def take(desk: Desk, workspace: int) -> list[AddedFeeds]:
        found = await desk.sites.get(workspace, site)
        return [await desk.feeds.add(workspace, found.id, address) for address in addresses]

    results = ask(ctx, take)
    if json:
        say_json([_fact(one) for one in results])
        return
    for address, one in zip(addresses, results, strict=True):
        for feed in one.added:
            say(f"[green]{plain(feed.title or feed.url)}[/green] is added.")
        for feed in one.there:
            say(f"[yellow]{plain(feed.title or feed.url)}[/yellow] was there already.")
        if one.offered:
            say(f"[yellow]{plain(address)}[/yellow] names several; add the one you want:")
        for link in one.offered:
            say(f"  {plain(link.url)}  {plain(link.title)}")


def _fact(one: AddedFeeds) -> dict[str, Any]:
    return {
        "added": [facts_of(feed, *FACTS) for feed in one.added],
        "there": [facts_of(feed, *FACTS) for feed in one.there],
        "offered": [link.url for link in one.offered],
    }


@app.command("list")
def list_(ctx: typer.Context, site: OfSite, json: AsJson = False) -> None:
    """List a site's feeds with how they do."""

    async def look(desk: Desk, workspace: int) -> list[Feed]:
        return await desk.feeds.listed(workspace, (await desk.sites.get(workspace, site)).id)

    feeds = ask(ctx, look)
    if json:
        say_json([facts_of(feed, *FACTS) | {"health": health_of(feed)} for feed in feeds])
        return
    say_table(
        ("number#", "title", "health", "entries#", "new#", "fetched", "next", "error"),
        [
            (
                str(one.id),
                one.title or one.url,
                health_of(one),
                one.entries,
                one.new_entries,
                one.fetched_at,
                one.due_at if one.enabled else None,
                one.error,
            )
            for one in feeds
        ],
        empty=f"No feed yet. Add one: nightdesk feeds add https://… --site {plain(site)}",
    )


@app.command()
def seed(ctx: typer.Context, site: OfSite, json: AsJson = False) -> None:
    """Add the feeds that the catalogue has for the site's subject."""

    async def take(desk: Desk, workspace: int) -> list[Feed]:
        return await desk.feeds.seed(workspace, (await desk.sites.get(workspace, site)).id)

    added = ask(ctx, take)
    if json:
        say_json([facts_of(feed, *FACTS) for feed in added])
        return
    for feed in added:
        say(f"[green]{plain(feed.title or feed.url)}[/green]  {plain(feed.url)}")
    say(f"{len(added):,} added.")


@app.command()
def scrape(
    ctx: typer.Context,
    site: OfSite,
    force: Annotated[bool, typer.Option("--force", help="Also those that are not due.")] = False,
    json: AsJson = False,
) -> None:
    """Fetch a site's feeds now, and tell what each of them gave or why it failed."""

    async def work(desk: Desk, workspace: int) -> Scraped:
        found = await desk.sites.get(workspace, site)
        scraping = desk.scraping.scrape(workspace, found.id, force=force, patience=PATIENCE)
        return await _followed(desk, workspace, found.id, asyncio.ensure_future(scraping))

    scraped = ask(ctx, work)
    if json:
        say_json(scraped)
    else:
        say(f"{scraped.fetched:,} of {scraped.feeds:,} feeds fetched, {scraped.new_topics:,} new topics.")
        for one in scraped.errors:
            say(f"  [red]{plain(one.feed)}[/red]: {plain(one.error)}")
    if scraped.errors and len(scraped.errors) == scraped.fetched:
        raise Failure("No feed could be read; nothing that was stored is lost.")


async def _followed(desk: Desk, workspace: int, site: int, work: "asyncio.Future[Scraped]") -> Scraped:
    """Waits for the scrape under a bar that moves."""
    columns = (TextColumn("feeds"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=aside(), transient=True) as progress:
        bar = progress.add_task("feeds", total=None)
        while not work.done():
            seen = await desk.feeds.progress(workspace, site)
            progress.update(bar, total=seen.of, completed=seen.of - seen.waiting)
            await asyncio.wait({work}, timeout=EVERY)
    return work.result()
