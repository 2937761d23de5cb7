"""Speaks with a tool server that is a program of ours, started through the one launcher, by its pipes."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.points import reach
from nightdesk.kit.processes import ChildLimits, end_all, launch
from nightdesk.kit.tools.servers import Server

if TYPE_CHECKING:
    from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

LIMITS = ChildLimits(
    cpu_seconds=600,
    # Those that are written for Node or in Go reserve far more addresses than they touch.
    memory=1 << 46,
    file_size=1 << 30,
    open_files=1024,
)
_CHUNK = 1 << 16


@asynccontextmanager
async def over_pipes(server: Server) -> AsyncIterator[tuple[Any, Any]]:
    """The two streams that the SDK's client speaks by; nobody of the program's group is left afterwards.

    Raises `NeedsPerson` where the program is not installed.

    What the program says as errors is not kept: it may hold the secrets that it was given.
    """
    if shutil.which(server.program[0]) is None:
        raise NeedsPerson(
            f"The program of the tool server {server.name} is not installed here. Install it, or choose "
            "another."
        )
    with contextlib.ExitStack() as opened:
        folder = server.folder or Path(
            opened.enter_context(
                tempfile.TemporaryDirectory(prefix="nightdesk-tools-", ignore_cleanup_errors=True)
            )
        )
        reach("tools.process.start")
        process = await launch(server.program, LIMITS, folder, server.environment, overheard=False)
        reach("tools.process.started")
        heard_in, heard = anyio.create_memory_object_stream[Any](0)
        told, told_out = anyio.create_memory_object_stream[Any](0)
        tasks = [
            asyncio.create_task(_hear(process, heard_in, server.most)),
            asyncio.create_task(_tell(process, told_out, heard_in)),
        ]
        try:
            yield heard, told
        finally:
            for task in tasks:
                task.cancel()
            await end_all(process)
            await asyncio.wait(tasks)
            for stream in (heard_in, heard, told, told_out):
                stream.close()
            reach("tools.process.exit")


async def _hear(process: asyncio.subprocess.Process, heard: "MemoryObjectSendStream[Any]", most: int) -> None:
    """Reads a message a line; one that is longer than `most` ends the hearing."""
    from mcp.shared.message import SessionMessage  # noqa: PLC0415
    from mcp_types import jsonrpc_message_adapter  # noqa: PLC0415

    assert process.stdout is not None
    kept = bytearray()
    with contextlib.suppress(anyio.BrokenResourceError, anyio.ClosedResourceError, ConnectionError):
        async with heard:
            while part := await process.stdout.read(_CHUNK):
                kept += part
                *lines, kept = kept.split(b"\n")
                if len(kept) > most:
                    return
                for line in filter(None, (bytes(one).strip() for one in lines)):
                    try:
                        message = jsonrpc_message_adapter.validate_json(line, by_name=False)
                    except ValueError as error:
                        await heard.send(error)
                    else:
                        await heard.send(SessionMessage(message))


async def _tell(
    process: asyncio.subprocess.Process,
    told: "MemoryObjectReceiveStream[Any]",
    heard: "MemoryObjectSendStream[Any]",
) -> None:
    """Writes messages; where the program listens no more, its end is told as the end of what is heard."""
    assert process.stdin is not None
    try:
        async for message in told:
            said = message.message.model_dump_json(by_alias=True, exclude_unset=True)
            process.stdin.write(said.encode() + b"\n")
            await process.stdin.drain()
    except (ConnectionError, anyio.ClosedResourceError):
        heard.close()
