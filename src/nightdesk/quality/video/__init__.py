"""Checks on a finished video, one a file, fed by a single decoding of it."""

from pathlib import Path

from nightdesk.media.captions.lettering import Lettering
from nightdesk.media.ffmpeg import Ffmpeg, Told
from nightdesk.quality.video import (
    black,
    captions,
    clipping,
    decoding,
    duration,
    frozen,
    loudness,
    repetition,
    shape,
    silence,
)
from nightdesk.quality.video.readings import read, within
from nightdesk.quality.video.report import Check, Report
from nightdesk.quality.video.wanted import Wanted

__all__ = ["Check", "Report", "Wanted", "check_video"]


async def check_video(
    file: Path,
    wanted: Wanted,
    ffmpeg: Ffmpeg,
    lettering: Lettering,
    *,
    seconds: float = 300,
    told: Told | None = None,
) -> Report:
    """All verdicts on `file`, held against what was `wanted`; a file that is damaged gets that one alone.

    `lettering`: the fonts of its captions. `told` hears how much of the file was decoded. Raises `Refused`
    ("bad media: …") for what is no media file, and `Later` (`TookTooLong` after so many seconds, too little
    memory) where nothing is known of it.
    """
    seen = await read(ffmpeg, file, seconds=seconds, told=told)
    whole = decoding.check(seen)
    if seen.damage:
        return Report((whole,))
    if wanted.own is not None:
        seen = within(seen, wanted.own)
    verdicts = (
        whole,
        duration.check(seen, wanted),
        shape.check(seen, wanted),
        black.check(seen),
        frozen.check(seen),
        silence.check(seen, wanted),
        clipping.check(seen),
        loudness.check(seen),
        captions.check(wanted.captions, lettering),
        repetition.check(seen.signature, wanted.past),
    )
    return Report(verdicts, seen.signature)
