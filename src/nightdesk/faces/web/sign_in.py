"""Signing in and out, and what one is told on coming in."""

from urllib.parse import quote

from starlette.responses import Response

from nightdesk.desk.people import TooManyGuesses, WrongPassword
from nightdesk.faces.web.faults import status_of
from nightdesk.faces.web.identity import forget, keep, token_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit, local


async def show(visit: Visit) -> Response:
    wanted = local(visit.query.get("next", "/"))
    if visit.guest is not None:
        return visit.go(wanted)
    if await visit.desk.entrance.is_open():
        return visit.go("/start")
    return await visit.answer("sign_in.html", {"next": wanted, "email": "", "message": ""})


async def sign_in(visit: Visit) -> Response:
    form = await visit.form()
    wanted, email = local(str(form.get("next", "/"))), str(form.get("email", ""))
    try:
        token = await visit.desk.sessions.sign_in(
            email, str(form.get("password", "")), visit.address, visit.agent
        )
    except (WrongPassword, TooManyGuesses) as error:
        facts = {"next": wanted, "email": email, "message": str(error)}
        return await visit.answer("sign_in.html", facts, status=status_of(error))
    sessions = visit.desk.sessions
    await sessions.sign_out(token_of(visit.request))
    caller = await sessions.caller_of(token)
    if caller is not None and any(one.news for one in await sessions.changes(caller)):
        wanted = f"/sign-in/changed?next={quote(wanted)}"
    return keep(visit.request, visit.go(wanted), token)


async def changed(visit: Visit) -> Response:
    """Tells who has just signed in what was done to their password since the time before."""
    news = [one for one in await visit.desk.sessions.changes(visit.caller) if one.news]
    facts = {"news": news, "next": local(visit.query.get("next", "/"))}
    return await visit.answer("sign_in_changed.html", facts)


async def sign_out(visit: Visit) -> Response:
    await visit.desk.sessions.sign_out(token_of(visit.request))
    return forget(visit.request, visit.go("/sign-in"))


ROUTES = (
    page("/sign-in", show, needs="anyone"),
    act("/sign-in", sign_in, needs="anyone"),
    page("/sign-in/changed", changed),
    act("/sign-out", sign_out, needs="anyone"),
)
