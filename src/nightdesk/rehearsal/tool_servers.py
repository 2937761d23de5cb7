"""Tool servers made with the official SDK, whose tools publish, and are slow, refuse or die as they are told.

Served over HTTP within a process by `app`, or as a program: `python -m nightdesk.rehearsal.tool_servers`
speaks by its standard streams, with `--port` over HTTP. What is public lies in a file of the folder that
NIGHTDESK_REHEARSAL names, so that it outlives a server that dies; a file there says how the next call fails.
"""

import argparse
import asyncio
import gzip
import hashlib
import json
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mcp import MCPError
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import INTERNAL_ERROR
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nightdesk.rehearsal.platform import Post

FOLDER = "NIGHTDESK_REHEARSAL"
NEEDS = "REHEARSAL_KEY"
"""The credential without which its tools do nothing."""

FAULTS = (
    "refuses",
    "refuses_quietly",
    "limited",
    "errs",
    "slow_before",
    "dies_before",
    "taken_then_slow",
    "taken_then_dies",
    "taken_then_errs",
    "taken_then_prose",
    "taken_then_fails",
)
"""The next call: the tool says that it failed; says so as if it went well; says that a limit is reached; the
server answers an error; is slow; dies. The others do their work first; `prose` names no number, `fails` says
that it failed."""

DOOR = ("unauthorized", "too_many", "html", "packed", "taken_then_500")
"""Over HTTP alone: 401, 429, a page in HTML or a packed answer instead of a call; 500 after one."""

TAKEN = tuple(fault for fault in (*FAULTS, *DOOR) if fault.startswith("taken"))
RETRY_AFTER = 7
SLOW = 30.0


class Studio:
    """What the tools of one folder have made public, and how the next call fails."""

    def __init__(self, folder: Path) -> None:
        self._posts, self._fault, self._struck = (folder / name for name in ("posts", "fault", "struck"))

    def posts(self) -> Sequence[Post]:
        """What is public."""
        lines = self._posts.read_text().splitlines() if self._posts.exists() else []
        return [Post(**json.loads(line)) for line in lines]

    def strike(self, fault: str) -> None:
        """The next call fails so. Raises `ValueError` for an unknown fault."""
        if fault not in (*FAULTS, *DOOR):
            raise ValueError(f"There is no fault {fault}; there are {', '.join((*FAULTS, *DOOR))}.")
        self._fault.write_text(fault)

    @property
    def struck(self) -> bool:
        """Whether the fault has come."""
        return self._struck.exists()

    def taken_up(self, among: Sequence[str] = FAULTS) -> str:
        """Which of these faults is that of this call, the only one that it strikes; empty for none."""
        fault = self._fault.read_text() if self._fault.exists() else ""
        if fault not in among:
            return ""
        self._fault.rename(self._struck)
        return fault

    def made(self, tool: str, given: dict[str, Any]) -> str:
        """The number of what is public now; its text is all that the tool was given, as JSON."""
        number = str(1_000_001 + len(self.posts()))
        told = {name: value for name, value in given.items() if name != "studio"}
        line = {"id": number, "account": tool, "title": str(given.get("title", "")), "text": json.dumps(told)}
        with self._posts.open("a") as out:
            out.write(json.dumps(line) + "\n")
        return number


async def _work(studio: Studio, tool: str, given: dict[str, Any], says: str, refusal: str) -> str:
    """Does a tool's work, unless a fault keeps it from that; `says` is its answer, with `{id}` in it."""
    fault = studio.taken_up()
    if not os.environ.get(NEEDS, "yes"):
        raise ToolError("no credentials")
    if fault == "refuses":
        raise ToolError(refusal)
    if fault == "refuses_quietly":
        return refusal
    if fault == "limited":
        return "Rate limit exceeded. Please wait a moment before trying again."
    if fault == "slow_before":
        await asyncio.sleep(SLOW)
        return "Nothing was done."
    if fault == "dies_before":
        os.kill(os.getpid(), signal.SIGKILL)
    number = "" if fault == "errs" else await asyncio.to_thread(studio.made, tool, given)
    if fault == "taken_then_slow":
        await asyncio.sleep(SLOW)
    if fault == "taken_then_dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if fault in ("errs", "taken_then_errs"):
        raise MCPError(INTERNAL_ERROR, "An unexpected error occurred")
    if fault == "taken_then_fails":
        raise ToolError(f"Could not read back what was sent: {given}")
    return "Done!" if fault == "taken_then_prose" else says.replace("{id}", number)


