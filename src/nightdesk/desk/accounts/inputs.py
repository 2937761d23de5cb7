"""What a person gives for an account, checked against what its platform needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nightdesk.desk.errors import Invalid
from nightdesk.desk.people.fields import timezone_of
from nightdesk.kit.text import clean
from nightdesk.publishers import KINDS, Kind
from nightdesk.publishers.fields import BadField, given

MOST_A_DAY = 1000


@dataclass(frozen=True)
class NewAccount:
    """A new account: `values` are of the fields that its platform names, secrets among them."""

    platform: str
    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    way: str = "rest"
    day_cap: int = 0
    timezone: str = "UTC"


@dataclass(frozen=True)
class AccountChanges:
    """What changes of an account; None leaves it. A secret that is not given stays."""

    name: str | None = None
    values: Mapping[str, str] | None = None
    day_cap: int | None = None
    timezone: str | None = None
    paused: bool | None = None


@dataclass(frozen=True)
class Values:
    """The fields of an account, apart: what may be shown, and what may not."""

    config: dict[str, str]
    secrets: dict[str, str]


def kind_of(platform: str, way: str) -> Kind:
    """The platform as it is spoken to in that way. Raises `Invalid`."""
    if platform not in KINDS:
        raise Invalid("platform", f"There is no platform `{platform}`; there are {', '.join(KINDS)}.")
    kind = KINDS[platform]
    if way not in kind.ways:
        raise Invalid("way", f"{kind.title} is spoken to by {' or '.join(kind.ways)}.")
    return kind.by(way)


def named(name: str) -> str:
    """Raises `Invalid`."""
    found = clean(name).strip()
    if not 1 <= len(found) <= 120:
        raise Invalid("name", "A name has 1 to 120 characters.")
    return found


def cap_of(day_cap: int) -> int:
    """Raises `Invalid`."""
    if not 0 <= day_cap <= MOST_A_DAY:
        raise Invalid("day_cap", f"From 0 (as the platform allows) to {MOST_A_DAY:,} a day.")
    return day_cap


def zone_of(timezone: str) -> str:
    """Raises `Invalid`."""
    return timezone_of(timezone)


def values_of(
    kind: Kind, values: Mapping[str, str], config: Mapping[str, str], secrets: Mapping[str, str]
) -> Values:
    """The fields after a change; those not given stay as they were. Raises `Invalid`."""
    try:
        found = given(kind.fields, values, {**config, **secrets})
    except BadField as error:
        raise Invalid(f"values.{error.field}", error.why) from error
    hidden = {one.name for one in kind.fields if one.secret}
    return Values(
        {name: value for name, value in found.items() if name not in hidden},
        {name: value for name, value in found.items() if name in hidden},
    )
