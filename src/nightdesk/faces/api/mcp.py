"""The tool servers that the operator configured, and whether they answer."""

from typing import Any

from fastapi import APIRouter

from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.parameters import DeskHere
from nightdesk.faces.api.row_shapes import Shown

router = APIRouter(prefix="/api/v1/mcp", tags=["scraper"])


class ConnectorShown(Shown):
    """A server by its name; `says` what came of asking it. Its address and token are the operator's own."""

    name: str
    ok: bool
    says: str


class Connectors(Shown):
    connectors: list[ConnectorShown]


class ToolStatus(Shown):
    """`status` is `ok` where all of them answer, `none` where there are none, else `error`."""

    status: str
    configured: int
    answering: int


@router.get("/connectors", response_model=Connectors, responses=problems())
async def connectors(desk: DeskHere, _: WorkspaceId) -> Any:
    """Each tool server with whether it answers."""
    return {"connectors": await desk.topics.trends.connectors()}


@router.get("/status", response_model=ToolStatus, responses=problems())
async def status(desk: DeskHere, _: WorkspaceId) -> Any:
    """Whether the tool servers answer."""
    found = await desk.topics.trends.connectors()
    answering = sum(one.ok for one in found)
    state = "none" if not found else "ok" if answering == len(found) else "error"
    return ToolStatus(status=state, configured=len(found), answering=answering)
