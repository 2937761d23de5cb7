"""The contract between the engine and the lines: a line is a list of stages, a stage says what it needs done.

The engine owns time, money, retries, pause and cancel; a stage knows only rows and words. For each batch the
engine calls, in this order: `next_items` (claims), `estimate` (holds credits), `load` (a short transaction),
`work` (outside any transaction), `save` (the transaction that also charges and calls for the next batch).
"""

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.media.provenance.credentials import Notary
from nightdesk.providers.calls import Meter
from nightdesk.providers.clips.contract import ClipProvider
from nightdesk.providers.embeddings.contract import EmbeddingProvider
from nightdesk.providers.images.contract import ImageProvider
from nightdesk.providers.renderers.contract import Renderer
from nightdesk.providers.speech.contract import Speech
from nightdesk.providers.text.contract import TextProvider
from nightdesk.store.files import Files
from nightdesk.store.tables.columns import PARKED, Workable
from nightdesk.store.tables.tenancy import Site

I = TypeVar("I", bound=Workable)  # noqa: E741
Kind = Literal["AI", "Local", "Manual"]
Counts = dict[str, int]


QUEUES = ("text", "images", "speech", "clips", "render", "local")
"""The queues that workers take batches from."""


@dataclass(frozen=True)
class Policy:
    """How the engine treats a stage's batches.

    `batch_size` items a batch; `concurrency` batches that a run has in hand at once, some more than a
    provider lets in, so that one is there when a place comes free; `timeout` seconds for one `work`, not
    counting its wait for such a place; `attempts` tries before an item is parked; `queue` is the workers'
    queue; `scarce` names what only one batch a host may use at a time (`gpu`).
    """

    batch_size: int = 1
    concurrency: int = 32
    timeout: float = 180.0
    attempts: int = 5
    queue: str = "text"
    scarce: str | None = None


@dataclass(frozen=True, eq=False)
class Use:
    """Who uses something scarce, and how it is made ready: neither `before` nor `after` raises anything.

    Batches with the same `key` use what the first of them loaded. `before` makes room when the host's scarce
    thing was just taken, `after` lets go of what was loaded when it is given back.
    """

    key: str
    before: Callable[[], Awaitable[None]]
    after: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Seconds:
    """How long one call may take: a question about a script, a text read aloud, a clip, a render."""

    script: float = 120.0
    speech: float = 300.0
    clip: float = 600.0
    render: float = 900.0


class Studio(Protocol):
    """What videos are made with. Each is opened when it is asked for, and `NeedsPerson` raised only then, so
    that no article fails for a voice's key."""

    @property
    def seconds(self) -> Seconds:
        """What one call may take here."""

    def speech(self) -> Speech:
        """The chosen voice. Raises `NeedsPerson`."""

    def clips(self) -> ClipProvider:
        """The chosen maker of clips. Raises `NeedsPerson`."""

    def renderer(self) -> Renderer:
        """The chosen renderer. Raises `NeedsPerson`."""

    @property
    def ffmpeg(self) -> Ffmpeg:
        """The ffmpeg of this machine. Raises `NeedsPerson` where there is none."""

    @property
    def notary(self) -> Notary | str:
        """Who signs finished files for the workspace; else why nobody does, empty where none is wanted."""

    def parts(self, site: Site) -> Path:
        """The folder, made where it was missing, in which this machine keeps finished parts of the site's
        videos: absolute. All of it can be made again."""

    async def take(self, scene_id: int, source: str, *, fresh: bool) -> bool:
        """Has a scene that is in hand take footage, written down at once for all workers: whether no other
        scene of its video has it, nor, where it is to be `fresh`, one of the site's last videos."""

    async def gather(self, topic_id: int) -> Sequence[str]:
        """Takes in as documents of the site what feeds said of a topic and the pages that it leads to, within
        seconds; says what could not be had."""

    async def tell(self, video_id: int, share: float) -> None:
        """Tells people how much of the step that a video is in is done, from 0 to 1; may leave some out."""


