"""The routes of credits: what is left, the book of all movements, what things cost, grants."""

import secrets
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from nightdesk.desk.credits import MOST, NEWEST
from nightdesk.desk.inputs import KEPT, Input, upto
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.parameters import CursorText, DeskHere, Limit, MaybeSiteId, paging
from nightdesk.faces.api.row_shapes import Listed, Shown
from nightdesk.faces.api.shapes import Instant

router = APIRouter(prefix="/api/v1/credits", tags=["credits"])


class Grant(Input):
    """Credits given; one `key` gives once."""

    amount: Annotated[int, Field(ge=1, le=MOST)]
    note: Annotated[str, upto(500), KEPT] = ""
    key: Annotated[str, upto(200, 1), KEPT] | None = None


class BalancesShown(Shown):
    """Free to use, set aside for what is in hand, spent, and given in all."""

    wallet: int
    held: int
    spent: int
    granted: int


class TransferShown(Shown):
    """One movement between two accounts of the workspace."""

    key: str
    kind: str
    debit: str
    credit: str
    amount: int
    run_id: Any
    batch_id: int | None
    note: str
    at: Instant


class Ledger(Listed[TransferShown]):
    pass


class StageCostShown(Shown):
    stage: int
    step: str
    credits: int
    batches: int


class ProviderCostShown(Shown):
    kind: str
    provider: str
    model: str
    calls: int
    failed: int
    seconds: float
    input_tokens: int
    output_tokens: int
    units: int
    usd: float


class CostsShown(BaseModel):
    """What was charged, by stage, and what was called, by provider."""

    credits: int
    usd: float
    stages: list[StageCostShown]
    providers: list[ProviderCostShown]


@router.get("", response_model=BalancesShown, responses=problems())
async def balances(desk: DeskHere, workspace: WorkspaceId) -> Any:
    """The workspace's credits."""
    return await desk.credits.balances(workspace)


@router.get("/ledger", response_model=Ledger, responses=problems(400))
async def ledger(desk: DeskHere, workspace: WorkspaceId, limit: Limit = 50, cursor: CursorText = None) -> Any:
    """Every movement of credits, newest first."""
    page = paging({NEWEST.name: NEWEST}, NEWEST.name, limit, cursor)
    return await desk.credits.ledger(workspace, page)


@router.get("/costs", response_model=CostsShown, responses=problems(400, 404))
async def costs(desk: DeskHere, workspace: WorkspaceId, site_id: MaybeSiteId = None) -> Any:
    """What a site cost, or the whole workspace."""
    return CostsShown.model_validate(await desk.costs.summary(workspace, site_id), from_attributes=True)


@router.post("/grant", response_model=BalancesShown, responses=problems(409, 415, 422))
async def grant(desk: DeskHere, workspace: WorkspaceId, body: Grant) -> Any:
    """Gives credits; runs that waited for them go on."""
    key = body.key or secrets.token_hex(12)
    return await desk.credits.grant(workspace, body.amount, key, body.note)
