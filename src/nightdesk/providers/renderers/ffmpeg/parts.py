"""Renders one part of a video, unless a file of that name shows that it was rendered before."""

import asyncio
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nightdesk.kit.points import reach
from nightdesk.media.captions.burned import Part as CaptionPart
from nightdesk.media.captions.burned import ass
from nightdesk.media.captions.lettering import Font, Lettering
from nightdesk.media.captions.sheet import Sheet
from nightdesk.media.crossing import cross
from nightdesk.media.ffmpeg import Ffmpeg, Told, raw_source
from nightdesk.media.planes import Frame, Stamp
from nightdesk.providers.renderers.contract import Scene
from nightdesk.providers.renderers.ffmpeg.footage import Footage
from nightdesk.providers.renderers.timeline import CROSSING, RATE, Part

VERSION = 4
"""Raised whenever the same input gives other pictures, so that no part of before is taken."""

TAGS = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
_X264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-profile:v", "high", "-pix_fmt", "yuv420p")
# Parts made apart share one head when they are joined.
_ALIKE = ("-x264-params", "stitchable=1:keyint=120:scenecut=40", "-video_track_timescale", "15360")
MAKING = ".making-"


def encoder(threads: int = 1) -> tuple[str, ...]:
    """ffmpeg's arguments that encode frames, so that files made apart can be joined.

    With more threads than one x264 is done sooner, but takes more of the processor and of memory, and its
    bytes are others from one time to the next (ADR 34).
    """
    return (*_X264, *_ALIKE, "-threads", str(threads), "-bitexact", "-an")


ENCODER = encoder()


@dataclass(frozen=True)
class Drawn:
    """All that the frames of a video's parts are made from."""

    scenes: tuple[Scene, ...]
    footage: Footage
    sheets: tuple[Sheet, ...]
    lettering: Lettering
    stamp: Stamp | None
    stamped: str
    build: str
    encoder: tuple[str, ...] = ENCODER

    def captions(self, part: Part) -> tuple[str, list[Font]]:
        if not self.sheets:
            return "", []
        shown = [CaptionPart(self.sheets[shot.scene], shot.first / RATE) for shot in part.shots]
        return ass(shown, part.frames / RATE, self.lettering)

    def marked(self, part: Part) -> list[bool]:
        """Of each shot whether the watermark lies over it."""
        return [self.stamp is not None and not self.scenes[shot.scene].bare for shot in part.shots]

    def name(self, part: Part) -> str:
        """Its file's name, the SHA-256 of everything that the part is made from."""
        shots = [
            {
                **asdict(shot),
                "scene": self.footage.names[shot.scene],
                "move": self.scenes[shot.scene].move,
                "seed": self.scenes[shot.scene].seed,
                **({"bare": True} if self.scenes[shot.scene].bare else {}),
            }
            for shot in part.shots
        ]
        captions, fonts = self.captions(part)
        lettered = [captions, *((font.name, font.path.stat().st_size) for font in fonts)]
        stamped = self.stamped if any(self.marked(part)) else ""
        told = [self.build, self.footage.size, RATE, self.encoder, shots, lettered, stamped]
        return f"{named(told)}.mp4"


def named(told: list[Any]) -> str:
    """The SHA-256 of what something is made from."""
    return hashlib.sha256(json.dumps([VERSION, *told], sort_keys=True).encode()).hexdigest()


def kept(folder: Path, name: str) -> Path | None:
    """The finished file of that name, marked as used just now; None where there is none."""
    path = folder / name
    try:
        os.utime(path)
    except FileNotFoundError:
        return None
    return path


async def render(
    ffmpeg: Ffmpeg, drawn: Drawn, part: Part, target: Path, *, seconds: float, told: Told | None
) -> None:
    """Renders a part to `target`. Raises as `Ffmpeg.make`."""
    with tempfile.TemporaryDirectory(prefix=MAKING, dir=target.parent, ignore_cleanup_errors=True) as made:
        folder = Path(made)
        captions, fonts = drawn.captions(part)
        look = [TAGS]
        if captions:
            await asyncio.to_thread(_write_captions, folder, captions, fonts)
            look.append("ass=./captions.ass:fontsdir=./fonts")
        async with AsyncExitStack() as open_shots:
            shots = [
                await open_shots.enter_async_context(drawn.footage.shot(ffmpeg, shot, folder, seconds))
                for shot in part.shots
            ]
            await ffmpeg.make(
                [*raw_source(*drawn.footage.size, RATE), "-vf", ",".join(look), *drawn.encoder],
                folder,
                target,
                seconds=seconds,
                frames=part.frames,
                fed=_frames(shots, drawn, drawn.marked(part)),
                told=told,
                environment={"FONTCONFIG_FILE": str(folder / "fonts.conf")},
            )
    reach("renderer.part.rendered")


def _write_captions(folder: Path, captions: str, fonts: Iterable[Font]) -> None:
    """The captions and their fonts; fontconfig is told of no others, so that no machine adds its own."""
    (folder / "captions.ass").write_text(captions, encoding="utf-8")
    (folder / "fonts.conf").write_text("<fontconfig><dir>fonts</dir><cachedir>cache</cachedir></fontconfig>")
    (folder / "fonts").mkdir()
    for number, font in enumerate(fonts):
        shutil.copyfile(font.path, folder / "fonts" / f"{number}{font.path.suffix}")


def _frames(shots: list[Iterator[Frame]], drawn: Drawn, marked: list[bool]) -> Iterator[Any]:
    """`marked`: of each shot whether the watermark lies over it, with which it fades."""
    stamp = drawn.stamp
    if stamp is not None and any(marked) and not all(marked):
        shots = [_marked(shot, stamp) if mark else shot for shot, mark in zip(shots, marked, strict=True)]
    frames = shots[0] if len(shots) == 1 else _crossed(shots[0], shots[1], drawn.footage.size)
    for frame in _marked(frames, stamp) if stamp is not None and all(marked) else frames:
        yield frame.data


def _marked(frames: Iterator[Frame], stamp: Stamp) -> Iterator[Frame]:
    for frame in frames:
        stamp.onto(frame)
        yield frame


def _crossed(leaving: Iterator[Frame], coming: Iterator[Frame], size: tuple[int, int]) -> Iterator[Frame]:
    mixed = Frame(*size)
    for number, (old, new) in enumerate(zip(leaving, coming, strict=True), start=1):
        cross(old, new, number / (CROSSING + 1), mixed)
        yield mixed
