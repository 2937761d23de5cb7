"""Looks at footage before it is taken: whole, moving, and as long as it says."""

import asyncio
import tempfile
from pathlib import Path

from nightdesk.kit.endings import Refused
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.media.probe import MEMORY, PATIENCE, Media, probe
from nightdesk.media.sniffing import ENOUGH, MP4, WEBM, sniffed

LARGEST = 256 << 20
"""Bytes of a clip."""

SHORTEST = 0.2
"""Seconds."""


async def looked_at(content: bytes, ffmpeg: Ffmpeg, seconds: float = PATIENCE) -> Media:
    """What the footage holds, every frame of it decoded.

    Raises `Refused` ("bad media: …") for what is no MP4 or WebM video, is damaged, too large or too short,
    `Later` where that is not known after so many seconds.
    """
    if len(content) > LARGEST:
        raise Refused(f"bad media: a clip of more than {LARGEST >> 20} MB is not taken")
    kind = sniffed(content[:ENOUGH])
    if kind not in (MP4, WEBM):
        raise Refused(f"bad media: {kind.mime} is no video")
    with tempfile.TemporaryDirectory(prefix="nightdesk-clip-") as made:
        path = Path(made, f"clip{kind.ending}")
        await asyncio.to_thread(path.write_bytes, content)
        media = await probe(ffmpeg.within(MEMORY), path, seconds=seconds)
    if media.pictures is None:
        raise Refused("bad media: the file has sound but no pictures")
    if media.seconds < SHORTEST:
        raise Refused("bad media: the clip does not last long enough to be seen")
    return media
