"""How a run of ffmpeg can end badly, each ending with its plain reason."""

import re
import signal

from nightdesk.kit.endings import Later, NoRoom, Refused
from nightdesk.kit.processes import Finished

ENOSPC, EDQUOT, EFBIG, ENOMEM, EAGAIN = 28, 122, 27, 12, 11
"""Linux's numbers; ffmpeg exits with 256 less the number of the error that the system gave it."""

_DISK_WORDS = re.compile(rb"No space left on device|Disk quota exceeded")
_MEMORY_WORDS = re.compile(rb"Cannot allocate memory|malloc of size|pthread_create\(\) failed")
_TELLS_NOTHING = ("Error opening output", "Conversion failed", "At least one output file must be specified")
_ADDRESS = re.compile(r" @ 0x[0-9a-f]+")


class TookTooLong(Later):
    """It was stopped at its deadline."""


class CutShort(Later):
    """It was ended from outside before it was done."""


class DiskFull(NoRoom):
    """The disk has no room for what it writes."""


class OutOfMemory(Later):
    """It got no more memory."""


def raise_for(code: int, said: bytes, after: float | None = None) -> None:
    """Raises what an exit code and the last words amount to; returns where all is well.

    `after`: seconds after which it was stopped, if it was.
    """
    if after is not None:
        raise TookTooLong(f"ffmpeg was stopped after {after:g} s, its limit. Nothing of it was kept.")
    if code == 0:
        return
    if code in (256 - ENOSPC, 256 - EDQUOT) or _DISK_WORDS.search(said):
        raise DiskFull(
            "The disk is full. Nothing of the file was kept. Free some space; the work goes on by itself.", 60
        )
    if code == 256 - EFBIG:
        raise Refused("The file grew larger than a media file may be. Nothing of it was kept.")
    if code == -signal.SIGXCPU:
        raise TookTooLong("ffmpeg used all the processor time that it may use. Nothing of it was kept.")
    if code in (256 - ENOMEM, 256 - EAGAIN) or _MEMORY_WORDS.search(said):
        raise OutOfMemory("ffmpeg got no more memory. Nothing of the file was kept.")
    if code in (-signal.SIGKILL, -signal.SIGTERM, 255):
        raise CutShort("ffmpeg was ended from outside, perhaps for want of memory. Nothing of it was kept.")
    raise Refused(f"ffmpeg cannot work with this: {last_words(said)}", kept=said.decode("utf-8", "replace"))


def judge(done: Finished, seconds: float) -> None:
    """Raises what a run of at most so many `seconds` amounts to, as `raise_for`."""
    raise_for(done.code, done.stderr, after=seconds if done.ended_by == "time" else None)


def last_words(said: bytes) -> str:
    """The last line that tells something, without addresses of memory."""
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(_TELLS_NOTHING)]
    last = (telling or ["no reason given"])[-1]
    return _ADDRESS.sub("", last)[:300]
