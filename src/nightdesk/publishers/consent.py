"""How platforms ask a person for leave: where one is sent, and what the code that comes back is changed for.

OAuth 2.0's authorization code (RFC 6749, section 4.1), with the client that the person has registered there,
and PKCE (RFC 7636) where a platform takes it.
"""

import base64
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from urllib.parse import quote, urlencode

from nightdesk.kit.endings import Refused
from nightdesk.kit.http.addresses import apart
from nightdesk.publisher import Renewed, Unrenewed
from nightdesk.publishers.calling import Call, Caller, Said, words
from nightdesk.publishers.fields import Field
from nightdesk.publishers.oauth import Endpoint, tokens_in

Challenge = Literal["none", "S256", "hex"]
"""How the verifier is shown first: not at all; hashed, in base 64 (RFC 7636); hashed, in hexadecimal, to
clients on this machine alone (TikTok, "Login Kit for Desktop")."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")

Lasting = Callable[[Caller, Mapping[str, str], datetime], Awaitable[Renewed]]
"""Changes a token of an hour for one that lasts, given all secrets. Raises `Refused`, `Later`."""


class NotGranted(Refused):
    """The platform gave no log-in for the code, or not all that was asked for; nothing is kept."""


@dataclass(frozen=True)
class Consent:
    """One platform's. `gives` are the fields of an account that a person need not type then.

    `field` is the account's field with the client's number; `asks` are further parameters of the address.
    """

    authorize: str
    token: Endpoint
    scopes: tuple[str, ...]
    where: str
    """Where a client is registered, in words."""
    joined: str = " "
    challenge: Challenge = "S256"
    asks: Mapping[str, str] = field(default_factory=dict)
    gives: tuple[str, ...] = ("refresh_token", "access_token")
    for_value: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """Scopes that are needed besides where a field of the account has that value."""
    lasting: Lasting | None = None
    field: str = "client_id"

    def at(self, fields: Sequence[Field], config: Mapping[str, str]) -> "Consent":
        """For one account: with the scopes that it needs, and at the host of its `api`, where that is another
        than usual, for trials."""
        values = {one.name: config.get(one.name) or one.default for one in fields}
        more = [
            scope for pair, some in self.for_value.items() if values.get(pair[0]) == pair[1] for scope in some
        ]
        its = replace(self, scopes=(*self.scopes, *more))
        usual = next((one.default for one in fields if one.name == "api"), "")
        if _origin(api := values.get("api", "")) == _origin(usual):
            return its
        token = replace(self.token, url=_moved(self.token.url, api))
        return replace(its, authorize=_moved(self.authorize, api), token=token)

    def challenged(self, back: str) -> bool:
        """Whether a verifier goes with people who are sent back to that address."""
        return self.challenge == "S256" or (self.challenge == "hex" and at_home(back))

    def address(self, client: str, back: str, state: str, verifier: str) -> str:
        """Where a person is sent, to be sent back to `back` with a code."""
        asked = {
            self.token.client: client,
            "redirect_uri": back,
            "response_type": "code",
            "scope": self.joined.join(self.scopes),
            "state": state,
            **self.asks,
        }
        if self.challenged(back):
            asked |= {"code_challenge": self._shown(verifier), "code_challenge_method": "S256"}
        return f"{self.authorize}{'&' if '?' in self.authorize else '?'}{urlencode(asked, quote_via=quote)}"

    async def exchange(
        self, caller: Caller, known: Mapping[str, str], code: str, back: str, verifier: str, now: datetime
    ) -> Renewed:
        """What the code is worth. `known` has the client's number (under `field`) and its secret.

        Raises `NotGranted`, and `Later` where the platform does not answer.
        """
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
        headers, secret = {"Accept": "application/json"}, known.get("client_secret", "")
        if self.challenged(back):
            form["code_verifier"] = verifier
        if self.token.basic and secret:
            told = f"{quote(known[self.field], safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(told.encode()).decode()
        else:
            form |= {self.token.client: known[self.field]} | ({"client_secret": secret} if secret else {})
        about = f"Changes the code for a log-in with {self.token.title}."
        call = Call("POST", self.token.url, about, headers=headers, form=form, seconds=20)
        granted = self._granted(await caller.ask(call), now)
        if self.lasting is None:
            return granted
        longer = await self.lasting(caller, {**known, **granted.secrets}, now)
        return Renewed({**granted.secrets, **longer.secrets}, longer.expires_at or granted.expires_at)

    def _granted(self, said: Said, now: datetime) -> Renewed:
        # Instagram documents its answer as a list of one.
        value = said.at("data", 0) if said.well and isinstance(said.at("data", 0), dict) else said.value
        plain = Said(said.status, said.headers, value, said.text)
        if plain.well and isinstance(plain.at("access_token"), str):
            allowed = plain.at("scope") or plain.at("permissions")
            self._whole(allowed if isinstance(allowed, str) else "")
        try:
            return tokens_in(plain, self.token.title, now)
        except Unrenewed:
            raise NotGranted(f"{self.token.title} does not take the code: {_complaint(plain)}") from None

    def _whole(self, allowed: str) -> None:
        """Google lets people untick single permissions; without all of them publishing fails later."""
        given = set(allowed.replace(",", " ").split())
        if given and (lacks := [one for one in self.scopes if one not in given]):
            names = ", ".join(one.rpartition("/")[2] for one in lacks)
            raise NotGranted(
                f"{self.token.title} was not allowed all that is needed: {words(names)} is missing."
            )

    def _shown(self, verifier: str) -> str:
        digest = hashlib.sha256(verifier.encode())
        if self.challenge == "hex":
            return digest.hexdigest()
        return base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()


def new_verifier() -> str:
    """A secret of 64 characters for one consent (RFC 7636, section 4.1)."""
    return secrets.token_urlsafe(48)


def at_home(address: str) -> bool:
    """Whether an address is of this machine itself, which platforms take without https."""
    parts = apart(address)
    return parts is not None and (parts.hostname or "") in LOOPBACK


def _origin(address: str) -> tuple[str, str]:
    parts = apart(address)
    return (parts.scheme, parts.netloc) if parts is not None else ("", "")


def _moved(address: str, to: str) -> str:
    (scheme, host), parts = _origin(to), apart(address)
    return parts._replace(scheme=scheme, netloc=host).geturl() if parts is not None else address


def _complaint(said: Said) -> str:
    """The platform's words; never the whole answer, which may hold what was sent."""
    error = said.at("error")
    told = said.at("error_description") or said.at("error", "message") or said.at("error_message")
    code = error if isinstance(error, str) else said.at("error", "code") or said.at("error_type")
    text = words(str(told or "no reason given"))
    return f"“{text}” ({words(str(code))})." if code else f"“{text}”."


