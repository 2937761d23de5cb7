"""Tries the chosen providers by one tiny real call each, so that a person knows before the night does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pydantic import SecretStr
from sqlalchemy import insert

from nightdesk.desk.choices import no_file
from nightdesk.desk.chosen import Chosen
from nightdesk.desk.errors import Invalid, NotFound, Unavailable
from nightdesk.desk.items import site_of
from nightdesk.desk.offers import keyless
from nightdesk.desk.providers import KINDS, Providers
from nightdesk.desk.trial_calls import CALLS, Answer
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.providers.calls import Call, ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.store.files import SHA256
from nightdesk.store.session import Store
from nightdesk.store.tables.runs import ProviderCall
from nightdesk.store.tables.tenancy import Site

FALLBACK = "text_fallback"


@dataclass(frozen=True)
class Trial:
    """What came of one call: what it gave, or why it failed and what to do; `usd` where it is known."""

    kind: str
    chosen: str
    ok: bool
    says: str
    seconds: float
    usd: Decimal


@dataclass(frozen=True)
class Tried:
    """A trial with its answer; `priced` False: what it cost is not known."""

    trial: Trial
    answer: Answer
    priced: bool


@dataclass(frozen=True)
class Wish:
    """A choice to be tried before it is kept: `provider[:model]`, and the key where one was typed."""

    spelled: str
    key: str = ""


@dataclass(frozen=True)
class Trials:
    """Calls the providers of a site, or of a site that chooses nothing; what it costs is real, and booked."""

    store: Store
    providers: Providers

    async def all(self, workspace_id: int, site_id: int | None = None) -> list[Trial]:
        """One trial for each kind. Raises `NotFound` for the site."""
        chosen = await self._chosen(workspace_id, site_id)
        return [(await self._try(workspace_id, site_id, kind, chosen)).trial for kind in KINDS]

    async def one(
        self, workspace_id: int, kind: str, site_id: int | None = None, wish: Wish | None = None
    ) -> Tried:
        """One call of what is chosen for that kind, or of what is wished for.

        A key that is kept goes to no other provider than the one it was entered for. Raises `NotFound` for
        the site, and `Invalid` for a kind or provider that there is not.
        """
        if kind not in (*KINDS, FALLBACK):
            raise Invalid("kind", f"A kind is one of {', '.join((*KINDS, FALLBACK))}.")
        chosen = await self._chosen(workspace_id, site_id)
        if wish is not None and wish.spelled:
            wanted = self._wished(kind, _of(chosen, kind), wish)
            changed: dict[str, Any] = {"second" if kind == FALLBACK else kind: wanted}
            chosen = replace(chosen, **changed)
        if kind == FALLBACK:
            if chosen.second is None:
                raise Invalid("choice", "There is no second model to try: choose one first.")
            chosen = replace(chosen, text=chosen.second, second=None)
        return await self._try(workspace_id, site_id, kind, chosen)

    def _wished(self, kind: str, held: Choice | None, wish: Wish) -> Choice:
        wanted = Choice.parse(wish.spelled)
        if not self.providers.is_known(kind, wanted.provider):
            raise Invalid("choice", f"There is no {kind} provider `{wanted.provider}`.")
        no_file(kind, wanted)
        for like in (held, self.providers.default(kind)):
            if like is not None and like.provider == wanted.provider:
                wanted = replace(like, model=wanted.model)
                break
        key = wish.key.strip()
        return replace(wanted, api_key=SecretStr(key)) if key else wanted

    async def _chosen(self, workspace_id: int, site_id: int | None) -> Chosen:
        async with self.store.workspace(workspace_id) as session:
            site = (
                await site_of(session, workspace_id, site_id)
                if site_id is not None
                else Site(workspace_id=workspace_id, id=0, choices={})
            )
            return await self.providers.chosen(session, site)

    async def _try(self, workspace_id: int, site_id: int | None, kind: str, chosen: Chosen) -> Tried:
        choice = _of(chosen, "text" if kind == FALLBACK else kind)
        meter, clock = ListMeter(), self.providers.clock
        call = CALLS["text" if kind == FALLBACK else kind]
        began = clock.monotonic()
        try:
            ok, answer = True, await call(self.providers, chosen, meter)
        except Ending as ending:
            ok, answer = False, Answer(ending.why)
        seconds = clock.monotonic() - began
        answer = await self._kept(workspace_id, answer)
        await self.book(workspace_id, site_id, meter.calls)
        usd = sum((one.usd or Decimal(0) for one in meter.calls), Decimal(0))
        spelled, provider = (choice.spelled, choice.provider) if choice else ("", "")
        priced = all(one.usd is not None for one in meter.calls) or keyless(kind, provider)
        return Tried(Trial(kind, spelled, ok, answer.says, seconds, usd), answer, priced)

    async def _kept(self, workspace_id: int, answer: Answer) -> Answer:
        """The answer with its sound where a person can hear it: nothing refers to it, so it goes in time."""
        if not answer.sound:
            return answer
        try:
            kept = await self.providers.files.put(workspace_id, answer.sound, "audio/wav")
        except Ending as ending:
            return replace(answer, lines=(*answer.lines, f"It cannot be heard here: {ending.why}"))
        return replace(answer, heard=kept.sha256)

    async def heard(self, workspace_id: int, sha256: str) -> bytes:
        """The sound of a trial (WAV), which is kept for a day. Raises `NotFound`, `Unavailable`."""
        try:
            found = await self.providers.files.get(workspace_id, sha256) if SHA256.fullmatch(sha256) else b""
        except Refused:
            found = b""
        except (Later, NeedsPerson) as error:
            raise Unavailable(error.why) from error
        if not found.startswith(b"RIFF"):
            raise NotFound("sound")
        return found

    async def book(self, workspace_id: int, site_id: int | None, calls: Sequence[Call]) -> None:
        """Keeps what was called, so that what a month cost has its trials in it."""
        at = self.providers.clock.now()
        rows = [
            vars(call)
            | {"workspace_id": workspace_id, "site_id": site_id, "note": f"trial: {call.note}", "at": at}
            for call in calls
        ]
        if rows:
            async with self.store.workspace(workspace_id) as session:
                await session.execute(insert(ProviderCall), rows)


def _of(chosen: Chosen, kind: str) -> Choice | None:
    found: Choice | None = chosen.second if kind == FALLBACK else getattr(chosen, kind)
    return found
