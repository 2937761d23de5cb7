"""The routes of API keys: made and shown once, listed by their prefix, revoked."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel

from nightdesk.desk.inputs import KEPT, Input, upto
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import By, WorkspaceId
from nightdesk.faces.api.parameters import DeskHere, Number
from nightdesk.faces.api.row_shapes import Shown
from nightdesk.faces.api.shapes import Instant

router = APIRouter(prefix="/api/v1/keys", tags=["keys"])


class KeyToMake(Input):
    name: Annotated[str, upto(100, 1), KEPT]


class KeyMade(BaseModel):
    """`key` is shown this once and never again."""

    id: int
    name: str
    prefix: str
    key: str


class KeyListed(Shown):
    id: int
    name: str
    prefix: str
    created_at: Instant
    last_used_at: Instant | None
    revoked_at: Instant | None


class Keys(BaseModel):
    items: list[KeyListed]
    next_cursor: None = None


@router.get("", response_model=Keys, responses=problems())
async def keys(desk: DeskHere, workspace: WorkspaceId) -> Any:
    """All keys of the workspace, the revoked ones too."""
    return Keys(items=[KeyListed.model_validate(key) for key in await desk.people.keys(workspace)])


@router.post("", status_code=201, response_model=KeyMade, responses=problems(415, 422))
async def make_key(desk: DeskHere, workspace: WorkspaceId, by: By, body: KeyToMake) -> Any:
    """A new key for a client of this workspace; by tools it works as the person who makes it."""
    made = await desk.people.create_key(workspace, body.name, by if by.person_id is not None else None)
    return KeyMade(id=made.id, name=made.name, prefix=made.prefix, key=made.token)


@router.delete("/{number}", status_code=204, responses=problems(404))
async def revoke_key(desk: DeskHere, workspace: WorkspaceId, number: Number) -> None:
    """The key opens nothing from now on."""
    await desk.people.revoke_key(workspace, number)
