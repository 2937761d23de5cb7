"""The tool servers that the operator and the workspace's accounts have, and whether they answer."""

from typing import Any, Literal

from fastapi import APIRouter

from nightdesk.desk import Desk
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.parameters import DeskHere
from nightdesk.faces.api.row_shapes import Shown

router = APIRouter(prefix="/api/v1/mcp", tags=["scraper"])

Use = Literal["trends", "publishing"]


class ConnectorShown(Shown):
    """A server by its name, or by that of the account that goes out by it; `says` what came of asking it. Its
    address and token are told to nobody."""

    name: str
    use: Use
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
async def connectors(desk: DeskHere, workspace: WorkspaceId) -> Any:
    """Each tool server with whether it answers, and has the tool that is called."""
    return Connectors(connectors=await _asked(desk, workspace))


@router.get("/status", response_model=ToolStatus, responses=problems())
async def status(desk: DeskHere, workspace: WorkspaceId) -> Any:
    """Whether the tool servers answer."""
    found = await _asked(desk, workspace)
    answering = sum(one.ok for one in found)
    state = "none" if not found else "ok" if answering == len(found) else "error"
    return ToolStatus(status=state, configured=len(found), answering=answering)


async def _asked(desk: Desk, workspace: int) -> list[ConnectorShown]:
    trends, accounts = await desk.topics.trends.connectors(), await desk.accounts.connectors(workspace)
    uses: list[tuple[Use, Any]] = [
        *(("trends", one) for one in trends),
        *(("publishing", one) for one in accounts),
    ]
    return [ConnectorShown(name=one.name, use=use, ok=one.ok, says=one.says) for use, one in uses]
