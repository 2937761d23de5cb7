"""The log-in of an Instagram account: Meta's long-lived token, exchanged for a new one before it ends."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.publisher import Login, Record, Renewed, Unrenewed
from nightdesk.publishers.calling import Call, Caller, Said
from nightdesk.publishers.oauth import Tokens, tokens_in

AHEAD = timedelta(days=20)
"""A token holds for about 60 days, and can be exchanged until it ends: two thirds of them are used."""

HOLDS = timedelta(minutes=5)

NEVER = "never"
_SECONDS = 8.0


class Entry:
    """Tokens for calls. Without the app's number and secret the token is used as it was given."""

    def __init__(self, api: str, login: Login, caller: Caller, clock: Clock) -> None:
        self._api, self._caller, self._clock = api.rstrip("/"), caller, clock
        self._app = str(login.config.get("client_id") or "")
        self._tokens, self._tried = Tokens(login, self._ask, clock, HOLDS), False

    @property
    def renewable(self) -> bool:
        """Whether the desk can exchange the token by itself."""
        return bool(self._app and self._tokens.secrets.get("client_secret"))

    @property
    def until(self) -> datetime | None:
        """When the token ends; None for never, and where it is not known."""
        try:
            return datetime.fromisoformat(self._tokens.secrets.get("access_until", ""))
        except ValueError:
            return None

    async def access(self, record: Record | None = None) -> str:
        """A token that holds as far as is known. Raises `NeedsPerson`, `Later`."""
        if not self.renewable:
            return self._tokens.secrets["access_token"]
        if not self._tokens.secrets.get("access_until"):
            return await self._tokens.renewed(record)
        until = self.until
        if until is not None and until - AHEAD <= self._clock.now() and not self._tried:
            self._tried = True
            # One that still holds is used where it cannot be exchanged just now.
            with suppress(*(() if until - HOLDS <= self._clock.now() else (Later, NeedsPerson))):
                return await self._tokens.renewed(record)
        return await self._tokens.access(record)

    async def _ask(self, kept: Mapping[str, str], record: Record | None) -> Renewed:
        """How long the token holds; one that ends soon is exchanged."""
        until = await self._until(kept, record)
        if until is None:
            return Renewed({"access_until": NEVER})
        if until - AHEAD > self._clock.now():
            return Renewed({"access_until": until.isoformat()}, until)
        # https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
        said = await self._call(
            "oauth/access_token",
            "Exchanges the token for a new one.",
            record,
            grant_type="fb_exchange_token",
            client_id=self._app,
            client_secret=kept.get("client_secret", ""),
            fb_exchange_token=kept["access_token"],
        )
        renewed = tokens_in(said, "Meta", self._clock.now())
        told = renewed.secrets.get("access_until")
        if told:
            return replace(renewed, expires_at=datetime.fromisoformat(told))
        return replace(renewed, secrets={**renewed.secrets, "access_until": NEVER})

    async def _until(self, kept: Mapping[str, str], record: Record | None) -> datetime | None:
        """When the token ends, None for never. Raises `Unrenewed` where it has ended, `Later`."""
        # https://developers.facebook.com/docs/graph-api/reference/debug_token
        said = await self._call(
            "debug_token",
            "Asks how long the token holds.",
            record,
            input_token=kept["access_token"],
            access_token=f"{self._app}|{kept.get('client_secret', '')}",
        )
        if 400 <= said.status < 500:
            raise Unrenewed("Meta does not know the app's number and secret: put them right.")
        if said.at("data", "is_valid") is False:
            raise Unrenewed("The token holds no more. Log in at Meta again, and give the account a new one.")
        told = said.at("data", "expires_at")
        if not said.well or not isinstance(told, int) or isinstance(told, bool):
            raise Later("Meta does not say how long the token holds.")
        return datetime.fromtimestamp(told, UTC) if told > 0 else None

    async def _call(self, path: str, about: str, record: Record | None, **params: str) -> Said:
        call = Call("GET", f"{self._api}/{path}", about, params=params, seconds=_SECONDS)
        return await self._caller.ask(call, record)
