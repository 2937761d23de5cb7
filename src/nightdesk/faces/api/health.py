"""Three open addresses: whether the process lives, whether it can do its work, and its numbers."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nightdesk.desk import Desk
from nightdesk.faces.api.metrics import KIND, Meters
from nightdesk.faces.api.problems import RETRY_SECONDS


async def health(_: Request) -> Response:
    """200 while the process lives."""
    return JSONResponse({"status": "alive"})


async def ready(request: Request) -> Response:
    """200, or 503 where something is missing; each check says what to do about it."""
    desk: Desk = request.app.state.desk
    checks = await desk.health.ready()
    well = all(check.ok for check in checks)
    shown = [{"name": check.name, "ok": check.ok, "detail": check.says} for check in checks]
    facts = {"status": "ready" if well else "not_ready", "checks": shown}
    headers = None if well else {"Retry-After": RETRY_SECONDS}
    return JSONResponse(facts, 200 if well else 503, headers)


async def metrics(request: Request) -> Response:
    """The numbers as Prometheus reads them; those of the database are left out while it is away."""
    meters: Meters = request.app.state.meters
    desk: Desk = request.app.state.desk
    try:
        counted = await desk.totals.count()
    except (DBAPIError, PoolTimeout):
        counted = None
    return Response(meters.text(counted), media_type=KIND)


ROUTES = (Route("/health", health), Route("/ready", ready), Route("/metrics", metrics))
