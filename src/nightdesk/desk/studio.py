"""What videos are made with, opened as it is chosen and kept open with the other providers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from nightdesk.desk.old_parts import sweep
from nightdesk.kit.clock import Clock
from nightdesk.kit.http.fetch import Fetcher, FetchLimits
from nightdesk.kit.http.guard import Guard
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.media.provenance.credentials import Notary
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips.contract import ClipProvider
from nightdesk.providers.clips.fallback import open_with_motion
from nightdesk.providers.clips.opening import ClipSurroundings
from nightdesk.providers.limits import Limits
from nightdesk.providers.renderers import open_renderer
from nightdesk.providers.renderers.contract import Renderer
from nightdesk.providers.renderers.opening import RenderSurroundings
from nightdesk.providers.speech import open_speech
from nightdesk.providers.speech.contract import Speech
from nightdesk.providers.speech.opening import Surroundings
from nightdesk.providers.speech.whisper import PATIENCE, Whisper
from nightdesk.stage import Seconds
from nightdesk.store.tables.tenancy import Site

Tell = Callable[[int, int, float], Awaitable[None]]
"""Takes a video's workspace and number, and how much of its present step is done, from 0 to 1."""

Gather = Callable[[int, int], Awaitable[Sequence[str]]]
"""Takes in what a workspace's topic leads to; says what could not be had."""

Take = Callable[[int, int, str, bool], Awaitable[bool]]
"""Has a workspace's scene take footage, fresh or not; see `Studio.take`."""

FOOTAGE = FetchLimits(raw=256 << 20, decoded=256 << 20, seconds=240.0)
"""Two minutes of stock footage at 1080 x 1920 come to some 100 MB."""


async def tell_nobody(_workspace_id: int, _video_id: int, _share: float) -> None:
    """Tells nobody."""


async def take_anything(_workspace_id: int, _scene_id: int, _source: str, _fresh: bool) -> bool:
    """As if nobody else were there."""
    return True


async def gather_nothing(_workspace_id: int, _topic_id: int) -> Sequence[str]:
    """Takes in nothing."""
    return ()


@dataclass(frozen=True)
class StudioMeans:
    """What this machine has for videos: `data`, the data folder (absolute), and who hears of progress.

    In it lie `voices` (see `nightdesk voices install`), `workflows` and `parts`.
    """

    data: Path
    clock: Clock
    limits: Limits
    seconds: Seconds = field(default_factory=Seconds)
    tell: Tell = tell_nobody
    gather: Gather = gather_nothing
    take: Take = take_anything
    agent: str = "Nightdesk"
    timestamps: str = ""
    """The address of an authority that says when a file was signed; none asks nobody."""

    whisper: Path | None = None
    """The folder of a Whisper model, which finds the words of voices that tell no times."""

    @cached_property
    def ffmpeg(self) -> Ffmpeg:
        """Raises `NeedsPerson` where this machine has none."""
        return Ffmpeg()

    @property
    def parts(self) -> Path:
        return self.data / "parts"

    @property
    def voices(self) -> Path:
        return self.data / "voices"

    @property
    def workflows(self) -> Path | None:
        folder = self.data / "workflows"
        return folder if folder.is_dir() else None

    @cached_property
    def listener(self) -> Whisper | None:
        """One for all voices: its child holds a model."""
        if self.whisper is None:
            return None
        return Whisper(self.whisper, self.clock, patience=min(PATIENCE, self.seconds.speech))

    def open_speech(self, choice: Choice) -> Speech:
        """Raises `NeedsPerson`."""
        around = Surroundings(self.limits, self.clock, voices=self.voices, whisper=self.listener)
        return open_speech(choice, around)

    def open_clips(self, choice: Choice) -> ClipProvider:
        """Raises `NeedsPerson`."""
        fetcher = Fetcher(Guard(), self.clock, limits=FOOTAGE, agent=self.agent)

        async def fetch(url: str) -> bytes:
            return (await fetcher.fetch(url)).body

        around = ClipSurroundings(
            self.limits, self.clock, fetch=fetch, ffmpeg=self.ffmpeg, folder=self.workflows
        )
        return open_with_motion(choice, around)

    def open_renderer(self, choice: Choice) -> Renderer:
        """Raises `NeedsPerson`."""
        return open_renderer(choice, RenderSurroundings(self.clock, self.ffmpeg))


@dataclass(frozen=True)
class ChosenStudio:
    """The studio of one site: opens what was chosen for it when it is asked for."""

    means: StudioMeans
    speech: Callable[[], Speech]
    clips: Callable[[], ClipProvider]
    renderer: Callable[[], Renderer]
    workspace_id: int = 0
    """Whose progress is told, and whose topics are gathered for."""

    notary: Notary | str = ""

    @property
    def seconds(self) -> Seconds:
        return self.means.seconds

    @property
    def ffmpeg(self) -> Ffmpeg:
        """Raises `NeedsPerson` where this machine has none."""
        return self.means.ffmpeg

    def parts(self, site: Site) -> Path:
        """See `Studio.parts`: `parts/WORKSPACE/SITE` in the data folder."""
        folder = self.means.parts / str(site.workspace_id) / str(site.id)
        folder.mkdir(parents=True, exist_ok=True)
        # Here, and not as a chore: it is the worker's machine that they lie on.
        sweep(self.means.parts, self.means.clock.now())
        return folder

    async def take(self, scene_id: int, source: str, *, fresh: bool) -> bool:
        """See `Studio.take`."""
        return await self.means.take(self.workspace_id, scene_id, source, fresh)

    async def gather(self, topic_id: int) -> Sequence[str]:
        """See `Studio.gather`."""
        return await self.means.gather(self.workspace_id, topic_id)

    async def tell(self, video_id: int, share: float) -> None:
        """See `Studio.tell`."""
        await self.means.tell(self.workspace_id, video_id, min(max(share, 0.0), 1.0))
