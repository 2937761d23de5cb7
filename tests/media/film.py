"""Small pictures, sounds and videos to test with, and the frames of a video to look at."""

import subprocess
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nightdesk.media.ffmpeg import Ffmpeg

FFMPEG = Ffmpeg()
SIZE = (270, 480)


def picture(path: Path, colour: tuple[int, int, int], size: tuple[int, int] = (320, 480)) -> Path:
    Image.new("RGB", size, colour).save(path)
    return path


def tone(path: Path, seconds: float, volume: float = 0.3, hertz: float = 300, rate: int = 22050) -> Path:
    """A tone that comes and goes like speech."""
    time = np.arange(int(seconds * rate)) / rate
    wave_form = np.sin(2 * np.pi * hertz * time) * (np.sin(2 * np.pi * 1.5 * time) > -0.3)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((wave_form * volume * 32767).astype("<i2").tobytes())
    return path


def plainly(*arguments: str) -> bytes:
    """What ffmpeg writes, run with nothing of ours around it."""
    words = [FFMPEG.program, "-hide_banner", "-nostdin", "-loglevel", "error", "-y", *arguments]
    return subprocess.run(words, check=True, capture_output=True, timeout=60).stdout


def clip(path: Path, seconds: float = 1, size: str = "320x240", *more: str) -> Path:
    shown = ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25:duration={seconds}"]
    plainly(*shown, *more, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", str(path))
    return path


def frames(video: Path, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """All frames, as RGB: count x height x width x 3."""
    raw = plainly("-i", str(video), "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1")
    return np.frombuffer(raw, np.uint8).reshape(-1, size[1], size[0], 3)


def running_in(folder: Path) -> list[int]:
    """Processes that work in a folder or below it."""
    found = []
    for cwd in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if str(cwd.readlink()).startswith(str(folder)):
                found.append(int(cwd.parent.name))
        except OSError:
            continue
    return found
