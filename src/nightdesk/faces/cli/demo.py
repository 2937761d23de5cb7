"""`nightdesk demo`: a site made of input that ships with the project, run to the review gate."""

import asyncio
import contextlib
import os
import shutil
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from socket import socket
from typing import Annotated, Any

import typer

from nightdesk.desk.costs import Summary
from nightdesk.desk.errors import Taken
from nightdesk.desk.rows import Run, Site
from nightdesk.faces.cli import checks
from nightdesk.faces.cli.demo_video import film, hand_over
from nightdesk.faces.cli.doors import House
from nightdesk.faces.cli.export import Exported, export
from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.following import ALWAYS, IF_ASKED
from nightdesk.faces.cli.keywords import say_report
from nightdesk.faces.cli.log_lines import write_log_lines
from nightdesk.faces.cli.opening import within
from nightdesk.faces.cli.pages import kind
from nightdesk.faces.cli.printing import plain, say, say_table
from nightdesk.faces.cli.processes import Host, Port
from nightdesk.faces.cli.running import how_it_ended, show
from nightdesk.faces.cli.serving import bind
from nightdesk.faces.cli.stopping import Stopping, run_together, until_asked
from nightdesk.faces.cli.up import crew, everything
from nightdesk.faces.cli.welcome import greeting
from nightdesk.kit.clock import SystemClock

app = typer.Typer(add_completion=False)

INPUT = files("nightdesk") / "demo" / "input"
ARTICLES = 24
SECONDS = 30
"""As many of the most searched clusters are planned; the others wait for a later run."""

SEEN_TOGETHER = 150
"""Groups of keywords that are judged in one question: all of the demo's, so that near ones meet."""


@app.command()
def demo(
    ctx: typer.Context,
    articles: Annotated[int, typer.Option(min=1, max=500, help="How many articles at most.")] = ARTICLES,
    seconds: Annotated[int, typer.Option(min=10, max=300, help="How long the video is to be.")] = SECONDS,
    host: Host = None,
    port: Port = None,
    once: Annotated[
        bool, typer.Option("--once", envvar="DEMO_ONESHOT", help="End when it is made; start no server.")
    ] = False,
) -> None:
    """Make a demo site, run its keywords to finished articles at the review gate, and show them."""

    async def run(house: House, workspace: int) -> None:
        write_log_lines(house.settings.log_format)
        stopping, finished = Stopping(), asyncio.Event()

        async def play(and_then: Callable[[], None]) -> None:
            await _play(house, workspace, articles, seconds)
            finished.set()
            and_then()

        with stopping.on_signals(), contextlib.ExitStack() as opened:
            if once:
                parts = [until_asked(stopping, house.keep_database()), *crew(_hands(), stopping)]
                end = stopping.ask
            else:
                bound = opened.enter_context(_bound(house, host, port))
                parts = everything(house, ctx.obj.doors, bound, _hands(), stopping, lambda: None)
                end = await greeting(house, bound)
            await run_together(stopping, *parts, until_asked(stopping, play(end)))
        if not finished.is_set():
            raise Failure("The demo was stopped before it was done; nightdesk demo begins a new one.")

    within(ctx, run)


async def _play(house: House, workspace: int, articles: int, seconds: int) -> None:
    """The demo itself. Raises `Failure` unless every stage made its result."""
    clock = SystemClock()
    began = clock.monotonic()
    say(f"The data lies in [bold]{plain(house.settings.data_dir)}[/bold].")
    site = await _site(house, workspace, seconds)
    await _input(house, workspace, site)
    await house.desk.automation.change(workspace, site.id, "article", {"stage_1_batch_size": SEEN_TOGETHER})
    wishes = {"ideas_per_cluster": 1, "most": {"2": articles}}
    say(f"\n[bold]3. The articles[/bold]: one for each of the {articles} most searched clusters")
    run = await house.desk.runs.run_now(workspace, site.id, "article", wishes)
    run = await show(house, workspace, run)
    if run.status != "completed":
        raise Failure(how_it_ended(run))
    _check(run, await house.desk.insights.pipeline(workspace, site.id, "article"))
    say("\n[bold]4. The video[/bold]: script, voice, captions, pictures, render and thumbnails")
    film_run = await film(house, workspace, site, INPUT / "topics.txt")
    _check(film_run, await house.desk.insights.pipeline(workspace, site.id, "video"))
    folder = house.settings.data_dir / "demo" / site.slug
    done = await export(house.desk, workspace, site, folder)
    if done is None:
        raise Failure("No article stands at the review gate.")
    _tell(done, await house.desk.costs.summary(workspace, site.id))
    await hand_over(house.desk, workspace, site, folder)
    say(f"Made in {clock.monotonic() - began:.0f} seconds.")


