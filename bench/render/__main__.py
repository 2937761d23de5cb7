"""Renders 30 s of 1080 x 1920, whole and after one sentence changed, beside others who make the same film.

Six scenes: so many the offline writer gives most of its scripts of 30 s (26 of 48 for the demo's documents;
the others have 4 to 8). Processor time is that of this process and of all its children, in one run: ours is
measured before the others, between them and after them, and the median counts.
"""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure, report, table
from bench.moviepy import one_pass, three_passes
from bench.remotion import as_drawn, as_usual
from bench.render.competing import Competitor, Took, watched
from bench.render.film import FRAMES, RATE, film
from bench.render.rounds import WHOLE, Rounds, Row
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.media.probe import probe
from nightdesk.providers.renderers.contract import Look, RenderRequest

COMPETITORS: tuple[tuple[Competitor, ...], ...] = ((one_pass, three_passes), (as_drawn, as_usual))
"""Those between the first and the second round of ours, and between the second and the third."""


@dataclass(frozen=True)
class Theirs:
    """What a competitor took, `whole` whether it made the whole film; None where it is not installed."""

    other: Competitor
    took: Took | None = None
    whole: bool = False
    note: str = ""

    def compared(self, ours: Took) -> list[Figure]:
        """How many times of ours it took."""
        label, least = f"{self.other.LABEL}, of ours", self.other.LEAST
        if self.took is None:
            return [Figure(label, "not measured: not installed")]
        times = self.took.cpu / ours.cpu
        return [
            Figure.fact(f"{self.other.LABEL}: the whole film", self.whole, self.note),
            Figure.least(label, times, least, "x") if least else Figure(label, f"{times:.1f} x"),
        ]


async def theirs(other: Competitor, wanted: RenderRequest, folder: Path) -> Theirs:
    """Has a competitor make the film, and checks that it is one."""
    folder.mkdir()
    async with watched() as took:
        made = await other.render(wanted, folder)
    if made is None:
        return Theirs(other)
    shown = await probe(Ffmpeg(), made)
    size = (wanted.look.width, wanted.look.height)
    pictures = shown.pictures
    fits = pictures is not None and (pictures.width, pictures.height) == size
    note = f"{shown.seconds:.1f} s, {took.together:.0f} MB at its peak"
    print(f"{other.LABEL}: {took.took.cpu:.1f} s", flush=True)
    whole = fits and abs(shown.seconds - sum(FRAMES) / RATE) < 0.2 and shown.sound is not None
    return Theirs(other, took.took, whole, note)


async def measured(width: int, height: int, *, others: bool, every: int) -> int:
    met = list[Theirs]()
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as made:
        folder = Path(made)
        wanted = film(folder, Look(width, height))
        ours = Rounds(Ffmpeg(), wanted, folder, every)
        await ours.one_more()
        for group in COMPETITORS:
            for other in group if others else ():
                met.append(await theirs(other, wanted, folder / f"other-{len(met)}"))
            await ours.one_more()
    rows: list[Row] = [*ours.rows(), *((one.other.LABEL, one.took, one.note) for one in met if one.took)]
    cells = [
        (name, *(f"{figure:.1f}" for figure in (took.wall, took.own, took.children, took.cpu)), shown)
        for name, took, shown in rows
    ]
    table(
        f"(i) {sum(FRAMES) / RATE:g} s of {width} x {height} at {RATE} frames a second, {len(FRAMES)} "
        "scenes, captions word by word, watermark, music that steps back",
        ("", "seconds", "CPU: own", "children", "together", ""),
        cells,
    )
    figures = [*ours.reached(), *(figure for one in met for figure in one.compared(ours.took(WHOLE)))]
    return report("(i) Rendering", figures)


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
