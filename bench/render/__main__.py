"""Renders ten seconds of 1080 x 1920, then again with one picture changed: CPU beside encoding alone."""

import argparse
import asyncio
import sys
import tempfile
import time
import wave
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

import numpy as np
from PIL import Image

from bench.figures import Figure, report, table
from nightdesk.kit.clock import SystemClock
from nightdesk.media.captions.words import Word
from nightdesk.media.ffmpeg import Ffmpeg, raw_source
from nightdesk.media.moves import Move
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.renderers.contract import Look, Rendered, RenderRequest, Scene, Watermark
from nightdesk.providers.renderers.ffmpeg import FfmpegRenderer
from nightdesk.providers.renderers.ffmpeg.parts import ENCODER, TAGS

MOVES: tuple[Move, ...] = ("push-in", "pan-left", "pull-out")
SECONDS = (3.4, 3.3, 3.3)
MOST_OF_FLOOR, MOST_AFTER_CHANGE, MOST_MEMORY = 1.5, 0.45, 600
"""After a change a picture of three costs at least its third, and the crossings on both its sides."""

SAID = "The night desk reads every feed and by morning the whole story is ready"


@dataclass(frozen=True)
class Took:
    wall: float
    own: float
    children: float

    @property
    def cpu(self) -> float:
        return self.own + self.children


async def timed(work: Awaitable[object]) -> Took:
    began, own, children = time.monotonic(), _spent(RUSAGE_SELF), _spent(RUSAGE_CHILDREN)
    await work
    return Took(time.monotonic() - began, _spent(RUSAGE_SELF) - own, _spent(RUSAGE_CHILDREN) - children)


def _spent(whose: int) -> float:
    used = getrusage(whose)
    return used.ru_utime + used.ru_stime


def picture(path: Path, seed: int) -> Path:
    """A picture with detail of every size, as photographs have, from noise of a few sizes laid together."""
    dice = np.random.default_rng(seed)
    whole = np.zeros((1600, 1200, 3), np.float32)
    for step, strength in ((4, 40), (8, 40), (16, 60), (32, 60), (64, 60), (256, 60), (512, 120)):
        small = dice.integers(0, 255, (1600 // step + 1, 1200 // step + 1, 3), np.uint8)
        grown = Image.fromarray(small).resize((1200, 1600), Image.Resampling.BICUBIC)
        whole += (np.asarray(grown, np.float32) - 127) * strength / 255
    Image.fromarray(np.clip(whole + 127, 0, 255).astype(np.uint8)).save(path, quality=92)
    return path


def voice(path: Path, seconds: float) -> Path:
    at = np.arange(int(seconds * 22050)) / 22050
    sound = np.sin(2 * np.pi * 220 * at) * (np.sin(2 * np.pi * 3 * at) > 0) * 9000
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 22050, 0, "NONE", ""))
        out.writeframes(sound.astype("<i2").tobytes())
    return path


def request(folder: Path, look: Look) -> RenderRequest:
    each = 3.0 / len(SAID.split())
    words = tuple(Word(word, n * each, n * each + each * 0.9) for n, word in enumerate(SAID.split()))
    scenes = tuple(
        Scene(picture(folder / f"{n}.jpg", n), seconds, move, n, words)
        for n, (seconds, move) in enumerate(zip(SECONDS, MOVES, strict=True))
    )
    logo = folder / "logo.png"
    Image.new("RGBA", (300, 120), (255, 255, 255, 200)).save(logo)
    sound = voice(folder / "voice.wav", sum(SECONDS)), voice(folder / "music.wav", 4)
    return RenderRequest(scenes, *sound, Watermark(logo), look)


async def encoded_alone(ffmpeg: Ffmpeg, done: Rendered, look: Look, folder: Path) -> Took:
    """The floor: the finished frames, laid on the disk before, through the same encoder."""
    raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-y", "./frames.yuv"]
    await ffmpeg.ask(["-i", f"./{done.video.name}", "-an", *raw], folder, seconds=120)
    reading = [*raw_source(look.width, look.height, 30)[:-1], "./frames.yuv"]
    out = folder / "floor.mp4"
    took = await timed(
        ffmpeg.make([*reading, "-vf", TAGS, *ENCODER], folder, out, seconds=300, frames=done.frames)
    )
    (folder / "frames.yuv").unlink()
    return took


async def measured(width: int, height: int) -> int:
    ffmpeg = Ffmpeg()
    renderer = FfmpegRenderer(ffmpeg, SystemClock())
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as made:
        folder = Path(made)
        wanted = request(folder, Look(width, height))
        films: list[Rendered] = []

        async def film(of: RenderRequest) -> None:
            films.append(await renderer.render(of, folder / "video.mp4", folder / "parts", ListMeter()))

        whole = await timed(film(wanted))
        again = await timed(film(wanted))
        changed = replace(wanted.scenes[0], footage=picture(folder / "new.jpg", 9))
        one = await timed(film(replace(wanted, scenes=(changed, *wanted.scenes[1:]))))
        memory = max(getrusage(RUSAGE_SELF).ru_maxrss, getrusage(RUSAGE_CHILDREN).ru_maxrss) >> 10
        floor = await encoded_alone(ffmpeg, films[0], wanted.look, folder)
    rows = [
        (name, *(f"{figure:.1f}" for figure in (took.wall, took.own, took.children, took.cpu)), shown)
        for name, took, shown in (
            ("finished frames encoded alone", floor, ""),
            ("whole render", whole, f"{films[0].made} made, {films[0].reused} kept"),
            ("the same again", again, f"{films[1].made} made, {films[1].reused} kept"),
            ("one picture of three changed", one, f"{films[2].made} made, {films[2].reused} kept"),
        )
    ]
    table(
        f"(i) 10 s of {width} x {height} at 30 frames a second, 3 pictures, captions, watermark, music",
        ("", "seconds", "CPU: own", "ffmpeg", "together", "parts"),
        rows,
    )
    figures = [
        Figure.fact("300 frames", films[0].frames == 300, str(films[0].frames)),
        Figure.most("whole render, of encoding alone", whole.cpu / floor.cpu, MOST_OF_FLOOR, "x", 2),
        Figure.most("one picture changed, of whole render", one.cpu / whole.cpu, MOST_AFTER_CHANGE, "x", 2),
        Figure.most("largest process", memory, MOST_MEMORY, "MB", 0),
    ]
    return report("(i) Rendering", figures)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--width", type=int, default=1080)
    given = parser.parse_args()
    return asyncio.run(measured(given.width, given.width * 16 // 9 // 2 * 2))


if __name__ == "__main__":
    sys.exit(main())
