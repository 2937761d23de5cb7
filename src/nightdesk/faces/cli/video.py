"""`nightdesk video`: make a video of a topic and see it through, list, decide, take one home."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from nightdesk.desk import Desk
from nightdesk.desk.inputs import LARGEST
from nightdesk.desk.paging import MOST, Paging
from nightdesk.desk.people import Operator
from nightdesk.desk.videos import MOST_VARIANTS, Opened, Shown, VideoFilter, VideoWish
from nightdesk.desk.videos.shelf import Shelf
from nightdesk.desk.videos.wishes import KINDS
from nightdesk.faces.cli import deciding
from nightdesk.faces.cli.both_forms import say_twins
from nightdesk.faces.cli.doors import House
from nightdesk.faces.cli.failure import USED_WRONGLY, Failure
from nightdesk.faces.cli.keywords import OfSite, read_file
from nightdesk.faces.cli.opening import ask, within
from nightdesk.faces.cli.printing import AsJson, plain, say, say_json, say_table
from nightdesk.faces.cli.seeing_through import see_through
from nightdesk.faces.cli.video_decide import decide
from nightdesk.kit.text import slug

app = typer.Typer(help="Make, list, approve and export videos.", no_args_is_help=True, add_completion=False)

LONGEST_SCRIPT = 2**20
"""Bytes of a file with a script."""

Out = Annotated[Path | None, typer.Option("--out", metavar="FILE.mp4", help="Where the video goes.")]
Number = Annotated[int, typer.Argument(min=1, max=LARGEST, help="Of the video, as `video list` tells it.")]


@app.command("as-article")
def as_article(ctx: typer.Context, number: Number, json: AsJson = False) -> None:
    """Plan an article on what a video is about; asking again changes nothing."""
    made = ask(ctx, lambda desk, workspace: desk.videos.twinning.as_article(Operator(workspace), number))
    say_twins(made, f"task {made.task_id}, {made.article_status}", as_json=json)


@app.command()
def make(
    ctx: typer.Context,
    site: OfSite,
    topic: Annotated[str, typer.Argument(help="What it is about; the site's best topic unless told.")] = "",
    seconds: Annotated[int | None, typer.Option(help="How long it is to be, 10 to 900.")] = None,
    shape: Annotated[str, typer.Option(help="9:16, 1:1 or 16:9; the site's unless told.")] = "",
    kind: Annotated[str, typer.Option(help=f"How it is told: {', '.join(KINDS)}.")] = "explainer",
    voice: Annotated[str, typer.Option(help="One of `nightdesk voices`.")] = "",
    captions: Annotated[
        str, typer.Option(help="clean, box, pop, sweep, plain or none; else as the site has it.")
    ] = "",
    script: Annotated[
        Path | None, typer.Option("--script", metavar="FILE", help="A script of your own; - for input.")
    ] = None,
    clips: Annotated[
        str,
        typer.Option(metavar="NAME", help="Who films it: motion, pexels, comfyui:WORKFLOW, …"),
    ] = "",
    count: Annotated[int, typer.Option(min=1, max=MOST_VARIANTS, help="Variants of it.")] = 1,
    out: Out = None,
    json: AsJson = False,
) -> None:
    """Make a video and follow it to the review gate; works here where no worker is alive."""
    spoken = read_file(script, LONGEST_SCRIPT)[1].decode("utf-8", "replace") if script else ""
    _check_folder(out)
    wish = VideoWish(
        topic=topic,
        custom_script=spoken,
        kind=kind,
        shape=shape,
        seconds=seconds,
        voice=voice,
        captions=captions,
        count=count,
        model=clips,
    )

    async def made(house: House, workspace: int) -> list[tuple[Shown, Path | None]]:
        found = await house.desk.sites.get(workspace, site)
        ordered = await house.desk.videos.ordering.order(workspace, found.id, wish, "cli")
        if ordered.waits:
            raise Failure(f"The video is kept and waits: {ordered.waits}")
        shown = await see_through(house, workspace, [one.id for one in ordered.videos], quiet=json)
        return [(one, await _saved(house.desk, workspace, one, out, len(shown))) for one in shown]

    videos = within(ctx, made)
    if json:
        say_json([_facts(one, file) for one, file in videos])
    for one, file in [] if json else videos:
        _say(one, file)
    failed = [one for one, _ in videos if one.standing.status == "failed"]
    if failed:
        raise Failure(f"{failed[0].standing.error} Try it again: nightdesk video retry {failed[0].video.id}")


@app.command("list")
def list_(
    ctx: typer.Context,
    site: Annotated[str | None, typer.Option("--site", metavar="SITE", help="Those of one site.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many.")] = 20,
    json: AsJson = False,
) -> None:
    """List videos, the newest first, with how far they are."""

    async def look(desk: Desk, workspace: int) -> Sequence[Shown]:
        number = (await desk.sites.get(workspace, site)).id if site else None
        asked = VideoFilter(site_id=number)
        return (await desk.videos.shelf.listed(workspace, asked, Paging(Shelf.orders["newest"], limit))).items

    videos = ask(ctx, look)
    if json:
        say_json([_facts(one, None) for one in videos])
        return
    say_table(
        ("number#", "video", "state", "done#", "seconds#", "asked for"),
        [
            (
                str(one.video.id),
                one.video.title or one.video.topic,
                one.standing.status.replace("_", " "),
                f"{one.standing.progress} %",
                round(one.video.seconds) if one.video.seconds else None,
                one.video.created_at,
            )
            for one in videos
        ],
        empty="No video. Make one: nightdesk video make TOPIC --site SITE",
    )


@app.command()
def retry(ctx: typer.Context, number: Number, json: AsJson = False) -> None:
    """Have a failed or cancelled video go on from where it stood, and follow it."""

    async def again(house: House, workspace: int) -> Shown:
        done = await house.desk.videos.steering.retry(workspace, number)
        if done.waits:
            raise Failure(f"The video waits: {done.waits}")
        return (await see_through(house, workspace, [number], quiet=json))[0]

    shown = within(ctx, again)
    if json:
        say_json(_facts(shown, None))
    else:
        _say(shown, None)


@app.command()
def export(
    ctx: typer.Context,
    number: Number,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.mp4", help="Where the video goes.")],
    platform: Annotated[str, typer.Option(help="Make it fit what a platform takes.")] = "",
    json: AsJson = False,
) -> None:
    """Take a video home as a file, as it is or made to fit a platform."""
    _check_folder(out)

    async def taken(desk: Desk, workspace: int) -> tuple[Opened, Sequence[str]]:
        if not platform:
            opened, changes = await desk.videos.files.find(workspace, number, "video"), list[str]()
        else:
            made = await desk.videos.exports.optimize(workspace, number, platform)
            opened, changes = made.file, [*made.plan.changes, *(one.message for one in made.plan.left)]
        await _write(desk, workspace, opened, out)
        return opened, changes

    opened, changes = ask(ctx, taken)
    if json:
        say_json({"file": str(out), "size": opened.size, "sha256": opened.sha256, "changes": changes})
        return
    for change in changes:
        say(plain(change))
    say(f"[green]{opened.size / 1e6:.1f} MB[/green]: {plain(out)}")


async def _saved(desk: Desk, workspace: int, shown: Shown, out: Path | None, count: int) -> Path | None:
    """Writes the video beside where the command was given, or where it was told to; None where it failed."""
    video = shown.video
    if video.file is None or shown.standing.status == "failed":
        return None
    place = out or Path(f"{slug(video.title or video.topic) or 'video'}-{video.id}.mp4")
    if out is not None and count > 1:
        place = out.with_stem(f"{out.stem}-{video.variant}")
    await _write(desk, workspace, await desk.videos.files.find(workspace, video.id, "video"), place)
    return place


async def _write(desk: Desk, workspace: int, opened: Opened, out: Path) -> None:
    content = await desk.videos.files.content(workspace, opened)
    try:
        await asyncio.to_thread(out.write_bytes, content)
    except OSError as error:
        raise Failure(f"{out} cannot be written: {error.strerror or error}.", USED_WRONGLY) from error


deciding.add_to(app, "videos", decide)


def _check_folder(out: Path | None) -> None:
    if out is not None and not out.parent.is_dir():
        raise Failure(f"{out} cannot be written: there is no folder {out.parent}.", USED_WRONGLY)


def _facts(shown: Shown, file: Path | None) -> dict[str, Any]:
    video, standing = shown.video, shown.standing
    names = ("id", "title", "topic", "kind", "shape", "seconds", "variant", "created_at")
    told = {name: getattr(standing, name) for name in ("status", "progress", "stage", "error")}
    made = {"clips": video.model, "notes": list(video.notes), "file": str(file) if file else None}
    return {name: getattr(video, name) for name in names} | told | made


def _say(shown: Shown, file: Path | None) -> None:
    video, standing = shown.video, shown.standing
    title = plain(video.title or video.topic)
    if standing.status == "failed":
        say(f"[red]Failed[/red]: {title}: {plain(standing.error or '')}")
        return
    lasting = f", {video.seconds:.0f} s" if video.seconds else ""
    say(f"[green]{standing.status.replace('_', ' ').capitalize()}[/green]: {title}{lasting}")
    for note in video.notes:
        say(plain(str(note)))
    if file is not None:
        say(f"It lies at {plain(file)} and waits at the gate: nightdesk video approve {video.id}")
