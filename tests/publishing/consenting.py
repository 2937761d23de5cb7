"""A platform that is connected by consent, and desks that connect accounts to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.accounts import Accounts, AccountShown, Connecting, Looks, NewAccount, Openings, Watch
from nightdesk.desk.people import Actor, Operator
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.publisher import Login, Platform, Repeats, Standing
from nightdesk.publishers import Field, Ground, Kind
from nightdesk.publishers.calling import Call, Caller
from nightdesk.publishers.consent import Consent, X
from nightdesk.publishers.oauth import Tokens, refreshing
from nightdesk.rehearsal.consents import FakeConsent, consented
from nightdesk.rehearsal.logins import CLIENT, SECRET
from nightdesk.rehearsal.serving import Served
from nightdesk.store.tables.consents import AccountConsent
from nightdesk.store.tables.publishing import Account

HOME = "http://127.0.0.1:8400"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CONSENT = replace(X, token=replace(X.token, basic=False))
FIELDS = (
    Field("client_id", "Client ID"),
    Field("client_secret", "Client secret", secret=True),
    Field("refresh_token", "Refresh token", secret=True),
    Field("access_token", "Access token", secret=True, required=False),
    Field("api", "Address of the interface", required=False, default="https://api.x.com"),
)


class Door:
    """A publisher that can do no more than say who it is."""

    platform: Platform = "x"
    repeats: Repeats = "blind"

    def __init__(self, login: Login, ground: Ground, consent: Consent) -> None:
        self._api, self._config = str(login.config["api"]), login.config
        self._caller = Caller(ground.guard, ground.clock, name="door", title="X", seconds=10)
        client = str(login.config["client_id"])
        endpoint = consent.at(FIELDS, login.config).token
        ask = refreshing(self._caller, endpoint, client, ground.clock)
        self._tokens = Tokens(login, ask, ground.clock)

    async def look(self) -> Standing:
        bearer = {"Authorization": f"Bearer {await self._tokens.access()}"}
        said = await self._caller.ask(Call("GET", f"{self._api}/me", "Asks.", headers=bearer))
        if not said.well:
            raise NeedsPerson("The log-in does not hold.")
        return Standing(str(said.at("name")), left_today=5)

    async def aclose(self) -> None:
        await self._caller.aclose()


def kind(consent: Consent = CONSENT) -> Kind:
    """Its kind, in the place of X's."""
    opened: Any = lambda login, ground: Door(login, ground, consent)  # noqa: E731 - a line of the registry
    return Kind("x", "X", ("video",), "Make an app there.", FIELDS, opened, consent=consent)


@dataclass
class Office:
    """A desk that reaches the platform of the test, by a clock of its own where one is given."""

    house: House
    served: Served
    tenant: Tenant
    clock: Clock
    openings: Openings = field(init=False)

    def __post_init__(self) -> None:
        own = self.house.desk.accounts._openings
        ground = replace(own.ground, guard=self.served.guard(), clock=self.clock)
        self.openings = replace(own, ground=ground, clock=self.clock)

    @property
    def platform(self) -> FakeConsent:
        found = self.served.platform
        assert isinstance(found, FakeConsent)
        return found

    @property
    def by(self) -> Operator:
        return Operator(self.tenant.workspace)

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.openings)

    @property
    def connecting(self) -> Connecting:
        return Connecting(self.openings, self.accounts, "", HOME)

    @property
    def watch(self) -> Watch:
        return Watch(self.openings, Looks(self.openings), lambda: None)

    def values(self, **values: str) -> Mapping[str, str]:
        return {"client_id": CLIENT, "client_secret": SECRET, "api": self.served.address} | values

    async def begun(self, name: str = "Channel", **values: str) -> AccountShown:
        """An account of which the client alone is known."""
        return await self.accounts.connect(self.by, NewAccount("x", name, self.values(**values)))

    async def connected(self, name: str = "Channel") -> AccountShown:
        """One that is connected as its owner would."""
        made = await self.begun(name)
        return (await self.connecting.finish_at(self.by, await self.asked(made.id))).account

    async def asked(self, number: int, by: Actor | None = None, *, allow: bool = True) -> str:
        """The address that the platform sends the browser back to."""
        begun = await self.connecting.begin(by or self.by, number)
        return await self.consented(begun.address, allow=allow)

    async def consented(self, address: str, *, allow: bool = True) -> str:
        return await consented(address, self.served.guard(), allow=allow)

    async def row(self, number: int) -> Account:
        async with self.house.store.workspace(self.tenant.workspace) as session:
            return await session.get_one(Account, (self.tenant.workspace, number))

    async def put(self, number: int, **facts: Any) -> None:
        async with self.house.store.workspace(self.tenant.workspace) as session:
            mine = (Account.workspace_id == self.tenant.workspace, Account.id == number)
            await session.execute(update(Account).where(*mine).values(**facts))

    async def secrets(self, number: int) -> dict[str, str]:
        return await self.openings.secrets(await self.row(number))

    async def ways(self) -> list[AccountConsent]:
        async with self.house.store.workspace(self.tenant.workspace) as session:
            return list(await session.scalars(select(AccountConsent).order_by(AccountConsent.id)))
