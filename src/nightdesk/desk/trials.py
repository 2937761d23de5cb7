"""Tries the chosen providers by one tiny real call each, so that a person knows before the night does."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pydantic import SecretStr
from sqlalchemy import insert

from nightdesk.desk.errors import Invalid
from nightdesk.desk.items import site_of
from nightdesk.desk.offers import keyless
from nightdesk.desk.providers import KINDS, Chosen, Providers
from nightdesk.kit.endings import Ending
from nightdesk.providers.calls import Call, ListMeter, Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.images.contract import Picture, PictureRequest
from nightdesk.providers.text.contract import Question
from nightdesk.providers.text.questions import Group, GroupsJudged, GroupsToJudge, SiteBrief
from nightdesk.store.session import Store
from nightdesk.store.tables.runs import ProviderCall
from nightdesk.store.tables.tenancy import Site

FALLBACK = "text_fallback"
PHRASES = ("how to start composting", "worm bin at home")
NEARBY = "starting a compost heap"
_QUESTION = Question(
    "groups",
    "Put each of the groups into a cluster with a short name; every number exactly once.",
    GroupsToJudge(
        site=SiteBrief(name="Trial", subject="Composting"),
        groups=[Group(number=n, representative=phrase, keywords=1) for n, phrase in enumerate(PHRASES, 1)],
    ),
    GroupsJudged,
    max_tokens=1024,
)
_PICTURE = PictureRequest("A plain sheet of paper on a desk", "A trial picture", width=1024, height=1024)


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
class Answer:
    """What a provider gave: told in a sentence, and for a person to look at."""

    says: str
    lines: Sequence[str] = ()
    picture: Picture | None = None


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
            chosen = replace(chosen, **{"second" if kind == FALLBACK else kind: wanted})
        if kind == FALLBACK:
            if chosen.second is None:
                raise Invalid("choice", "There is no second model to try: choose one first.")
            chosen = replace(chosen, text=chosen.second, second=None)
        return await self._try(workspace_id, site_id, kind, chosen)

    def _wished(self, kind: str, held: Choice | None, wish: Wish) -> Choice:
        wanted = Choice.parse(wish.spelled)
        if not self.providers.is_known(kind, wanted.provider):
            raise Invalid("choice", f"There is no {kind} provider `{wanted.provider}`.")
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
        calls: dict[str, Callable[[Chosen, Meter], Awaitable[Answer]]] = {
            "embeddings": self._embeddings,
            "images": self._images,
        }
        choice = _of(chosen, "text" if kind == FALLBACK else kind)
        meter, clock = ListMeter(), self.providers.clock
        began = clock.monotonic()
        try:
            ok, answer = True, await calls.get(kind, self._text)(chosen, meter)
        except Ending as ending:
            ok, answer = False, Answer(ending.why)
        seconds = clock.monotonic() - began
        await self.book(workspace_id, site_id, meter.calls)
        usd = sum((one.usd or Decimal(0) for one in meter.calls), Decimal(0))
        spelled = choice.spelled if choice else ""
        priced = all(one.usd is not None for one in meter.calls) or keyless(kind, spelled)
        return Tried(Trial(kind, spelled, ok, answer.says, seconds, usd), answer, priced)

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

    async def _text(self, chosen: Chosen, meter: Meter) -> Answer:
        answer = await self.providers.text(chosen).ask(_QUESTION, meter)
        named = dict(enumerate(PHRASES, 1))
        lines = [
            f"{one.name}: {', '.join(f'“{named[n]}”' for n in one.groups if n in named)}"
            for one in answer.clusters
        ]
        return Answer(f"It answered with {len(answer.clusters)} clusters.", lines)

    async def _embeddings(self, chosen: Chosen, meter: Meter) -> Answer:
        vectors = await self.providers.embeddings(chosen).embed((*PHRASES, NEARBY), meter)
        near = [
            f"“{PHRASES[0]}” and “{phrase}” are {float(vectors[0] @ vectors[n]):.0%} alike."
            for n, phrase in ((2, NEARBY), (1, PHRASES[1]))
        ]
        return Answer(f"It answered with vectors of {vectors.shape[1]} numbers.", near)

    async def _images(self, chosen: Chosen, meter: Meter) -> Answer:
        picture = await self.providers.images(chosen).make(_PICTURE, meter)
        return Answer(f"It made a picture of {picture.width} × {picture.height}.", picture=picture)


def _of(chosen: Chosen, kind: str) -> Choice | None:
    found: Choice | None = chosen.second if kind == FALLBACK else getattr(chosen, kind)
    return found
