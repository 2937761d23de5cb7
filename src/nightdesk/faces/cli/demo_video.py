"""The demo's video: the best of a few topics, run down the video line to the review gate."""

import asyncio
from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from nightdesk.desk import Desk
from nightdesk.desk.paging import Paging
from nightdesk.desk.rows import Run, Site
from nightdesk.desk.videos.files import Which
from nightdesk.desk.videos.shelf import Shown, VideoFilter
from nightdesk.faces.cli.doors import House
from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.printing import plain, say
from nightdesk.faces.cli.running import how_it_ended, show

FILES: Sequence[tuple[Which, str]] = (
    ("video", "mp4"),
    ("srt", "srt"),
    ("vtt", "vtt"),
    ("thumbnail", "jpg"),
)


async def film(house: House, workspace: int, site: Site, topics: Traversable) -> Run:
    """Adds the topics and runs the line. Raises `Failure` unless it comes to its end."""
    titles = topics.read_text("utf-8").split("\n")
    added = await house.desk.topics.add_many(workspace, site.id, [title for title in titles if title])
    say(f"{added.new_topics} topics; the best of them becomes a video.")
    run = await house.desk.runs.run_now(workspace, site.id, "video", {})
    run = await show(house, workspace, run)
    if run.status != "completed":
        raise Failure(how_it_ended(run))
    return run


async def hand_over(desk: Desk, workspace: int, site: Site, folder: Path) -> None:
    """Puts the site's newest video with what belongs to it into the folder, and says where."""
    shelf = desk.videos.shelf
    page = await shelf.listed(workspace, VideoFilter(site_id=site.id), Paging(shelf.orders["newest"], 1))
    if not page.items:
        raise Failure("No video stands at the review gate.")
    shown = await shelf.show(workspace, page.items[0].video.id)
    place = folder / "videos"
    await asyncio.to_thread(place.mkdir, parents=True, exist_ok=True)
    for which, ending in FILES:
        opened = await desk.videos.files.find(workspace, shown.video.id, which)
        content = await desk.videos.files.content(workspace, opened)
        await asyncio.to_thread((place / f"{shown.video.id}.{ending}").write_bytes, content)
    say(_told(shown))
    say(f"To see: [bold]{plain(place / f'{shown.video.id}.mp4')}[/bold]")


def _told(shown: Shown) -> str:
    video = shown.video
    checks = video.checks.get("video", {}).get("checks", [])
    well = sum(check["status"] == "ok" for check in checks)
    size = f"{video.width}×{video.height}"
    return (
        f"“{plain(video.title)}”: {video.seconds:.0f} s, {size}, {len(shown.scenes)} scenes; "
        f"{well} of {len(checks)} checks find it well."
    )
