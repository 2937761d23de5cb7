"""Draws what a camera sees of a picture once it has come closer, for films that end on another frame."""

from io import BytesIO

from nightdesk.media.camera import CLOSER
from nightdesk.media.planes import opened


def closer(content: bytes) -> bytes:
    """The middle of the picture as large as all of it (PNG), the same bytes each time.

    As close as the camera's own moves come, so that what was kept clear of edges stays in view. Raises
    `Refused` for what is no picture.
    """
    from PIL import Image  # noqa: PLC0415

    picture = opened(content).convert("RGB")
    width, height = picture.size
    left, top = (side * (1 - 1 / CLOSER) / 2 for side in (width, height))
    box = (left, top, width - left, height - top)
    out = BytesIO()
    picture.resize((width, height), Image.Resampling.LANCZOS, box=box).save(out, "PNG")
    return out.getvalue()
