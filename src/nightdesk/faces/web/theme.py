"""Light, dark or as the system: kept with the person, so that it follows them to the next browser."""

from starlette.responses import Response

from nightdesk.faces.web.routes import act
from nightdesk.faces.web.visit import Visit


async def choose(visit: Visit) -> Response:
    theme = str((await visit.form()).get("theme", ""))
    me = visit.caller
    await visit.desk.people.change_profile(me, me.name, me.timezone, me.language, theme)
    return Response(status_code=204)


ROUTES = (act("/theme", choose, needs="viewer"),)
