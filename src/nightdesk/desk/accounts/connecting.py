"""Connects an account by its owner's consent at the platform: sent there, come back, and looked at.

What comes back is believed once, within `WITHIN`, of whoever began it: the state in the address is known
here by its hash alone, and the secret half of the challenge lies under seal until then.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.accounts.accounts import Accounts, AccountShown
from nightdesk.desk.accounts.finding import account_of, noted
from nightdesk.desk.accounts.opening import Openings, consent_place
from nightdesk.desk.errors import Conflict, DeskError
from nightdesk.desk.people import Actor, Caller
from nightdesk.desk.people.roles import require
from nightdesk.kit import ids
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.points import reach
from nightdesk.kit.sealing import mask
from nightdesk.publisher import Renewed
from nightdesk.publishers import KINDS, Kind
from nightdesk.publishers.calling import Caller as Calling
from nightdesk.publishers.calling import words
from nightdesk.publishers.consent import Consent, new_verifier
from nightdesk.store.tables.consents import AccountConsent
from nightdesk.store.tables.publishing import Account

WITHIN = timedelta(minutes=10)
"""So long somebody may take at the platform."""

KEPT = timedelta(days=1)
"""So long it is known of a state that it was used, to say so."""

BACK = "/accounts/connected"
"""The page that platforms send people back to."""

Why = Literal["unknown", "used", "late", "foreign", "terminal", "denied", "not_granted", "not_reached"]


class NotConnected(DeskError):
    """Nothing came of a consent, and nothing of it is kept; `account` is known where the state was."""

    def __init__(self, why: Why, says: str, account: int | None = None) -> None:
        self.why, self.account = why, account
        super().__init__(says)


@dataclass(frozen=True)
class Begun:
    """Where to send the person, until when they may come back, and to which address of ours they do."""

    address: str
    until: datetime
    back: str


@dataclass(frozen=True)
class Finished:
    """The account after its look; `was` is its name there before, where that is another now."""

    account: AccountShown
    was: str = ""


@dataclass(frozen=True)
class _Way:
    """What is known of a consent that came back."""

    account_id: int
    verifier: str
    back: str


class Connecting:
    """Sends people to platforms for their consent, and takes what they bring back."""

    def __init__(self, openings: Openings, accounts: Accounts, public: str, home: str) -> None:
        """`public`: where the desk is reached from elsewhere, or nothing; `home`: from this machine."""
        self._openings, self._accounts, self._public, self._home = openings, accounts, public, home
        self._store, self._clock, self._sealer = openings.store, openings.clock, openings.sealer

    def back(self, here: str = "") -> str:
        """The address to be registered at platforms; `here` is where a page of ours was asked for."""
        return (self._public or here or self._home).rstrip("/") + BACK

    async def begin(self, by: Actor, number: int, here: str = "") -> Begun:
        """Raises `NotFound`, `NotAllowed`, `Conflict` where there is nothing to be asked there."""
        require(by, "owner")
        state, verifier, back = ids.new_token(43), new_verifier(), self.back(here)
        now = self._clock.now()
        async with self._store.workspace(by.workspace_id) as session:
            account = await account_of(session, by.workspace_id, number)
            consent = _consent(account)
            known = {**account.config, **await self._openings.secrets(account)}
            if not known.get(consent.field):
                raise Conflict("Give the number of your client there first, under its settings.")
            await _clear_away(session, by.workspace_id, now)
            row = AccountConsent(
                workspace_id=by.workspace_id,
                account_id=number,
                person_id=by.person_id if isinstance(by, Caller) else None,
                hash=ids.hash_token(state),
                redirect=back,
                expires_at=now + WITHIN,
                created_at=now,
            )
            session.add(row)
            await session.flush()
            where = consent_place(by.workspace_id, row.id)
            row.sealed = await asyncio.to_thread(self._sealer.seal, verifier, where)
        return Begun(consent.address(known[consent.field], back, state, verifier), now + WITHIN, back)

    async def finish_at(self, by: Actor, address: str) -> Finished:
        """As `finish`, with the whole address that the platform sent the browser to, as it is pasted."""
        try:
            query = urlsplit(address.strip()).query
        except ValueError:
            query = ""
        return await self.finish(by, dict(parse_qsl(query)))

    async def finish(self, by: Actor, brought: Mapping[str, str]) -> Finished:
        """`brought`: what the platform put into the address. Raises `NotAllowed`, `NotConnected`."""
        require(by, "owner")
        way = await self._taken_up(by, brought.get("state", ""))
        if error := brought.get("error", ""):
            raise self._denied(error, brought.get("error_description", ""), way.account_id)
        async with self._store.workspace(by.workspace_id) as session:
            account = await account_of(session, by.workspace_id, way.account_id)
        # Instagram appends `#_`, which a pasted address may carry into the code.
        code = brought.get("code", "").removesuffix("#_")
        if not code:
            says = "The platform sent no code along. Connect the account again."
            raise NotConnected("unknown", says, account.id)
        before = account.remote_name
        try:
            renewed = await self._exchanged(account, code, way)
        except Later as ending:
            raise NotConnected("not_reached", ending.why, account.id) from ending
        except (Refused, NeedsPerson) as ending:
            raise NotConnected("not_granted", ending.why, account.id) from ending
        await self._keep(by, account, renewed)
        shown = await self._accounts.verify(by.workspace_id, account.id)
        other = before and shown.remote_name != before
        return Finished(shown, before if other else "")

    async def _taken_up(self, by: Actor, state: str) -> _Way:
        """What the state stands for, which from here on is used up."""
        now = self._clock.now()
        async with self._store.workspace(by.workspace_id) as session:
            mine = AccountConsent.workspace_id == by.workspace_id
            query = select(AccountConsent).where(mine, AccountConsent.hash == ids.hash_token(state))
            row = await session.scalar(query.with_for_update())
            found = self._judged(by, row, now)
            if row is not None and found != "terminal":
                sealed, row.sealed, row.used_at = row.sealed, None, row.used_at or now
        if found or row is None or sealed is None:
            raise NotConnected(found or "unknown", _SAYS[found or "unknown"], row.account_id if row else None)
        reach("accounts.consent.taken")
        where = consent_place(by.workspace_id, row.id)
        verifier = await asyncio.to_thread(self._sealer.open, sealed, where)
        return _Way(row.account_id, verifier, row.redirect)

    def _judged(self, by: Actor, row: AccountConsent | None, now: datetime) -> Why | None:
        person = by.person_id if isinstance(by, Caller) else None
        if row is None:
            return "unknown"
        if row.person_id is None and person is not None:
            return "terminal"
        if row.person_id != person:
            return "foreign"
        if row.used_at is not None:
            return "used"
        return "late" if row.expires_at <= now else None

    def _denied(self, error: str, told: str, account: int) -> NotConnected:
        if error in ("access_denied", "user_cancelled_login", "user_cancelled_authorize"):
            return NotConnected("denied", _SAYS["denied"], account)
        says = f"The platform said: “{words(told or error)}” Put that right there, then connect it again."
        return NotConnected("not_granted", says, account)

    async def _exchanged(self, account: Account, code: str, way: _Way) -> Renewed:
        """Raises `Refused`, `NeedsPerson`, `Later`."""
        kind, consent = KINDS[account.platform], _consent(account)
        known = {**account.config, **await self._openings.secrets(account)}
        ground = self._openings.ground
        calling = Calling(ground.guard, ground.clock, name="accounts", title=kind.title, seconds=20)
        try:
            return await consent.exchange(calling, known, code, way.back, way.verifier, self._clock.now())
        finally:
            await calling.aclose()

    async def _keep(self, by: Actor, account: Account, renewed: Renewed) -> None:
        """The new log-in in the place of the old one, of which nothing stays."""
        reach("accounts.connected.before")
        async with self._store.workspace(by.workspace_id) as session:
            row = await account_of(session, by.workspace_id, account.id, lock=True)
            known, names = await self._openings.secrets(row), {one.name for one in KINDS[row.platform].fields}
            gives = _consent(row).gives
            client = {name: one for name, one in known.items() if name in names and name not in gives}
            secrets = {**client, **renewed.secrets}
            row.sealed = await self._openings.sealed(row, secrets)
            row.last_four = mask(next((secrets[name] for name in gives if name in secrets), ""))
            row.expires_at, row.failures, row.misses = renewed.expires_at, 0, 0
            await noted(session, by, "account_connected", row, self._clock.now())
        reach("accounts.connected.after")


_SAYS: Mapping[Why, str] = {
    "unknown": "This desk does not know this way back, or it was begun from another workspace. "
    "Connect the account again from its page.",
    "used": "This way back was used already. "
    "If the account is not connected, connect it again from its page.",
    "late": "That took longer than ten minutes, so it does not count any more. "
    "Connect the account again from its page.",
    "foreign": "Somebody else began this. Whoever connects an account has to come back as the same person.",
    "terminal": "This was begun on the command line: copy the whole address of this page and paste it there.",
    "denied": "At the platform it was not allowed. Where that was a slip, connect the account again.",
}


def _consent(account: Account) -> Consent:
    kind: Kind | None = KINDS.get(account.platform)
    if kind is None or kind.consent is None or account.way not in ("rest",):
        raise Conflict("This account is connected by what is written into its settings.")
    return kind.consent.at(kind.fields, account.config)


async def _clear_away(session: AsyncSession, workspace_id: int, now: datetime) -> None:
    """Forgets old ones; the verifiers of those that nobody came back from go with them."""
    old = (AccountConsent.workspace_id == workspace_id, AccountConsent.expires_at < now - KEPT)
    await session.execute(delete(AccountConsent).where(*old))
