"""What is said of accounts and publications: their states, why one waits, and what a person can do."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from nightdesk.desk.accounts import AccountShown
from nightdesk.faces.web import times

STATES: Mapping[str, tuple[str, str, str]] = {
    "queued": ("planned", "queued", "It waits for its time, and goes out by itself."),
    "preparing": ("on its way", "working", "It is brought to the platform, where nobody sees it yet."),
    "committing": ("on its way", "working", "It is being made public at this moment."),
    "ambiguous": (
        "unclear",
        "partial",
        "It may be out: the platform is asked, or still works on it.",
    ),
    "held": ("held", "paused", "Nobody can know whether it is out. Look there, then say which it is."),
    "live": ("out", "published", "It is out."),
    "rejected": (
        "not taken",
        "rejected",
        "It is not out. Put right what is said below, then publish it again.",
    ),
    "cancelled": ("cancelled", "cancelled", "It was taken back before it went out."),
}
"""What each state is called, how its badge looks, and what it means for whoever reads it."""

STEPS: Mapping[str, tuple[str, str]] = {
    "asked": ("calendar-event", "Asked for"),
    "taken": ("player-play", "Taken up"),
    "request": ("arrow-up", "Request"),
    "answer": ("arrow-down", "Answer"),
    "token": ("key", "Token"),
    "commits": ("send", "Goes out"),
    "moved": ("clock", "Moved"),
    "queued": ("hourglass", "Waits"),
    "ambiguous": ("search", "Not clear"),
    "lost": ("alert-triangle", "Broken off"),
    "held": ("player-pause", "Held"),
    "live": ("circle-check", "Out"),
    "rejected": ("circle-x", "Not taken"),
    "cancelled": ("ban", "Cancelled"),
    "leads_on": ("arrow-up", "Request"),
    "led_on": ("arrow-down", "Answer"),
    "not_led_on": ("alert-triangle", "Not changed"),
    "decided": ("user", "Decided"),
}
"""The lines of a story: their symbol and what they are."""

STANDINGS: Mapping[str, tuple[str, str, str]] = {
    "connected": ("connected", "ready", ""),
    "missing_config": (
        "lacks something",
        "partial",
        "Fill in what is missing, then it is looked at again.",
    ),
    "expired": (
        "needs you",
        "failed",
        "Put that right there, or give its secret anew; then look again. What waits for it is kept, and "
        "goes out then.",
    ),
    "error": (
        "not reached",
        "paused",
        "The platform did not answer. It is tried again by itself; look again now if you like.",
    ),
}
"""An account's status: what it is called, how its badge looks, what to do."""

PAUSED = "It is paused: nothing goes out through it, and what is planned waits."
SOON = timedelta(days=14)
"""From so long before its log-in ends an account asks for a new one."""

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
"""A moment as our own lines write it, RFC 3339."""


BY_CONSENT: Mapping[str, str] = {
    "missing_config": "Connect it: you are led to the platform and back.",
    "expired": "Connect it again: you are led to the platform and back. What waits for it is kept, and goes "
    "out then.",
}
"""What to do about an account that is connected by its owner's consent at the platform."""


def standing(account: AccountShown, now: datetime, *, consents: bool = False) -> dict[str, Any]:
    """How an account stands, and what is to be done about it."""
    says, badge, do = STANDINGS[account.status]
    do = BY_CONSENT.get(account.status, do) if consents else do
    holds = account.status in ("connected", "error")
    days = (account.expires_at - now).days if account.expires_at and holds else None
    ends = holds and account.expires_at is not None and account.expires_at - now < SOON
    if account.paused:
        says, badge, do = "paused", "paused", PAUSED
    elif ends and account.status == "connected":
        way = "connect it again" if consents else "give its secret anew"
        do = f"Its log-in ends soon: {way} before that, and nothing waits."
    return {"says": says, "badge": badge, "do": do, "days": days, "ends": ends}


def by_consent(account: AccountShown, kinds: Sequence[Any]) -> bool:
    """Whether its owner can connect it by saying so at the platform."""
    kind = next(one for one in kinds if one.platform == account.platform)
    consent = kind.by(account.way).consent
    return consent is not None and bool(account.config.get(consent.field))


def waits_for(row: Any, account: AccountShown | None, stopped: datetime | None) -> str:
    """What keeps a queued publication from going out at its time; empty where nothing does."""
    if row.state != "queued":
        return ""
    if stopped is not None:
        return "All publishing is stopped. It waits until that is lifted."
    if account is None:
        return ""
    if account.paused:
        return f"The account “{account.name}” is paused. It waits until that is lifted."
    if account.status in ("expired", "missing_config"):
        return f"The account “{account.name}” needs you first: {account.says}"
    return ""


def keeps_back(account: AccountShown) -> str:
    """In a few words what keeps all that waits for an account from going out; empty where nothing does."""
    if account.paused:
        return "Waits: its account is paused."
    return "Waits: its account needs you." if account.status in ("expired", "missing_config") else ""


def told(says: str, zone: ZoneInfo) -> str:
    """A line of a story with the moments in it as somebody in `zone` would say them."""

    def said(found: re.Match[str]) -> str:
        try:
            there = datetime.fromisoformat(found[0]).astimezone(zone)
        except ValueError:
            return found[0]
        return f"{there:%A} {there.day} {there:%B %Y, %H:%M %Z}"

    return MOMENT.sub(said, says)


def slot(moment: datetime, now: datetime, zone: ZoneInfo, own: ZoneInfo) -> str:
    """A slot by its site's clock, as forms ask for it; the zone is named where the reader has another."""
    there = moment.astimezone(zone)
    says = times.told(moment, now, zone)
    return says if there.utcoffset() == moment.astimezone(own).utcoffset() else f"{says} {there:%Z}"


def evidence_of(line: Any) -> list[tuple[str, Any]]:
    """What a line of a story carries beside its words, without what is the house's own or said already."""
    kept = {name: value for name, value in line.data.items() if value not in ("", None)}
    own = {"fence", "state"} | ({"status"} if str(kept.get("status")) == line.says else set())
    return [(name, value) for name, value in kept.items() if name not in own]


def evidence(row: Any) -> list[tuple[datetime | None, str]]:
    """What a person has to decide by: when it was found, and what."""
    found = []
    for one in row.evidence:
        try:
            at = datetime.fromisoformat(str(one.get("at")))
        except ValueError:
            at = None
        found.append((at, str(one.get("says", ""))))
    return found


def warnings(row: Any) -> tuple[str, str]:
    """What speaks against “it is live”, and what against sending a held one again."""
    last: Mapping[str, Any] = next(
        (one for one in reversed(row.evidence) if one.get("code") in ("cannot_know", "cannot_send")), {}
    )
    if row.code == "cannot_send":
        return (
            "Every sending ended before the platform took anything, so most likely it is not there.",
            "It is sent again at once.",
        )
    found = last.get("found")
    if found == "absent":
        return (
            "The platform showed nothing of it when it was asked. Say so only if you see it there.",
            "The platform showed nothing of it when it was asked, which proves nothing. If it is there after "
            "all, it will be there twice.",
        )
    return (
        "The platform could not tell when it was asked. Say so only if you see it there.",
        "The platform could not tell when it was asked. If it is there after all, it will be there twice.",
    )
