"""Where publications of attempts go: a line for each platform, with the fake that stands there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from sweep.wall import FakeWall

from nightdesk.publisher import Repeats
from nightdesk.rehearsal.platform import FakePlatform
from nightdesk.rehearsal.wordpress import PASSWORD, FakeWordPress

Values = Callable[[str], Mapping[str, str]]


@dataclass(frozen=True)
class Outlet:
    """A platform. `values` are those of an account, by its fake's address; the folder has no fake."""

    piece: Literal["article", "video"]
    repeats: Repeats
    values: Values
    fake: Callable[[], FakePlatform] | None = None


OUTLETS: Mapping[str, Outlet] = {
    "folder": Outlet("article", "repeatable", lambda _: {"folder": "shelf"}),
    "wordpress": Outlet(
        "article",
        "repeatable",
        lambda address: {"address": address, "user": "editor", "password": PASSWORD},
        FakeWordPress,
    ),
    "wall": Outlet("video", "blind", lambda address: {"address": address}, FakeWall),
}
