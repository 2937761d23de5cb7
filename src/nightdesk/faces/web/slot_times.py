"""Reads and writes the times of slots as forms have them: a date and an hour in somebody's zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from nightdesk.desk.errors import Invalid


def read_slot(typed: str, zone: ZoneInfo, field: str = "at") -> datetime:
    """The moment. Raises `Invalid` for what is no time, or is left out as the clocks change."""
    try:
        local = datetime.fromisoformat(typed.strip())
    except ValueError as error:
        raise Invalid(field, "Write a date and a time.") from error
    if not 2000 <= local.year <= 2200:
        raise Invalid(field, "Write a date of this century or the next.")
    if local.tzinfo is not None:
        return local
    there = local.replace(tzinfo=zone)
    if there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise Invalid(field, "The clocks go forward over that hour; choose another.")
    return there


def slot_field(moment: datetime, zone: ZoneInfo) -> str:
    """As an input of the kind `datetime-local` takes it."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def read_day(typed: str, today: date) -> date:
    """The day that an address names; today for none and for one that is no day."""
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return today
    return found if 2000 <= found.year <= 2200 else today
