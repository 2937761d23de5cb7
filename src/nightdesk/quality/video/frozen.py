"""Whether the picture stands still: a camera over a still picture moves, a frame that is held does not."""

from nightdesk.quality.video.moments import lasting, told
from nightdesk.quality.video.readings import Readings
from nightdesk.quality.video.report import Check

LONGEST, MOST = 4.0, 0.3
"""Seconds that one still stretch may last, and the share of the video of all of them together."""


def check(read: Readings) -> Check:
    spans = read.freezes
    facts = {"spans": [list(span) for span in spans]}
    if not spans:
        return Check("frozen", "ok", "The picture never stands still.", facts)
    long = any(end - start > LONGEST for start, end in spans)
    much = lasting(spans) > MOST * read.seconds
    message = f"The picture stands still {told(spans)}: give that scene a camera move or another clip."
    return Check("frozen", "fail" if long or much else "warn", message, facts)