GOOGLE = Consent(
    authorize="https://accounts.google.com/o/oauth2/v2/auth",
    token=Endpoint("https://oauth2.googleapis.com/token", "Google"),
    scopes=(
        "https://www.googleapis.com/auth/youtube.upload",
        "https://www.googleapis.com/auth/youtube.force-ssl",
    ),
    where="Google Cloud console, APIs & Services, Credentials: an OAuth client of the type Web application",
    # Without them there is no refresh token, or only the first time (Google, "Using OAuth 2.0 for Web Server
    # Applications").
    asks={"access_type": "offline", "prompt": "consent"},
)
"""https://developers.google.com/identity/protocols/oauth2/web-server"""

X = Consent(
    authorize="https://x.com/i/oauth2/authorize",
    token=Endpoint("https://api.x.com/2/oauth2/token", "X", basic=True),
    scopes=("tweet.read", "tweet.write", "users.read", "media.write", "offline.access"),
    where="X developer console, your app, User authentication settings",
)
"""https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token"""

TIKTOK = Consent(
    authorize="https://www.tiktok.com/v2/auth/authorize/",
    token=Endpoint("https://open.tiktokapis.com/v2/oauth/token/", "TikTok", client="client_key"),
    scopes=("user.info.basic", "video.upload"),
    where="TikTok for Developers, Manage apps, your app, Login Kit",
    joined=",",
    challenge="hex",
    # Only what is needed: an app that asks for a scope it does not have may be declined (`invalid_scope`).
    for_value={("mode", "direct"): ("video.publish",), ("results", "yes"): ("video.list",)},
)
"""https://developers.tiktok.com/doc/login-kit-web and …/login-kit-desktop"""

META = Consent(
    authorize="https://www.facebook.com/v25.0/dialog/oauth",
    token=Endpoint("https://graph.facebook.com/v25.0/oauth/access_token", "Meta"),
    scopes=("instagram_basic", "instagram_content_publish", "pages_read_engagement", "pages_show_list"),
    where="Meta App Dashboard, your app, Facebook Login for Business, Settings",
    joined=",",
    challenge="none",
    gives=("access_token",),
    for_value={("comments", "yes"): ("instagram_manage_comments",)},
)
"""https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow"""
