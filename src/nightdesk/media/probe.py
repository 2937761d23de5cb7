"""Finds out what a media file holds, by its bytes and by what ffmpeg reads of it, and whether it is whole."""

import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nightdesk.kit.endings import Refused
from nightdesk.media.ffmpeg import Ffmpeg, source
from nightdesk.media.ffmpeg_ends import judge, last_words, raise_for
from nightdesk.media.sniffing import ENOUGH, Kind, sniffed

MOST_PIXELS = 3840 * 3840
LONGEST = 4 * 3600
MOST_STREAMS = 16
MEMORY = 1 << 30
"""Bytes of address space that ffmpeg gets to look at a stranger's file; it touches 400 MB at most, and 200 of
them for 3,840 x 2,160 pixels of 10 bits. A clip of 50 kB can ask for a gigabyte."""

PATIENCE = 18.0
"""Seconds that a stranger's file may take: half a minute of 1,920 x 1,080 pixels is decoded in three."""

_DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)", re.MULTILINE)
_STREAM = re.compile(r"^  Stream #0:\d+\S*: (Video|Audio): (\w+)(.*)$", re.MULTILINE)
_SIZE = re.compile(r"[ ,](\d{1,6})x(\d{1,6})[ ,\[]")
_FPS = re.compile(r"([\d.]+)(k?) fps")
_RATE = re.compile(r"(\d+) Hz, (\w+(?:\.\d)?|\d+ channels)")
_FRAME = re.compile(rb"^frame=\s*(\d+)$", re.MULTILINE)
_TIME = re.compile(rb"^out_time_us=(\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Pictures:
    """The moving part: codec, size in pixels, frames a second and in all, and its tags of colour."""

    codec: str
    width: int
    height: int
    rate: float
    frames: int
    colours: str


@dataclass(frozen=True)
class Sound:
    """The sounding part: codec, samples a second, channels as ffmpeg names them."""

    codec: str
    rate: int
    channels: str


@dataclass(frozen=True)
class Media:
    """What a file holds; `seconds` counted from what was read, not taken from its head."""

    kind: Kind
    seconds: float
    pictures: Pictures | None
    sound: Sound | None


async def probe(ffmpeg: Ffmpeg, path: Path, *, whole: bool = True, seconds: float = 120) -> Media:
    """What a file is. `whole`: every frame is decoded, so that a damaged or cut file is found out.

    Raises `Refused` ("bad media: …") for what is no video, sound or picture, for lists that name other files,
    for damage, and for more than 3840 x 3840 pixels or four hours; `TookTooLong` after so many seconds.
    """
    with path.open("rb") as file:
        kind = sniffed(file.read(ENOUGH))
    with tempfile.TemporaryDirectory(prefix="nightdesk-probe-") as made:
        folder, name = Path(made), f"in{kind.ending}"
        lend(path, folder, name)
        seen = await head(ffmpeg, folder, name, kind, seconds)
        counted = await _read_through(ffmpeg, folder, name, kind, seen, whole, seconds)
    return counted


def lend(path: Path, folder: Path, name: str) -> None:
    """Lets a file be seen in a job's folder under a generated name."""
    (folder / name).symlink_to(path.absolute())


async def head(ffmpeg: Ffmpeg, folder: Path, name: str, kind: Kind, seconds: float) -> Media:
    """What the head of a file in a job's folder tells, frames not counted.

    Raises `Refused` ("bad media: …"), or what ended ffmpeg from outside.
    """
    told = await ffmpeg.ask(source(name, kind.demuxer), folder, seconds=seconds, level="info")
    # It always complains that it was given nothing to make.
    with suppress(Refused):
        judge(told, seconds)
    return _described(told.stderr.decode("utf-8", "replace"), kind)


async def _read_through(
    ffmpeg: Ffmpeg, folder: Path, name: str, kind: Kind, seen: Media, whole: bool, seconds: float
) -> Media:
    strict = ["-xerror", "-err_detect", "explode"] if whole else []
    how = [] if whole else ["-c", "copy"]
    wanted = ["-map", "0:v:0"] if seen.pictures else ["-map", "0:a:0"]
    if whole and seen.pictures and seen.sound:
        wanted += ["-map", "0:a:0"]
    tail = [*wanted, *how, "-fps_mode", "passthrough", "-progress", "pipe:1", "-f", "null", "-"]
    if not seen.pictures:
        tail = [part for part in tail if part not in ("-fps_mode", "passthrough")]
    done = await ffmpeg.ask([*strict, *source(name, kind.demuxer), *tail], folder, seconds=seconds)
    if done.ended_by == "time":
        raise_for(0, b"", after=seconds)
    if not done.well:
        raise Refused(f"bad media: the file is damaged or cut short ({last_words(done.stderr)})")
    frames, times = _FRAME.findall(done.stdout), _TIME.findall(done.stdout)
    lasted = int(times[-1]) / 1e6 if times else 0.0
    pictures = seen.pictures
    if pictures:
        count = int(frames[-1]) if frames else 0
        pictures = Pictures(
            pictures.codec, pictures.width, pictures.height, pictures.rate, count, pictures.colours
        )
        if count == 0:
            raise Refused("bad media: there is no frame in the file")
    elif lasted <= 0:
        raise Refused("bad media: there is no sound in the file")
    return Media(kind, lasted or seen.seconds, pictures, seen.sound)


def _described(told: str, kind: Kind) -> Media:
    streams = _STREAM.findall(told)
    if not streams:
        raise Refused(f"bad media: nothing in the file can be read ({last_words(told.encode())})")
    if len(streams) > MOST_STREAMS:
        raise Refused(f"bad media: {len(streams)} streams are too many")
    lasting = _DURATION.search(told)
    seconds = int(lasting[1]) * 3600 + int(lasting[2]) * 60 + float(lasting[3]) if lasting else 0.0
    if seconds > LONGEST:
        raise Refused(f"bad media: {seconds / 3600:.1f} hours are too long")
    pictures = next((_pictures(codec, rest) for what, codec, rest in streams if what == "Video"), None)
    sound = next((_sound(codec, rest) for what, codec, rest in streams if what == "Audio"), None)
    return Media(kind, seconds, pictures, sound)


def _pictures(codec: str, rest: str) -> Pictures:
    size, rate = _SIZE.search(rest), _FPS.search(rest)
    width, height = (int(size[1]), int(size[2])) if size else (0, 0)
    if not 0 < width * height <= MOST_PIXELS:
        raise Refused(f"bad media: {width} x {height} pixels cannot be used")
    shown = float(rate[1]) * (1000 if rate[2] else 1) if rate else 0.0
    tags = re.search(r"\(((?:tv|pc)[^)]*)\)", rest)
    return Pictures(codec, width, height, shown, 0, tags[1] if tags else "")


def _sound(codec: str, rest: str) -> Sound:
    found = _RATE.search(rest)
    return Sound(codec, int(found[1]) if found else 0, found[2] if found else "")
