"""The fake platforms that there are, and what an account of each consists of: one line a platform."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nightdesk.kit.clock import Clock
from nightdesk.rehearsal.platform import FakePlatform
from nightdesk.rehearsal.wordpress import PASSWORD, FakeWordPress


@dataclass(frozen=True)
class Fake:
    """One platform's fake. `values` are those of an account there, once it is served.

    `takes` is the kind of piece that it is tried with.
    """

    platform: str
    takes: Literal["article", "video"]
    make: Callable[[Clock], FakePlatform]
    values: Callable[[Any], Mapping[str, str]]


FAKES: Mapping[str, Fake] = {
    fake.platform: fake
    for fake in (
        Fake(
            "wordpress",
            "article",
            FakeWordPress,
            lambda fake: {"address": fake.address, "user": "editor", "password": PASSWORD},
        ),
    )
}
