"""A tool server as it is reached, its tools, what one of them answered, and a call that was lost."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nightdesk.kit.concealing import Concealing
from nightdesk.kit.http.guard import Guard

MOST_ANSWER = 4 << 20
"""Bytes of one message that are read of a server."""


@dataclass(frozen=True)
class Server:
    """One server: an address (streamable HTTP), or a program that is started for each question (stdio).

    `guard` judges the address; None is for those that the operator named. A program works in `folder`, in an
    empty one where there is none, and sees `environment` beside a minimal one, nothing of ours; `secrets` are
    those of it that are nobody else's business. `seconds` is for connecting, and for each question but calls,
    which have their own.
    """

    name: str
    url: str = ""
    token: str = field(default="", repr=False)
    program: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    folder: Path | None = None
    seconds: float = 60.0
    guard: Guard | None = None
    most: int = MOST_ANSWER

    @property
    def concealing(self) -> Concealing:
        """Strikes out of what the server says what it was given to know us by."""
        return Concealing((self.token, *self.secrets))


@dataclass(frozen=True)
class Tool:
    """A tool of a server; `schema` is of its arguments, in JSON Schema."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Answered:
    """What a tool answered. `failed` is what it says of itself, which some never do though they failed."""

    texts: Sequence[str]
    structured: Any
    failed: bool

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def value(self) -> Any:
        """Its data: structured, else its text where that is JSON; None where it is prose."""
        if self.structured is not None:
            return self.structured
        try:
            return json.loads("".join(self.texts))
        except (ValueError, RecursionError):
            return None


class CallLost(Exception):
    """A tool was called, and no answer of the tool came.

    `phase` is `sent` where nothing was heard of it, `answered` where the server said something else. With
    `unknown_tool` the server says that it has no such tool.
    """

    def __init__(self, why: str, phase: Literal["sent", "answered"], *, unknown_tool: bool = False) -> None:
        super().__init__(why)
        self.why, self.phase, self.unknown_tool = why, phase, unknown_tool
