"""`nightdesk keywords`: what people search for, taken in from files and lists."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from nightdesk.desk import Desk
from nightdesk.desk.items import Filter
from nightdesk.desk.paging import MOST, Paging
from nightdesk.desk.planner.imports import LARGEST_FILE, ImportReport
from nightdesk.desk.planner.inputs import NewKeyword
from nightdesk.desk.rows import Keyword
from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, facts_of, plain, say, say_json, say_table

app = typer.Typer(help="Import, add and list keywords.", no_args_is_help=True, add_completion=False)

State = Literal["new", "mapped", "in_hand", "disabled", "failed"]
OfSite = Annotated[str, typer.Option("--site", metavar="SITE", help="The site's slug or number.")]
SHOWN_REFUSED = 20
SHOWN_MERGED = 8


@app.command("import")
def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV, TSV, XLSX or a plain list; - for standard input.")],
    site: OfSite,
    preview: Annotated[
        bool, typer.Option("--preview", help="Say what would be taken; take nothing.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Import keywords as Semrush, Ahrefs, Google Keyword Planner or Search Console export them."""
    name, content = read_file(file, LARGEST_FILE)

    async def take(desk: Desk, workspace: int) -> ImportReport:
        found = await desk.sites.get(workspace, site)
        return await desk.planner.keywords.import_file(workspace, found.id, name, content, preview=preview)

    report = ask(ctx, take)
    if json:
        say_json(report)
        return
    say_report(report)
    if report.taken and not preview:
        say(f"Next: nightdesk run {plain(site)}")


@app.command()
def add(
    ctx: typer.Context,
    phrases: Annotated[list[str], typer.Argument(help="Phrases, each in quotes.")],
    site: OfSite,
    json: AsJson = False,
) -> None:
    """Add phrases by hand."""

    async def take(desk: Desk, workspace: int) -> ImportReport:
        found = await desk.sites.get(workspace, site)
        new = [NewKeyword(phrase=phrase) for phrase in phrases]
        return await desk.planner.keywords.add_many(workspace, found.id, new)

    report = ask(ctx, take)
    if json:
        say_json(report)
    else:
        say_report(report)


@app.command("list")
def list_(
    ctx: typer.Context,
    site: OfSite,
    search: Annotated[str | None, typer.Option(help="A piece of the phrase.")] = None,
    state: Annotated[State | None, typer.Option(help="Only those in that state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many.")] = 50,
    json: AsJson = False,
) -> None:
    """List a site's keywords, the most searched first."""

    async def look(desk: Desk, workspace: int) -> tuple[list[Keyword], Any]:
        found = await desk.sites.get(workspace, site)
        keywords = desk.planner.keywords
        page = await keywords.page(
            workspace,
            found.id,
            Filter(status=state, search=search),
            Paging(keywords.orders["volume"], limit),
        )
        return page.items, page.counts

    rows, counts = ask(ctx, look)
    if json:
        names = ("id", "phrase", "volume", "difficulty", "cpc", "intent", "state", "cluster_id", "error")
        say_json({"items": [facts_of(row, *names) for row in rows], "counts": counts})
        return
    say_table(
        ("keyword", "searches a month#", "difficulty#", "intent", "state"),
        [(k.phrase, k.volume, k.difficulty, k.intent, k.state) for k in rows],
        empty="No keyword is like that.",
    )
    say(", ".join(f"{n:,} {state}" for state, n in sorted(counts.items())))


def read_file(file: Path, largest: int) -> tuple[str, bytes]:
    """The file's name and content. Raises `Failure`."""
    try:
        if str(file) == "-":
            with typer.get_binary_stream("stdin") as stream:
                return "standard input", stream.read(largest + 1)
        if file.stat().st_size > largest:
            raise Failure(f"{file} has more than {largest // 2**20} MB; split it.")
        return file.name, file.read_bytes()
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.") from error


def say_report(report: ImportReport) -> None:
    """What was taken, merged and refused, with line numbers."""
    kind = f", read as {report.format} ({report.encoding})" if report.format else ""
    verb = "would be taken" if report.preview else "taken"
    say(
        f"[green]{len(report.taken):,} keywords {verb}[/green], {len(report.merged):,} merged, "
        f"{len(report.refused):,} refused{kind}."
    )
    if report.columns:
        say("Columns: " + ", ".join(f"{ours} ← {plain(theirs)}" for ours, theirs in report.columns.items()))
    for one in report.merged[:SHOWN_MERGED]:
        into = f"line {one.into_line}" if one.into_line else "a keyword that was there before"
        say(f"  line {one.line}: “{plain(one.phrase)}” is the same as {into}")
    _more(len(report.merged) - SHOWN_MERGED)
    for bad in report.refused[:SHOWN_REFUSED]:
        say(f"  [yellow]line {bad.line}: {plain(bad.why)}[/yellow] “{plain(bad.text)}”")
    _more(len(report.refused) - SHOWN_REFUSED)


def _more(count: int) -> None:
    if count > 0:
        say(f"  … and {count:,} more (--json lists all)")
