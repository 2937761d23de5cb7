"""Has ComfyUI run a workflow and brings what it saved, whatever the server does meanwhile.

Routes as in ComfyUI's `server.py` (0.3 to 0.7): POST /prompt, GET /history/ID, GET /queue, GET /view,
POST /upload/image, POST /interrupt, POST /free.
"""

import asyncio
import contextlib
from typing import Any
from uuid import uuid4

from pydantic import BaseModel

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.providers.choice import Choice
from nightdesk.providers.comfyui_wire.following import File, Follower, Lost
from nightdesk.providers.services.complaints import kept
from nightdesk.providers.services.wire import Answer, Wire

HOME = "http://127.0.0.1:8188"
AT_ONCE = 2
"""Prompts handed over: ComfyUI works on one at a time, and the other keeps it from being idle."""

FOLDER = "nightdesk"
"""The folder of ComfyUI's inputs that pictures are put into."""

_TIMES = 2
_PATIENCE = 15.0
_WITHDRAW_SECONDS = 3.0


class _Taken(BaseModel):
    prompt_id: str


class _Put(BaseModel):
    name: str
    subfolder: str = ""


class Prompting:
    """One ComfyUI server. `what` it makes, for people: `picture` or `clip`. Option: `poll` (seconds)."""

    def __init__(self, wire: Wire, choice: Choice, clock: Clock, what: str) -> None:
        self._wire, self._what = wire, what
        poll = float(choice.options.get("poll", 0.2))
        self._follower = Follower(wire, clock, poll, min(_PATIENCE, choice.timeout / 4), what)
        self._client = uuid4().hex

    async def made(self, workflow: dict[str, Any]) -> bytes:
        """The first file that the workflow saved.

        A prompt that the renderer lost is sent once more; lost again, it is `Refused`. One that nobody waits
        for any more is withdrawn, and stopped where it runs.
        """
        for _ in range(_TIMES):
            with contextlib.suppress(Lost):
                return await self._rendered(workflow)
        raise Refused(
            f"renderer lost: ComfyUI lost the {self._what} twice; see why it restarts, then try again"
        )

    async def put(self, name: str, content: bytes, mime: str) -> str:
        """Puts a picture among the server's inputs; gives the name under which a LoadImage node reads it."""
        form = {"type": "input", "subfolder": FOLDER, "overwrite": "true"}
        files = {"image": (name, content, mime)}
        answer = await self._wire.asked("POST", "/upload/image", form, files=files)
        put = answer.read_as(_Put, self._wire.who)
        return f"{put.subfolder}/{put.name}" if put.subfolder else put.name

    async def free(self) -> None:
        """Asks the server to unload its models, which it does as soon as it has nothing to do."""
        with contextlib.suppress(Ending, TimeoutError):
            async with asyncio.timeout(_WITHDRAW_SECONDS):
                body = {"unload_models": True, "free_memory": True}
                await self._wire.send("POST", "/free", body, mark=False)

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
