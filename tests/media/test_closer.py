"""What a camera that came closer sees: the middle of the picture, in its size, the same each time."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from nightdesk.kit.endings import Refused
from nightdesk.media.camera import CLOSER
from nightdesk.media.closer import closer


def test_a_closer_look_shows_the_middle_larger_in_a_picture_of_the_same_size() -> None:
    drawn = Image.new("RGB", (270, 480), "black")
    ImageDraw.Draw(drawn).rectangle((110, 215, 159, 264), fill="white")
    out = BytesIO()
    drawn.save(out, "JPEG", quality=95)
    near = Image.open(BytesIO(closer(out.getvalue())))
    assert (near.format, near.size) == ("PNG", (270, 480))
    lit = near.convert("L").point(lambda value: 255 if value > 127 else 0).getbbox()
    assert lit is not None
    assert lit[2] - lit[0] == pytest.approx(50 * CLOSER, abs=2)
    assert (lit[0] + lit[2]) / 2 == pytest.approx(135, abs=1)
    assert closer(out.getvalue()) == closer(out.getvalue())
    with pytest.raises(Refused):
        closer(b"no picture")
