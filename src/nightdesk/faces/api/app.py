"""The web application of the API: routes, identity, limits and problem documents put together."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

from fastapi import Depends, FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from nightdesk.desk import Desk
from nightdesk.faces.api import (
    accounts,
    analytics,
    auto_modes,
    automation,
    clusters,
    contents,
    credits,
    docs,
    documents,
    export,
    feeds,
    generator,
    health,
    ideas,
    images,
    jobs,
    keys,
    keywords,
    mcp,
    niches,
    own_footage,
    problems,
    providers,
    publishing,
    scenes,
    scraper,
    scraper_topics,
    sites,
    stream,
    tasks,
    topics,
    twins,
    videos,
    webhooks,
)
from nightdesk.faces.api.hooks import CalledHooks
from nightdesk.faces.api.identity import Identity
from nightdesk.faces.api.intake import Intake, right_kind
from nightdesk.faces.api.metrics import Meters
from nightdesk.faces.api.repeats import OnceEach
from nightdesk.faces.api.shell import Shell

TWICE: tuple[ModuleType, ...] = (
    niches,
    accounts,
    publishing,
    analytics,
    generator,
    jobs,
    videos,
    scenes,
    export,
    scraper,
    scraper_topics,
    mcp,
)
"""Whose routes clients also call under `/api` alone: those of the second of the two original systems."""


class OnePath:
    """Pure ASGI: a path answers with and without a trailing slash, without a redirect.

    One that begins with any of `short` instead of the path it stands for is taken for that one, so that
    nothing behind this has to know of two.
    """

    def __init__(self, app: ASGIApp, short: Mapping[str, str]) -> None:
        self._app, self._short = app, short

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and len(scope["path"]) > 1:
            scope["path"] = self._full(scope["path"].rstrip("/")) or "/"
        await self._app(scope, receive, send)

    def _full(self, path: str) -> str:
        begin = "/".join(path.split("/", 3)[:3])
        return self._short.get(begin, begin) + path[len(begin) :]


def short_paths(modules: Iterable[ModuleType]) -> dict[str, str]:
    """The prefixes of their routers by what they are without the version: `/api/x` for `/api/v1/x`."""
    prefixes = [module.router.prefix for module in modules]
    return {f"/api/{prefix.removeprefix('/api/v1/')}": prefix for prefix in prefixes}


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
    app.include_router(auto_modes.router)
    app.include_router(twins.router)
    for noun in (sites, documents, feeds, keywords, clusters, ideas, tasks, contents, images, credits, keys):
        app.include_router(noun.router)
    for noun in (own_footage, providers, topics, webhooks):
        app.include_router(noun.router)
    for noun in TWICE:
        app.include_router(noun.router)
    app.router.routes.extend((*health.ROUTES, *docs.ROUTES, *stream.ROUTES))
    problems.install(app)
    for layer, facts in (
        (OnceEach, {"repeats": desk.repeats}),
        (Intake, {}),
        (
            Identity,
            {"who_is": desk.people.workspace_of, "caller_of": desk.sessions.caller_of, "pace": desk.pace},
        ),
        (CalledHooks, {"hooks": desk.webhooks.hooks, "pace": desk.pace}),
        (OnePath, {"short": short_paths(TWICE)}),
        (problems.DatabaseAway, {}),
    ):
        app.add_middleware(layer, **facts)
    return app