class NoStudio:
    """The studio of a bench that was laid out for no video."""

    seconds = Seconds()
    notary: Notary | str = ""

    def speech(self) -> Speech:
        raise _no_studio()

    def clips(self) -> ClipProvider:
        raise _no_studio()

    def renderer(self) -> Renderer:
        raise _no_studio()

    @property
    def ffmpeg(self) -> Ffmpeg:
        raise _no_studio()

    def parts(self, site: Site) -> Path:
        raise _no_studio()

    async def take(self, scene_id: int, source: str, *, fresh: bool) -> bool:
        """Whatever there is: nobody else is there."""
        return True

    async def gather(self, topic_id: int) -> Sequence[str]:
        """Takes in nothing."""
        return ()

    async def tell(self, video_id: int, share: float) -> None:
        """Tells nobody."""


def _no_studio() -> NeedsPerson:
    return NeedsPerson("This desk was opened without a studio, so it makes no videos.")


def no_use(_scarce: str) -> Use | None:
    """The use of those that need nothing scarce."""
    return None


@dataclass(frozen=True)
class Bench:
    """What a stage works with: its site, the chosen providers, the meter they write to, files and time."""

    site: Site
    settings: Mapping[str, Any]
    text: TextProvider
    embeddings: EmbeddingProvider
    images: ImageProvider
    meter: Meter
    files: Files
    clock: Clock
    studio: Studio = field(default_factory=NoStudio)
    use_of: Callable[[str], Use | None] = no_use
    """How the chosen providers use what `Policy.scarce` names; None where they do not."""

    filmed_by: Callable[[str], "Bench"] | None = None
    """The same with the maker of clips that a video asks for by its name."""

    unmet: str = ""
    """Why the site's own maker of clips is on it though another was asked for; else empty."""


class Pricer(Protocol):
    """Tells what the provider of a kind that a site has chosen takes for one piece of work: one of
    `images`, one of `clips`, a thousand characters of `speech`."""

    async def __call__(self, session: AsyncSession, site: Site, kind: str, asked: str = "", /) -> int:
        """Credits; nought where nothing is made. `asked`: by the provider of that name, where it is had."""


async def one_credit(_session: AsyncSession, _site: Site, _kind: str, _asked: str = "", /) -> int:
    """The pricer where all providers take the same."""
    return 1


class BenchMaker(Protocol):
    """Lays out a bench for a site: its own choices, else its workspace's, else the environment's."""

    async def __call__(
        self, session: AsyncSession, site: Site, settings: Mapping[str, Any], meter: Meter
    ) -> Bench:
        """Raises `NeedsPerson` where a chosen provider lacks its key."""


@dataclass(frozen=True)
class Saved:
    """What a batch came to: numbers for the result fields, items refused with the reason, the real credits.

    `cost` None means the estimate of the items that were not refused. `lines` go to the run's log.
    """

    counts: Counts = field(default_factory=dict)
    refused: Mapping[int, str] = field(default_factory=dict)
    cost: int | None = None
    lines: Sequence[str] = ()


