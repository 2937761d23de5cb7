"""The languages and time zones that forms offer."""

from functools import cache
from zoneinfo import available_timezones

LANGUAGES = (("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"), ("it", "Italiano"))


@cache
def zones() -> tuple[str, ...]:
    """The names of all time zones but for their old and short ones, in their order."""
    named = (zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return (*sorted(named), "UTC")
