"""How a run of Remotion can end badly, each ending with its plain reason."""

import re
import signal

from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.media.ffmpeg_ends import CutShort, DiskFull, TookTooLong

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_ERROR = re.compile(r"^ ?[A-Za-z]*Error\b:?\s+(?:[A-Za-z]*Error: )?(\S.*)$", re.MULTILINE)
_DISK = re.compile(r"ENOSPC|No space left on device|EDQUOT|Disk quota exceeded")
_BROWSER = re.compile(r"launch the browser|browserExecutable|Could not find Chrome|BrowserRunner")
_LOST = re.compile(r"Cannot find module|Module not found|ERR_MODULE_NOT_FOUND")
_ENDED = re.compile(r"Target closed|Page crashed|Session closed|SIGKILL|SIGTERM")


def raise_for(code: int, said: str) -> None:
    """Raises what an exit code and the words on both streams amount to; returns where all is well."""
    if code == 0:
        return
    said = _COLOURS.sub("", said)
    why = told(said)
    if _DISK.search(said):
        raise DiskFull(
            "The disk is full. Nothing of the film was kept. Free some space; it goes on by itself.", 60
        )
    if code == -signal.SIGXCPU:
        raise TookTooLong("Remotion used all the processor time that it may use. Nothing of it was kept.")
    if code < 0 or _ENDED.search(why):
        raise CutShort("Remotion was ended from outside, perhaps for want of memory. Nothing of it was kept.")
    if _BROWSER.search(why):
        raise NeedsPerson(
            f"Remotion's browser does not start: {why} See what NIGHTDESK_REMOTION_CHROMIUM names."
        )
    if _LOST.search(said):
        raise NeedsPerson(f"The Remotion project is not whole: {why} Run `npm ci` in its folder.")
    raise Refused(f"Remotion cannot make this: {why}", kept=said[-4000:])


def told(said: str) -> str:
    """The first line that names an error, else the last line."""
    found = _ERROR.search(said)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return (found[1] if found else lines[-1] if lines else "it gave no reason.").strip()[:300]
