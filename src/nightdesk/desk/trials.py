"""Tries the chosen providers by one tiny real call each, so that a person knows before the night does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal

from nightdesk.desk.items import site_of
from nightdesk.desk.providers import Chosen, Providers
from nightdesk.kit.endings import Ending
from nightdesk.providers.calls import ListMeter, Meter
from nightdesk.providers.images.contract import PictureRequest
from nightdesk.providers.text.contract import Question
from nightdesk.providers.text.questions import Group, GroupsJudged, GroupsToJudge, SiteBrief
from nightdesk.store.session import Store
from nightdesk.store.tables.tenancy import Site

PHRASES = ("how to start composting", "worm bin at home")
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
class Trials:
    """Calls the providers of a site, or of a site that chooses nothing; what they cost is real."""

    store: Store
    providers: Providers

    async def all(self, workspace_id: int, site_id: int | None = None) -> list[Trial]:
        """One trial for each kind. Raises `NotFound` for the site."""
        async with self.store.workspace(workspace_id) as session:
            site = (
                await site_of(session, workspace_id, site_id)
                if site_id is not None
                else Site(workspace_id=workspace_id, id=0, choices={})
            )
            chosen = await self.providers.chosen(session, site)
        return [
            await self._try("text", chosen.text.spelled, chosen, self._text),
            await self._try("embeddings", chosen.embeddings.spelled, chosen, self._embeddings),
            await self._try("images", chosen.images.spelled, chosen, self._images),
        ]

    async def _try(
        self, kind: str, spelled: str, chosen: Chosen, call: Callable[[Chosen, Meter], Awaitable[str]]
    ) -> Trial:
        meter, clock = ListMeter(), self.providers.clock
        began = clock.monotonic()
        try:
            ok, says = True, await call(chosen, meter)
        except Ending as ending:
            ok, says = False, ending.why
        usd = sum((one.usd or Decimal(0) for one in meter.calls), Decimal(0))
        return Trial(kind, spelled, ok, says, clock.monotonic() - began, usd)

    async def _text(self, chosen: Chosen, meter: Meter) -> str:
        answer = await self.providers.text(chosen).ask(_QUESTION, meter)
        return f"It answered with {len(answer.clusters)} clusters."

    async def _embeddings(self, chosen: Chosen, meter: Meter) -> str:
        vectors = await self.providers.embeddings(chosen).embed(PHRASES, meter)
        return f"It answered with vectors of {vectors.shape[1]} numbers."

    async def _images(self, chosen: Chosen, meter: Meter) -> str:
        picture = await self.providers.images(chosen).make(_PICTURE, meter)
        return f"It made a picture of {picture.width} × {picture.height}."
