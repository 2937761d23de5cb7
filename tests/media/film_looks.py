"""Looks at and listens to a finished video of 1080 x 1920 with a plain ffmpeg."""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nightdesk.media.captions.safe_areas import safe_area
from nightdesk.media.ffmpeg import Ffmpeg

WIDTH, HEIGHT, EACH = 270, 480, 10
"""What is looked at: frames of a quarter of the size, ten of a second."""

RATE = 16_000
BLOCK = RATE // 20
QUIET = -45.0
"""dB of full scale of 50 ms under which nobody says anything."""

_PROGRAM = Ffmpeg().program
_AREA = safe_area(WIDTH, HEIGHT)
_BAND = slice(_AREA.bottom - 56, _AREA.bottom)
"""The rows of two lines of captions."""

_MARK = (slice(8, 32), slice(10, 90))
"""Where the name stands in the upper left corner."""

_CUE = re.compile(r"(\d+):(\d+):(\d+),(\d+) --> (\d+):(\d+):(\d+),(\d+)\n((?:.+\n?)+)")
Pictures = NDArray[np.uint8]


def _ffmpeg(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [_PROGRAM, "-hide_banner", "-nostdin", *arguments], capture_output=True, timeout=110, check=True
    )


def _seconds(hours: str, minutes: str, seconds: str, thousandths: str) -> float:
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000


@dataclass(frozen=True)
class Watched:
    """One video, decoded once: `told` is what ffmpeg says of it, `cues` when which caption is shown."""

    file: Path
    told: str
    frames: Pictures
    sound: NDArray[np.float32]
    cues: Sequence[tuple[float, float, str]]

    @property
    def seconds(self) -> float:
        return len(self.sound) / RATE

    def at(self, seconds: float) -> Pictures:
        frame: Pictures = self.frames[min(int(seconds * EACH), len(self.frames) - 1)]
        return frame

    def decibels(self, start: float, end: float) -> float:
        """How loud it is on average between two moments."""
        part = self.sound[int(start * RATE) : max(int(end * RATE), int(start * RATE) + BLOCK)]
        return float(20 * np.log10(max(np.sqrt(np.mean(part.astype(float) ** 2)), 1e-9)))


def watched(file: Path, srt: Path) -> Watched:
    """Decodes the pictures and the sound, with the loudness by EBU R 128."""
    shown = f"fps={EACH},scale={WIDTH}:{HEIGHT}:flags=area"
    raw = _ffmpeg(
        "-v", "error", "-i", str(file), "-vf", shown, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"
    ).stdout
    heard = _ffmpeg(
        *("-i", str(file), "-vn", "-af", "ebur128=peak=true:framelog=quiet"),
        *("-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"),
    )
    cues = [
        (_seconds(*found[:4]), _seconds(*found[4:8]), found[8].strip())
        for found in _CUE.findall(srt.read_text())
    ]
    return Watched(
        file,
        heard.stderr.decode(),
        np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH, 3),
        np.frombuffer(heard.stdout, np.float32),
        cues,
    )


def looks_right(film: Watched, seconds: float) -> None:
    """Frames: format, neither black nor standing still, captions in time, the mark in place."""
    assert re.search(r"yuv420p\(tv, bt709[,)/]", film.told), film.told
    assert "1080x1920" in film.told
    assert re.search(r"\b30 fps\b", film.told)
    content = film.file.read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat"), "its head stands behind its frames"
    assert abs(film.seconds - seconds) <= max(3.0, 0.1 * seconds), film.seconds
    assert min(frame.std() for frame in film.frames) > 12, "a frame shows nothing"
    above = film.frames[:, : _BAND.start].astype(np.int16)
    moved = [float(np.abs(after - before).mean()) for before, after in pairwise(above[::EACH])]
    assert min(moved) > 0.05, f"it stands still: {moved}"
    scenes = sum(change > 15 for change in moved)
    assert scenes >= 2, f"the pictures hardly change: {moved}"
    _captioned(film)
    assert _marked(film.frames) > 3 * max(_marked(film.frames[:, :, ::-1]), 20), "no mark in its corner"