class Stage(Generic[I]):
    """One step of a line. Subclasses set the class attributes and write `work` and `save`."""

    number: ClassVar[int]
    name: ClassVar[str]
    title: ClassVar[str]
    kind: ClassVar[Kind] = "AI"
    preparatory: ClassVar[bool] = False
    """True for a local step before the one that people know the stage by; its batch size is its own."""
    walks: ClassVar[bool] = False
    """True where its items walk on to further stages, so that one run takes the same ones at each."""
    policy: ClassVar[Policy] = Policy()
    priced_by: ClassVar[str | None] = None
    """The kind of provider whose price for one piece multiplies the estimate; `save` tells the real cost."""
    table: type[I]
    waits: ClassVar[str]
    """The state (a column of every item) in which items wait for this stage."""
    counted: ClassVar[str]
    """The result field that counts the items done."""
    fields: ClassVar[tuple[str, ...]] = ()
    """The result fields, besides those that the engine keeps for every stage."""

    @property
    def parks(self) -> str:
        """The state of items that were set aside here with their error."""
        return f"{PARKED}_{self.waits}" if self.walks else PARKED

    def pending(self, site: Site) -> Select[I]:
        """The items that wait: claimed by this query, and counted by it on every dashboard."""
        table = self.table
        return select(table).where(
            table.workspace_id == site.workspace_id,
            table.site_id == site.id,
            table.state == self.waits,  # type: ignore[attr-defined]
        )

    def next_items(self, site: Site, size: int, batches: int = 1) -> Select[I]:
        """The pending items of the next `batches` batches: the oldest, unless a stage knows better."""
        return self.pending(site).order_by(self.table.id).limit(size * batches)

    def shared_out(self, items: Sequence[I], size: int) -> list[Sequence[I]]:
        """Such items as batches, in order."""
        return [items[start : start + size] for start in range(0, len(items), size)]

    def estimate(self, items: Sequence[I]) -> int:
        """Credits that these items are expected to cost, before `priced_by`; 0 unless the stage says more."""
        return 0

    def credits_each(self) -> Decimal | ColumnElement[Any]:
        """The same for one pending item: a number where all cost alike, else SQL; a fraction of a credit
        where several items share one."""
        return Decimal(0)

    async def price(self, session: AsyncSession, site: Site, waiting: int) -> tuple[int, int]:
        """What all that is pending is expected to cost, before `priced_by`, and how many items that is.

        `waiting` is how many items the tallies count in the state that the stage waits for. Rows are looked
        at only where the state alone does not say which are pending, or they do not cost alike.
        """
        each = self.credits_each()
        if isinstance(each, Decimal) and type(self).pending is Stage.pending:
            return math.ceil(each * waiting), waiting
        cost = each * func.count() if isinstance(each, Decimal) else func.sum(each)
        priced = self.pending(site).with_only_columns(
            func.coalesce(func.ceil(cost), 0), func.count(), maintain_column_froms=True
        )
        credits, items = (await session.execute(priced)).one()
        return int(credits), int(items)

    async def asked(self, session: AsyncSession, items: Sequence[I]) -> Mapping[int, str]:
        """Whom items want of the kind `priced_by`, by their numbers, where that is not the site's choice."""
        return {}

    async def asking(self, session: AsyncSession, site: Site) -> Mapping[str, int]:
        """What of `price` is of pending items that want somebody else than the site's choice, by whom."""
        return {}

    def equipped(self, bench: Bench, material: Any) -> Bench:
        """The bench as the items of a batch want it; `material` is what was loaded for them."""
        return bench

    def limit(self, bench: Bench) -> float:
        """Seconds that one `work` may take here: the policy's, unless the operator has a say in it."""
        return self.policy.timeout

    def heading(self, item: I) -> str:
        """What the item is called on dashboards."""
        return str(getattr(item, "title", getattr(item, "name", getattr(item, "phrase", item.id))))

    async def skip(self, session: AsyncSession, site: Site) -> str | None:
        """The reason to pass over this stage in the present run, if there is one."""
        return None

    async def load(self, session: AsyncSession, site: Site, items: Sequence[I]) -> Any:
        """Reads what `work` will need beside the items, in a short transaction."""
        return None

    async def work(self, items: Sequence[I], material: Any, bench: Bench) -> Any:
        """Does the work: slow, outside, without session. Raises `Later`, `NeedsPerson` or `Refused`."""
        raise NotImplementedError

    async def save(self, session: AsyncSession, site: Site, items: Sequence[I], made: Any) -> Saved:
        """Writes what was made; fast, inside the settling transaction, to which the items are attached."""
        raise NotImplementedError

    async def gather(self, session: AsyncSession, site: Site) -> Counts:
        """What a run brings to the stage when it arrives there: to the gate, what is whole."""
        return {}


Parked = Callable[[AsyncSession, int, Stage[Any], Sequence[int]], Awaitable[None]]
"""Told, in the transaction, of the items of a workspace that were set aside at a stage."""


@dataclass(frozen=True)
class Line:
    """A line: its name and its stages in order. Stages that share a number are steps of one stage."""

    name: str
    stages: tuple[Stage[Any], ...]
    parked: Parked | None = None

    def numbers(self) -> list[int]:
        """The stage numbers, each once, in order."""
        return list(dict.fromkeys(stage.number for stage in self.stages))

    def working(self) -> list[Stage[Any]]:
        """The steps that have items of their own: all but those that prepare items for the next."""
        return [stage for stage in self.stages if not stage.preparatory]

    def steps(self, number: int) -> list[Stage[Any]]:
        """Those of one stage; the last is the one that people know it by."""
        return [stage for stage in self.working() if stage.number == number]

    def shown(self) -> list[Stage[Any]]:
        """One stage per number: the last step, which is the one that people know the stage by."""
        return list({stage.number: stage for stage in self.stages}.values())
