"""How like what it drew a film of Remotion is, by how its frames come to the encoder: `… .likeness`."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from bench.figures import table
from bench.remotion.as_usual import USUAL
from bench.remotion.running import made
from bench.render.competing import watched
from bench.render.film import film
from bench.render.floor import likeness
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.providers.renderers.contract import Look, RenderRequest

DRAWN = ("--image-format=png", "--crf=1", "--x264-preset=ultrafast")
WAYS = (
    ("JPEGs of quality 80, Remotion's usual", USUAL),
    ("JPEGs of quality 100, as the desk has it", ()),
    ("PNGs", ("--image-format=png",)),
)
FIRST, EVERY = 100, 5


async def measured(width: int, frames: int) -> int:
    """Prints a row for each way; 1 where Remotion is not installed."""
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as folder:
        wanted = film(Path(folder), Look(width, width * 16 // 9 // 2 * 2))
        part = f"--frames={FIRST}-{FIRST + frames - 1}"
        drawn, _ = await _filmed(wanted, Path(folder, "drawn"), (part, *DRAWN))
        if drawn is None:
            print("Remotion is not installed: `npm install` in bench/remotion/project.")
            return 1
        rows = []
        for number, (label, options) in enumerate(WAYS):
            shown, spent = await _filmed(wanted, Path(folder, str(number)), (part, *options))
            assert shown is not None
            vmaf, ssim = await likeness(Ffmpeg(), shown, ["-i", str(drawn)], EVERY)
            size = shown.stat().st_size / 1e6
            rows.append((label, f"{spent:.1f}", f"{size:.2f}", f"{vmaf:.1f}", f"{ssim:.4f}"))
    head = ("frames reach the encoder as", "CPU seconds", "MB", "VMAF", "SSIM")
    table(f"{frames} frames of {width} pixels across by Remotion, beside what it drew", head, rows)
    return 0


async def _filmed(wanted: RenderRequest, folder: Path, options: tuple[str, ...]) -> tuple[Path | None, float]:
    folder.mkdir()
    async with watched() as found:
        shown = await made(wanted, folder, options)
    return shown, found.took.cpu


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--width", type=int, default=1080)
    parser.add_argument("--frames", type=int, default=150)
    given = parser.parse_args()
    return asyncio.run(measured(given.width, given.frames))


if __name__ == "__main__":
    sys.exit(main())
