"""The hours at which posts of a platform do best, by the weekday, and the instants that follow on a date."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nightdesk.engine.schedule import Schedule

_WORKDAYS = (0, 1, 2, 3, 4)
_ALL = range(7)


def _week(*days: Sequence[int]) -> Mapping[int, Sequence[int]]:
    return dict(enumerate(days))


USUAL: Mapping[str, Mapping[int, Sequence[int]]] = {
    "youtube": _week((14, 15), (14, 15), (14, 15), (12, 13, 14), (12, 13, 14), (9, 10), (9, 10)),
    "instagram": _week((10, 11), (9, 10, 11, 12), (10, 11, 12), (10, 11), (9, 10), (10, 11), (10, 11)),
    "tiktok": _week((15, 16), (14, 15, 16, 17), (14, 15, 16), (15, 16), (15, 16), (15, 16), (15, 16)),
    "x": _week(
        (9, 10, 11), (9, 10, 11, 12, 13), (9, 10, 11, 12), (9, 10, 11, 12, 13), (9, 10, 11), (9,), (9,)
    ),
    "wordpress": dict.fromkeys(_ALL, (9, 10, 11)),
    "folder": dict.fromkeys(_ALL, (9,)),
}
"""Hours by weekday (Monday 0), the first one to be taken first, in the readers' own time.

YouTube: Frederator Networks' study of 1,300 channels, "The best days and times to publish on YouTube" (2015).
Instagram, TikTok and X: Sprout Social, "Best times to post on social media in 2023" (34,000 customers); on
days that it names no hours for, those of the days that it does. WordPress: the hours of 9 to 11 that it finds
best over all networks. A folder has no audience: it is filled in the morning.
"""

OVERALL: Mapping[int, Sequence[int]] = USUAL["wordpress"]
"""Those of a platform that no study names."""


def best_hours(platform: str, weekday: int, own: Collection[int] = ()) -> list[int]:
    """The hours to try on that day, one after the other; where a site has its `own`, those alone."""
    usual = list(USUAL.get(platform, OVERALL)[weekday])
    if not own:
        return usual
    wanted = [hour for hour in usual if hour in own]
    # Of hours that no study names, those nearest to one that is named come first.
    others = sorted(set(own) - set(wanted), key=lambda hour: (min(abs(hour - best) for best in usual), hour))
    return wanted + others


def usual_on_workdays(platforms: Collection[str]) -> set[int]:
    """The hours that are named for some of the platforms on some day from Monday to Friday."""
    return {hour for name in platforms for day in _WORKDAYS for hour in USUAL.get(name, OVERALL)[day]}


def best_instant(
    platform: str,
    day: date,
    zone: ZoneInfo,
    now: datetime,
    own: Collection[int] = (),
    earned: Sequence[int] = (),
) -> datetime:
    """The best instant on that date that is yet to come, in UTC; where none is left, that of the next day.

    `earned`: hours that have done better than usual there, the best first; they come before all others that
    the site allows.
    """
    while True:
        hours = [hour for hour in earned if not own or hour in own]
        for hour in dict.fromkeys([*hours, *best_hours(platform, day.weekday(), own)]):
            instant = at_hour(day, hour, zone)
            if instant > now:
                return instant
        day += timedelta(days=1)


def at_hour(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """The instant of an hour on a date of that place, whatever its clocks do on it."""
    before = datetime.combine(day, time(0), tzinfo=zone) - timedelta(microseconds=1)
    return Schedule("daily", time(hour), zone).next_after(before)
