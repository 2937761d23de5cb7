"""Calls to X as one account: with a token that holds, renewed once where X does not take it."""

from dataclasses import dataclass
from typing import Any

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.guard import Guard
from nightdesk.publisher import Login, Record
from nightdesk.publishers.calling import Call, Caller, Said, words
from nightdesk.publishers.deadlines import Deadlines
from nightdesk.publishers.oauth import Endpoint, Tokens, refreshing

API = "https://api.x.com"

DECLINED = (400, 403, 404, 413, 422)
"""Answers by which X says that it did not take a post."""


@dataclass(frozen=True)
class Limits(Deadlines):
    """Seconds for each read and write of a call and of a part of an upload, and for X to work on a video."""

    working: float = 900.0


class X:
    """One account; `limits` are handed to each call."""

    def __init__(self, login: Login, guard: Guard, clock: Clock, limits: Limits, api: str) -> None:
        self.limits, self._api = limits, api
        self._caller = Caller(guard, clock, name="x", title="X", seconds=limits.call)
        endpoint = Endpoint(f"{api}/2/oauth2/token", "X", basic=True)
        renewing = refreshing(self._caller, endpoint, str(login.config["client_id"]), clock)
        self._tokens = Tokens(login, renewing, clock)

    async def aclose(self) -> None:
        await self._caller.aclose()

    async def ask(
        self, method: str, path: str, about: str, record: Record | None = None, **more: Any
    ) -> Said:
        """One call; `more` are fields of a `Call`. Raises as `Caller.ask`, and `NeedsPerson` where X asks
        for a new log-in (401) or for money (402).

        X does nothing of a request that it answers with 401, so that it may be sent again.
        """
        said = await self._sent(await self._tokens.access(record), method, path, about, record, more)
        if said.status == 401:
            said = await self._sent(await self._tokens.renewed(record), method, path, about, record, more)
        if said.status == 401:
            raise NeedsPerson(f"X does not take the account's log-in: {complaint(said)} Connect it again.")
        if said.status == 402:
            raise NeedsPerson(
                f"X asks for money: {complaint(said)} Buy credits in the X developer console, then look at "
                "the account again."
            )
        return said

    async def _sent(
        self, token: str, method: str, path: str, about: str, record: Record | None, more: dict[str, Any]
    ) -> Said:
        headers = {"Authorization": f"Bearer {token}"}
        return await self._caller.ask(
            Call(method, f"{self._api}{path}", about, headers=headers, **more), record
        )


def complaint(said: Said) -> str:
    """X's own words for why it did not do something (RFC 7807, or a list of errors)."""
    text = said.at("detail") or said.at("errors", 0, "message") or said.at("errors", 0, "detail")
    title = said.at("title") or said.at("reason")
    told = words(str(text or said.text)) or "no reason given"
    return f"“{told}”{f' ({words(str(title))})' if title else ''}."