def _captioned(film: Watched) -> None:
    before, after = film.cues[0][0], film.cues[-1][1]
    bare = [_lettered(film.at(moment)) for moment in (before - 0.15, min(after + 0.15, film.seconds - 0.05))]
    for start, end, text in film.cues:
        inked = _lettered(film.at((start + end) / 2))
        assert inked > 3 * len(text) > 0, (text, inked)
        assert inked > 1.5 * min(bare), (text, inked, bare)
        # One text from the first moment of the cue to its last: what is shown is what is being said.
        assert _alike(film.at(start + 0.1), film.at(end - 0.2)) > 0.5, text
    for (_, end, text), (start, _, after) in pairwise(film.cues):
        assert _alike(film.at(end - 0.2), film.at(start + 0.1)) < 0.5, (text, after)
    shown = sum(end - start for start, end, _ in film.cues)
    assert shown > 0.8 * film.seconds


def _lettered(frame: Pictures) -> int:
    """How many pixels of the captions' band stand between white and black, as outlined letters do."""
    return int(_letters(frame).sum())


def _letters(frame: Pictures) -> NDArray[np.bool_]:
    grey = frame[_BAND].astype(np.int16).mean(axis=2)
    return np.abs(np.diff(grey, axis=1)) > 60


def _alike(one: Pictures, other: Pictures) -> float:
    """The share of the letters of two frames that stand in both."""
    first, second = _letters(one), _letters(other)
    return float((first & second).sum() / max((first | second).sum(), 1))


def _marked(frames: Pictures) -> int:
    """How many pixels of the corner are lettered in every frame, whatever is shown below them."""
    grey = frames[::5, *_MARK].astype(np.int16).mean(axis=3)
    return int((np.abs(np.diff(grey, axis=2)).min(axis=0) > 8).sum())


def sounds_right(film: Watched) -> None:
    """Waveform: as loud as platforms play, never clipped, a voice wherever captions are, and few silences."""
    loudness = float(re.findall(r"\n\s+I:\s+(-?[\d.]+) LUFS", film.told)[-1])
    peak = float(re.findall(r"\n\s+Peak:\s+(-?[\d.]+) dBFS", film.told)[-1])
    assert abs(loudness + 14) <= 1, f"{loudness} LUFS"
    assert peak <= -1, f"a true peak of {peak} dB"
    assert float(np.abs(film.sound).max()) < 0.999
    for start, end, text in film.cues:
        assert film.decibels(start, end) > -30, (text, film.decibels(start, end))
    blocks = film.sound[: len(film.sound) // BLOCK * BLOCK].reshape(-1, BLOCK).astype(float)
    levels = 10 * np.log10(np.maximum((blocks**2).mean(axis=1), 1e-12))
    quiet = levels < QUIET
    assert 0.01 < quiet.mean() < 0.3, f"{quiet.mean():.0%} of it is silence"
    assert _longest(quiet) * BLOCK / RATE < 1.0


def _longest(marks: NDArray[np.bool_]) -> int:
    ends = np.flatnonzero(np.diff(np.concatenate(([0], marks.astype(int), [0]))))
    return int((ends[1::2] - ends[::2]).max(initial=0))


def sheet(film: Watched, count: int = 6) -> Image.Image:
    """Frames of as many captions beside each other, from the first to the last."""
    chosen = [film.cues[round(place * (len(film.cues) - 1) / (count - 1))] for place in range(count)]
    wide = Image.new("RGB", (WIDTH * count + 12 * (count - 1), HEIGHT), "white")
    for place, (start, end, _) in enumerate(chosen):
        wide.paste(Image.fromarray(film.at((start + end) / 2)), (place * (WIDTH + 12), 0))
    return wide
