"""A tool server with tools that behave and misbehave, over stdio when it is started as a program."""

import asyncio
from typing import Any

from mcp.server.mcpserver import MCPServer

POSTS = [
    {"text": "Second", "href": "https://x.test/2", "stats": {"views": 10}},
    {"text": "First", "href": "https://x.test/1", "stats": {"views": 900}, "note": "Said by many"},
    {"text": "Third", "href": "file:///etc/passwd", "stats": {"views": "many"}},
]


def make() -> MCPServer:
    server = MCPServer("trends")

    @server.tool()
    def hot(topic: str, count: int) -> dict[str, Any]:
        """What is hot on a topic."""
        return {
            "result": {"posts": [{**post, "text": f"{post['text']} on {topic}"} for post in POSTS[:count]]}
        }

    @server.tool()
    def prose() -> str:
        return "People talk of the weather."

    @server.tool()
    def broken() -> dict[str, Any]:
        raise RuntimeError("the tool has no key")

    @server.tool()
    def huge() -> str:
        return "x" * 3_000_000

    @server.tool()
    async def slow() -> str:
        await asyncio.sleep(30)
        return "[]"

    return server


if __name__ == "__main__":
    make().run("stdio")
