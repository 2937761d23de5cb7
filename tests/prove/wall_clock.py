"""When a wall clock shows a time: found by walking through UTC, not by reckoning from local time.

This is the oracle that schedules are held against. It asks the zone for its offset every quarter of an hour
(no zone has changed at another minute in these years) and reads everything else off the minutes themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

DAY = 24 * 60
STEP = 15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1)


@dataclass(frozen=True)
class WallClock:
    """The wall clock of a zone over whole local dates from `first` to before `end`."""

    zone: ZoneInfo
    first: date
    end: date

    @cached_property
    def _utc(self) -> NDArray[np.int64]:
        """Every minute of UTC, from two days before the first date to two days after the last."""
        start = ((self.first - _EPOCH_DAY).days - 2) * DAY
        return np.arange(start, ((self.end - _EPOCH_DAY).days + 2) * DAY, dtype=np.int64)

    @cached_property
    def _shown(self) -> NDArray[np.int64]:
        """What the clock shows at each of these minutes, as minutes since 1970-01-01 00:00 on it."""
        offsets = [
            round((_EPOCH + timedelta(minutes=int(minute))).astimezone(self.zone).utcoffset() / _MINUTE)  # type: ignore[operator]
            for minute in self._utc[::STEP]
        ]
        return self._utc + np.repeat(np.array(offsets, dtype=np.int64), STEP)

    def daily(self, hour: int, minute: int) -> dict[date, datetime]:
        """One instant a date: the first at which the clock shows that time; where it never does, the same
        stretch of time after the clock jumped as the time lies after the hour from which it jumped."""
        first_shown: dict[int, int] = {}
        shown_at = np.flatnonzero(self._shown % DAY == hour * 60 + minute)
        for at in shown_at[::-1]:
            first_shown[int(self._shown[at]) // DAY] = int(self._utc[at])
        found = {}
        for day in self._days():
            number = (day - _EPOCH_DAY).days
            if number not in first_shown:
                first_shown[number] = self._after_jump(number * DAY + hour * 60 + minute)
            found[day] = _EPOCH + timedelta(minutes=first_shown[number])
        return found

    def weekly(self, weekday: int, hour: int, minute: int) -> dict[date, datetime]:
        """The instants of the dates on that weekday, 1 Monday to 7."""
        return {day: at for day, at in self.daily(hour, minute).items() if day.weekday() == weekday - 1}

    def monthly(self, number: int, hour: int, minute: int) -> dict[date, datetime]:
        """The instants of that day of each month, or of the last where a month is shorter."""
        chosen: dict[tuple[int, int], date] = {}
        for day in self._days():
            if day.day <= number:
                chosen[day.year, day.month] = day
        return {day: at for day, at in self.daily(hour, minute).items() if day in chosen.values()}

    def _days(self) -> Iterator[date]:
        for number in range((self.end - self.first).days):
            yield self.first + timedelta(days=number)

    def _after_jump(self, wanted: int) -> int:
        jump = int(np.argmax(self._shown > wanted))
        before = int(self._shown[jump - 1])
        return int(self._utc[jump]) + wanted - before - 1


_MINUTE = timedelta(minutes=1)
