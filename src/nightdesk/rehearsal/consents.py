"""The consent of a fake platform: the page that asks a person, and the codes that it sends people back with.

As OAuth 2.0 has it (RFC 6749, section 4.1; PKCE: RFC 7636), in the words of Google's and X's documentation.
"""

import base64
import hashlib
import html
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode, urljoin

from nightdesk.kit.clock import Clock
from nightdesk.kit.http.guard import Guard
from nightdesk.kit.http.transport import client
from nightdesk.rehearsal.logins import CLIENT, Logins
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.platform import FakePlatform, Post

CODE_HOLDS = timedelta(minutes=10)


@dataclass(frozen=True)
class _Asked:
    """A question to a person, and then the code that the answer is."""

    account: str
    back: str
    state: str
    scopes: Sequence[str]
    challenge: str
    until: datetime


@dataclass
class Consents:
    """Asks for the consent of `person`, who has the account of that name.

    `backs` are the addresses that people may be sent back to; any of this machine where there are none.
    `withheld` are scopes that the person unticks. `whole` is for how many seconds the log-in holds, where the
    platform tells. `hexadecimal`: the challenge is written so (TikTok).
    """

    logins: Logins
    clock: Clock
    person: str
    backs: Sequence[str] = ()
    withheld: set[str] = field(default_factory=set)
    whole: int | None = None
    hexadecimal: bool = False
    exchanges: int = 0
    """How often a code was to be changed, whatever was answered."""
    _asked: dict[str, _Asked] = field(default_factory=dict)
    _codes: dict[str, _Asked] = field(default_factory=dict)

    def answer(self, request: Request) -> Answer | None:
        """What is answered to a person's browser; None where it is no page of these."""
        if request.method != "GET":
            return None
        if "client_id" in request.query or "client_key" in request.query:
            return self._page(request.query)
        ticket = self._asked.get(request.query.get("ticket", ""))
        if ticket is None:
            return None
        if request.path == "/consent/deny":
            says = {"error": "access_denied", "error_description": "The person said no."}
            return self._sent_back(ticket, says)
        code = secrets.token_urlsafe(24)
        self._codes[code] = ticket
        return self._sent_back(ticket, {"code": code})

    def _page(self, query: Mapping[str, str]) -> Answer:
        back = query.get("redirect_uri", "")
        if query.get(self.logins.client) != CLIENT:
            return _words("invalid_client: The OAuth client was not found.", 401)
        if self.backs and back not in self.backs:
            return _words("redirect_uri_mismatch: The address to come back to is not registered.", 400)
        scopes = query.get("scope", "").replace(",", " ").split()
        until = self.clock.now() + CODE_HOLDS
        asked = _Asked(
            self.person, back, query.get("state", ""), scopes, query.get("code_challenge", ""), until
        )
        ticket = secrets.token_urlsafe(12)
        self._asked[ticket] = asked
        links = "".join(
            f'<p><a href="/consent/{path}?ticket={ticket}">{says}</a>'
            for path, says in (("allow", "Allow"), ("deny", "Do not allow"))
        )
        wanted = "".join(f"<li>{html.escape(one)}" for one in scopes)
        return _words(
            f"A desk asks for the channel of {html.escape(self.person)}.<ul>{wanted}</ul>{links}", 200
        )

    def _sent_back(self, asked: _Asked, facts: Mapping[str, str]) -> Answer:
        query = urlencode({**facts, "state": asked.state})
        return Answer(302, b"", {"Location": f"{asked.back}?{query}"})

    def exchanged(self, request: Request) -> Answer:
        """What the token endpoint answers to a code; `Logins` answers what else it is asked."""
        form = request.form()
        if form.get("grant_type") != "authorization_code":
            return self.logins.answer(request)
        self.exchanges += 1
        if not self.logins.knows_client(request):
            return _error("invalid_client", "The OAuth client was not found.", 401)
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None or asked.until <= self.clock.now() or asked.back != form.get("redirect_uri"):
            return _error("invalid_grant", "The code is not valid, or was used.")
        if not self._proved(asked.challenge, form.get("code_verifier", "")):
            return _error("invalid_grant", "The verifier does not fit the challenge.")
        scopes = [one for one in asked.scopes if one not in self.withheld]
        facts = {
            "access_token": self.logins.granted(asked.account),
            "refresh_token": self.logins.connected(asked.account)["refresh_token"],
            "expires_in": self.logins.seconds,
            "scope": " ".join(scopes),
            "token_type": "Bearer",
        }
        return Answer.of(facts | ({"refresh_token_expires_in": self.whole} if self.whole else {}))

    def _proved(self, challenge: str, verifier: str) -> bool:
        digest = hashlib.sha256(verifier.encode())
        if not challenge:
            return True
        if self.hexadecimal:
            return challenge == digest.hexdigest()
        return challenge == base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()


class FakeConsent(FakePlatform):
    """A platform of nothing but log-ins: it asks people, gives tokens, and tells whose one is."""

    name = "consent"

    def __init__(self, clock: Clock | None = None, person: str = "Night channel") -> None:
        super().__init__(clock)
        self.logins = Logins(self.clock)
        self.consents = Consents(self.logins, self.clock, person)

    async def answer(self, request: Request) -> Answer:
        if page := self.consents.answer(request):
            return page
        if request.method == "POST" and request.path.endswith("/token"):
            return self.consents.exchanged(request)
        if request.path == "/me":
            account = self.logins.account(request)
            return Answer.of(
                {"name": account} if account else {"error": "unauthorized"}, 200 if account else 401
            )
        return Answer.of({"error": "not_found"}, 404)

    def posts(self) -> Sequence[Post]:
        return []


async def consented(address: str, guard: Guard, *, allow: bool = True) -> str:
    """Opens the page at that address, says yes or no there as a person would, and gives the address that one
    is sent back to. Raises `ValueError` where the page asks nothing."""
    async with client(guard, timeout=30) as browser:
        page = await browser.get(address)
        links = dict(reversed(one) for one in re.findall(r'<a href="([^"]+)">([^<]+)</a>', page.text))
        wanted = links.get("Allow" if allow else "Do not allow")
        if wanted is None:
            raise ValueError(page.text)
        return (await browser.get(urljoin(address, html.unescape(wanted)))).headers["location"]


def _words(text: str, status: int) -> Answer:
    page = f'<!doctype html><html lang="en"><title>Consent</title><main>{text}</main>'
    return Answer(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"})


def _error(code: str, says: str, status: int = 400) -> Answer:
    return Answer.of({"error": code, "error_description": says}, status)
