"""When a schedule is due: one instant a local date, whatever the clocks of that place do.

A time that a date skips (clocks go forward) is shifted by the length of the gap; of a time that comes twice
(clocks go back) the earlier one counts; a day that a week or month lacks becomes its last; a date that a
place left out has no instant.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Frequency = Literal["daily", "weekly", "monthly"]


@dataclass(frozen=True)
class Schedule:
    """`at` is local wall time; `anchor_day` the weekday (1 Monday to 7) or the day of the month (1 to 31)."""

    frequency: Frequency
    at: time
    zone: ZoneInfo
    anchor_day: int = 1

    def next_after(self, instant: datetime) -> datetime:
        """The first planned instant later than `instant`, in UTC."""
        return next(planned for planned in self._from(instant) if planned > instant)

    def between(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """The planned instants in (after, until], oldest first."""
        for planned in self._from(after):
            if planned > until:
                return
            if planned > after:
                yield planned

    def latest(self, after: datetime, until: datetime) -> datetime | None:
        """The newest planned instant in (after, until], however far back `after` lies."""
        start = max(after, until - timedelta(days=70))
        newest = None
        for planned in self.between(start, until):
            newest = planned
        return newest

    def _from(self, instant: datetime) -> Iterator[datetime]:
        """Planned instants from a little before `instant` on, each later than the one before, without end."""
        day = instant.astimezone(self.zone).date() - timedelta(days=2)
        newest = None
        while True:
            if self._counts(day):
                planned = self._on(day)
                if newest is None or planned > newest:
                    yield planned
                    newest = planned
            day += timedelta(days=1)

    def _counts(self, day: date) -> bool:
        if self.frequency == "weekly":
            return day.isoweekday() == min(self.anchor_day, 7)
        if self.frequency == "monthly":
            return day.day == min(self.anchor_day, calendar.monthrange(day.year, day.month)[1])
        return True

    def _on(self, day: date) -> datetime:
        """That date's instant. A skipped time gets the offset before the gap, which shifts it beyond."""
        return datetime.combine(day, self.at, tzinfo=self.zone).astimezone(UTC)


def parse_time(text: str) -> time:
    """`HH:MM` as a time of day. Raises ValueError."""
    hours, colon, minutes = text.partition(":")
    if not (colon and len(hours) == 2 and len(minutes) == 2 and (hours + minutes).isdecimal()):
        raise ValueError(f"`{text}` is no time of day; write it as HH:MM, for example 06:30.")
    return time(int(hours), int(minutes))
