"""Asks a tool server for its tools, and calls one: at most one call, and whether it may have arrived."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import httpx2
from pydantic import ValidationError

from nightdesk.kit.endings import Ending, Later, NeedsPerson
from nightdesk.kit.http.failures import FetchRefused, shown
from nightdesk.kit.points import reach
from nightdesk.kit.tools.line import Watch, opened_line
from nightdesk.kit.tools.pipes import over_pipes
from nightdesk.kit.tools.servers import Answered, CallLost, Server, Tool

MISSING = (
    "Tool servers need the library `mcp`: install `nightdesk[mcp]`, or speak to the platform another way."
)
MOST_PAGES = 50
"""Pages of tools that are read of a server."""

TIMED_OUT, CLOSED, NO_METHOD = -32001, -32000, -32601
"""Codes of the SDK for a question without an answer in time, and for a connection that ended; JSON-RPC's own
for a method that is not there."""

_TROUBLE = (
    *(httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError, RuntimeError),
    *(anyio.ClosedResourceError, anyio.BrokenResourceError, anyio.EndOfStream),
)
"""What the SDK lets through where a server or a line fails."""


@dataclass
class _Course:
    """How far a question came."""

    watch: Watch = field(default_factory=Watch)
    called: bool = False
    result: Any = None
    ending: Exception | None = None


async def listed(server: Server) -> list[Tool]:
    """The tools of a server. Raises `Later` where it is away, `NeedsPerson` where a person has to act."""

    async def act(client: Any, course: _Course) -> None:
        course.result = await _tools(client, server)

    tools: list[Tool] = await _asked(server, act, server.seconds)
    return tools


async def call(
    server: Server,
    tool: str,
    arguments: Mapping[str, Any],
    seconds: float,
    fits: Callable[[Sequence[Tool]], object] | None = None,
) -> Answered:
    """Calls a tool once, and gives what it answered, whatever it says.

    `fits` is asked before, with the server's tools, and may raise an ending; without it the tool must be one
    of them. Raises `Later` and `NeedsPerson` where the tool was certainly not called, `CallLost` where it may
    have been. An answer counts though the server fails after it.
    """

    async def act(client: Any, course: _Course) -> None:
        try:
            (fits or _has(server.name, tool))(await _tools(client, server))
        except Ending as ending:
            course.ending = ending
            return
        course.called = course.watch.calling = True
        reach("tools.call.before")
        course.result = _concealed(server, await _called(client, tool, arguments, seconds))
        reach("tools.call.after")

    answered: Answered = await _asked(server, act, seconds)
    return answered


async def _asked(server: Server, act: Callable[[Any, _Course], Awaitable[None]], seconds: float) -> Any:
    """What `act` found. Its endings are kept aside, for the SDK wraps what is raised within its groups."""
    try:
        from mcp import MCPError  # noqa: PLC0415
    except ImportError as error:
        raise NeedsPerson(MISSING) from error
    course = _Course()
    failure: BaseException | None = None
    try:
        async with asyncio.timeout(2 * server.seconds + seconds), _opened(server, course.watch) as client:
            try:
                await act(client, course)
            except (MCPError, ValidationError) as error:
                failure = error
    except (
        MCPError,
        Ending,
        httpx2.HTTPError,
        httpx2.InvalidURL,
        OSError,
        ValueError,
        RuntimeError,
    ) as error:
        failure = failure or error
    except (anyio.ClosedResourceError, anyio.BrokenResourceError, anyio.EndOfStream) as error:
        failure = failure or error
    except ExceptionGroup as group:
        failure = failure or _first(group)
    if course.result is not None:
        return course.result
    if course.ending is not None:
        raise course.ending
    if course.called:
        raise course.watch.declined or _lost(server, failure, seconds) from failure
    raise _away(server, failure) from failure


@asynccontextmanager
async def _opened(server: Server, watch: Watch) -> AsyncIterator[Any]:
    from mcp import Client  # noqa: PLC0415
    from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415

    if server.program:
        async with Client(over_pipes(server), read_timeout_seconds=server.seconds, cache=None) as client:
            yield client
        return
    async with opened_line(server, watch) as line:
        asked = streamable_http_client(server.url, http_client=line, max_sse_event_size=server.most)
        async with Client(asked, read_timeout_seconds=server.seconds, cache=None) as client:
            yield client


def _has(server: str, tool: str) -> Callable[[Sequence[Tool]], None]:
    def fits(found: Sequence[Tool]) -> None:
        if not any(one.name == tool for one in found):
            raise NeedsPerson(
                f"{server} has no tool `{tool}`. Name one that it has, or start another server."
            )

    return fits


async def _tools(client: Any, server: Server) -> list[Tool]:
    found: list[Tool] = []
    concealing = server.concealing
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        found += [
            Tool(concealing.text(tool.name), concealing.value(dict(tool.input_schema))) for tool in page.tools
        ]
        if (cursor := page.next_cursor) is None:
            break
    return found


async def _called(client: Any, tool: str, arguments: Mapping[str, Any], seconds: float) -> Answered:
    """One request. The client's own `call_tool` is not used: it calls again where a server asks it to, and
    raises over a result that does not match its schema, though the tool has done its work."""
    from mcp_types import CallToolRequest, CallToolRequestParams, CallToolResult  # noqa: PLC0415

    request = CallToolRequest(params=CallToolRequestParams(name=tool, arguments=dict(arguments)))
    result = await client.session.send_request(request, CallToolResult, request_read_timeout_seconds=seconds)
    texts = [block.text for block in result.content if block.type == "text"]
    return Answered(texts, result.structured_content, bool(result.is_error))


def _concealed(server: Server, answered: Answered) -> Answered:
    concealing = server.concealing
    texts = [concealing.text(one) for one in answered.texts]
    return Answered(texts, concealing.value(answered.structured), answered.failed)


def _lost(server: Server, failure: BaseException | None, seconds: float) -> CallLost:
    code = getattr(failure, "code", None)
    if isinstance(failure, ValidationError):
        return CallLost(f"{server.name} answered with something else than a tool's answer.", "answered")
    if isinstance(code, int) and code not in (TIMED_OUT, CLOSED):
        says = shown(server.concealing.text(str(getattr(failure, "message", ""))), 200)
        return CallLost(
            f"{server.name} answered with an error: “{says}”", "answered", unknown_tool=code == NO_METHOD
        )
    slow = isinstance(failure, TimeoutError) or code == TIMED_OUT
    how = f"did not answer within {seconds:g} seconds" if slow else "ended the connection before it answered"
    return CallLost(f"{server.name} {how}.", "sent")


def _away(server: Server, failure: BaseException | None) -> Ending:
    """Nothing was called."""
    if isinstance(failure, NeedsPerson):
        return failure
    if isinstance(failure, FetchRefused) and failure.code != "unknown_host":
        return NeedsPerson(f"{failure.why} Put the address of the tool server right.")
    away = f"The tool server {server.name} cannot be asked just now"
    if isinstance(failure, FileNotFoundError | PermissionError):
        return NeedsPerson(f"The program of the tool server {server.name} cannot be started.")
    if isinstance(failure, TimeoutError) or getattr(failure, "code", None) == TIMED_OUT:
        return Later(f"{away}: it did not answer within {server.seconds:g} seconds.")
    says = getattr(failure, "message", None)
    return Later(
        f"{away}: {shown(server.concealing.text(str(says)), 200) if says else type(failure).__name__}."
    )


def _first(group: BaseException) -> BaseException:
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group
