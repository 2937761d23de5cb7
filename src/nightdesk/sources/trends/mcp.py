"""Asks a tool server of the operator's for trends, over the Model Context Protocol."""

from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.kit import tools
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.kit.text import shorten
from nightdesk.sources.trends.contract import (
    LARGEST,
    Trend,
    TrendsRefused,
    Wanted,
    by_rank,
    small,
)
from nightdesk.sources.trends.tool_server import ToolServer, read_text


@dataclass(frozen=True)
class Answering:
    """Whether a tool server answers and has the tool that is asked."""

    name: str
    ok: bool
    says: str


@dataclass(frozen=True)
class ToolServers:
    """A place is the name of a server. What it says is data: nothing it answers makes another call."""

    servers: Sequence[ToolServer] = ()
    name = "mcp"
    places = "the name of a tool server"

    def knows(self, place: str) -> bool:
        return any(server.name == place for server in self.servers)

    async def trends(self, wanted: Wanted) -> list[Trend]:
        server = self._named(wanted.place)
        try:
            answer = await tools.call(_server(server), server.tool, server.filled(wanted), server.seconds)
        except tools.CallLost as lost:
            raise Later(f"{lost.why} It is asked again later.") from lost
        small("".join(answer.texts).encode("utf-8", "replace"), server.name)
        if answer.failed:
            raise TrendsRefused(
                f"`{server.tool}` of {server.name} failed: {shorten(' '.join(answer.texts), 200)}"
            )
        structured = answer.structured
        return by_rank(
            server.trends_in(structured if structured is not None else read_text(answer.texts)), wanted.limit
        )

    async def status(self, server: ToolServer) -> Answering:
        """Whether it answers and has the tool; never raises for what the server does."""
        try:
            listed = await tools.listed(_server(server))
        except (Later, NeedsPerson) as ending:
            return Answering(server.name, False, ending.why)
        has = any(tool.name == server.tool for tool in listed)
        says = "It answers." if has else f"It answers, and has no tool `{server.tool}`."
        return Answering(server.name, has, says)

    def _named(self, name: str) -> ToolServer:
        found = next((server for server in self.servers if server.name == name), None)
        if found is None:
            raise NeedsPerson(f"There is no tool server `{name}` in the settings: add it, or choose another.")
        return found


def _server(server: ToolServer) -> tools.Server:
    """How it is reached: the operator named it, so that its address may be anywhere."""
    return tools.Server(
        server.name,
        url=server.url,
        token=server.token.get_secret_value() if server.token else "",
        program=(server.command, *server.args) if server.command else (),
        environment=server.env,
        seconds=server.seconds,
        most=LARGEST,
    )
