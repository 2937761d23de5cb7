"""Whether every frame and every sample of the file can be decoded."""

from nightdesk.quality.video.readings import Readings
from nightdesk.quality.video.report import Check


def check(read: Readings) -> Check:
    if read.damage:
        return Check("decoding", "fail", f"The file is damaged ({read.damage}): render the video again.")
    return Check("decoding", "ok", "Every frame and sample can be decoded.")
