"""The routes that are the same for every kind of item: one of them, its end, another try for the parked."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from fastapi import APIRouter

from nightdesk.desk import Desk
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.parameters import DeskHere, MaybeSiteId, Number, site_of
from nightdesk.faces.api.row_bodies import Retry
from nightdesk.faces.api.row_shapes import ItemShown, Retried


class Parking(Protocol):
    """Items that can be tried again."""

    async def retry(self, workspace_id: int, site_id: int, numbers: Sequence[int] | None = None) -> int: ...


class Area(Parking, Protocol):
    """Items that can be read and deleted, one by one."""

    async def get(self, workspace_id: int, number: int) -> Any: ...

    async def delete(self, workspace_id: int, number: int) -> None: ...


def add_retry(router: APIRouter, area: Callable[[Desk], Parking]) -> None:
    """`POST /retry`."""

    @router.post("/retry", response_model=Retried, responses=problems(400, 404, 415, 422))
    async def retry(
        desk: DeskHere, workspace: WorkspaceId, body: Retry | None = None, site_id: MaybeSiteId = None
    ) -> Any:
        """Takes failed items out of parking, all of the site's or those named; a run takes them up again."""
        body = body or Retry()
        site = site_of(site_id, body.site_id)
        return {"retried": await area(desk).retry(workspace, site, body.ids)}


def add_item_routes(router: APIRouter, shown: type[ItemShown], area: Callable[[Desk], Area]) -> None:
    """`POST /retry`, `GET /{number}` and `DELETE /{number}`."""
    add_retry(router, area)

    @router.get("/{number}", response_model=shown, responses=problems(404))
    async def one(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
        """One of them."""
        return await area(desk).get(workspace, number)

    @router.delete("/{number}", status_code=204, responses=problems(404, 409))
    async def delete(desk: DeskHere, workspace: WorkspaceId, number: Number) -> None:
        """Deletes one; not while a run works on it."""
        await area(desk).delete(workspace, number)
