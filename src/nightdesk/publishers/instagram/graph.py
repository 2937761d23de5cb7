"""Calls to Meta's Graph API as one account, and what its errors mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.http.addresses import apart
from nightdesk.publisher import Record
from nightdesk.publishers.calling import Call, Caller, Said, words
from nightdesk.publishers.deadlines import Deadlines
from nightdesk.publishers.instagram.entry import Entry

API = "https://graph.facebook.com/v25.0"
_UPLOADS = {"graph.facebook.com": "rupload.facebook.com"}

FULL_DAY = 7200.0
"""Seconds until it is tried again where the account has had its posts of 24 hours, which move on all day."""

# Codes and subcodes of errors: https://developers.facebook.com/docs/graph-api/guides/error-handling and
# https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/error-codes
_LOGGED_OUT = (102, 190)
_TOO_MANY = (4, 17, 32, 613, 80002)
_TRANSIENT = (-2, -1, 1, 2)
PERMISSION = (3, 10, *range(200, 300))
_SPAM, _RESTRICTED, _DAY_FULL, _NOT_READY = 2207051, 2207050, 2207042, 2207027


@dataclass(frozen=True)
class Limits(Deadlines):
    """Seconds for each read and write of a call and of an upload; how often and how long is asked whether a
    video has been worked through."""

    pause: float = 10.0
    processing: float = 300.0


class Graph:
    """The interface at one address."""

    def __init__(self, api: str, caller: Caller, entry: Entry, clock: Clock, limits: Limits) -> None:
        self._api, self._caller = api.rstrip("/"), caller
        self.entry, self.limits, self.clock = entry, limits, clock

    async def aclose(self) -> None:
        await self._caller.aclose()

    async def ask(
        self,
        method: str,
        path: str,
        about: str,
        record: Record | None = None,
        **more: Any,
    ) -> Said:
        """One call; `more` are fields of a `Call`. Raises as `Caller.ask` and `Entry.access`."""
        headers = {"Authorization": f"Bearer {await self.entry.access(record)}"}
        call = Call(method, f"{self._api}/{path}", about, headers=headers, **more)
        return await self._caller.ask(call, record)

    async def get(
        self, path: str, about: str, record: Record | None = None, **params: str
    ) -> Mapping[str, Any]:
        """What stands at a path. Raises `Later`, `NeedsPerson`, `Refused`."""
        said = await self.ask("GET", path, about, record, params=params)
        return well(said, f"Instagram did not answer to: {about}")

    async def upload(self, container: str, record: Record, **more: Any) -> Said:
        """Sends a file's bytes into a container. Raises as `Caller.ask`."""
        parts = apart(self._api)
        if parts is None:
            raise NeedsPerson("The address of the interface is no address: put it right, or leave it out.")
        host = _UPLOADS.get(parts.netloc, parts.netloc)
        url = f"{parts.scheme}://{host}/ig-api-upload{parts.path}/{container}"
        headers = {"Authorization": f"OAuth {await self.entry.access(record)}", **more.pop("headers")}
        call = Call("POST", url, "Sends the video's bytes.", headers=headers, **more)
        return await self._caller.ask(call, record)


def well(said: Said, what: str) -> Mapping[str, Any]:
    """The object that a good answer is. Raises what `declined` gives for another, `Later` for no object."""
    if not said.well or said.at("error") is not None:
        raise declined(said, what)
    if not isinstance(said.value, dict):
        raise Later(f"{what}: {complaint(said)}")
    return said.value


def declined(said: Said, what: str) -> Later | NeedsPerson | Refused:
    """The ending for an error: by its words nothing was done."""
    code, sub = said.at("error", "code"), said.at("error", "error_subcode")
    says = f"{what}: {complaint(said)}"
    if sub == _SPAM:
        return Refused(says)
    if sub == _DAY_FULL or code == 9:
        return Later(says, FULL_DAY)
    if sub == _NOT_READY or code == 9007:
        return Later(says, 60.0)
    if sub == _RESTRICTED or code == 25:
        return NeedsPerson(
            f"{says} Open Instagram as this account, do what it asks there, then look at the account again."
        )
    if code in _LOGGED_OUT or said.status == 401:
        return NeedsPerson(f"{says} Log in at Meta again, and give the account the new token.")
    if code in _TOO_MANY:
        return Later(says, 3600.0)
    if code in PERMISSION:
        return NeedsPerson(
            f"{says} Give the app the rights instagram_basic and instagram_content_publish for this account, "
            "and the account a new token."
        )
    return Later(says) if transient(said) or 300 <= said.status < 400 else Refused(says)


def transient(said: Said) -> bool:
    """Whether the error is one of Instagram's own, which may strike after it has done what was asked."""
    return said.at("error", "is_transient") is True or said.at("error", "code") in _TRANSIENT


def complaint(said: Said) -> str:
    """Its own words for why it did not do something; the upload server words its errors another way."""
    told = said.at("error", "error_user_msg") or said.at("error", "message")
    told = told or said.at("debug_info", "message") or said.text
    code, sub = said.at("error", "code"), said.at("error", "error_subcode")
    number = f" ({code}{f'/{sub}' if sub else ''})" if isinstance(code, int) else ""
    return f"“{words(str(told))}”{number}."
