"""Tells times as a person in a zone would: today and yesterday by their hour, the exact time beside."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; UTC for a name that this machine does not know (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def told(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """`06:40` of today, `yesterday 22:10`, `Tue 22:10` within a week, else the date."""
    there, today = moment.astimezone(zone), now.astimezone(zone).date()
    hour = there.strftime("%H:%M")
    days = (there.date() - today).days
    if days == 0:
        return hour
    if days in (-1, 1):
        return f"{'yesterday' if days < 0 else 'tomorrow'} {hour}"
    if 1 < days < 7:
        return f"{there:%a} {hour}"
    if there.year == today.year:
        return f"{there.day} {there:%b} {hour}"
    return f"{there.day} {there:%b %Y}"


def exact(moment: datetime, zone: ZoneInfo) -> str:
    """`Friday 20 November 2026, 06:40:12 CET`."""
    there = moment.astimezone(zone)
    return f"{there:%A} {there.day} {there:%B %Y, %H:%M:%S %Z}"


def since(moment: datetime, now: datetime) -> str:
    """`just now`, `4 min ago`, `in 3 h`, `2 days ago`."""
    gap = now - moment
    size = abs(gap)
    if size < timedelta(minutes=1):
        return "just now" if gap >= timedelta(0) else "in a moment"
    if size < timedelta(hours=1):
        amount = f"{size // timedelta(minutes=1)} min"
    elif size < timedelta(days=1):
        amount = f"{size // timedelta(hours=1)} h"
    else:
        days = size // timedelta(days=1)
        amount = f"{days} day{'s' if days > 1 else ''}"
    return f"{amount} ago" if gap > timedelta(0) else f"in {amount}"


def lasted(seconds: float) -> str:
    """`8 s`, `4 min 20 s`, `3 h 05 min`."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min"
