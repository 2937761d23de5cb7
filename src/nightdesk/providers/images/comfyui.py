"""Image provider `comfyui`: any workflow file on a ComfyUI server of one's own."""

import asyncio
from dataclasses import replace
from pathlib import Path

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.comfyui_wire.prompting import AT_ONCE, HOME, Prompting
from nightdesk.providers.comfyui_wire.workflow import Value, Workflow, filled, read_workflow
from nightdesk.providers.images.contract import Picture, PictureRequest
from nightdesk.providers.images.decoding import decoded
from nightdesk.providers.images.opening import Fetch
from nightdesk.providers.images.prices import credits_for
from nightdesk.providers.services.wire import Wire

_STEP = 16


class ComfyUI:
    """Paints with a workflow. Options: `workflow` (or the model: its path), `negative`, `poll`, `credits`."""

    def __init__(self, choice: Choice, workflow: Workflow, name: str, clock: Clock) -> None:
        self.label = f"{choice.provider}:{name}"
        self.credits = credits(choice)
        self._name, self._workflow = name, workflow
        self._negative = str(choice.options.get("negative", ""))
        self._wire = Wire("comfyui", "ComfyUI", choice, HOME, clock)
        self._prompting = Prompting(self._wire, choice, clock, "picture")

    async def make(self, request: PictureRequest, meter: Meter) -> Picture:
        """The workflow's first picture, cropped and scaled to the size asked for, marked as synthetic.

        A prompt that the renderer lost is sent once more; lost again, it is `Refused`.
        """
        workflow = filled(self._workflow, values_of(request, self._negative))
        with self._wire.call(meter, self._name) as receipt:
            async with self._wire.turn(receipt):
                content = await self._prompting.made(workflow)
            return await asyncio.to_thread(decoded, content, (request.width, request.height), True)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._wire.aclose()


def values_of(request: PictureRequest, negative: str = "") -> dict[str, Value]:
    """What the placeholders of a workflow stand for; sides are rounded up to multiples of 16."""
    return {
        "prompt": request.prompt,
        "negative": negative,
        "width": -(-request.width // _STEP) * _STEP,
        "height": -(-request.height // _STEP) * _STEP,
        "seed": request.seed,
    }


def credits(choice: Choice) -> int:
    """Credits for one picture."""
    return credits_for("", 1, choice.options)


def open_comfyui(choice: Choice, _fetch: Fetch, clock: Clock) -> ComfyUI:
    """Needs a workflow file, as option `workflow` or spelled `comfyui:/path/to/workflow.json`."""
    path = str(choice.options.get("workflow") or choice.model)
    if not path:
        raise NeedsPerson("ComfyUI needs a workflow: set NIGHTDESK_IMAGES=comfyui:/path/to/workflow.json")
    choice = replace(choice, concurrency=min(choice.concurrency, AT_ONCE))
    return ComfyUI(choice, read_workflow(Path(path)), Path(path).stem, clock)
