"""The routes of accounts on platforms: connected, looked at, linked to niches, removed."""

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from nightdesk.desk import accounts as desk_accounts
from nightdesk.faces.api.account_shapes import (
    AccountChanges,
    AccountList,
    AccountShown,
    AccountsStatus,
    AccountStatus,
    LinkBody,
    NewAccount,
    Platforms,
    PlatformShown,
)
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import By, WorkspaceId
from nightdesk.faces.api.parameters import BIGGEST, DeskHere, Number

router = APIRouter(prefix="/api/v1/accounts", tags=["accounts"])

MaybeNiche = Annotated[int | None, Query(ge=1, le=BIGGEST, description="Only those of this niche.")]


@router.get("", response_model=AccountList, responses=problems(400))
async def accounts(desk: DeskHere, workspace: WorkspaceId, niche_id: MaybeNiche = None) -> Any:
    """The accounts, in the order in which they were connected."""
    found = await desk.accounts.listed(workspace, niche_id)
    return AccountList(items=[AccountShown.of(one) for one in found])


@router.post("", status_code=201, response_model=AccountShown, responses=problems(403, 409, 415, 422))
async def connect(desk: DeskHere, by: By, body: NewAccount) -> Any:
    """Connects an account, and asks the platform who we are there; `status` tells what came of it."""
    return AccountShown.of(await desk.accounts.connect(by, desk_accounts.NewAccount(**body.model_dump())))


@router.get("/platforms", response_model=Platforms, responses=problems())
async def platforms(desk: DeskHere, _: WorkspaceId) -> Any:
    """The platforms, and what an account of each consists of."""
    return Platforms(platforms=[PlatformShown.model_validate(one) for one in desk.accounts.kinds()])


@router.get("/status", response_model=AccountsStatus, responses=problems())
async def status(desk: DeskHere, workspace: WorkspaceId) -> Any:
    """How each account stands."""
    found = await desk.accounts.listed(workspace)
    counts = Counter(one.status for one in found)
    return AccountsStatus(accounts=[AccountStatus.model_validate(one) for one in found], counts=dict(counts))


@router.get("/{number}", response_model=AccountShown, responses=problems(404))
async def account(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """One account."""
    return AccountShown.of(await desk.accounts.show(workspace, number))


@router.patch("/{number}", response_model=AccountShown, responses=problems(403, 404, 415, 422))
async def change(desk: DeskHere, by: By, number: Number, body: AccountChanges) -> Any:
    """Changes what is given; with `values` the account is looked at anew."""
    changes = desk_accounts.AccountChanges(**body.model_dump())
    return AccountShown.of(await desk.accounts.change(by, number, changes))


@router.delete("/{number}", status_code=204, response_class=Response, responses=problems(403, 404, 409))
async def remove(desk: DeskHere, by: By, number: Number) -> None:
    """Forgets an account with its secrets; what waits for it is cancelled, what went out stays told."""
    await desk.accounts.remove(by, number)


@router.post("/{number}/verify", response_model=AccountShown, responses=problems(404))
async def verify(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """Asks the platform who we are there."""
    return AccountShown.of(await desk.accounts.verify(workspace, number))


@router.post(
    "/{number}/niches/{niche_id}", response_model=AccountShown, responses=problems(403, 404, 415, 422)
)
async def link(desk: DeskHere, by: By, number: Number, niche_id: Number, body: LinkBody | None = None) -> Any:
    """Has a niche's pieces go to the account."""
    options = body.options if body is not None else None
    return AccountShown.of(await desk.accounts.link(by, number, niche_id, options))


@router.delete("/{number}/niches/{niche_id}", response_model=AccountShown, responses=problems(403, 404))
async def unlink(desk: DeskHere, by: By, number: Number, niche_id: Number) -> Any:
    """Has them go there no more; what was asked for before still does."""
    return AccountShown.of(await desk.accounts.unlink(by, number, niche_id))
