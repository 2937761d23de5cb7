"""Whether there are black frames where a picture should be."""

from nightdesk.quality.video.moments import lasting, told
from nightdesk.quality.video.readings import Readings
from nightdesk.quality.video.report import Check

LONGEST, MOST = 0.5, 1.0
"""Seconds that a black stretch may last, and all of them together."""


def check(read: Readings) -> Check:
    spans = read.blacks
    facts = {"spans": [list(span) for span in spans]}
    if not spans:
        return Check("black", "ok", "No frame is black.", facts)
    if lasting(spans) > MOST or any(end - start > LONGEST for start, end in spans):
        message = f"The picture is black {told(spans)}: make that scene's picture again."
        return Check("black", "fail", message, facts)
    if spans[0][0] <= 0:
        message = "It begins with black frames, which platforms show as its still: let a picture come first."
        return Check("black", "warn", message, facts)
    return Check("black", "warn", f"The picture is black for a moment {told(spans)}: look at it.", facts)
