"""Reads a finished video once from end to end and writes down all that the checks need to know of it."""

import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nightdesk.kit.endings import Refused
from nightdesk.media.ffmpeg import Ffmpeg, Told, source
from nightdesk.media.ffmpeg_ends import judge, last_words
from nightdesk.media.probe import Media, head, lend
from nightdesk.media.sniffing import ENOUGH, sniffed
from nightdesk.quality.video.signatures import HIGH, NOTHING, WIDE, signature

Span = tuple[float, float]

_ACROSS = 270
_BLACK = "blackdetect=d=0.1:pic_th=0.98:pix_th=0.06"
"""Nearly all of the picture below 6 % of white; a brand's darkest paper with a line of type is lighter."""

_ABOVE_CAPTIONS = "crop=iw:trunc(ih*0.45):0:0"
"""Captions go on changing over a picture that stands still; they never come this high."""

_FROZEN = "freezedetect=n=0.0005:d=1.5"
"""Our slowest camera move, 20 s over a nearly empty card, changes more than this within 0.4 s, measured."""

_SILENT = "silencedetect=noise=-50dB:d=1"
_LOUDNESS = "ebur128=peak=true:framelog=quiet"
_LEVELS = "astats=measure_perchannel=none"

_NUMBER = r"(-?(?:\d+(?:\.\d+)?|inf))"
_BLACK_SPAN = re.compile(rf"black_start:{_NUMBER} black_end:{_NUMBER}")
_FREEZE = re.compile(rf"freeze_(start|end): {_NUMBER}")
_SILENCE = re.compile(rf"silence_(start|end): {_NUMBER}")
_INTEGRATED = re.compile(rf"I:\s+{_NUMBER} LUFS")
_TRUE_PEAK = re.compile(rf"True peak:\s+Peak:\s+{_NUMBER} dBFS")
_PEAK = re.compile(rf"\] Peak level dB: {_NUMBER}")
_SAMPLES = re.compile(rf"\] Number of samples: {_NUMBER}")
_FRAME = re.compile(rb"^frame=\s*(\d+)$", re.MULTILINE)
_LAST_LINES = 1 << 11
"""Bytes of progress in which a count of frames is found, though a piece ended within it."""


@dataclass(frozen=True)
class Hearing:
    """The sound as measured: LUFS, dBTP, the highest sample in dBFS; stretches of silence in seconds."""

    seconds: float
    loudness: float
    true_peak: float
    peak: float
    silences: tuple[Span, ...]


@dataclass(frozen=True)
class Readings:
    """What one pass over the file told; `damage` is empty where every frame and sample could be decoded.

    `seconds` are those of the pictures, counted in frames; spans are (from, to) in seconds.
    """

    media: Media
    seconds: float = 0.0
    blacks: tuple[Span, ...] = ()
    freezes: tuple[Span, ...] = ()
    hearing: Hearing | None = None
    signature: tuple[int, ...] = ()
    damage: str = ""


async def read(ffmpeg: Ffmpeg, file: Path, *, seconds: float, told: Told | None = None) -> Readings:
    """Decodes all of `file` once, within so many seconds; `told` hears how much of it.

    Raises `Refused` for what is no video at all, and what ended ffmpeg from outside (`Later`, all of them).
    """
    with file.open("rb") as opened:
        kind = sniffed(opened.read(ENOUGH))
    with tempfile.TemporaryDirectory(prefix="nightdesk-checks-") as made:
        folder, name = Path(made), f"in{kind.ending}"
        lend(file, folder, name)
        media = await head(ffmpeg, folder, name, kind, seconds)
        if media.pictures is None:
            return Readings(media, damage="there are no pictures in it")
        strict = ["-xerror", "-err_detect", "explode", *source(name, kind.demuxer)]
        so_far = _so_far(media, told) if told else None
        looks = [*strict, *_looks(media)]
        done = await ffmpeg.ask(looks, folder, seconds=seconds, level="info", told=so_far)
        try:
            judge(done, seconds)
        except Refused:
            return Readings(media, damage=last_words(done.stderr))
        small = (folder / "seconds.gray").read_bytes()
        return _told(media, done.stdout, done.stderr.decode("utf-8", "replace"), small)


