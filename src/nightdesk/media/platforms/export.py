"""Makes the file that a platform takes, as it was planned."""

from pathlib import Path
from tempfile import TemporaryDirectory

from nightdesk.media.ffmpeg import Ffmpeg, Told, source
from nightdesk.media.platforms.plan import SOUND_BITS, ExportPlan
from nightdesk.media.probe import lend
from nightdesk.media.provenance.marking import carry_marks
from nightdesk.media.sniffing import ENOUGH, sniffed

_FADE = 0.5
"""Seconds over which sound fades before a cut."""

_COLOURS = [
    *("-colorspace", "bt709", "-color_primaries", "bt709"),
    *("-color_trc", "bt709", "-color_range", "tv"),
]


async def export(
    file: Path,
    planned: ExportPlan,
    ffmpeg: Ffmpeg,
    target: Path,
    *,
    seconds: float = 900,
    told: Told | None = None,
) -> Path:
    """The file for the platform: `file` itself where nothing has to change, else `target`, whole or absent.

    Marks of its source go over to the new file; credentials (C2PA) do not, and have to be signed again.
    Raises what `Ffmpeg.make` raises.
    """
    if planned.same:
        return file
    with file.open("rb") as opened:
        kind = sniffed(opened.read(ENOUGH))
    # The folder lies beside the target: what is made takes its name there by renaming.
    with TemporaryDirectory(prefix=".export-", dir=target.parent) as made:
        folder = Path(made)
        lend(file, folder, f"in{kind.ending}")
        half = folder / f"out{target.suffix}"
        arguments = [*source(f"in{kind.ending}", kind.demuxer), *_pictures(planned), *_sound(planned)]
        tail = ["-map_metadata", "0", "-movflags", "+faststart", "-f", "mp4"]
        await ffmpeg.make([*arguments, *_length(planned), *tail], folder, half, seconds=seconds, told=told)
        carry_marks(file, half)
        half.rename(target)
    return target


def _pictures(planned: ExportPlan) -> list[str]:
    if not planned.pictures:
        return ["-map", "0:v:0", "-c:v", "copy"]
    most = ["-maxrate", str(planned.bits), "-bufsize", str(planned.bits // 2)]
    return [
        *("-filter_complex", f"[0:v:0]{_graph(planned)}[v]", "-map", "[v]"),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", *most),
        *("-profile:v", "high", "-pix_fmt", "yuv420p", *_COLOURS),
    ]


def _graph(planned: ExportPlan) -> str:
    width, height = planned.width, planned.height
    filled = f"scale={width}:{height}:force_original_aspect_ratio=increase,crop={width}:{height}"
    whole = f"scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2"
    # The surround is blurred at an eighth of its size, which looks the same and costs a sixtieth.
    small = f"scale={width // 16 * 2}:{height // 16 * 2}:flags=area,gblur=sigma=3"
    graphs = {
        "": "null",
        "scale": f"scale={width}:{height}:flags=lanczos",
        "crop": filled,
        "pad": (
            f"split=2[back][front];[back]{filled},{small},scale={width}:{height},eq=brightness=-0.12[far];"
            f"[front]{whole}[near];[far][near]overlay=(W-w)/2:(H-h)/2"
        ),
    }
    paced = f",fps={planned.rate}" if planned.rate else ""
    return f"{graphs[planned.fit]}{paced},setsar=1"


def _sound(planned: ExportPlan) -> list[str]:
    if not planned.sound:
        return ["-map", "0:a:0?", "-c:a", "copy"]
    faded = f"afade=t=out:st={planned.seconds - _FADE:g}:d={_FADE:g}" if planned.seconds else "anull"
    return [
        *("-map", "0:a:0?", "-af", faded, "-c:a", "aac", "-ac", "2", "-ar", "48000"),
        *("-b:a", str(SOUND_BITS)),
    ]


def _length(planned: ExportPlan) -> list[str]:
    return ["-t", f"{planned.seconds:g}"] if planned.seconds else []
