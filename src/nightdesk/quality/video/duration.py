"""Whether the video lasts as long as was wanted, and its sound as long as its pictures."""

from nightdesk.quality.video.readings import Readings
from nightdesk.quality.video.report import Check, Status
from nightdesk.quality.video.wanted import Wanted

NEAR, FAR = 0.15, 0.5
"""Shares of the seconds wanted by which they may be missed: told beyond the one, stopped beyond the other."""

LEAST = 2.0
"""Seconds that are never held against a short video."""

APART = 0.25
"""Seconds by which sound and pictures may end apart; an AAC frame lasts 0.02 s."""


def check(read: Readings, wanted: Wanted) -> Check:
    facts = {"seconds": round(read.seconds, 2), "wanted": wanted.seconds}
    if read.hearing is not None:
        facts["sound"] = round(read.hearing.seconds, 2)
        apart = read.hearing.seconds - read.seconds
        if abs(apart) > APART:
            longer = "sound" if apart > 0 else "picture"
            message = f"There is {abs(apart):.1f} s more {longer} than the rest: render the video again."
            return Check("duration", "fail", message, facts)
    missed = read.seconds - wanted.seconds
    status = _status(abs(missed), wanted.seconds)
    if status == "ok":
        return Check("duration", "ok", f"It lasts {read.seconds:.1f} s.", facts)
    message = f"It lasts {read.seconds:.1f} s where {wanted.seconds:g} s were wanted: "
    return Check(
        "duration", status, message + ("shorten the script." if missed > 0 else "say more in it."), facts
    )


def _status(missed: float, wanted: float) -> Status:
    if missed <= max(NEAR * wanted, LEAST):
        return "ok"
    return "warn" if missed <= max(FAR * wanted, LEAST) else "fail"