def within(seen: Readings, own: Span) -> Readings:
    """The same with nothing told of what lies outside those seconds but how long and how loud it all is.

    Seconds outside have no mark, so that they are compared with nothing.
    """
    marks = tuple(
        mark if own[0] <= at and at + 1 <= own[1] else NOTHING for at, mark in enumerate(seen.signature)
    )
    hearing = seen.hearing and replace(seen.hearing, silences=_cut(seen.hearing.silences, own))
    blacks, freezes = _cut(seen.blacks, own), _cut(seen.freezes, own)
    return replace(seen, hearing=hearing, signature=marks, blacks=blacks, freezes=freezes)


def _cut(spans: Iterable[Span], own: Span) -> tuple[Span, ...]:
    inside = ((max(start, own[0]), min(end, own[1])) for start, end in spans)
    return tuple((start, end) for start, end in inside if end > start)


def _looks(media: Media) -> list[str]:
    """One decoding, looked at in every way at once; the frames of signatures go to a file of their own."""
    pictures = (
        f"[0:v:0]scale={_ACROSS}:-2:flags=area,format=gray,{_BLACK},split=2[all][some];"
        f"[all]{_ABOVE_CAPTIONS},{_FROZEN}[v];"
        f"[some]fps=1:round=down,scale={WIDE}:{HIGH}:flags=area,format=gray[s]"
    )
    heard = f";[0:a:0]{_SILENT},{_LOUDNESS},{_LEVELS}[a]" if media.sound else ""
    sound = ["-map", "[a]"] if media.sound else []
    return [
        *("-filter_complex", pictures + heard),
        *("-map", "[v]", *sound, "-fps_mode", "passthrough", "-progress", "pipe:1", "-f", "null", "-"),
        *("-map", "[s]", "-f", "rawvideo", "-y", "./seconds.gray"),
    ]


def _so_far(media: Media, told: Told) -> Callable[[bytes], None]:
    """Takes what ffmpeg says of its progress, piece by piece, and tells the share of frames that it read."""
    frames = media.seconds * media.pictures.rate if media.pictures else 0.0
    kept = bytearray()

    def hear(piece: bytes) -> None:
        kept[:] = kept[-_LAST_LINES:] + piece
        counted = _FRAME.findall(kept)
        if counted and frames:
            told(min(int(counted[-1]) / frames, 1.0))

    return hear


def _told(media: Media, progress: bytes, said: str, small: bytes) -> Readings:
    assert media.pictures is not None
    counted = _FRAME.findall(progress)
    seconds = int(counted[-1]) / media.pictures.rate if counted and media.pictures.rate else media.seconds
    blacks = ((float(start), float(end)) for start, end in _BLACK_SPAN.findall(said))
    frames = np.frombuffer(small, np.uint8)
    return Readings(
        media=media,
        seconds=seconds,
        blacks=tuple(blacks),
        freezes=_joined(_spans(_FREEZE.findall(said), seconds)),
        hearing=_heard(media, said),
        signature=signature(frames[: len(frames) // (WIDE * HIGH) * WIDE * HIGH].reshape(-1, HIGH, WIDE)),
    )


def _heard(media: Media, said: str) -> Hearing | None:
    samples = _SAMPLES.findall(said)
    if media.sound is None or not samples or not media.sound.rate:
        return None
    seconds = float(samples[-1]) / media.sound.rate
    return Hearing(
        seconds=seconds,
        loudness=_last(_INTEGRATED.findall(said)),
        true_peak=_last(_TRUE_PEAK.findall(said)),
        peak=_last(_PEAK.findall(said)),
        silences=tuple(_spans(_SILENCE.findall(said), seconds)),
    )


def _last(found: list[str]) -> float:
    return float(found[-1]) if found else float("-inf")


def _spans(marks: Iterable[tuple[str, str]], end: float) -> Iterable[Span]:
    """Spans from marks of their starts and ends; one that has no end lasts to the end of all."""
    start: float | None = None
    for what, at in marks:
        if what == "start":
            start = max(float(at), 0.0)
        elif start is not None:
            yield start, float(at)
            start = None
    if start is not None and end > start:
        yield start, end


def _joined(spans: Iterable[Span], gap: float = 0.1) -> tuple[Span, ...]:
    """The same with those made one that only a single frame, newly encoded, keeps apart."""
    found: list[Span] = []
    for start, end in spans:
        if found and start - found[-1][1] <= gap:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)
