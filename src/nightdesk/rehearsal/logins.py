"""The log-ins of a fake platform by OAuth 2.0: access tokens that end, and an endpoint that renews them."""

import base64
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import unquote

from nightdesk.kit.clock import Clock
from nightdesk.rehearsal.messages import Answer, Request

CLIENT, SECRET = "rehearsal-client", "rehearsal-secret-of-the-client"


@dataclass
class Logins:
    """Tokens by account. With `rotating` each renewal gives a new refresh token and voids the one before.

    `client` is what the platform calls the client's number; `seconds` is how long an access token holds.
    """

    clock: Clock
    rotating: bool = False
    client: str = "client_id"
    seconds: int = 3600
    renewals: int = 0
    """How often the endpoint was asked, whatever it answered."""
    _access: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _refresh: dict[str, str] = field(default_factory=dict)
    _numbers: Callable[[], int] = field(default_factory=lambda: itertools.count(1).__next__)

    def connected(self, account: str) -> dict[str, str]:
        """The secrets of an account that a person has just connected: no access token yet."""
        refresh = f"refresh-{account}-{self._numbers()}"
        self._refresh[refresh] = account
        return {"client_secret": SECRET, "refresh_token": refresh}

    def granted(self, account: str) -> str:
        """An access token for it."""
        token = f"access-{account}-{self._numbers()}"
        self._access[token] = (account, self.clock.now() + timedelta(seconds=self.seconds))
        return token

    def account(self, request: Request) -> str | None:
        """Whose token a request carries; None where it carries none that holds."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        account, until = self._access.get(token, ("", None))
        return account if kind.lower() == "bearer" and until and until > self.clock.now() else None

    def end(self, request: Request) -> None:
        """The access token of the request does not hold from here on."""
        self._access.pop(request.headers.get("authorization", "").partition(" ")[2], None)

    def revoke(self, account: str) -> None:
        """As where a person takes the right away on the platform: nothing of the account holds any more."""
        self._refresh = {token: of for token, of in self._refresh.items() if of != account}
        self._access = {token: one for token, one in self._access.items() if one[0] != account}

    def answer(self, request: Request) -> Answer:
        """What the endpoint answers (RFC 6749, sections 5 and 6)."""
        self.renewals += 1
        form = request.form()
        if not self.knows_client(request):
            return _error("invalid_client", "The OAuth client was not found.", 401)
        if form.get("grant_type") != "refresh_token":
            return _error("unsupported_grant_type", "Invalid grant_type.")
        told = form.get("refresh_token", "")
        account = self._refresh.get(told)
        if account is None:
            return _error("invalid_grant", "Token has been expired or revoked.")
        facts = {"access_token": self.granted(account), "expires_in": self.seconds, "token_type": "Bearer"}
        if self.rotating:
            del self._refresh[told]
            facts["refresh_token"] = self.connected(account)["refresh_token"]
        return Answer.of(facts)

    def knows_client(self, request: Request) -> bool:
        """Whether a request to the endpoint comes from the client that is registered."""
        return self._client(request, request.form()) == (CLIENT, SECRET)

    def _client(self, request: Request, form: dict[str, str]) -> tuple[str, str]:
        kind, _, told = request.headers.get("authorization", "").partition(" ")
        if kind == "Basic":
            name, _, secret = base64.b64decode(told).decode().partition(":")
            return unquote(name), unquote(secret)
        return form.get(self.client, ""), form.get("client_secret", "")


def _error(code: str, says: str, status: int = 400) -> Answer:
    return Answer.of({"error": code, "error_description": says}, status)
