"""Takes in a clip, picture or piece of music that a person gives for videos: probed whole, encoded anew."""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightdesk.kit.endings import Refused
from nightdesk.lines.video.given import CROSSES, RATE
from nightdesk.media.ffmpeg import Ffmpeg, source
from nightdesk.media.probe import MEMORY, PATIENCE, Media, probe
from nightdesk.media.sniffing import ENOUGH, M4A, MP4, sniffed
from nightdesk.media.soundtrack import LOUDNESS, loudness, mastered
from nightdesk.media.soundtrack import RATE as SAMPLES
from nightdesk.providers.images.contract import Picture
from nightdesk.providers.images.decoding import decoded

MOST_BYTES = 20 * 2**20
SHORTEST, LONGEST = 1.0, 5.0
"""Seconds of an intro or outro."""

OF_A_PICTURE = 3.0
LONGEST_CLIP = 120.0
"""Seconds of a clip that a scene shows."""

SHORTEST_MUSIC, LONGEST_MUSIC = 5.0, 600.0
_LIMIT = 120.0
_LARGEST_SIDE = 1920
_ENCODED = ("-c:v", "libx264", "-preset", "fast", "-crf", "16", "-pix_fmt", "yuv420p", "-bitexact")


@dataclass(frozen=True)
class TakenIn:
    """A file as it is kept, and what there is to know of it."""

    content: bytes
    mime: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Own:
    """What a scene shows that a person gave: a photo, or a clip and its first frame as the picture."""

    picture: Picture
    clip: TakenIn | None = None

    @property
    def name(self) -> str:
        return "clip" if self.clip else "photo"