def make(folder: Path) -> MCPServer:
    """A server with the tools that known servers have, each answering as its own does."""
    server, studio = MCPServer("rehearsal"), Studio(folder)
    server.tool(structured_output=False)(_posting(studio))
    server.tool(name="createPosts")(_creating(studio))
    server.tool(name="video-insert", structured_output=False)(_inserting(studio))
    server.tool(structured_output=False)(_uploading(studio))
    return server


def _posting(studio: Studio) -> Callable[..., Any]:
    async def post_tweet(text: str, reply_to_tweet_id: str = "") -> str:
        given = locals()
        says = "Tweet posted successfully!\nURL: https://twitter.com/status/{id}"
        refusal = "Twitter API error: Request failed with code 403"
        return await _work(studio, "post_tweet", given, says, refusal)

    return post_tweet


def _creating(studio: Studio) -> Callable[..., Any]:
    async def create_posts(text: str, made_with_ai: bool = False) -> dict[str, Any]:
        given = locals()
        refusal = f"HTTP error 403: Forbidden - {json.dumps({'detail': f'duplicate: {text}'})}"
        found = await _work(studio, "createPosts", given, "{id}", refusal)
        return {"data": {"id": found, "text": text}} if found.isdecimal() else {"says": found}

    return create_posts


def _inserting(studio: Studio) -> Callable[..., Any]:
    async def video_insert(
        file: str,
        category_id: str,
        privacy: str,
        title: str = "",
        description: str = "",
        tags: list[str] | None = None,
        language: str = "",
        for_kids: bool = False,
        contains_synthetic_media: bool = False,
        confirmed: bool = False,
        output: str = "yaml",
    ) -> str:
        given = locals()
        if not confirmed:
            raise ToolError("not confirmed")
        given |= await asyncio.to_thread(_looked_at, file)
        says = json.dumps({"id": "{id}", "snippet": {"title": title, "description": description}})
        refusal = "googleapi: Error 403: The request cannot be completed, quotaExceeded"
        return await _work(studio, "video-insert", given, says, refusal)

    return video_insert


def _uploading(studio: Studio) -> Callable[..., Any]:
    async def upload_video(
        file_path: str, title: str, description: str, tags: list[str], privacy_status: str
    ) -> str:
        given = {**locals(), **await asyncio.to_thread(_looked_at, file_path)}
        says = f"Uploaded {title}: https://www.youtube.com/watch?v={{id}}"
        return await _work(studio, "upload_video", given, says, "Upload failed.")

    return upload_video


def _looked_at(path: str) -> dict[str, Any]:
    """How many bytes it has, each of them read, and what they are known by."""
    body = Path(path).read_bytes()
    return {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}


def app(folder: Path) -> "Door":
    """The server as an application of HTTP, at `/mcp`."""
    loose = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return Door(make(folder).streamable_http_app(transport_security=loose), Studio(folder))


class Door:
    """Stands before the application, and makes the faults of HTTP at calls of tools."""

    def __init__(self, inner: ASGIApp, studio: Studio) -> None:
        self._inner, self._studio = inner, studio
        self.tokens: list[str] = []
        """What callers were known by, of each request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._inner(scope, receive, send)
        request = Request(scope, receive)
        self.tokens.append(request.headers.get("authorization", ""))
        body = await request.body()
        fault = self._studio.taken_up(DOOR) if b'"tools/call"' in body else ""

        if fault == "taken_then_500":
            await self._inner(scope, _once(body, receive), _nowhere)
        if fault:
            return await _ANSWERS[fault](scope, receive, send)
        return await self._inner(scope, _once(body, receive), send)


def _once(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read already, then what comes after it."""
    left = [body]

    async def again() -> Message:
        return {"type": "http.request", "body": left.pop()} if left else await receive()

    return again


async def _nowhere(_: Message) -> None:
    """Lets nobody hear what is answered."""


_ANSWERS = {
    "unauthorized": PlainTextResponse("Unauthorized", 401),
    "too_many": PlainTextResponse("Too many", 429, {"Retry-After": str(RETRY_AFTER)}),
    "packed": Response(gzip.compress(b"{" + b" " * 1_000_000), headers={"Content-Encoding": "gzip"}),
    "html": HTMLResponse("<!doctype html><title>One moment</title>"),
    "taken_then_500": PlainTextResponse("Internal Server Error", 500),
}


def main() -> None:
    """Serves as a program."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--port", type=int, default=0)
    port = asked.parse_args().port
    server = make(Path(os.environ[FOLDER]))
    if port:
        server.run("streamable-http", host="127.0.0.1", port=port)
    else:
        server.run("stdio")


if __name__ == "__main__":
    main()
