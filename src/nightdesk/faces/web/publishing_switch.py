"""The kill switch: nothing of the workspace goes out until it is lifted."""

from starlette.responses import Response

from nightdesk.faces.web.routes import act
from nightdesk.faces.web.visit import Visit


async def stop(visit: Visit) -> Response:
    await visit.desk.publishing.stop(visit.caller)
    return _anew()


async def resume(visit: Visit) -> Response:
    await visit.desk.publishing.resume(visit.caller)
    return _anew()


def _anew() -> Response:
    """The page tells by itself whether all is stopped."""
    return Response(status_code=204, headers={"HX-Refresh": "true"})


ROUTES = (
    act("/publishing/stop", stop, needs="owner"),
    act("/publishing/resume", resume, needs="owner"),
)
