"""Follows a prompt through ComfyUI's queue and history until its outcome is known.

Only the history is believed: a prompt whose nodes were all cached sends no messages, and one deleted
from the queue never reaches the history. What is in neither is lost.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, RootModel

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, Refused
from nightdesk.providers.services.wire import Wire

_SLOWER = 1.5
_SLOWEST = 2.0
_CLIPS = (".mp4", ".webm", ".mov", ".mkv")
_MEMORY = ("outofmemory", "out of memory")


class Lost(Exception):
    """The prompt is neither queued nor in the history: the renderer was restarted or somebody deleted it."""


class File(BaseModel):
    """A picture or clip that a node saved, as `/view` wants it named."""

    filename: str
    subfolder: str = ""
    type: str = "output"


class _Output(BaseModel):
    """What a node says it made; ComfyUI's own SaveVideo says `images`, others `gifs` or `videos`."""

    images: list[File] = []
    gifs: list[File] = []
    videos: list[File] = []


class _Status(BaseModel):
    status_str: str = "success"
    messages: list[tuple[str, dict[str, Any]]] = []


class _Entry(BaseModel):
    outputs: Mapping[str, _Output] = {}
    status: _Status | None = None


class _History(RootModel[Mapping[str, _Entry]]):
    """Entries by prompt; empty where the prompt is not there yet."""


class _Queue(BaseModel):
    queue_running: list[list[Any]] = []
    queue_pending: list[list[Any]] = []


class Follower:
    """Looks every `poll` seconds, slower with time, for at most `patience` seconds without an answer."""

    def __init__(self, wire: Wire, clock: Clock, poll: float, patience: float, what: str) -> None:
        """`what` is made, for people: `picture` or `clip`."""
        self._wire, self._clock, self._poll, self._patience = wire, clock, poll, patience
        self._what = what

    async def outcome(self, prompt: str) -> list[File]:
        """The files that the prompt saved: clips before pictures where a clip is made, finished ones first.

        Raises `Lost`, `Later` where the renderer stays away, ran out of memory or was interrupted, and
        `Refused` where a node failed or saved nothing.
        """
        wait, seen = self._poll, self._clock.monotonic()
        while True:
            try:
                entry = await self._look(prompt)
                seen = self._clock.monotonic()
            except Later:
                entry = None
                if self._clock.monotonic() - seen > self._patience:
                    raise
            if entry is not None:
                return _saved(entry, self._what)
            await self._clock.sleep(wait)
            wait = min(wait * _SLOWER, max(_SLOWEST, self._poll))

    async def is_queued(self, prompt: str) -> bool:
        """Whether the prompt waits or runs."""
        answer = await self._wire.asked("GET", "/queue", mark=False)
        queue = answer.read_as(_Queue, self._wire.who)
        return any(item[1:2] == [prompt] for item in (*queue.queue_running, *queue.queue_pending))

    async def is_running(self, prompt: str) -> bool:
        """Whether the prompt runs just now."""
        answer = await self._wire.asked("GET", "/queue", mark=False)
        return any(item[1:2] == [prompt] for item in answer.read_as(_Queue, self._wire.who).queue_running)

    async def is_known(self, prompt: str) -> bool:
        """Whether the renderer ever took the prompt."""
        return await self.is_queued(prompt) or await self._entry(prompt) is not None

    async def _look(self, prompt: str) -> _Entry | None:
        """The history's entry, which a prompt gets as it leaves the queue; None while it is queued."""
        entry = await self._entry(prompt)
        if entry is None and not await self.is_queued(prompt):
            entry = await self._entry(prompt)
            if entry is None:
                raise Lost
        return entry

    async def _entry(self, prompt: str) -> _Entry | None:
        answer = await self._wire.asked("GET", f"/history/{prompt}", mark=False)
        return answer.read_as(_History, self._wire.who).root.get(prompt)


def _saved(entry: _Entry, what: str) -> list[File]:
    if entry.status is not None:
        _raise_failure(entry.status, what)
    files = [file for output in entry.outputs.values() for file in _files(output)]
    if not files:
        node = "SaveVideo" if what == "clip" else "SaveImage"
        raise Refused(f"bad media: the ComfyUI workflow saved no {what}: give it a {node} node")
    return sorted(files, key=lambda file: (what == "clip" and not _moves(file), file.type != "output"))


def _files(output: _Output) -> list[File]:
    return [*output.videos, *output.gifs, *output.images]


def _moves(file: File) -> bool:
    return file.filename.lower().endswith(_CLIPS)


def _raise_failure(status: _Status, what: str) -> None:
    for name, told in status.messages:
        if name == "execution_interrupted":
            raise Later(f"the {what} was interrupted in ComfyUI")
        if name == "execution_error":
            kind, message = str(told.get("exception_type", "")), str(told.get("exception_message", ""))[:300]
            if any(word in (kind + message).lower() for word in _MEMORY):
                raise Later("ComfyUI ran out of memory")
            raise Refused(
                f"ComfyUI's node {told.get('node_type', '?')} failed: {message.strip()}", str(told)[:4000]
            )
    if status.status_str == "error":
        raise Refused(f"ComfyUI could not finish the {what}", str(status.messages)[:4000])
