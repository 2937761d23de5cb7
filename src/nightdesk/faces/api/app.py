"""The web application of the API: routes, identity, limits and problem documents put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Depends, FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from nightdesk.desk import Desk
from nightdesk.faces.api import (
    automation,
    clusters,
    contents,
    credits,
    docs,
    documents,
    health,
    ideas,
    images,
    keys,
    keywords,
    problems,
    providers,
    sites,
    stream,
    tasks,
)
from nightdesk.faces.api.identity import Identity
from nightdesk.faces.api.intake import Intake, right_kind
from nightdesk.faces.api.metrics import Meters
from nightdesk.faces.api.repeats import OnceEach
from nightdesk.faces.api.shell import Shell


class OnePath:
    """Pure ASGI: a path answers with and without a trailing slash, without a redirect."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and len(scope["path"]) > 1:
            scope["path"] = scope["path"].rstrip("/") or "/"
        await self._app(scope, receive, send)


class Api(FastAPI):
    """The application inside its shell, so that even the answer to a fault has what every answer has."""

    def build_middleware_stack(self) -> ASGIApp:
        desk: Desk = self.state.desk
        return Shell(super().build_middleware_stack(), self.state.meters, desk.health.clock)

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = docs.completed(super().openapi())
        return self.openapi_schema


def make_app(desk: Desk, version: str) -> FastAPI:
    """The application over one desk; its lifespan reads the stream of events."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        async with desk.live.open():
            yield

    app = Api(
        title="Nightdesk",
        version=version,
        description=docs.DESCRIPTION,
        docs_url=None,
        openapi_url=docs.OPENAPI,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=life,
        dependencies=[Depends(right_kind)],
    )
    app.state.desk, app.state.meters = desk, Meters()
    app.include_router(automation.router)
    for noun in (sites, documents, keywords, clusters, ideas, tasks, contents, images, credits, keys):
        app.include_router(noun.router)
    app.include_router(providers.router)
    app.router.routes.extend((*health.ROUTES, *docs.ROUTES, *stream.ROUTES))
    problems.install(app)
    for layer, facts in (
        (OnceEach, {"repeats": desk.repeats}),
        (Intake, {}),
        (Identity, {"who_is": desk.people.workspace_of, "caller_of": desk.sessions.caller_of}),
        (OnePath, {}),
        (problems.DatabaseAway, {}),
    ):
        app.add_middleware(layer, **facts)
    return app
