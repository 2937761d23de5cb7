"""Clip provider `comfyui`: any workflow file on a ComfyUI server of one's own."""

import asyncio
from dataclasses import replace
from hashlib import sha256

import httpx2

from nightdesk.media.closer import closer
from nightdesk.media.sniffing import ENOUGH, sniffed
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips.comfyui.naming import workflow_file, workflows
from nightdesk.providers.clips.contract import Clip, ClipRequest
from nightdesk.providers.clips.footage import LARGEST, looked_at
from nightdesk.providers.clips.frames import Film, film_for
from nightdesk.providers.clips.opening import ClipSurroundings
from nightdesk.providers.clips.prices import clip_credits
from nightdesk.providers.comfyui_wire.prompting import AT_ONCE, HOME, Prompting
from nightdesk.providers.comfyui_wire.workflow import Value, Workflow, filled, places, read_workflow
from nightdesk.providers.services.wire import Wire

__all__ = ["ComfyClips", "open_comfyui", "workflows"]

_LOOPBACK = ("localhost", "127.0.0.1", "::1", "[::1]")


class ComfyClips:
    """Films with a workflow, which gets the scene's words, seed, size, length and first and last picture.

    Options: `negative`, `rate` (frames a second), `longest` (pixels of the longer side), `frames` (the most),
    `poll` (seconds), `credits` (1 to 4).
    """

    def __init__(self, choice: Choice, workflow: Workflow, around: ClipSurroundings) -> None:
        self.label = f"{choice.provider}:{choice.model}"
        self.credits = clip_credits(choice)
        self._choice, self._workflow, self._ffmpeg = choice, workflow, around.ffmpeg
        self._wanted = places(workflow)
        self._wire = Wire(
            "comfyui",
            "ComfyUI",
            choice,
            HOME,
            around.clock,
            kind="clip",
            largest=LARGEST,
            guard=around.guard,
            gate=around.limits.gate(choice),
        )
        self.scarce = "gpu" if httpx2.URL(self._wire.base_url).host in _LOOPBACK else None
        self._prompting = Prompting(self._wire, choice, around.clock, "clip")

    async def make(self, request: ClipRequest, meter: Meter) -> Clip:
        """The first clip that the workflow saves, as the server made it.

        A prompt that the server lost is sent once more; lost again, it is `Refused`.
        """
        with self._wire.call(meter, self._choice.model) as receipt:
            async with self._wire.turn(receipt):
                workflow = filled(self._workflow, await self._values(request))
                content = await self._prompting.made(workflow)
            await looked_at(content, self._ffmpeg)
        note = f"Made by a model: ComfyUI's workflow {self._choice.model}"
        return Clip(content, "still", note, maker=self.label, credits=self.credits, synthetic=True)

    async def free(self) -> None:
        """Has the server unload its models as soon as it has nothing to do."""
        await self._prompting.free()

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._wire.aclose()

    async def _values(self, request: ClipRequest) -> dict[str, Value]:
        """What the placeholders stand for; pictures are put onto the server only where they are wanted."""
        options = self._choice.options
        film = film_for(
            request.width,
            request.height,
            request.seconds,
            longest=int(options.get("longest", 1280)),
            rate=int(options.get("rate", 24)),
            most=int(options.get("frames", 257)),
        )
        values: dict[str, Value] = {
            "prompt": request.prompt,
            "negative": str(options.get("negative", "")),
            "seed": request.seed,
            "width": film.width,
            "height": film.height,
            "seconds": request.seconds,
            "frames": film.frames,
            "fps": film.rate,
        }
        if "first_frame" in self._wanted:
            values["first_frame"] = await self._put("first_frame", request.picture)
        if "last_frame" in self._wanted:
            values["last_frame"] = await self._put("last_frame", await _last(request, film))
        return values

    async def _put(self, name: str, picture: bytes) -> str:
        kind = sniffed(picture[:ENOUGH])
        return await self._prompting.put(_file_name(name, picture, kind.ending), picture, kind.mime)


async def _last(request: ClipRequest, film: Film) -> bytes:
    """The scene's last picture; where it has none, a closer look at its first.

    A film that is begun again before its scene is over ends on the first itself, so that nothing jumps.
    """
    if request.last:
        return request.last
    again = film.frames < request.seconds * film.rate
    return request.picture if again else await asyncio.to_thread(closer, request.picture)


def _file_name(name: str, picture: bytes, ending: str) -> str:
    return f"{name}-{sha256(picture).hexdigest()[:16]}{ending}"


def open_comfyui(choice: Choice, around: ClipSurroundings) -> ComfyClips:
    """Spelled `comfyui:NAME` for the workflow file `NAME.json`."""
    workflow = read_workflow(workflow_file(choice.model, around.folder))
    return ComfyClips(replace(choice, concurrency=min(choice.concurrency, AT_ONCE)), workflow, around)
