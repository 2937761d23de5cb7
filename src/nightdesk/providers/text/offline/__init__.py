"""The keyless text provider: names, plans and compiles from the site's own sources, without a model."""

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.kit.endings import Refused
from nightdesk.providers.choice import Choice
from nightdesk.providers.text.contract import TextProvider
from nightdesk.providers.text.offline.provider import OfflineText

_CLOCK = SystemClock()


def open(choice: Choice, clock: Clock = _CLOCK) -> TextProvider:
    """The provider for this choice. Raises `Refused` where the choice names a model: it has none."""
    if choice.model:
        raise Refused(
            f"The text provider `offline` has no models, so `{choice.spelled}` cannot be opened: "
            "write `offline`."
        )
    return OfflineText(clock)
