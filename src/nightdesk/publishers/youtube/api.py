"""Calls to the YouTube Data API in a person's name, and what its errors mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.publisher import Record
from nightdesk.publishers.calling import Call, Caller, Said, words
from nightdesk.publishers.deadlines import Deadlines
from nightdesk.publishers.oauth import Tokens

API = "https://www.googleapis.com"
TOKENS = "https://oauth2.googleapis.com/token"

PACIFIC = ZoneInfo("America/Los_Angeles")
"""The quota of a day is given anew at midnight there.
https://developers.google.com/youtube/data/determine_quota_cost"""

# Reasons of errors. https://developers.google.com/youtube/v3/docs/errors and
# https://developers.google.com/youtube/v3/docs/videos/insert#errors
SPENT = {"quotaExceeded", "dailyLimitExceeded", "uploadLimitExceeded"}
HASTE = {"rateLimitExceeded", "userRateLimitExceeded"}
PERSONS = {
    "insufficientPermissions",
    "accessNotConfigured",
    "youtubeSignupRequired",
    "accountDelegationForbidden",
    "authenticatedUserAccountClosed",
    "authenticatedUserAccountSuspended",
    "authenticatedUserNotChannel",
    "channelClosed",
    "channelSuspended",
}


@dataclass(frozen=True)
class Limits(Deadlines):
    """Seconds for each read and write of a call and of a part of the file, and the bytes of such a part."""

    part: int = 8 << 20
    most_parts: int = 64
    """A long file goes in larger parts, so that its story stays short."""
    again: int = 3
    """How often in a row an upload is taken up by itself, after so many seconds, twice as many each time."""
    pause: float = 2.0


class Google:
    """Calls as one account; `root` is where the interface is."""

    def __init__(self, root: str, caller: Caller, tokens: Tokens, clock: Clock, limits: Limits) -> None:
        self.root, self.clock, self.limits = root.rstrip("/"), clock, limits
        self._caller, self._tokens = caller, tokens

    async def aclose(self) -> None:
        await self._caller.aclose()

    async def ask(self, method: str, url: str, about: str, record: Record | None = None, **more: Any) -> Said:
        """One call; `more` are fields of a `Call`. A log-in that does not do is renewed once, and used again.

        Raises as `Caller.ask`; `NeedsPerson` where the new one does not do either. That YouTube answered 401
        says that it has done nothing.
        """
        said = await self._sent(await self._tokens.access(record), method, url, about, record, **more)
        if said.status == 401 and reason(said) != "youtubeSignupRequired":
            said = await self._sent(await self._tokens.renewed(record), method, url, about, record, **more)
        if said.status == 401:
            raise NeedsPerson(
                f"YouTube does not take the log-in: {complaint(said)} Connect the account again, as a user "
                "who has a channel."
            )
        return said

    async def get(self, what: str, about: str, record: Record | None = None, **params: str) -> Said:
        """Reads `channels`, `videos` and the like. Raises besides what `declined` gives."""
        said = await self.ask("GET", f"{self.root}/youtube/v3/{what}", about, record, params=params)
        if not said.well:
            raise declined(said, f"{about.rstrip('.')}: not answered", self.clock.now())
        return said

    async def _sent(
        self, token: str, method: str, url: str, about: str, record: Record | None, **more: Any
    ) -> Said:
        headers: Mapping[str, str] = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return await self._caller.ask(Call(method, url, about, headers=headers, **more), record)


def reason(said: Said) -> str:
    """The word by which YouTube names an error."""
    return str(said.at("error", "errors", 0, "reason") or "")


def complaint(said: Said) -> str:
    """YouTube's own words for why it did not do something."""
    told = said.at("error", "message")
    text = words(str(told or said.text))
    code = words(reason(said))
    return f"“{text}”{f' ({code})' if code else ''}."


def declined(said: Said, what: str, now: datetime) -> Exception:
    """The ending for an answer of 3xx or 4xx."""
    why, code = f"{what}: {complaint(said)}", reason(said)
    if code in SPENT:
        return Later(f"{why} It goes on once the day's quota is given anew.", until_midnight(now))
    if code in HASTE or 300 <= said.status < 400 or said.status == 408:
        return Later(why)
    if code in PERSONS:
        return NeedsPerson(f"{why} Put that right in Google's console or on YouTube, then look at it again.")
    return Refused(why)


def until_midnight(now: datetime) -> float:
    """Seconds until the next midnight of YouTube's quota, and two minutes for its clocks."""
    here = now.astimezone(PACIFIC)
    midnight = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    # Zones are left out of a difference within one zone, so both are taken to UTC for the hour of a change.
    return (midnight.timestamp() - now.timestamp()) + 120
