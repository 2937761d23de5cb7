"""Where on a site's days pieces go out: so many a day, at the hours that do best, one place for one piece."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nightdesk.desk.niches.best_hours import at_hour, best_hours

AHEAD = 2
"""Days after today that the calendar is kept filled for."""

FURTHEST = 60
"""Days ahead within which a place is looked for."""

LEAST_AHEAD = timedelta(minutes=5)
"""Before a place, in which it is not given away any more: a person shall see what is about to go out."""

_DAY = range(7, 23)
"""Hours that are taken where a site has more pieces a day than good hours."""


@dataclass(frozen=True)
class Target:
    """An account that pieces of the site go to; `cap` is how many it takes a day, 0 for any number."""

    account_id: int
    platform: str
    cap: int = 0


@dataclass(frozen=True)
class Booked:
    """What is planned already: the instants taken of each account, and how many pieces each day has."""

    instants: Mapping[int, Collection[datetime]] = field(default_factory=dict)
    pieces: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Slots:
    """The places of one site for one kind of piece."""

    zone: ZoneInfo
    a_day: int
    own_hours: Sequence[int]
    targets: Sequence[Target]
    booked: Booked
    now: datetime
    earned: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Hours by platform that are tried before the usual ones, as the site's results have it."""

    def free_on(self, day: date) -> int:
        """How many pieces more that day has places for, of those still to come."""
        if not self.targets:
            return 0
        left = max(self.a_day - self.booked.pieces.get(day, 0), 0)
        return min(left, len(self._free(self.targets[0], day)))

    def days(self, ahead: int) -> list[date]:
        """Today and so many days after it, at the site."""
        today = self.now.astimezone(self.zone).date()
        return [today + timedelta(days=n) for n in range(ahead + 1)]

    def place(self, ahead: int) -> dict[int, datetime] | None:
        """A place on the first of so many days that has one: an instant for each account, in UTC."""
        for day in self.days(ahead):
            if self.free_on(day):
                return {target.account_id: self._on(target, day) for target in self.targets}
        return None

    def next_hours(self) -> dict[int, datetime]:
        """The next good instant of each account, however many pieces its day has."""
        today = self.days(0)[0]
        return {target.account_id: self._on(target, today) for target in self.targets}

    def _on(self, target: Target, day: date) -> datetime:
        """The account's first free instant of that day, or of the next that has one."""
        for later in range(FURTHEST):
            if free := self._free(target, day + timedelta(days=later)):
                return free[0]
        return at_hour(day + timedelta(days=FURTHEST), _DAY[0], self.zone)

    def _free(self, target: Target, day: date) -> list[datetime]:
        """The instants of an account that day that nothing is planned for, the best first."""
        taken = self.booked.instants.get(target.account_id, ())
        of_day = [at for at in taken if at.astimezone(self.zone).date() == day]
        if target.cap and len(of_day) >= target.cap:
            return []
        instants = [at_hour(day, hour, self.zone) for hour in self._hours(target.platform, day)]
        return [at for at in instants if at > self.now + LEAST_AHEAD and at not in taken]

    def _hours(self, platform: str, day: date) -> list[int]:
        """As many hours as the day wants pieces, the good ones first, then those nearest to one of them."""
        usual = best_hours(platform, day.weekday(), self.own_hours)
        allowed = [
            hour for hour in self.earned.get(platform, ()) if not self.own_hours or hour in self.own_hours
        ]
        good = list(dict.fromkeys([*allowed, *usual]))
        others = sorted(
            set(_DAY) - set(good), key=lambda hour: (min(abs(hour - best) for best in good), hour)
        )
        return [*good, *others][: max(self.a_day, len(good))]
