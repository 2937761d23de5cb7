"""What lets a site act by itself, told in the book of who did what whenever somebody sets it otherwise."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.people import Actor
from nightdesk.desk.people.book import note
from nightdesk.store.tables.tenancy import Site

SETS = {
    "auto_mode": "auto mode",
    "generation_mode": "mode",
    "posts_a_day": "articles a day",
    "videos_a_day": "videos a day",
    "hours": "hours",
    "day_budget": "budget a day",
    "piece_budget": "budget a piece",
}
"""The facts by which the desk makes, spends and puts out without being asked, in words."""

_MODES = {"review_first": "review first", "auto_publish": "auto publish"}


def set_of(site: Site) -> dict[str, Any]:
    """How they are set just now."""
    return {name: getattr(site, name) for name in SETS}


async def note_set(
    session: AsyncSession, site: Site, was: Mapping[str, Any], by: Actor | None, at: datetime
) -> None:
    """One line of what differs from `was`, in the transaction of the change; none where nothing does."""
    said = [_said(name, was[name], now) for name, now in set_of(site).items() if now != was[name]]
    if said:
        await note(session, site.workspace_id, by, "site_set", at, f"{site.name}: {', '.join(said)}")


def _said(name: str, was: Any, now: Any) -> str:
    if name == "auto_mode":
        return f"auto mode {'on' if now else 'off'}"
    if name.endswith("_budget"):
        return f"{SETS[name]} from {f'{was:,}' if was else 'any number'} to {_credits(now)}"
    return f"{SETS[name]} from {_plain(was)} to {_plain(now)}"


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(hour) for hour in value) or "the usual ones"
    return _MODES.get(value, value) if isinstance(value, str) else str(value)


def _credits(most: int) -> str:
    if most == 0:
        return "any number of credits"
    return "1 credit" if most == 1 else f"{most:,} credits"
