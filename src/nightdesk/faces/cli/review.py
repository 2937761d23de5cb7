"""`nightdesk review`: what waits at the gate, read, decided on and taken out as files."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from nightdesk.desk import Desk
from nightdesk.desk.inputs import LARGEST
from nightdesk.desk.items import Filter
from nightdesk.desk.paging import MOST, Paging
from nightdesk.desk.people import Operator
from nightdesk.desk.review.contents import Piece
from nightdesk.desk.review.decisions import NOTE
from nightdesk.desk.rows import Content, Site
from nightdesk.faces.cli import checks, deciding
from nightdesk.faces.cli.both_forms import say_twins
from nightdesk.faces.cli.export import Exported, export
from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import (
    AsJson,
    facts_of,
    plain,
    say,
    say_facts,
    say_json,
    say_table,
    say_text,
)
from nightdesk.faces.cli.review_decide import decide, facts_of_article

app = typer.Typer(
    help="Read, approve, send back and export articles at the gate.",
    no_args_is_help=True,
    add_completion=False,
)

MaybeSite = Annotated[str | None, typer.Option("--site", metavar="SITE", help="One site only.")]
State = Literal[
    "draft",
    "illustrating",
    "review",
    "approved",
    "sent_back",
    "rejected",
    "published",
    "in_hand",
    "failed",
    "all",
]


@app.command("as-video")
def as_video(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(min=1, max=LARGEST, help="The article's number.")],
    json: AsJson = False,
) -> None:
    """Have a video made of what an article is about; asking again changes nothing."""
    made = ask(ctx, lambda desk, workspace: desk.videos.twinning.as_video(Operator(workspace), number))
    say_twins(made, f"video {made.video_id}, {made.video_status}", as_json=json)


@app.command("list")
def list_(
    ctx: typer.Context,
    site: MaybeSite = None,
    state: Annotated[State, typer.Option(help="Only those in that state.")] = "review",
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many of each site.")] = 50,
    json: AsJson = False,
) -> None:
    """List the articles, the newest first."""

    async def look(desk: Desk, workspace: int) -> tuple[list[tuple[Site, list[Content]]], int]:
        contents = desk.review.contents
        asked = Filter(status=None if state == "all" else state)
        paging = Paging(contents.orders["newest"], limit)
        sites = [await desk.sites.get(workspace, site)] if site else await desk.sites.listed(workspace)
        films = await desk.review.films.counts(workspace)
        return (
            [(one, (await contents.page(workspace, one.id, asked, paging)).items) for one in sites],
            sum(films.get(one.id, {}).get("review", 0) for one in sites),
        )

    found, films = ask(ctx, look)
    if json:
        say_json([facts_of_article(content) for _, contents in found for content in contents])
        return
    rows = [
        (str(c.id), s.slug, c.title, c.structure, c.words, len(c.citations), c.pictures, c.state)
        for s, contents in found
        for c in contents
    ]
    headings = ("number#", "site", "title", "structure", "words#", "cited#", "pictures#", "state")
    empty = {"review": "No article waits for review.", "all": "There is no article yet."}
    say_table(headings, rows, empty=empty.get(state, f"No article is {state.replace('_', ' ')}."))
    if rows:
        say("Read one: nightdesk review show NUMBER, or all: nightdesk review export")
    if films:
        says = "1 video waits" if films == 1 else f"{films:,} videos wait"
        say(f"{says} for review as well: nightdesk video list")


@app.command()
def show(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(min=1, help="The article's number.")],
    json: AsJson = False,
) -> None:
    """Show an article with what the checks found and what it cost."""
    piece = ask(ctx, lambda desk, workspace: desk.review.contents.piece(workspace, number))
    content = piece.content
    if json:
        more = facts_of(content, "meta_title", "meta_description", "citations", "markdown")
        told = {"checks": piece.reports, "decided": content.checks.get(NOTE), "cost": piece.cost}
        say_json(facts_of_article(content) | more | told)
        return
    say_facts(_heading(piece))
    say_text(f"\n{content.markdown}\n")
    for finding in checks.findings(content.checks):
        colour = {"serious": "red", "warning": "yellow"}.get(finding.severity, "dim")
        say(f"[{colour}]{finding.check}: {plain(finding.message)}[/{colour}]")


deciding.add_to(app, "articles", decide)


@app.command("export")
def export_(
    ctx: typer.Context,
    numbers: Annotated[
        list[int] | None, typer.Argument(metavar="[NUMBER…]", help="Articles; all at the gate unless named.")
    ] = None,
    site: MaybeSite = None,
    to: Annotated[Path | None, typer.Option(help="The folder; made where it is missing.")] = None,
    json: AsJson = False,
) -> None:
    """Write articles as HTML and Markdown with their pictures, and an index.html that lists them."""

    async def take(desk: Desk, workspace: int) -> list[Exported]:
        sites = [await desk.sites.get(workspace, site)] if site else await desk.sites.listed(workspace)
        return [
            done
            for one in sites
            if (done := await export(desk, workspace, one, _folder(to, one, len(sites)), numbers))
        ]

    done = ask(ctx, take)
    if json:
        say_json(
            [{"folder": str(one.folder), "articles": len(one.pieces), "bytes": one.size} for one in done]
        )
    for one in [] if json else done:
        size = f"{one.size / 2**20:.1f} MB"
        say(f"[green]{len(one.pieces)} articles[/green], {size}: {plain(one.folder / 'index.html')}")
    if not done:
        raise Failure("There is no such article to export; nightdesk review list --state all shows them.")


def _folder(to: Path | None, site: Site, sites: int) -> Path:
    """Each site in a folder of its own, unless there is one alone and it was said where."""
    if to is not None and sites == 1:
        return to.expanduser().resolve()
    return (to or Path("export")).expanduser().resolve() / site.slug


def _heading(piece: Piece) -> dict[str, object]:
    content = piece.content
    return {
        "title": content.title,
        "number": str(content.id),
        "state": f"{content.state}, revision {content.revision}",
        "structure": f"{content.structure}, {content.words:,} words",
        "description": content.meta_description,
        "label": content.label,
        "checks": checks.in_few_words(content.checks),
        "cost": f"{piece.cost.credits:.1f} credits, {piece.cost.usd:.4f} USD",
        "pictures": ", ".join(image.alt for image in piece.images),
        "sources": "; ".join(str(one["title"]) for one in content.citations),
    }
