"""Opens every clip provider against a server of its own that behaves."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.kit.http.fetch import Fetcher
from nightdesk.kit.http.guard import Guard
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips import open_clips
from nightdesk.providers.clips.contract import ClipProvider
from nightdesk.providers.clips.opening import ClipSurroundings
from servers.clips_server import CLIP_WORKFLOW, FFMPEG, ComfyClips, Library
from servers.ltx_packages import model, packages
from servers.openai_server import Behaviour, OpenAIServer

KEY = "key-7f3a"
SERVED: dict[str, Callable[[], Behaviour]] = {
    "stock:pexels": lambda: Library("pexels"),
    "stock:pixabay": lambda: Library("pixabay"),
    "comfyui:tiny": ComfyClips,
}
KINDS = ("motion", *SERVED, "ltx:tiny")


def surroundings(
    folder: Path, clock: Clock | None = None, open_ports: tuple[int, ...] = ()
) -> ClipSurroundings:
    """What the desk has, and a fetch past the guard to loopback's `open_ports` alone."""
    time = clock or SystemClock()

    async def fetch(url: str) -> bytes:
        guard = Guard(allow=[("127.0.0.1", port) for port in open_ports])
        return (await Fetcher(guard, time).fetch(url)).body

    (folder / "tiny.json").write_text(json.dumps(CLIP_WORKFLOW))
    return ClipSurroundings(clock=time, fetch=fetch, ffmpeg=FFMPEG, folder=folder)


def choice_of(kind: str, base_url: str | None = None, **more: Any) -> Choice:
    """The choice spelled `kind`, with a key, looking often."""
    options = {"poll": 0.01, "longest": 320, **more.pop("options", {})}
    return Choice.parse(kind, base_url=base_url, api_key=SecretStr(KEY), options=options, **more)


def ltx_choice(choice: Choice, folder: Path, does: str | None = None, **more: Any) -> Choice:
    """The choice with a model that is there, and the packages that load it."""
    options = {**choice.options, "packages": str(packages(folder / "packages"))}
    return replace(choice, model=str(model(folder / "tiny", does)), options=options, **more)


@dataclass
class Bench:
    """A provider and the server that it asks; some ask nobody."""

    kind: str
    provider: ClipProvider
    server: OpenAIServer
    choice: Choice
    around: ClipSurroundings
    opened: list[ClipProvider] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        return self.kind in SERVED

    def another(self, **changes: Any) -> ClipProvider:
        """One more of them, its choice changed."""
        self.opened.append(open_clips(replace(self.choice, **changes), self.around))
        return self.opened[-1]


@asynccontextmanager
async def opened(kind: str, folder: Path, behaviour: Behaviour | None = None) -> AsyncIterator[Bench]:
    """The provider of that kind, ready to be asked."""
    async with OpenAIServer() as server:
        server.behaviour = behaviour or (SERVED[kind]() if kind in SERVED else None)
        around = surroundings(folder, open_ports=(server.port,))
        choice = choice_of(kind, server.base_url if kind in SERVED else None, timeout=30)
        if kind.startswith("ltx"):
            choice = ltx_choice(choice, folder)
        bench = Bench(kind, open_clips(choice, around), server, choice, around)
        yield bench
        for provider in (bench.provider, *bench.opened):
            await provider.aclose()
