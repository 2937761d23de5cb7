"""The routes of webhooks: addresses that hear of events, and hooks that programs call."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from nightdesk.desk.inputs import KEPT, Input, Number, upto
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.hooks import PREFIX
from nightdesk.faces.api.identity import By, WorkspaceId
from nightdesk.faces.api.parameters import DeskHere
from nightdesk.faces.api.parameters import Number as InPath
from nightdesk.faces.api.row_shapes import Shown
from nightdesk.faces.api.shapes import Instant

router = APIRouter(prefix="/api/v1/webhooks", tags=["webhooks"])

EventName = Literal[
    "run.finished",
    "run.failed",
    "piece.waiting",
    "publication.live",
    "publication.held",
    "account.expiring",
    "account.lost",
    "autopilot.waiting",
    "budget.reached",
]
Url = Annotated[str, upto(2000, 1), KEPT, Field(examples=["https://newsroom.example/nightdesk"])]
Wants = Annotated[list[EventName], Field(min_length=1, max_length=20)]
Line = Literal["article", "video"]


class WebhookToAdd(Input):
    url: Url
    wants: Wants


class WebhookChanges(Input):
    """What is left out stays."""

    url: Url | None = None
    wants: Wants | None = None
    paused: bool | None = None


class WebhookShown(Shown):
    """`failures` are tries in a row that were not taken; `before_until` is until when two secrets sign."""

    id: int
    url: str
    wants: list[str]
    failures: int
    retry_at: Instant | None
    paused_at: Instant | None
    says: str
    before_until: Instant | None
    who: str
    created_at: Instant


class WebhookMade(WebhookShown):
    """`secret` is shown this once and never again."""

    secret: str


class WebhookList(Shown):
    items: list[WebhookShown]
    next_cursor: None = None


class SecretMade(Shown):
    """Shown this once; the one before holds for a day beside it."""

    secret: str


class DeliveryShown(Shown):
    """A delivery and what came of it; `answered` is the status of the last answer."""

    id: int
    event_id: str
    event: str
    status: str
    tries: int
    answered: int | None
    says: str
    made_at: Instant
    ended_at: Instant | None


class DeliveryList(Shown):
    items: list[DeliveryShown]
    next_cursor: None = None


class Tried(Shown):
    ok: bool
    says: str


class HookToMake(Input):
    """What a call does is chosen here, and never by what is sent."""

    name: Annotated[str, upto(100, 1), KEPT]
    site_id: Number
    does: Literal["topic", "run"]
    line: Line = "article"


class HookShown(Shown):
    """`url` is where it is called; nothing is done there without a signature."""

    id: int
    url: str
    name: str
    site_id: int
    does: str
    line: str
    before_until: Instant | None
    used_at: Instant | None
    uses: int
    says: str
    who: str
    created_at: Instant


class HookMade(HookShown):
    """`secret` is shown this once and never again."""

    secret: str


class HookList(Shown):
    items: list[HookShown]
    next_cursor: None = None


@router.get("", response_model=WebhookList, responses=problems())
async def webhooks(desk: DeskHere, workspace: WorkspaceId) -> Any:
    """The addresses that hear of events."""
    return {"items": await desk.webhooks.targets.listed(workspace)}


@router.post("", status_code=201, response_model=WebhookMade, responses=problems(403, 409, 415, 422))
async def add(desk: DeskHere, by: By, body: WebhookToAdd) -> Any:
    """Adds an address; its events are signed with the secret that is shown this once."""
    added, secret = await desk.webhooks.targets.add(by, body.url, body.wants)
    return WebhookMade(**vars(added), secret=secret)


@router.get("/in", response_model=HookList, responses=problems())
async def hooks(request: Request, desk: DeskHere, workspace: WorkspaceId) -> Any:
    """The hooks that programs may call."""
    found = await desk.webhooks.hooks.listed(workspace)
    return HookList(items=[HookShown(**_of_hook(one, request)) for one in found])


@router.post("/in", status_code=201, response_model=HookMade, responses=problems(403, 404, 409, 415, 422))
async def make_hook(request: Request, desk: DeskHere, by: By, body: HookToMake) -> Any:
    """Makes a hook for one site, which adds a topic or starts the line."""
    made, secret = await desk.webhooks.hooks.add(by, body.name, body.site_id, body.does, body.line)
    return HookMade(**_of_hook(made, request), secret=secret)


@router.post("/in/{number}/secret", response_model=SecretMade, responses=problems(403, 404))
async def change_hook_secret(desk: DeskHere, by: By, number: InPath) -> Any:
    """A new secret; the one before is believed for a day too."""
    return SecretMade(secret=await desk.webhooks.hooks.rotate(by, number))


@router.delete("/in/{number}", status_code=204, response_class=Response, responses=problems(403, 404))
async def remove_hook(desk: DeskHere, by: By, number: InPath) -> None:
    """Its address answers no more."""
    await desk.webhooks.hooks.remove(by, number)


@router.get("/{number}", response_model=WebhookShown, responses=problems(404))
async def webhook(desk: DeskHere, workspace: WorkspaceId, number: InPath) -> Any:
    """One address."""
    return await desk.webhooks.targets.get(workspace, number)


@router.patch("/{number}", response_model=WebhookShown, responses=problems(403, 404, 415, 422))
async def change(desk: DeskHere, by: By, number: InPath, body: WebhookChanges) -> Any:
    """Changes what is given; `paused` false lets it go on with what waits for it."""
    if body.paused is not None:
        await desk.webhooks.targets.pause(by, number, paused=body.paused)
    return await desk.webhooks.targets.change(by, number, body.url, body.wants)


@router.delete("/{number}", status_code=204, response_class=Response, responses=problems(403, 404))
async def remove(desk: DeskHere, by: By, number: InPath) -> None:
    """Forgets it with its secret and what waits for it."""
    await desk.webhooks.targets.remove(by, number)


@router.post("/{number}/test", response_model=Tried, responses=problems(403, 404))
async def test(desk: DeskHere, by: By, number: InPath) -> Any:
    """Really sends a test, and tells what came of it."""
    return await desk.webhooks.targets.test(by, number)


@router.post("/{number}/secret", response_model=SecretMade, responses=problems(403, 404))
async def change_secret(desk: DeskHere, by: By, number: InPath) -> Any:
    """A new secret; for a day events are signed with the one before too."""
    return SecretMade(secret=await desk.webhooks.targets.rotate(by, number))


@router.get("/{number}/deliveries", response_model=DeliveryList, responses=problems(404))
async def deliveries(desk: DeskHere, workspace: WorkspaceId, number: InPath) -> Any:
    """The last deliveries, the newest first."""
    return {"items": await desk.webhooks.targets.deliveries(workspace, number)}


def _of_hook(hook: Any, request: Request) -> dict[str, Any]:
    facts = {name: value for name, value in vars(hook).items() if name != "token"}
    return facts | {"url": f"{str(request.base_url).rstrip('/')}{PREFIX}{hook.token}"}
