"""The tool server over standard input and output, for a program on this machine that starts us."""

from nightdesk.desk import Desk
from nightdesk.desk.people import Actor
from nightdesk.faces.tools.protocol import make_server


async def serve(desk: Desk, version: str, by: Actor) -> None:
    """Answers until the input ends. Raises `NeedsPerson` where the SDK is not installed."""
    server = make_server(desk, version, lambda _: by)
    from mcp.server.stdio import stdio_server  # noqa: PLC0415

    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())
