"""`nightdesk sites`: the publications of the workspace."""

from typing import Annotated, Any

import typer

from nightdesk.desk import Desk
from nightdesk.desk.people import Operator
from nightdesk.desk.rows import Site
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, facts_of, plain, say, say_facts, say_json, say_table, shown
from nightdesk.faces.cli.site_auto import auto
from nightdesk.faces.cli.site_footage import app as footage

app = typer.Typer(help="Make, list and change sites.", no_args_is_help=True, add_completion=False)

SHOWN = (
    *("id", "slug", "name", "subject", "audience", "language", "timezone", "voice", "brand", "choices"),
    "archived_at",
)
SiteKey = Annotated[str, typer.Argument(metavar="SITE", help="A site's slug or number.")]
Subject = Annotated[str | None, typer.Option(help="What it is about.")]
Audience = Annotated[str | None, typer.Option(help="For whom it is written.")]
Language = Annotated[str | None, typer.Option(help="`en`, `de`, …")]
Zone = Annotated[str | None, typer.Option("--timezone", help="`Europe/Berlin`; schedules are in it.")]
Voice = Annotated[str | None, typer.Option(help="How it sounds.")]


@app.command()
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What it is called.")],
    slug: Annotated[str | None, typer.Option(help="Its name in addresses; made of the name.")] = None,
    subject: Subject = None,
    audience: Audience = None,
    language: Language = None,
    zone: Zone = None,
    voice: Voice = None,
    json: AsJson = False,
) -> None:
    """Make a site."""
    facts = _given(subject=subject, audience=audience, language=language, timezone=zone, voice=voice)
    site = ask(ctx, lambda desk, workspace: desk.sites.create(workspace, name, slug=slug, **facts))
    if json:
        say_json(_facts(site))
        return
    say(f"[green]Made the site[/green] {plain(site.name)} ({site.slug}, number {site.id}).")
    say(f"Next: nightdesk keywords import FILE --site {site.slug}")


@app.command("list")
def list_(
    ctx: typer.Context,
    archived: Annotated[bool, typer.Option(help="Those that were archived too.")] = False,
    json: AsJson = False,
) -> None:
    """List the sites."""
    sites = ask(ctx, lambda desk, workspace: desk.sites.listed(workspace, archived=archived))
    if json:
        say_json([_facts(site) for site in sites])
        return
    headings = ["number#", "slug", "name", "subject", "language", "time zone"]
    rows = [[str(s.id), s.slug, s.name, s.subject, s.language, s.timezone] for s in sites]
    if archived:
        headings.append("archived")
        rows = [[*row, shown(site.archived_at)] for row, site in zip(rows, sites, strict=True)]
    say_table(
        headings,
        rows,
        empty="No site yet. Make one: nightdesk sites create NAME",
    )


@app.command()
def show(ctx: typer.Context, site: SiteKey, json: AsJson = False) -> None:
    """Show what is set for a site."""
    found = ask(ctx, lambda desk, workspace: desk.sites.get(workspace, site))
    if json:
        say_json(_facts(found))
        return
    say_facts(_facts(found))


@app.command("set")
def set_(
    ctx: typer.Context,
    site: SiteKey,
    name: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    subject: Subject = None,
    audience: Audience = None,
    language: Language = None,
    zone: Zone = None,
    voice: Voice = None,
    json: AsJson = False,
) -> None:
    """Change what is set for a site."""
    facts = _given(
        name=name, subject=subject, audience=audience, language=language, timezone=zone, voice=voice
    )
    if not facts:
        raise typer.BadParameter("Say what to change, such as --subject or --timezone.")

    async def change(desk: Desk, workspace: int) -> Site:
        return await desk.sites.change(workspace, site, by=Operator(workspace), **facts)

    changed = ask(ctx, change)
    if json:
        say_json(_facts(changed))
        return
    say(f"[green]Changed[/green] {', '.join(facts)} of {plain(changed.name)}.")


@app.command()
def archive(ctx: typer.Context, site: SiteKey) -> None:
    """Take a site out of every list; its rows are kept."""
    ask(ctx, lambda desk, workspace: desk.sites.archive(workspace, site))
    say(f"[green]Archived[/green] {plain(site)}. To have it back: nightdesk sites restore {plain(site)}")


@app.command()
def restore(ctx: typer.Context, site: SiteKey, json: AsJson = False) -> None:
    """Bring an archived site back, with all that is in it."""
    restored = ask(ctx, lambda desk, workspace: desk.sites.restore(workspace, site))
    if json:
        say_json(_facts(restored))
        return
    say(f"[green]Restored[/green] {plain(restored.name)}.")


app.command()(auto)
app.add_typer(footage, name="footage")


def _given(**facts: str | None) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def _facts(site: Site) -> dict[str, Any]:
    return facts_of(site, *SHOWN)
