"""Whether the sound is there, and does not stop for long."""

from nightdesk.quality.video.moments import lasting, told
from nightdesk.quality.video.readings import Readings
from nightdesk.quality.video.report import Check
from nightdesk.quality.video.wanted import Wanted

LONGEST, TOLD, MOST = 3.0, 1.5, 0.5
"""Seconds of one silence that stop it and that are told; the share of all silence that stops it."""


def check(read: Readings, wanted: Wanted) -> Check:
    if not wanted.sound:
        return Check("silence", "ok", "No sound was wanted.")
    if read.hearing is None:
        return Check("silence", "fail", "There is no sound in it: make the narration and render it again.")
    spans = tuple((start, end) for start, end in read.hearing.silences if end - start > TOLD)
    facts = {"spans": [list(span) for span in spans]}
    if not spans:
        return Check("silence", "ok", "The sound never stops for long.", facts)
    long = any(end - start > LONGEST for start, end in spans)
    much = lasting(spans) > MOST * read.hearing.seconds
    message = f"Nothing is heard {told(spans)}: listen to that scene's narration and make it again."
    return Check("silence", "fail" if long or much else "warn", message, facts)
