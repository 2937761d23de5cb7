"""A WordPress site: where its REST interface is, and calls to it as one of its users."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.http.addresses import apart, onward
from nightdesk.kit.http.failures import shown
from nightdesk.kit.http.guard import Guard
from nightdesk.publisher import Record
from nightdesk.publishers.calling import Call, Caller, Said, words
from nightdesk.publishers.deadlines import Deadlines

MOST_REDIRECTS = 5

# https://developer.wordpress.org/rest-api/using-the-rest-api/discovery/
_LINK = re.compile(r'<([^>]+)>;\s*rel="?https://api\.w\.org/"?')


@dataclass(frozen=True)
class Limits(Deadlines):
    """An upload takes long where the site makes pictures smaller."""


@dataclass(frozen=True)
class Root:
    """Where the interface is; on sites without readable addresses a route is a name of the query."""

    url: str
    query: Mapping[str, str]

    def at(self, route: str, params: Mapping[str, str] | None) -> tuple[str, dict[str, str]]:
        """Address and query of a route such as `wp/v2/posts`."""
        asked = dict(params or {})
        if "rest_route" in self.query:
            return self.url, {**self.query, "rest_route": f"/{route}", **asked}
        return f"{self.url.rstrip('/')}/{route}", asked


class Site:
    """Calls one site as one user; `limits` are handed to each call."""

    def __init__(
        self, address: str, login: tuple[str, str], guard: Guard, clock: Clock, limits: Limits
    ) -> None:
        self._address, self.limits = address, limits
        self._caller = Caller(guard, clock, name="wordpress", title="WordPress", seconds=limits.call)
        self._basic = "Basic " + base64.b64encode(":".join(login).encode()).decode()
        self.user = login[0]
        self._root: Root | None = None

    @property
    def encrypted(self) -> bool:
        """Whether what was found of it so far is spoken to over TLS."""
        return (self._root.url if self._root else self._address).startswith("https:")

    @property
    def home(self) -> str:
        """Which site it is, however its address is written."""
        parts = apart(self._address)
        if parts is None:
            return self._address
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
        return f"{_host(parts.hostname)}{port}{parts.path.rstrip('/')}"

    async def aclose(self) -> None:
        await self._caller.aclose()

    async def ask(
        self,
        method: str,
        route: str,
        about: str,
        record: Record | None = None,
        *,
        params: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Said:
        """One call; `more` are fields of a `Call`. Raises as `Caller.ask`, and `NeedsPerson` for a 401."""
        root = self._root or await self._discover(record)
        url, query = root.at(route, params)
        headers = {"Authorization": self._basic, **more.pop("headers", {})}
        call = Call(method, url, about, params=query or None, headers=headers, **more)
        said = await self._caller.ask(call, record)
        if said.status == 401:
            raise NeedsPerson(
                f"WordPress does not know the log-in of {self.user}: {complaint(said)} Make a new "
                "application password there and give it to the account. Where that does not help, the "
                "site's server keeps the Authorization header from WordPress."
            )
        return said

    async def get(
        self,
        route: str,
        about: str,
        record: Record | None = None,
        *,
        params: Mapping[str, str] | None = None,
    ) -> Said:
        """Reads a route."""
        return await self.ask("GET", route, about, record, params=params)

    async def _discover(self, record: Record | None) -> Root:
        """Asks the site for its interface. Raises `Later`, `NeedsPerson`."""
        address, said = await self._home(record)
        named = _LINK.search(said.headers.get("link", ""))
        asked = [onward(address, named.group(1))] if named else []
        home = address if address.endswith("/") else f"{address}/"
        asked += [onward(home, "wp-json/"), f"{home}?rest_route=/"]
        for url in dict.fromkeys(one for one in asked if one is not None):
            if not _same_site(self._address, url):
                raise NeedsPerson(
                    f"{self._address} names {shown(url)} for its interface, which is another "
                    "site: the password was not sent there. Give the site's own address, with https where "
                    "it has that."
                )
            if (root := await self._answers(url, record)) is not None:
                self._root = root
                return root
        raise NeedsPerson(
            f"There is no WordPress at {self._address}, or it keeps its REST interface closed. Put the "
            "address right, or open the interface (some security plug-ins close it)."
        )

    async def _home(self, record: Record | None) -> tuple[str, Said]:
        address = self._address
        for _ in range(MOST_REDIRECTS):
            said = await self._caller.ask(
                Call("HEAD", address, "Looks where its interface is.", raw=True), record
            )
            told = said.headers.get("location", "")
            if not 300 <= said.status < 400 or not told:
                return address, said
            following = onward(address, told)
            if following is None or not _same_site(self._address, following):
                raise NeedsPerson(
                    f"{self._address} leads on to {shown(following or told)}; give that address where it is "
                    "yours."
                )
            address = following
        raise NeedsPerson(f"{self._address} leads on and on; give the address at which it ends.")

    async def _answers(self, url: str, record: Record | None) -> Root | None:
        """The interface at an address, where there is one; asked without the log-in."""
        said = await self._caller.ask(Call("GET", url, "Looks whether it is there.", raw=True), record)
        if not said.well or said.at("namespaces") is None:
            return None
        parts = apart(url)
        assert parts is not None
        return Root(parts._replace(query="", fragment="").geturl(), dict(parse_qsl(parts.query)))


def complaint(said: Said) -> str:
    """WordPress's own words for why it did not do something."""
    text = words(str(said.at("message") or said.text))
    code = words(str(said.at("code") or ""))
    return f"“{text}”{f' ({code})' if code else ''}."


def declined(said: Said, what: str) -> Exception:
    """The ending for an answer of 3xx or 4xx to a call that makes nothing public."""
    code = str(said.at("code") or "")
    if 300 <= said.status < 400:
        return Later(f"{what}: the site leads on to another address, which a log-in does not follow.")
    if said.status == 403 and code.startswith(("rest_cannot_", "rest_forbidden")):
        return NeedsPerson(
            f"{what}: the user may not do that. {complaint(said)} Give the user the role Author or more in "
            "WordPress, then look at the account again."
        )
    return Refused(f"{what}: {complaint(said)}")


def _same_site(ours: str, theirs: str) -> bool:
    """Whether a log-in for one may be sent to the other: the same host, and never from https to http."""
    one, other = apart(ours), apart(theirs)
    return (
        one is not None
        and other is not None
        and other.scheme in ("http", "https")
        and not (one.scheme == "https" and other.scheme == "http")
        and _host(one.hostname) == _host(other.hostname)
        and (one.port == other.port or one.scheme != other.scheme)
    )


def _host(name: str | None) -> str:
    return (name or "").lower().removeprefix("www.")
