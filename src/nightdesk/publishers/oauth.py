"""Log-ins by OAuth 2.0: a token for each call that holds, renewed by one caller at a time before it ends.

A publisher makes `Tokens` for its account, and asks it for a token before a call and again after a 401:

    endpoint = Endpoint("https://oauth2.googleapis.com/token", "Google")
    tokens = Tokens(login, refreshing(caller, endpoint, login.config["client_id"], clock), clock)
    headers = {"Authorization": f"Bearer {await tokens.access(record)}"}
    ...
    fresh = await tokens.renewed(record)  # the one that was used did not do

Secrets are kept under the names `access_token`, `refresh_token`, `access_until` (when the access token ends,
ISO 8601) and `client_secret`. Where a platform renews otherwise than by RFC 6749, section 6, its publisher
gives an `Ask` of its own and reads the answer with `tokens_in`.
"""

import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.publisher import Login, Record, Renewed, Unrenewed
from nightdesk.publishers.calling import Call, Caller, Said, words

AHEAD = timedelta(minutes=5)
"""A token that ends so soon is renewed before it is used."""

MOST_ROUNDS = 3
"""Times that what another renewed, or a person gave, is found to be no token that holds."""

Ask = Callable[[Mapping[str, str], Record | None], Awaitable[Renewed]]
"""Asks the platform to renew, given the secrets that are kept. Raises `Unrenewed`, `NeedsPerson`, `Later`."""


@dataclass(frozen=True)
class Endpoint:
    """Where a platform renews a log-in by its refresh token.

    `client` is what it calls the number of the client (`client_key` at TikTok). With `basic` the client's
    secret goes into the header (X), else into the form.
    """

    url: str
    title: str
    client: str = "client_id"
    basic: bool = False


class Tokens:
    """The access tokens of one account; `ahead` is how long before its end one is renewed."""

    def __init__(self, login: Login, ask: Ask, clock: Clock, ahead: timedelta = AHEAD) -> None:
        self._login, self._ask, self._clock, self._ahead = login, ask, clock, ahead
        self.secrets: Mapping[str, str] = dict(login.secrets)

    async def access(self, record: Record | None = None) -> str:
        """A token that holds as far as is known; renewed where it ends soon.

        Raises `NeedsPerson` where the platform does not renew it, `Later`.
        """
        for _ in range(MOST_ROUNDS):
            if self._holds():
                return self.secrets["access_token"]
            await self._renew(record)
        raise Later("The log-in was renewed again and again, and ends at once each time.")

    async def renewed(self, record: Record | None = None) -> str:
        """A token other than the one that `access` gave last, which the platform did not take."""
        await self._renew(record)
        return await self.access(record)

    def _holds(self) -> bool:
        if not self.secrets.get("access_token"):
            return False
        until = _instant(self.secrets.get("access_until", ""))
        return until is None or until - self._ahead > self._clock.now()

    async def _renew(self, record: Record | None) -> None:
        self.secrets = await self._login.renew(self.secrets, lambda kept: self._ask(kept, record))


def refreshing(caller: Caller, endpoint: Endpoint, client: str, clock: Clock) -> Ask:
    """Asks as RFC 6749, section 6, says, as the client with that number."""

    async def ask(kept: Mapping[str, str], record: Record | None) -> Renewed:
        if not kept.get("refresh_token"):
            raise NeedsPerson(f"The account has no refresh token of {endpoint.title}: connect it again.")
        form = {"grant_type": "refresh_token", "refresh_token": kept["refresh_token"]}
        secret, headers = kept.get("client_secret", ""), {"Accept": "application/json"}
        if endpoint.basic and secret:
            told = f"{quote(client, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(told.encode()).decode()
        else:
            form |= {endpoint.client: client} | ({"client_secret": secret} if secret else {})
        about = f"Renews the log-in with {endpoint.title}."
        call = Call("POST", endpoint.url, about, headers=headers, form=form)
        return tokens_in(await caller.ask(call, record), endpoint.title, clock.now())

    return ask


def tokens_in(said: Said, title: str, now: datetime) -> Renewed:
    """What a platform's answer gives, of the shape of RFC 6749, sections 5.1 and 5.2.

    `Renewed.expires_at` is when the log-in as a whole ends, where the platform tells
    (`refresh_token_expires_in`, `refresh_expires_in`). Raises `Unrenewed` where it declines, `Later`.
    """
    access = said.at("access_token")
    if said.well and isinstance(access, str) and access:
        secrets = {"access_token": access, "access_until": _until(now, said.at("expires_in"))}
        refresh = said.at("refresh_token")
        if isinstance(refresh, str) and refresh:
            secrets["refresh_token"] = refresh
        whole = said.at("refresh_token_expires_in") or said.at("refresh_expires_in")
        return Renewed(secrets, _instant(_until(now, whole)))
    error = said.at("error")
    if (400 <= said.status < 500 and said.status != 408) or (said.well and error):
        raise Unrenewed(f"{title} does not renew the log-in: {_complaint(said)} Connect the account again.")
    raise Later(f"{title} answered with no token ({said.status}).")


def _complaint(said: Said) -> str:
    """The platform's words; never the whole answer, which may hold what was sent."""
    error, told = said.at("error"), said.at("error_description") or said.at("error", "message")
    code = error if isinstance(error, str) else said.at("error", "code")
    text = words(str(told or "no reason given"))
    return f"“{text}” ({words(str(code))})." if code else f"“{text}”."


def _until(now: datetime, seconds: object) -> str:
    """When that many seconds have passed; empty where it is no number of them."""
    try:
        # Some servers send the number as text.
        return (now + timedelta(seconds=float(str(seconds)))).isoformat()
    except (ValueError, OverflowError):
        return ""


def _instant(told: str) -> datetime | None:
    try:
        return datetime.fromisoformat(told)
    except ValueError:
        return None
