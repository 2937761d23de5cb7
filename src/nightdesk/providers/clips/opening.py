"""What opening a clip provider takes, for the registry and for providers from other packages."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.guard import Guard
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips.contract import ClipProvider
from nightdesk.providers.limits import Limits

Fetch = Callable[[str], Awaitable[bytes]]
"""Fetches footage or a picture from an address that came back in an answer, behind the address guard.

Raises `FetchRefused` for an address that may not be opened, answers an error or gives more than a clip may
have, `Later` where nothing whole came back; `kit.http.fetch.Fetcher` does.
"""


async def fetch_nothing(url: str) -> bytes:
    """The fetch of a desk that has none. Raises `NeedsPerson`."""
    raise NeedsPerson(f"This desk fetches no footage, so {url!r} was not opened.")


@dataclass(frozen=True)
class ClipSurroundings:
    """What the desk has for any clip provider.

    `limits` are the gates of accounts; `guard` judges addresses before they are connected to, None trusts
    the address that was chosen. `fetch` fetches what an answer points to. `ffmpeg` cuts and measures footage.
    `folder` holds the operator's workflow files (`NAME.json`): a choice names one in it by its plain name,
    never by a path; None where this desk has no such folder.
    """

    limits: Limits = field(default_factory=Limits)
    clock: Clock = field(default_factory=SystemClock)
    guard: Guard | None = None
    fetch: Fetch = fetch_nothing
    ffmpeg: Ffmpeg = field(default_factory=Ffmpeg)
    folder: Path | None = None


Opener = Callable[[Choice, ClipSurroundings], ClipProvider]
"""Opens a provider; touches no network. Raises `NeedsPerson` where a setting is missing."""
