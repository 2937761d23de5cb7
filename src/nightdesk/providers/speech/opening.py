"""What opening a speech provider takes, for the registry and for providers from other packages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.kit.http.guard import Guard
from nightdesk.providers.choice import Choice
from nightdesk.providers.limits import Limits
from nightdesk.providers.speech.contract import Speech
from nightdesk.providers.speech.whisper import Whisper


@dataclass(frozen=True)
class Surroundings:
    """What the desk has for any provider: the gates of accounts, the time, the judge of addresses.

    `voices` is the folder that `nightdesk voices install` fills; None where this desk has none. `whisper`
    listens for the words of voices that tell no times; None where nobody does.
    """

    limits: Limits = field(default_factory=Limits)
    clock: Clock = field(default_factory=SystemClock)
    guard: Guard | None = None
    voices: Path | None = None
    whisper: Whisper | None = None


Opener = Callable[[Choice, Surroundings], Speech]
"""Opens a provider; touches no network. Raises `NeedsPerson` where a setting is missing."""
