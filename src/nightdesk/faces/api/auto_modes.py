"""The routes of auto mode: how a niche stands, rules that an owner signs, what they let through."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from nightdesk.desk import Desk
from nightdesk.desk.errors import Invalid
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.auto_mode_shapes import (
    AutoModeChanges,
    AutoModeShown,
    ForecastShown,
    Kind,
    PassageList,
    PassageShown,
    RuleAsked,
    RuleList,
    RuleShown,
    StopAsked,
)
from nightdesk.faces.api.identity import By, WorkspaceId
from nightdesk.faces.api.parameters import DeskHere

router = APIRouter(prefix="/api/v1/niches", tags=["niches"])

NicheKey = Annotated[str, Path(max_length=120, description="The niche's number or its slug.")]
State = Annotated[Literal["waiting", "passed", "stopped"] | None, Query()]


@router.get("/{key}/auto-mode", response_model=AutoModeShown, responses=problems(404))
async def auto_mode(desk: DeskHere, workspace: WorkspaceId, key: NicheKey) -> Any:
    """How the niche runs by itself, and what it waits for where it waits."""
    return await _shown(desk, workspace, key)


@router.patch("/{key}/auto-mode", response_model=AutoModeShown, responses=problems(403, 404, 415, 422))
async def change_auto_mode(desk: DeskHere, by: By, key: NicheKey, body: AutoModeChanges) -> Any:
    """Sets the accounts that pieces are booked for, and whether a piece takes two people."""
    if body.accounts is not None:
        await desk.auto_modes.standings.choose_accounts(by, key, body.accounts)
    if body.two_people is not None:
        await desk.auto_modes.standings.want_two_people(by, key, body.two_people)
    return await _shown(desk, by.workspace_id, key)


@router.post("/{key}/auto-mode/resume", response_model=AutoModeShown, responses=problems(403, 404))
async def resume_auto_mode(desk: DeskHere, by: By, key: NicheKey) -> Any:
    """Has it go on after somebody looked at what it waited for; what holds still makes it wait again."""
    await desk.auto_modes.standings.resume(by, key)
    return await _shown(desk, by.workspace_id, key)


@router.get("/{key}/rules", response_model=RuleList, responses=problems(404))
async def rules(desk: DeskHere, workspace: WorkspaceId, key: NicheKey) -> Any:
    """All that was signed for the niche, the newest first; what was withdrawn too."""
    found = await desk.auto_modes.rules.listed(workspace, key)
    return RuleList(items=[RuleShown.model_validate(one) for one in found])


@router.post(
    "/{key}/rules", status_code=201, response_model=RuleShown, responses=problems(403, 404, 409, 415, 422)
)
async def sign_rule(desk: DeskHere, by: By, key: NicheKey, body: RuleAsked) -> Any:
    """Signs that pieces of a kind that pass all checks go out by themselves; only an owner in person may."""
    return RuleShown.model_validate(await desk.auto_modes.rules.sign(by, key, body.kind, body.hold_minutes))


@router.delete("/{key}/rules/{kind}", status_code=204, responses=problems(403, 404))
async def withdraw_rule(desk: DeskHere, by: By, key: NicheKey, kind: Kind) -> None:
    """Withdraws it; what it was about to let through waits for a person."""
    await desk.auto_modes.rules.withdraw(by, key, kind)


@router.get("/{key}/let-through", response_model=PassageList, responses=problems(400, 404))
async def let_through(desk: DeskHere, workspace: WorkspaceId, key: NicheKey, state: State = None) -> Any:
    """What rules let through or are about to, the newest first."""
    found = await desk.auto_modes.holds.of_site(workspace, key, state)
    return PassageList(items=[PassageShown.model_validate(one) for one in found])


@router.post(
    "/{key}/let-through/stop", response_model=PassageShown, responses=problems(403, 404, 409, 415, 422)
)
async def stop(desk: DeskHere, by: By, key: NicheKey, body: StopAsked) -> Any:
    """Stops a piece that a rule is about to let through: it waits for a person."""
    if (body.content_id is None) == (body.video_id is None):
        raise Invalid("content_id", "Give either an article (`content_id`) or a video (`video_id`).")
    holds = desk.auto_modes.holds
    return PassageShown.model_validate(
        await holds.stop_piece(by, key, content_id=body.content_id, video_id=body.video_id)
    )


@router.get("/{key}/forecast", response_model=ForecastShown, responses=problems(404))
async def forecast(desk: DeskHere, workspace: WorkspaceId, key: NicheKey) -> Any:
    """What the niche's coming night is expected to take, before it runs, and what that is based on."""
    return ForecastShown.of(await desk.auto_modes.forecasts.of(workspace, key))


async def _shown(desk: Desk, workspace: int, key: str) -> AutoModeShown:
    standing = await desk.auto_modes.standings.of(workspace, key)
    rules = await desk.auto_modes.rules.in_force(workspace, key)
    return AutoModeShown.of(standing, list(rules.values()))
