"""Runs Remotion's command line as a limited child, and hears how far it is."""

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from nightdesk.kit.points import reach
from nightdesk.kit.processes import ChildLimits, end_all, exit_of, launch
from nightdesk.media.ffmpeg import LARGEST_FILE
from nightdesk.media.ffmpeg_ends import TookTooLong
from nightdesk.providers.renderers.contract import Told
from nightdesk.providers.renderers.remotion.ends import raise_for
from nightdesk.providers.renderers.remotion.places import Place

CONCURRENCY = 2
_ALONE = Path(__file__).with_name("alone.py")
_ADDRESSES = 1 << 46
"""A browser reserves terabytes that it never touches; this bounds nothing but the absurd."""

_OPEN_FILES = 4096
_LAST_WORDS = 1 << 14
_LONGEST_LINE = 1 << 16
_LET_GO = 1.0
_STEP = re.compile(rb"^(Bundling|Rendered|Encoded|Stitched) (\d+)(?:%|/(\d+))")
_BUNDLED, _RENDERED = 0.05, 0.93
"""Shares of the work that are done once the project is bundled, and once all frames are drawn."""


def arguments(
    place: Place, props: Path, public: Path, target: Path, browser: Path, size: Sequence[int]
) -> list[str]:
    """The command line, for Remotion 4; `size`: width, height, frames a second, frames.

    Encoding is that of the desk's own renderer; the sound is encoded anew later, so it loses little here.
    Frames come to the encoder as JPEGs: at Remotion's usual quality of 80 a film is less like what was drawn
    and larger too (`python -m bench.remotion.likeness`).
    """
    width, height, rate, frames = size
    return [
        *(str(place.node), str(place.cli), "render", place.composition, str(target)),
        *(f"--props={props}", f"--public-dir={public}"),
        *(f"--browser-executable={browser}", f"--chrome-mode={place.chrome_mode}"),
        *(f"--width={width}", f"--height={height}", f"--fps={rate}", f"--duration={frames}"),
        *(
            "--codec=h264",
            "--crf=21",
            "--x264-preset=veryfast",
            "--pixel-format=yuv420p",
            "--color-space=bt709",
            "--jpeg-quality=100",
        ),
        *("--audio-codec=aac", "--audio-bitrate=320k", "--muted=false"),
        f"--concurrency={min(CONCURRENCY, os.cpu_count() or 1)}",
        *("--log=info", "--overwrite", "--bundle-cache=false"),
    ]


def fence(place: Place, folder: Path) -> Path:
    """A program that starts the browser with no name but its own machine's to be looked up.

    It is all that keeps the browser in where the system gives no network of one's own (see `alone`).
    """
    path = folder / "browser.sh"
    rules = "MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1 , EXCLUDE [::1]"
    path.write_text(
        "#!/bin/sh\n"
        f"exec {_quoted(str(place.chromium))} \"$@\" --host-resolver-rules='{rules}' "
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp\n"
    )
    path.chmod(0o700)
    return path


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


async def run(program: Sequence[str], project: Path, home: Path, *, seconds: float, told: Told) -> None:
    """Runs it in the project's folder with `home` for all that it keeps; tells a share from 0 to 1.

    Raises `TookTooLong`, `CutShort`, `DiskFull` (all `Later`), `NeedsPerson` or `Refused`; nobody of its
    group is left in any case.
    """
    limits = ChildLimits(
        seconds=seconds,
        cpu_seconds=max(1, round(seconds * (os.cpu_count() or 1))),
        memory=_ADDRESSES,
        file_size=LARGEST_FILE,
        open_files=_OPEN_FILES,
    )
    own = {"HOME": str(home), "TMPDIR": str(home), "XDG_CONFIG_HOME": str(home), "XDG_CACHE_HOME": str(home)}
    words = bytearray()
    reach("renderer.remotion.start")
    isolated = [sys.executable, "-I", "-S", str(_ALONE), *program]
    process = await launch(isolated, limits, project, own, asked=False)
    reach("renderer.remotion.started")
    work = [_listen(process, words, told), _overhear(process, words), exit_of(process)]
    tasks = [asyncio.ensure_future(part) for part in work]
    try:
        async with asyncio.timeout(seconds):
            # Whoever is left below it may hold its streams, so that they never end.
            await tasks[-1]
            await asyncio.wait(tasks, timeout=_LET_GO)
    except TimeoutError:
        raise TookTooLong(
            f"Remotion was stopped after {seconds:g} s, its limit. Nothing of it was kept."
        ) from None
    finally:
        await end_all(process)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    reach("renderer.remotion.exit")
    raise_for(process.returncode or 0, words.decode("utf-8", "replace"))


async def _listen(process: asyncio.subprocess.Process, words: bytearray, told: Told) -> None:
    assert process.stdout is not None
    rest = b""
    while part := await process.stdout.read(_LONGEST_LINE):
        *lines, rest = (rest[-_LONGEST_LINE:] + part).split(b"\n")
        for line in lines:
            share = _share(line)
            if share is not None:
                told(share)
            else:
                _keep(words, line + b"\n")
    _keep(words, rest)


async def _overhear(process: asyncio.subprocess.Process, words: bytearray) -> None:
    assert process.stderr is not None
    while part := await process.stderr.read(_LAST_WORDS):
        _keep(words, part)


def _keep(words: bytearray, more: bytes) -> None:
    words += more
    del words[:-_LAST_WORDS]


def _share(line: bytes) -> float | None:
    """How far it is by a line such as `Rendered 12/90, time remaining: 9s`; None for any other line."""
    step = _STEP.match(line)
    if not step:
        return None
    done = min(int(step[2]) / max(int(step[3] or 100), 1), 1.0)
    if step[1] == b"Bundling":
        return done * _BUNDLED
    if step[1] == b"Rendered":
        return _BUNDLED + done * (_RENDERED - _BUNDLED)
    return _RENDERED + done * (1 - _RENDERED)
