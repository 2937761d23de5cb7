"""Image provider `comfyui`: any workflow file on a ComfyUI server of one's own.

Routes as in ComfyUI's `server.py` (0.3 to 0.7): POST /prompt, GET /history/ID, GET /queue, GET /view.
"""

import asyncio
import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import BaseModel

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.images.comfyui.following import File, Follower, Lost
from nightdesk.providers.images.comfyui.workflow import Workflow, filled, read_workflow
from nightdesk.providers.images.complaints import kept
from nightdesk.providers.images.contract import Picture, PictureRequest
from nightdesk.providers.images.decoding import decoded
from nightdesk.providers.images.opening import Fetch
from nightdesk.providers.images.prices import credits_for
from nightdesk.providers.images.wire import Answer, Wire

HOME = "http://127.0.0.1:8188"
AT_ONCE = 2
"""Prompts handed over: ComfyUI works on one at a time, and the other keeps it from being idle."""

_TIMES = 2
_PATIENCE = 15.0
_WITHDRAW_SECONDS = 3.0


class _Taken(BaseModel):
    prompt_id: str


class ComfyUI:
    """Paints with a workflow. Options: `workflow` (or the model: its path), `negative`, `poll`, `credits`."""

    def __init__(self, choice: Choice, workflow: Workflow, name: str, clock: Clock) -> None:
        self.label = f"{choice.provider}:{name}"
        self.credits = credits(choice)
        self._name, self._workflow = name, workflow
        self._negative = str(choice.options.get("negative", ""))
        self._wire = Wire("comfyui", "ComfyUI", choice, HOME, clock)
        poll = float(choice.options.get("poll", 0.2))
        self._follower = Follower(self._wire, clock, poll, min(_PATIENCE, choice.timeout / 4))
        self._client = uuid4().hex

    async def make(self, request: PictureRequest, meter: Meter) -> Picture:
        """The workflow's first picture, cropped and scaled to the size asked for, marked as synthetic.

        A prompt that the renderer lost is sent once more; lost again, it is `Refused`.
        """
        workflow = filled(self._workflow, request, self._negative)
        with self._wire.call(meter, self._name) as receipt:
            async with self._wire.turn(receipt):
                content = await self._rendered_for_sure(workflow)
            return await asyncio.to_thread(decoded, content, (request.width, request.height), True)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._wire.aclose()

    async def _rendered_for_sure(self, workflow: dict[str, Any]) -> bytes:
        for _ in range(_TIMES):
            with contextlib.suppress(Lost):
                return await self._rendered(workflow)
        raise Refused("renderer lost: ComfyUI lost the picture twice; see why it restarts, then try again")

    async def _rendered(self, workflow: dict[str, Any]) -> bytes:
        prompt = await self._queued(workflow)
        try:
            files = await self._follower.outcome(prompt)
        except (Later, asyncio.CancelledError):
            await self._withdraw(prompt)
            raise
        return await self._viewed(files[0])

    async def _queued(self, workflow: dict[str, Any]) -> str:
        """The id under which ComfyUI took the workflow.

        ComfyUI runs a prompt as often as it gets it, whatever its id, so where the answer is missing it
        is asked whether it has ours before anybody sends again.
        """
        prompt = str(uuid4())
        body = {"prompt": workflow, "client_id": self._client, "prompt_id": prompt}
        try:
            answer = await self._wire.send("POST", "/prompt", body)
        except Later as unknown:
            if await self._is_known(prompt):
                return prompt
            raise unknown
        if answer.status == 400:
            raise _unusable(answer)
        if not 200 <= answer.status < 300:
            raise self._wire.complained(answer)
        return answer.read_as(_Taken, self._wire.who).prompt_id

    async def _is_known(self, prompt: str) -> bool:
        try:
            return await self._follower.is_known(prompt)
        except Ending:
            return False

    async def _viewed(self, file: File) -> bytes:
        answer = await self._wire.send("GET", "/view", query=file.model_dump())
        if answer.status == 404:
            raise Lost
        if not 200 <= answer.status < 300:
            raise self._wire.complained(answer)
        return answer.body

    async def _withdraw(self, prompt: str) -> None:
        """Takes a prompt that nobody waits for any more out of the queue, and stops it if it runs."""
        try:
            async with asyncio.timeout(_WITHDRAW_SECONDS):
                await self._wire.send("POST", "/queue", {"delete": [prompt]}, mark=False)
                if await self._follower.is_running(prompt):
                    await self._wire.send("POST", "/interrupt", {"prompt_id": prompt}, mark=False)
        except (Ending, TimeoutError):
            return


def _unusable(answer: Answer) -> NeedsPerson:
    """ComfyUI answers 400 to a workflow that it cannot run: a node or a model file it does not have."""
    return NeedsPerson(
        f"ComfyUI cannot run the workflow: {_errors(answer)}; install what is missing or change it"
    )


def _errors(answer: Answer) -> str:
    said = kept(answer.body)
    try:
        report = _Report.model_validate_json(answer.body)
    except ValueError:
        return said[:300]
    details = [
        error.details or error.message for node in report.node_errors.values() for error in node.errors
    ]
    return "; ".join(details)[:300] or (report.error.message if report.error else said[:300])


class _Error(BaseModel):
    message: str = ""
    details: str = ""


class _Node(BaseModel):
    errors: list[_Error] = []


class _Report(BaseModel):
    error: _Error | None = None
    node_errors: dict[str, _Node] = {}


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
