"""The routes by which a workspace, or one of its sites, chooses its providers and hands over their keys."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from nightdesk.desk.choices import CHOOSABLE
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.parameters import DeskHere, MaybeSiteId

router = APIRouter(prefix="/api/v1/providers", tags=["providers"], responses=problems(400, 404, 422))

Kind = Annotated[
    str, Path(max_length=40, description=f"One of {', '.join(f'`{kind}`' for kind in CHOOSABLE)}.")
]


class ChoiceOut(BaseModel):
    """What does one kind of work; `key` shows no more than the last four characters."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    chosen: str
    chosen_at: str
    key: str | None


class ChoicesOut(BaseModel):
    providers: list[ChoiceOut]


class ChoiceIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    choice: str = Field(max_length=200, description="`provider` or `provider:model`; empty takes it back.")


class KeyIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key: str = Field(min_length=1, max_length=500)


class KeyKept(BaseModel):
    kind: str
    key: str


@router.get("", response_model=ChoicesOut)
async def listed(desk: DeskHere, workspace: WorkspaceId, site_id: MaybeSiteId = None) -> Any:
    """What holds for the site, or for the workspace."""
    return {"providers": await desk.choices.shown(workspace, site_id)}


@router.put("/{kind}", response_model=ChoicesOut)
async def choose(
    desk: DeskHere, workspace: WorkspaceId, kind: Kind, body: ChoiceIn, site_id: MaybeSiteId = None
) -> Any:
    """Chooses a provider; the next batch uses it."""
    return {"providers": await desk.choices.choose(workspace, kind, body.choice, site_id)}


@router.put("/{kind}/key", response_model=KeyKept)
async def set_key(
    desk: DeskHere, workspace: WorkspaceId, kind: Kind, body: KeyIn, site_id: MaybeSiteId = None
) -> Any:
    """Keeps a key, sealed; it is never read back."""
    return {"kind": kind, "key": await desk.choices.set_key(workspace, kind, body.key, site_id)}


@router.delete("/{kind}/key", status_code=204)
async def forget_key(desk: DeskHere, workspace: WorkspaceId, kind: Kind, site_id: MaybeSiteId = None) -> None:
    """Forgets a key."""
    await desk.choices.forget_key(workspace, kind, site_id)
