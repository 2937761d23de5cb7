"""Asks a tool server of the operator's for trends, over the Model Context Protocol."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.kit.points import reach
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

MISSING = (
    "Tool servers need the library `mcp`: install `nightdesk[mcp]`, or take the server out of the settings."
)


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
        async with _opened(server) as client:
            reach("trends.tool.asked")
            answer = await client.call_tool(server.tool, server.filled(wanted))
            reach("trends.tool.answered")
        texts = [block.text for block in answer.content if block.type == "text"]
        small("".join(texts).encode("utf-8", "replace"), server.name)
        if answer.is_error:
            raise TrendsRefused(f"`{server.tool}` of {server.name} failed: {shorten(' '.join(texts), 200)}")
        structured = answer.structured_content
        return by_rank(
            server.trends_in(structured if structured is not None else read_text(texts)), wanted.limit
        )

    async def status(self, server: ToolServer) -> Answering:
        """Whether it answers and has the tool; never raises for what the server does."""
        try:
            async with _opened(server) as client:
                listed = await client.list_tools()
        except (Later, NeedsPerson) as ending:
            return Answering(server.name, False, ending.why)
        has = any(tool.name == server.tool for tool in listed.tools)
        says = "It answers." if has else f"It answers, and has no tool `{server.tool}`."
        return Answering(server.name, has, says)

    def _named(self, name: str) -> ToolServer:
        found = next((server for server in self.servers if server.name == name), None)
        if found is None:
            raise NeedsPerson(f"There is no tool server `{name}` in the settings: add it, or choose another.")
        return found


@asynccontextmanager
async def _opened(server: ToolServer) -> AsyncIterator[Any]:
    """A client of the server. Raises `Later` where it is away, `NeedsPerson` where the library is missing."""
    try:
        from mcp import Client, MCPError  # noqa: PLC0415
        from mcp.client.stdio import StdioServerParameters  # noqa: PLC0415
        from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415
    except ImportError as error:
        raise NeedsPerson(MISSING) from error
    away = f"The tool server {server.name} cannot be asked just now"
    try:
        async with asyncio.timeout(server.seconds):
            if server.command:
                started = StdioServerParameters(command=server.command, args=server.args, env=server.env)
                async with Client(started, read_timeout_seconds=server.seconds) as client:
                    yield client
                return
            headers = {"Authorization": f"Bearer {server.token.get_secret_value()}"} if server.token else {}
            async with httpx2.AsyncClient(headers=headers, timeout=server.seconds, trust_env=False) as line:
                asked = streamable_http_client(server.url, http_client=line, max_sse_event_size=LARGEST)
                async with Client(asked, read_timeout_seconds=server.seconds) as client:
                    yield client
    except TimeoutError as error:
        raise Later(f"{away}: it did not answer within {server.seconds:g} seconds.") from error
    except MCPError as error:
        raise Later(f"{away}: {shorten(str(error), 200)}") from error
    except (httpx2.HTTPError, OSError) as error:
        raise Later(f"{away}: {type(error).__name__}.") from error
    except ExceptionGroup as group:
        # The SDK's own tasks fail in a group; one of ours that left the block on purpose goes on its way.
        own = group.subgroup((TrendsRefused, Later, NeedsPerson))
        if own is not None:
            raise _first(own) from group
        raise Later(f"{away}: {type(_first(group)).__name__}.") from group


def _first(group: BaseException) -> BaseException:
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group
