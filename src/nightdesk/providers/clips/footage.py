"""Looks at footage before it is taken: whole, moving, and as long as it says."""

import asyncio
import tempfile
from pathlib import Path

from nightdesk.kit.endings import Refused
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.media.probe import Media, probe
from nightdesk.media.sniffing import ENOUGH, MP4, WEBM, sniffed

LARGEST = 256 << 20
"""Bytes of a clip."""

SHORTEST = 0.2
"""Seconds."""

MEMORY = 1 << 30
"""Bytes of address space that ffmpeg has to look at a stranger's clip; it touches 400 MB at most, and 200 of
them for 3,840 x 2,160 pixels of 10 bits. A clip of 50 kB can ask for a gigabyte."""

PATIENCE = 18.0
"""Seconds: half a minute of 1,920 x 1,080 pixels is decoded in three."""


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
