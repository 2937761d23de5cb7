"""The frames of the film before they are encoded: what encoding them alone takes, and how near ours stay."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.render.competing import Took, watched
from bench.render.film import RATE
from nightdesk.kit.clock import SystemClock
from nightdesk.media.ffmpeg import Ffmpeg, raw_source
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.renderers.contract import RenderRequest
from nightdesk.providers.renderers.ffmpeg import FfmpegRenderer
from nightdesk.providers.renderers.ffmpeg.parts import ENCODER, TAGS

LOSSLESS = (
    *("-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", "-pix_fmt", "yuv420p"),
    *("-x264-params", "stitchable=1:keyint=120", "-video_track_timescale", "15360", "-bitexact", "-an"),
)
_SECONDS = 1200.0


@dataclass(frozen=True)
class Finished:
    """Frames in a file, YUV 4:2:0 in 8 bits, as they come from the camera, captions and mark on them."""

    path: Path
    width: int
    height: int
    frames: int

    @property
    def reading(self) -> list[str]:
        return [*raw_source(self.width, self.height, RATE)[:-1], str(self.path)]


async def finished(ffmpeg: Ffmpeg, request: RenderRequest, folder: Path) -> Finished:
    """The film's frames: rendered without loss, then unpacked."""
    renderer = FfmpegRenderer(ffmpeg, SystemClock(), encoder=LOSSLESS)
    done = await renderer.render(request, folder / "lossless.mp4", folder / "lossless", ListMeter())
    raw = ["-an", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-y", "./frames.yuv"]
    await ffmpeg.ask(["-i", "./lossless.mp4", *raw], folder, seconds=_SECONDS)
    return Finished(folder / "frames.yuv", request.look.width, request.look.height, done.frames)


async def encoded_alone(ffmpeg: Ffmpeg, frames: Finished, folder: Path) -> Took:
    """What the same encoder takes for them, in one run, without sound; none of them comes from disk."""
    await asyncio.to_thread(_read_through, frames.path)
    out = folder / "floor.mp4"
    arguments = [*frames.reading, "-vf", TAGS, *ENCODER]
    async with watched() as found:
        await ffmpeg.make(arguments, folder, out, seconds=_SECONDS, frames=frames.frames)
    return found.took


def _read_through(path: Path) -> None:
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 24):
            pass


async def likeness(ffmpeg: Ffmpeg, film: Path, drawn: Sequence[str], every: int) -> tuple[float, float]:
    """VMAF (0 to 100) and SSIM (0 to 1) of a film beside what was drawn, means over one of `every` frames.

    `drawn`: arguments that read it, from the film's folder.
    """
    graph = f"[0:v]{TAGS}[a];[1:v]{TAGS}[b];[a][b]libvmaf=log_fmt=json:log_path=./vmaf.json:n_threads=2"
    graph += f":n_subsample={every}:feature=name=float_ssim"
    asked = ["-i", f"./{film.name}", *drawn, "-filter_complex", graph, "-f", "null", "-"]
    said = await ffmpeg.ask(asked, film.parent, seconds=_SECONDS)
    if not said.well:
        raise RuntimeError(said.stderr.decode("utf-8", "replace")[-1000:])
    told = json.loads((film.parent / "vmaf.json").read_text())["pooled_metrics"]
    return told["vmaf"]["mean"], told["float_ssim"]["mean"]
