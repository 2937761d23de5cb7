"""Sees videos through to the gate: shows how far they are, and works here where nobody else would."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

from nightdesk.desk.videos import Shown
from nightdesk.faces.cli.doors import House
from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.printing import aside, plain
from nightdesk.faces.cli.running import while_worked_on

EVERY = 0.3
"""Seconds between two looks."""

AGAIN = 10
"""Looks after which a run is asked for again, where the one that was active passed the videos by."""

OVER = ("ready_for_review", "approved", "publishing", "published", "failed", "cancelled")


class Shows(Protocol):
    """Where the progress is shown."""

    def show(self, videos: Sequence[Shown], /) -> None: ...


async def see_through(
    house: House, workspace: int, numbers: Sequence[int], *, quiet: bool = False
) -> list[Shown]:
    """Follows the videos until each is at the gate, failed or cancelled; or until told to stop.

    Raises `Failure` where a person has to do something for them to go on.
    """
    await while_worked_on(house, _show(house, workspace, numbers, quiet=quiet), quiet=quiet)
    shown = await _look(house, workspace, numbers)
    waiting = [one for one in shown if one.standing.status not in OVER]
    if waiting and waiting[0].standing.note:
        raise Failure(waiting[0].standing.note)
    return shown


async def _show(house: House, workspace: int, numbers: Sequence[int], *, quiet: bool) -> None:
    console = aside()
    if quiet or not console.is_terminal:
        await _follow(house, workspace, numbers, Silent() if quiet else Lines(console))
        return
    columns = (TextColumn("{task.description}"), BarColumn(24), TaskProgressColumn())
    with Progress(*columns, console=console) as progress:
        await _follow(house, workspace, numbers, Bars(progress))


async def _follow(house: House, workspace: int, numbers: Sequence[int], screen: Shows) -> None:
    looks = 0
    while True:
        shown = await _look(house, workspace, numbers)
        screen.show(shown)
        open_ones = [one for one in shown if one.standing.status not in OVER]
        if not open_ones or all(one.standing.note for one in open_ones):
            return
        looks += 1
        if looks % AGAIN == 0:
            await house.desk.videos.starting.start(workspace, open_ones[0].video.site_id)
        await asyncio.sleep(EVERY)


async def _look(house: House, workspace: int, numbers: Sequence[int]) -> list[Shown]:
    return [await house.desk.videos.shelf.show(workspace, number) for number in numbers]


@dataclass
class Bars:
    """Bars that move, one a video."""

    progress: Progress
    tasks: dict[int, TaskID] = field(default_factory=dict)

    def show(self, videos: Sequence[Shown], /) -> None:
        for one in videos:
            number = one.video.id
            if number not in self.tasks:
                self.tasks[number] = self.progress.add_task("", total=100)
            told = f"{number} {one.standing.status.replace('_', ' ')}"
            self.progress.update(self.tasks[number], description=told, completed=one.standing.progress)


@dataclass
class Lines:
    """One line for each step of a video as it begins, for logs and pipes."""

    console: Console
    said: dict[int, str] = field(default_factory=dict)

    def show(self, videos: Sequence[Shown], /) -> None:
        for one in videos:
            number, standing = one.video.id, one.standing
            if self.said.get(number) != standing.status:
                self.said[number] = standing.status
                title = plain(one.video.title or one.video.topic)
                told = standing.status.replace("_", " ")
                self.console.print(f"{number}  {standing.progress:3} %  {told}  [dim]{title}[/dim]")


@dataclass
class Silent:
    """Shows nothing, where a script asked for JSON alone."""

    def show(self, _: Sequence[Shown], /) -> None:
        return