async def _site(house: House, workspace: int, seconds: int) -> Site:
    """The demo's site; where there is one already, the next one."""
    facts = tomllib.loads((INPUT / "site.toml").read_text("utf-8"))
    name, slug = facts.pop("name"), facts.pop("slug")
    number = 1
    while True:
        more = "" if number == 1 else str(number)
        try:
            site = await house.desk.sites.create(
                workspace, f"{name} {more}".strip(), slug=f"{slug}-{more}".strip("-"), **facts
            )
            site = await house.desk.sites.change(workspace, site.id, video={"duration": seconds})
        except Taken:
            number += 1
            continue
        say(f"[bold]1. The site[/bold]: {plain(site.name)}, {plain(site.subject.lower())} ({site.slug})")
        return site


async def _input(house: House, workspace: int, site: Site) -> None:
    """Keywords and documents, taken in as any newcomer's would be."""
    say("\n[bold]2. Its input[/bold]: an export of keywords, and documents to cite")
    content = (INPUT / "keywords.csv").read_bytes()
    report = await house.desk.planner.keywords.import_file(workspace, site.id, "keywords.csv", content)
    say_report(report)
    passages = 0
    documents = sorted(_markdown(INPUT / "documents"), key=lambda file: file.name)
    for file in documents:
        added = await house.desk.sources.add_file(workspace, site.id, file.name, file.read_bytes())
        passages += added.passages
    say(f"[green]{len(documents)} documents taken[/green], {passages:,} passages that can be cited.")


def _markdown(folder: Traversable) -> list[Traversable]:
    return [file for file in folder.iterdir() if file.name.endswith(".md")]


def _check(run: Run, stages: Sequence[Mapping[str, Any]]) -> None:
    """Raises `Failure` unless every stage has a result, nothing of it failed and something was made."""
    for stage in stages:
        result = run.results.get(str(stage["number"]))
        name = f"Stage {stage['number']}, {stage['name']},"
        if result is None or result.get("skipped") or result.get("partial"):
            raise Failure(f"{name} did not run to its end: nightdesk logs {run.id} tells why.")
        if result.get("failed"):
            raise Failure(f"{name} parked {result['failed']} items: nightdesk logs {run.id} tells why.")
        if not all(value for field, value in result.items() if field not in (*ALWAYS, *IF_ASKED)):
            raise Failure(f"{name} made nothing: nightdesk logs {run.id} tells why.")


def _tell(done: Exported, costs: Summary) -> None:
    """What was made, what it cost and where it lies."""
    pieces = done.pieces
    say("\n[bold]5. What waits at the review gate[/bold]")
    rows = [
        (
            str(piece.content.id),
            piece.content.title,
            kind(piece.content.structure),
            piece.content.words,
            len(piece.content.citations),
            "{}/{}".format(*checks.grounding(piece.content.checks)),
            *checks.scores(piece.content.checks),
        )
        for piece in pieces
    ]
    headings = ("#", "article", "shape", "words#", "sources#", "figures grounded#", "SEO#", "reads#", "own#")
    say_table(headings, rows, empty="")
    words = sum(piece.content.words for piece in pieces)
    pictures = sum(len(piece.images) for piece in pieces)
    calls = sum(one.calls for one in costs.providers)
    say(f"{len(pieces)} articles, {words:,} words, {pictures} pictures. The scores are of 100: for search")
    say("engines, for ease of reading, and for how far an article is its own beside the site's others.")
    say(f"\n[bold]6. What it cost[/bold]: {costs.credits:,} credits, {costs.usd:.2f} USD for {calls:,} calls")
    by = [(one.kind, one.provider, one.calls, one.failed, one.usd) for one in costs.providers]
    say_table(("kind", "provider", "calls#", "failed#", "USD#"), by, empty="")
    say("\n[bold]7. Where it lies[/bold]")
    say(f"To read, as HTML and Markdown: [bold]{plain(done.folder / 'index.html')}[/bold]")
    ours = _command()
    say(f"At the gate: {ours} review list, then {ours} review show NUMBER or approve NUMBER")


def _command() -> str:
    """How this program is called from here."""
    called = Path(sys.argv[0]).absolute()
    if called.name != "nightdesk":
        return "python -m nightdesk"
    if shutil.which("nightdesk") == str(called):
        return "nightdesk"
    return str(called.relative_to(Path.cwd())) if called.is_relative_to(Path.cwd()) else str(called)


def _hands() -> int:
    """A worker for each of two processors: what is written offline is work for the processor."""
    return min(2, os.cpu_count() or 1)


def _bound(house: House, host: str | None, port: int | None) -> socket:
    """The usual address, or any free port where somebody has that one and none was asked for."""
    at = host or house.settings.host
    if port is not None:
        return bind(at, port)
    try:
        return bind(at, house.settings.port)
    except Failure:
        return bind(at, 0)
