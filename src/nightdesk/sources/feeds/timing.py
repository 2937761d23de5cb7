"""When a feed is fetched next: as often as it brings something, less often where it asks or fails."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=24)
_UNKNOWN = timedelta(hours=1)
_LOOKED_AT = 12
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.I)


def next_due(
    now: datetime,
    *,
    published: Iterable[datetime | None] = (),
    previous: timedelta | None = None,
    new: int = 0,
    ttl: int = 0,
    headers: Mapping[str, str] | None = None,
) -> datetime:
    """When a feed that answered is asked again: between a quarter of an hour and a day from now.

    By the dates of its latest entries twice between two of them; where they tell nothing, sooner than the
    `previous` pause if it brought something `new` and later if not. Never sooner than its own `ttl` (minutes)
    or its server's `headers` (names in lower case) ask for.
    """
    pause = _rhythm(now, [date for date in published if date]) or _adapted(previous, new)
    asked = max(timedelta(minutes=max(ttl, 0)), fresh_for(headers or {}, now))
    return now + min(max(pause, asked, SHORTEST), LONGEST)


def next_try(now: datetime, failures: int, *, asked: float | None = None) -> datetime:
    """When a feed that failed so often in a row is tried again: doubling up to a day.

    `asked`: the seconds of a Retry-After, which are kept to where they are longer, up to a day.
    """
    pause = SHORTEST * (1 << min(max(failures - 1, 0), 10))
    return now + min(max(pause, timedelta(seconds=min(max(asked or 0.0, 0.0), 86_400.0))), LONGEST)


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long an answer stays fresh by Cache-Control or else Expires (RFC 9111, section 4.2.1)."""
    control = headers.get("cache-control", "")
    if found := _MAX_AGE.search(control):
        return timedelta(seconds=int(found[1]))
    if control or "expires" not in headers:
        return timedelta()
    try:
        expires = parsedate_to_datetime(headers["expires"])
        return max((expires if expires.tzinfo else expires.replace(tzinfo=UTC)) - now, timedelta())
    except (ValueError, OverflowError):
        return timedelta()


def _rhythm(now: datetime, dates: list[datetime]) -> timedelta | None:
    """Half of the mean time between the latest entries, the time since the last counted as one."""
    latest = sorted({min(date, now) for date in dates}, reverse=True)[:_LOOKED_AT]
    if len(latest) < 3:
        return None
    return (now - latest[-1]) / len(latest) / 2


def _adapted(previous: timedelta | None, new: int) -> timedelta:
    if previous is None or previous <= timedelta():
        return _UNKNOWN
    return previous / 2 if new else previous * 1.5
