"""Renders 30 s of 1080 x 1920, whole and after one sentence changed, beside others who make the same film.

Six scenes: so many the offline writer gives most of its scripts of 30 s (26 of 48 for the demo's documents;
the others have 4 to 8). Processor time is that of this process and of all its children, in one run.
"""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from bench.figures import Figure, report, table
from bench.moviepy import one_pass, three_passes
from bench.remotion import as_drawn, as_usual
from bench.render.competing import Competitor, Took, Watched, watched
from bench.render.film import ANEW, FRAMES, RATE, edited, film
from bench.render.floor import encoded_alone, finished, likeness
from nightdesk.kit.clock import SystemClock
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.media.probe import probe
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.renderers.contract import Look, Rendered, RenderRequest
from nightdesk.providers.renderers.ffmpeg import FfmpegRenderer

COMPETITORS: tuple[Competitor, ...] = (one_pass, three_passes, as_drawn, as_usual)
MOST_OF_FLOOR, MOST_AFTER_SENTENCE, MOST_MEMORY = 1.5, 0.25, 600
LIKE_ENOUGH = 90.0
"""VMAF; about what viewers call good on a phone (Netflix' model v0.6.1, 93 and more: as the original)."""

Row = tuple[str, Took, str]


@dataclass
class Found:
    """Rows of the table and figures, as they come."""

    rows: list[Row] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


@dataclass(frozen=True)
class Ours:
    """Our renderer with its parts, in a folder of the bench."""

    ffmpeg: Ffmpeg
    folder: Path

    async def render(self, request: RenderRequest, name: str = "video") -> tuple[Rendered, Watched]:
        renderer = FfmpegRenderer(self.ffmpeg, SystemClock())
        target = self.folder / f"{name}.mp4"
        async with watched() as found:
            done = await renderer.render(request, target, self.folder / "parts", ListMeter())
        return done, found


async def ours(made: Ours, wanted: RenderRequest, found: Found, every: int) -> Took:
    """Renders it whole, again, after each edit; beside encoding alone. What the whole took."""
    done, whole = await made.render(wanted)
    again, least = await made.render(wanted)
    rows: list[Row] = [
        ("ours, whole", whole.took, _parts(done)),
        ("ours, the same again", least.took, _parts(again)),
    ]
    for which, (scene, frames, _) in enumerate(ANEW):
        after, took = await made.render(edited(wanted, which, made.folder), f"edited-{which}")
        label = f"ours, a sentence of scene {scene + 1} ({FRAMES[scene] / RATE:.1f} s) changed"
        rows.append((label, took.took, _parts(after)))
        found.figures.append(_after_sentence(which, took.took.cpu / whole.took.cpu))
        length = sum(FRAMES) - FRAMES[scene] + frames
        found.figures.append(Figure.fact(f"{length} frames then", after.frames == length, str(after.frames)))
    reel = await finished(made.ffmpeg, wanted, made.folder)
    floor = await encoded_alone(made.ffmpeg, reel, made.folder)
    vmaf, ssim = await likeness(made.ffmpeg, done.video, reel.reading, every)
    reel.path.unlink()
    found.rows += [("finished frames encoded alone", floor, ""), *rows]
    for label, took_so_far, _ in found.rows:
        print(f"{label}: {took_so_far.cpu:.1f} s", flush=True)
    found.figures += [
        Figure.fact(f"{sum(FRAMES)} frames", done.frames == sum(FRAMES), str(done.frames)),
        Figure.most("whole render, of encoding alone", whole.took.cpu / floor.cpu, MOST_OF_FLOOR, "x", 2),
        Figure.most("memory, largest process", whole.largest, MOST_MEMORY, "MB", 0),
        Figure.most("memory, all processes together at their peak", whole.together, MOST_MEMORY, "MB", 0),
        Figure.least(f"VMAF of one of {every} frames beside the uncompressed", vmaf, LIKE_ENOUGH, ""),
        Figure("SSIM of the same", f"{ssim:.4f}"),
    ]
    return whole.took


async def theirs(other: Competitor, wanted: RenderRequest, folder: Path, whole: Took, found: Found) -> None:
    """Has a competitor make the film, and checks that it is one."""
    folder.mkdir()
    async with watched() as took:
        made = await other.render(wanted, folder)
    if made is None:
        found.figures.append(Figure(f"{other.LABEL}, of ours", "not measured: not installed"))
        return
    shown = await probe(Ffmpeg(), made)
    size = (wanted.look.width, wanted.look.height)
    pictures = shown.pictures
    fits = pictures is not None and (pictures.width, pictures.height) == size
    seconds = sum(FRAMES) / RATE
    note = f"{shown.seconds:.1f} s, {took.together:.0f} MB at its peak"
    found.rows.append((other.LABEL, took.took, note))
    print(f"{other.LABEL}: {took.took.cpu:.1f} s", flush=True)
    whole_film = fits and abs(shown.seconds - seconds) < 0.2 and shown.sound is not None
    found.figures.append(Figure.fact(f"{other.LABEL}: the whole film", whole_film, note))
    times = took.took.cpu / whole.cpu
    label = f"{other.LABEL}, of ours"
    known = Figure.least(label, times, other.LEAST, "x") if other.LEAST else Figure(label, f"{times:.1f} x")
    found.figures.append(known)


def _after_sentence(which: int, share: float) -> Figure:
    """What an edit of one sentence took of a whole render: to be reached by a scene of mean length."""
    if which:
        return Figure("sentence of the longest scene changed, of whole render", f"{share:.2f} x")
    told = "sentence of a scene of mean length changed, of whole render"
    return Figure.most(told, share, MOST_AFTER_SENTENCE, "x", 2)


def _parts(done: Rendered) -> str:
    return f"{done.made} made, {done.reused} kept"


async def measured(width: int, height: int, *, others: bool, every: int) -> int:
    found = Found()
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as made:
        folder = Path(made)
        wanted = film(folder, Look(width, height))
        whole = await ours(Ours(Ffmpeg(), folder), wanted, found, every)
        for number, other in enumerate(COMPETITORS if others else ()):
            await theirs(other, wanted, folder / f"other-{number}", whole, found)
    rows = [
        (name, *(f"{figure:.1f}" for figure in (took.wall, took.own, took.children, took.cpu)), shown)
        for name, took, shown in found.rows
    ]
    seconds = sum(FRAMES) / RATE
    table(
        f"(i) {seconds:g} s of {width} x {height} at {RATE} frames a second, {len(FRAMES)} scenes, captions "
        "word by word, watermark, music that steps back",
        ("", "seconds", "CPU: own", "children", "together", ""),
        rows,
    )
    return report("(i) Rendering", found.figures)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--width", type=int, default=1080)
    parser.add_argument("--alone", action="store_true", help="without the competitors")
    parser.add_argument("--every", type=int, default=5, help="frames of which one is looked at for VMAF")
    given = parser.parse_args()
    height = given.width * 16 // 9 // 2 * 2
    return asyncio.run(measured(given.width, height, others=not given.alone, every=given.every))


if __name__ == "__main__":
    sys.exit(main())