async def clip(ffmpeg: Ffmpeg, content: bytes) -> TakenIn:
    """An intro or outro: H.264 of 30 frames a second, its sound at -14 LUFS. A picture stands for 3 seconds.

    Facts: `frames`, `sounds`. Raises `Refused` ("bad media: …"), `Later` and `NeedsPerson`.
    """
    with tempfile.TemporaryDirectory(prefix="nightdesk-given-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        if sniffed(content[:ENOUGH]).mime.startswith("image/"):
            return await _of_picture(ffmpeg, folder, content)
        media = await _whole(ffmpeg, folder, content)
        if media.pictures is None:
            raise Refused("bad media: there is nothing to be seen in it, only sound")
        within(media.seconds, SHORTEST, LONGEST)
        shape = f"fps={RATE},{_fitted()}"
        seen = [
            *source("in", media.kind.demuxer),
            "-map",
            "0:v:0",
            "-an",
            "-map_metadata",
            "-1",
            "-vf",
            shape,
        ]
        await ffmpeg.make([*seen, *_ENCODED], folder, folder / "seen.mp4", seconds=_LIMIT)
        frames = await _frames(ffmpeg, folder / "seen.mp4")
        sounds = media.sound is not None and await _sounding(ffmpeg, folder, frames)
        kept = await asyncio.to_thread((folder / ("both.mp4" if sounds else "seen.mp4")).read_bytes)
    return TakenIn(kept, MP4.mime, {"frames": frames, "sounds": sounds})


async def music(ffmpeg: Ffmpeg, content: bytes) -> TakenIn:
    """Music as AAC at the loudness of voices, where its peaks let it. Facts: `seconds`. Raises as `clip`."""
    with tempfile.TemporaryDirectory(prefix="nightdesk-given-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        media = await _whole(ffmpeg, folder, content)
        if media.sound is None:
            raise Refused("bad media: there is no sound in it")
        within(media.seconds, SHORTEST_MUSIC, LONGEST_MUSIC)
        heard = await loudness(ffmpeg, folder / "in", _LIMIT)
        if heard.silent:
            raise Refused("bad media: nothing is to be heard in it")
        gain = min(LOUDNESS - heard.integrated, -1.0 - heard.peak)
        level = f"volume={gain:.2f}dB,aresample={SAMPLES}"
        read = [
            *source("in", media.kind.demuxer),
            "-map",
            "0:a:0",
            "-vn",
            "-map_metadata",
            "-1",
            "-af",
            level,
        ]
        written = ["-ac", "2", "-c:a", "aac", "-b:a", "160k", "-bitexact", "-movflags", "+faststart"]
        await ffmpeg.make([*read, *written], folder, folder / "music.m4a", seconds=_LIMIT)
        kept = await asyncio.to_thread((folder / "music.m4a").read_bytes)
    return TakenIn(kept, M4A.mime, {"seconds": round(media.seconds, 1)})


async def own_footage(ffmpeg: Ffmpeg, content: bytes) -> Own:
    """A photo, or a clip as H.264 of 30 frames a second without its sound; raises as `clip`."""
    if sniffed(content[:ENOUGH]).mime.startswith("image/"):
        return Own(await asyncio.to_thread(decoded, content))
    with tempfile.TemporaryDirectory(prefix="nightdesk-given-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        media = await _whole(ffmpeg, folder, content)
        if media.pictures is None:
            raise Refused("bad media: there is nothing to be seen in it, only sound")
        within(media.seconds, SHORTEST, LONGEST_CLIP)
        seen = [*source("in", media.kind.demuxer), "-map", "0:v:0", "-an", "-map_metadata", "-1"]
        shape = ["-vf", f"fps={RATE},{_fitted()}"]
        await ffmpeg.make([*seen, *shape, *_ENCODED], folder, folder / "seen.mp4", seconds=_LIMIT)
        first = [*source("seen.mp4", "mov"), "-map", "0:v:0", "-frames:v", "1", "-update", "1"]
        await ffmpeg.make(first, folder, folder / "first.png", seconds=_LIMIT)
        kept = await asyncio.to_thread((folder / "seen.mp4").read_bytes)
        still = await asyncio.to_thread((folder / "first.png").read_bytes)
    return Own(await asyncio.to_thread(decoded, still), TakenIn(kept, MP4.mime, {}))


async def counted(ffmpeg: Ffmpeg, content: bytes, which: str) -> dict[str, Any]:
    """The facts of a file that was taken in before, read from the file itself. Raises as `clip`."""
    with tempfile.TemporaryDirectory(prefix="nightdesk-given-", ignore_cleanup_errors=True) as made:
        media = await _whole(ffmpeg, Path(made), content)
    if which == "music":
        return {"seconds": round(media.seconds, 1)}
    return {"frames": media.pictures.frames if media.pictures else 0, "sounds": media.sound is not None}


def within(seconds: float, least: float, most: float) -> None:
    """Raises `Refused` for what lasts too long or too short."""
    if not least - 0.1 <= seconds <= most + 0.1:
        raise Refused(f"bad media: it lasts {seconds:.1f} s, and {least:g} to {most:g} s are taken")


async def _of_picture(ffmpeg: Ffmpeg, folder: Path, content: bytes) -> TakenIn:
    picture = await asyncio.to_thread(decoded, content)
    await asyncio.to_thread((folder / "in.jpg").write_bytes, picture.content)
    demuxer = sniffed(picture.content[:ENOUGH]).demuxer
    frames = round(OF_A_PICTURE * RATE) + CROSSES
    still = f"{_fitted()},loop=loop={frames}:size=1:start=0,fps={RATE},setpts=N/{RATE}/TB"
    shown = [*source("in.jpg", demuxer), "-vf", still, "-frames:v", str(frames), "-r", str(RATE)]
    await ffmpeg.make([*shown, *_ENCODED], folder, folder / "seen.mp4", seconds=_LIMIT, frames=frames)
    kept = await asyncio.to_thread((folder / "seen.mp4").read_bytes)
    return TakenIn(kept, MP4.mime, {"frames": frames, "sounds": False})


async def _whole(ffmpeg: Ffmpeg, folder: Path, content: bytes) -> Media:
    await asyncio.to_thread((folder / "in").write_bytes, content)
    return await probe(ffmpeg.within(MEMORY), folder / "in", seconds=PATIENCE)


def _fitted() -> str:
    side = _LARGEST_SIDE
    return (
        f"scale=w='min({side},iw)':h='min({side},ih)':force_original_aspect_ratio=decrease"
        ":force_divisible_by=2,setsar=1,format=yuv420p"
    )


async def _frames(ffmpeg: Ffmpeg, file: Path) -> int:
    pictures = (await probe(ffmpeg, file, seconds=_LIMIT)).pictures
    return pictures.frames if pictures else 0


async def _sounding(ffmpeg: Ffmpeg, folder: Path, frames: int) -> bool:
    """Puts the clip's sound beside its pictures; whether anything is to be heard."""
    samples = frames * SAMPLES // RATE
    voice = folder / "in"
    track = folder / "track.m4a"
    heard = await mastered(ffmpeg, folder, track, voice=voice, music=None, samples=samples, seconds=_LIMIT)
    if heard.silent:
        return False
    both = [*source("seen.mp4", "mov"), *source("track.m4a", "mov"), "-map", "0:v:0", "-map", "1:a:0"]
    tail = ["-c", "copy", "-bitexact", "-movflags", "+faststart"]
    await ffmpeg.make([*both, *tail], folder, folder / "both.mp4", seconds=_LIMIT)
    return True
