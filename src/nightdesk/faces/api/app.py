"""The web application of the API: routes, identity, limits and problem documents put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from nightdesk.desk import Desk
from nightdesk.faces.api import automation, problems
from nightdesk.faces.api.identity import Identity


class OnePath:
    """Pure ASGI: a path answers with and without a trailing slash, without a redirect."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and len(scope["path"]) > 1:
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        await self._app(scope, receive, send)


def make_app(desk: Desk, version: str) -> FastAPI:
    """The application over one desk."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield

    app = FastAPI(
        title="Nightdesk",
        version=version,
        docs_url="/api/docs",
        openapi_url="/api/openapi.json",
        redoc_url=None,
        redirect_slashes=False,
        lifespan=life,
    )
    app.state.desk = desk
    app.include_router(automation.router)
    problems.install(app)
    app.add_middleware(Identity, who_is=desk.people.workspace_of)
    app.add_middleware(OnePath)
    return app
