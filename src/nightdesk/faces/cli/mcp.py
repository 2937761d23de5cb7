"""`nightdesk mcp`: the tool server over standard input and output."""

import os
from typing import Annotated, cast

import typer

from nightdesk.desk import Desk
from nightdesk.desk.people import Actor, Operator, Role
from nightdesk.faces.cli.doors import Asked, House
from nightdesk.faces.cli.failure import START_REFUSED, USED_WRONGLY, Failure
from nightdesk.faces.cli.opening import within

KEY = "NIGHTDESK_MCP_KEY"
"""An API key, which is not given as an argument: everybody on the machine can read those."""

app = typer.Typer(add_completion=False)


@app.command()
def mcp(
    ctx: typer.Context,
    role: Annotated[
        str, typer.Option(help="What may be done without a key: viewer (look), editor (work) or owner.")
    ] = "editor",
) -> None:
    """Serve our tools to a program that starts this command and speaks the Model Context Protocol.

    With an API key in NIGHTDESK_MCP_KEY it works as the person who made the key; without one as the operator
    of this machine. `nightdesk up` serves the same tools at /mcp.
    """
    if role not in ("viewer", "editor", "owner"):
        raise Failure("The roles are viewer, editor and owner.", USED_WRONGLY)
    asked: Asked = ctx.obj

    async def serve(house: House, workspace: int) -> None:
        by = await _who(house.desk, workspace, cast(Role, role))
        await asked.doors.serve_tools(house.desk, asked.doors.version, by)

    within(ctx, serve)


async def _who(desk: Desk, workspace: int, role: Role) -> Actor:
    token = os.environ.get(KEY, "").strip()
    if not token:
        return Operator(workspace, role=role)
    of_key = await desk.people.workspace_of(token)
    if of_key is None:
        raise Failure(f"{KEY} is no key that is known here. Make one on the people page.", START_REFUSED)
    return await desk.people.agent(of_key, token)
