"""Publishes by calling a tool, which is blind unless its mapping says otherwise: called once at most."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nightdesk.kit import tools
from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.kit.points import reach
from nightdesk.kit.tools import CallLost, Server, Tool
from nightdesk.media.platforms.limits import table
from nightdesk.publisher import (
    Absent,
    Found,
    Live,
    Piece,
    Platform,
    Record,
    Repeats,
    Standing,
    Token,
    Unclear,
    Unknown,
)
from nightdesk.publishers import first_comment
from nightdesk.publishers.limits import breaks
from nightdesk.publishers.short_post import MOST, weight
from nightdesk.publishers.tool_server.answers import live
from nightdesk.publishers.tool_server.laying_out import ROLES, facts, removed, swept, words, written
from nightdesk.publishers.tool_server.presets import Mapped


class ToolPublisher:
    """One tool of one server. Files lie in a folder of `jobs` while a piece goes out; programs work there."""

    def __init__(self, platform: Platform, server: Server, mapped: Mapped, jobs: Path) -> None:
        self._platform: Platform = platform
        self._server, self._mapped, self._jobs = server, mapped, jobs
        self._folder: Path | None = None

    @property
    def platform(self) -> Platform:
        return self._platform

    @property
    def repeats(self) -> Repeats:
        return self._mapped.repeats

    async def aclose(self) -> None:
        if self._folder is not None:
            await removed(self._folder)

    def faults(self, piece: Piece) -> list[str]:
        brings = self._mapped.names("video", "video_name")
        if piece.kind == "video" and not brings:
            return [f"The tool `{self._mapped.tool}` takes no file, so that a video cannot go out by it."]
        if piece.kind == "article" and brings:
            return [f"The tool `{self._mapped.tool}` takes a video; an article goes elsewhere."]
        faults = breaks(piece, table()[self._platform]) if piece.kind == "video" else []
        said = words(self._platform, piece, flagged=self._flagged)
        if self._platform == "x" and (long := weight(said)) > MOST:
            faults.append(f"X takes {MOST} characters, this has {long}: shorten its title or text.")
        return faults

    async def look(self) -> Standing:
        found = self._fitting(await tools.listed(self._server))
        return Standing(f"{found.name} of {self._server.name}")

    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        """Lays out the files that the tool is given by their paths."""
        if not self._mapped.names("first_comment"):
            await first_comment.left_out(piece, token, record, f"the tool `{self._mapped.tool}`")
        await swept(self._jobs)
        self._folder = self._jobs / piece.key
        for role, called in ROLES.items():
            medium = next((one for one in piece.media if one.role == role), None)
            if medium is not None and self._mapped.names(called, f"{called}_name"):
                await written(medium, self._folder)
        return {"tool": self._mapped.tool}

    async def commit(self, piece: Piece, token: Token | None, record: Record) -> Live:
        """One call, once the server has named the tool and the arguments that it is given."""
        folder = self._folder or self._jobs / piece.key
        given = facts(self._platform, piece, folder, flagged=self._flagged)
        arguments = tools.filled(dict(self._mapped.arguments), given)
        seconds = self._mapped.longest
        await record.step("request", f"Calls {self._mapped.tool} of {self._server.name}.", seconds=seconds)
        reach("tool_server.call.before")
        try:
            answer = await tools.call(self._in(folder), self._mapped.tool, arguments, seconds, self._fitting)
        except CallLost as lost:
            await record.step("answer", lost.why)
            if lost.unknown_tool:
                raise Refused(f"{lost.why} It does not know the tool; look at the account.") from lost
            raise Unclear(lost.why, lost.phase) from lost
        reach("tool_server.call.after")
        says = "The tool says that it failed." if answer.failed else "The tool answered."
        await record.step("answer", says, failed=answer.failed, characters=len(answer.text))
        return live(answer, self._mapped, arguments)

    async def look_up(self, piece: Piece, token: Token | None, record: Record) -> Found:
        if self._mapped.repeats == "blind":
            return Unknown(f"The tool `{self._mapped.tool}` cannot be asked whether it has posted.")
        return Absent(f"The tool `{self._mapped.tool}` may be called again without a second post.")

    @property
    def _flagged(self) -> bool:
        """Whether the tool is told that machines made it, so that the words need not say so."""
        return self._mapped.names("synthetic")

    def _fitting(self, found: Sequence[Tool]) -> Tool:
        """The tool. Raises `NeedsPerson` where the server lacks it, or where it wants other arguments."""
        name, given = self._mapped.tool, set(self._mapped.arguments)
        tool = next((one for one in found if one.name == name), None)
        if tool is None:
            there = ", ".join(one.name for one in found[:20])[:400] or "none"
            raise NeedsPerson(f"{self._server.name} has no tool `{name}`; it has {there}. Name one of those.")
        wanted, known = _names(tool.schema.get("required")), _names(tool.schema.get("properties"))
        if lacks := sorted(wanted - given):
            raise NeedsPerson(f"The tool `{name}` wants {', '.join(lacks)[:400]} too: give it that.")
        if known and (extra := sorted(given - known)):
            raise NeedsPerson(f"The tool `{name}` knows no {', '.join(extra)[:400]}: leave that out.")
        return tool

    def _in(self, folder: Path) -> Server:
        from_here = self._server.program and folder.is_dir()
        return replace(self._server, folder=folder) if from_here else self._server


def _names(value: Any) -> set[str]:
    return {str(one) for one in value} if isinstance(value, Mapping | list) else set()
