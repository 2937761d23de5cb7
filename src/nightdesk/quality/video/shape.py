"""Whether the frames have the size that was wanted."""

from nightdesk.quality.video.readings import Readings
from nightdesk.quality.video.report import Check
from nightdesk.quality.video.wanted import Wanted


def check(read: Readings, wanted: Wanted) -> Check:
    pictures = read.media.pictures
    size = (pictures.width, pictures.height) if pictures else (0, 0)
    facts = {"width": size[0], "height": size[1], "rate": pictures.rate if pictures else 0}
    if size == (wanted.width, wanted.height):
        return Check("shape", "ok", f"Its frames are {size[0]} × {size[1]} pixels.", facts)
    message = (
        f"Its frames are {size[0]} × {size[1]} pixels where {wanted.width} × {wanted.height} were wanted: "
        "render the video again."
    )
    return Check("shape", "fail", message, facts)
