"""Calls to TikTok's interface as one account, and what its errors mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.http.addresses import same_house
from nightdesk.publisher import Record
from nightdesk.publishers.calling import Call, Caller, Said, words
from nightdesk.publishers.deadlines import Deadlines
from nightdesk.publishers.oauth import Tokens
from nightdesk.publishers.tiktok.chunks import CHUNK

API = "https://open.tiktokapis.com"

DOMAIN = "tiktokapis.com"
"""Where all of its interface lies, uploads too: by region at open-upload.tiktokapis.com,
upload.us.tiktokapis.com and others (https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide).
"""

FULL_DAY = 7200.0
"""Seconds until it is tried again where the account, or the app, has had its share of 24 hours."""

# https://developers.tiktok.com/doc/tiktok-api-v2-error-handling and the references of the single calls.
_LOGGED_OUT = ("access_token_invalid", "token_not_authorized_for_specified_publish_id")
_UNALLOWED = ("scope_not_authorized", "scope_permission_missed")
_FULL = ("spam_risk_too_many_posts", "spam_risk_too_many_pending_share", "reached_active_user_cap")
_LATER = ("rate_limit_exceeded", "internal_error", "internal")
_UNAUDITED = "unaudited_client_can_only_post_to_private_accounts"


@dataclass(frozen=True)
class Limits(Deadlines):
    """Seconds for each read and write of a call and of an upload; how often and how long is asked whether a
    video has been worked through; bytes of a part of it."""

    pause: float = 5.0
    processing: float = 60.0
    chunk: int = CHUNK


class Service:
    """The interface at one address."""

    def __init__(self, api: str, caller: Caller, tokens: Tokens, clock: Clock, limits: Limits) -> None:
        self._api, self._caller, self._tokens = api.rstrip("/"), caller, tokens
        self.clock, self.limits = clock, limits

    async def aclose(self) -> None:
        await self._caller.aclose()

    async def ask(
        self, path: str, about: str, record: Record | None = None, **body: Any
    ) -> Mapping[str, Any]:
        """What it answers to a call that makes nothing public; a log-in that ended meanwhile is renewed once.

        Raises `Later`, `NeedsPerson`, `Refused`, `UnknownUpload`.
        """
        said = await self._as(await self._tokens.access(record), path, about, record, body)
        if said.status == 401 and _code(said) not in _UNALLOWED:
            said = await self._as(await self._tokens.renewed(record), path, about, record, body)
        if (ending := declined(said, f"TikTok did not answer to: {about}")) is not None:
            raise ending
        data = said.at("data")
        if not isinstance(data, dict):
            raise Later(f"TikTok answered with something else than data: {complaint(said)}")
        return data

    def takes(self, url: str) -> bool:
        """Whether a file may be sent to that address: at the interface's own host, or another of TikTok's."""
        return same_house(self._api, url, DOMAIN)

    async def put(self, call: Call, record: Record) -> Said:
        """Sends a part of a file to an address that holds a right of its own. Raises as `Caller.ask`."""
        return await self._caller.ask(call, record)

    async def _as(
        self, token: str, path: str, about: str, record: Record | None, body: Mapping[str, Any]
    ) -> Said:
        headers = {"Authorization": f"Bearer {token}"}
        if path.startswith("user/"):
            call = Call("GET", f"{self._api}/v2/{path}", about, headers=headers, params=dict(body))
        else:
            headers["Content-Type"] = "application/json; charset=UTF-8"
            call = Call("POST", f"{self._api}/v2/{path}", about, headers=headers, json=dict(body))
        return await self._caller.ask(call, record)


class Unallowed(NeedsPerson):
    """The log-in lacks a right; `said` are TikTok's words for it."""

    def __init__(self, why: str, said: str) -> None:
        super().__init__(why)
        self.said = said


class UnknownUpload(Refused):
    """TikTok knows nothing of an upload, any more or at all."""


def declined(said: Said, what: str) -> Later | NeedsPerson | Refused | None:
    """The ending for an error: by its words nothing was done. None where it is none."""
    code = _code(said)
    if said.well and code == "ok":
        return None
    says = f"{what}: {complaint(said)}"
    if code in _UNALLOWED:
        again = "Connect the account again, and allow it all that is asked for."
        return Unallowed(f"{says} {again}", complaint(said))
    if code in _LOGGED_OUT or said.status == 401:
        return NeedsPerson(f"{says} Connect the account again.")
    if code == _UNAUDITED:
        return NeedsPerson(
            f"{says} Until TikTok has audited the app, make the TikTok account private and the account here "
            "post as SELF_ONLY, or let it make drafts."
        )
    if code in _FULL:
        return Later(says, FULL_DAY)
    if code == "invalid_publish_id":
        return UnknownUpload(says)
    if code in _LATER or (said.well and not code) or 300 <= said.status < 400:
        return Later(says)
    return Refused(says)


def failed(reason: str) -> Later | NeedsPerson | Refused:
    """The ending for an upload that TikTok has ended by itself; nothing of it is out."""
    says = f"TikTok did not take the video: {words(reason) or 'no reason given'}."
    if reason == "auth_removed":
        return NeedsPerson(f"{says} Its person took the right away: connect the account again.")
    if reason in _FULL:
        return Later(says, FULL_DAY)
    return Later(says) if reason in _LATER else Refused(says)


def complaint(said: Said) -> str:
    """Its own words for why it did not do something."""
    code = _code(said)
    text = words(str(said.at("error", "message") or said.text or "no reason given"))
    return f"“{text}”{f' ({words(code)})' if code else ''}."


def _code(said: Said) -> str:
    found = said.at("error", "code")
    return found if isinstance(found, str) else ""
