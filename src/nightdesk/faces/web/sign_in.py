"""Signing in and out, and what one is told on coming in."""

from urllib.parse import quote

from starlette.responses import Response

from nightdesk.desk.people import CodeWanted, SignInOver, TooManyGuesses, WrongCode, WrongPassword
from nightdesk.faces.web.faults import status_of
from nightdesk.faces.web.identity import (
    forget,
    forget_waiting,
    keep,
    keep_waiting,
    token_of,
    waiting_of,
)
from nightdesk.faces.web.me import TOLD
from nightdesk.faces.web.routes import SET_UP, act, page
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
    except CodeWanted as error:
        return keep_waiting(visit.request, visit.go(f"/sign-in/code?next={quote(wanted)}"), error.token)
    return await _come_in(visit, token, wanted)


async def _come_in(visit: Visit, token: str, wanted: str) -> Response:
    """Goes on in the new session; first to what was done to password and second factor, if anything was."""
    sessions = visit.desk.sessions
    await sessions.sign_out(token_of(visit.request))
    caller = await sessions.whoever(token)
    news = [one.deed for one in await sessions.changes(caller) if one.news] if caller else []
    if "recovery_code_used" in news:
        wanted = SET_UP
    if news:
        wanted = f"/sign-in/changed?next={quote(wanted)}"
    return keep(visit.request, visit.go(wanted), token)


async def show_code(visit: Visit) -> Response:
    """The second page, for who has a second factor."""
    wanted = local(visit.query.get("next", "/"))
    if not await visit.desk.sessions.is_waiting(waiting_of(visit.request)):
        return visit.go(f"/sign-in?next={quote(wanted)}")
    return await visit.answer("sign_in_code.html", {"next": wanted, "wrong": {}})


async def give_code(visit: Visit) -> Response:
    """Takes the code of the app, or a recovery code from the field below it."""
    form = await visit.form()
    wanted, field = local(str(form.get("next", "/"))), "recovery" if form.get("recovery") else "code"
    waiting, code = waiting_of(visit.request), str(form.get(field, ""))
    try:
        token = await visit.desk.sessions.finish(waiting, code, visit.address, visit.agent)
    except SignInOver as error:
        facts = {"next": wanted, "email": "", "message": str(error)}
        return forget_waiting(
            visit.request, await visit.answer("sign_in.html", facts, status=status_of(error))
        )
    except (WrongCode, TooManyGuesses) as error:
        said = {"next": wanted, "wrong": {field: str(error)}}
        return await visit.answer("sign_in_code.html", said, status=status_of(error))
    return await _come_in(visit, token, wanted)


async def changed(visit: Visit) -> Response:
    """Tells who has just signed in what was done to password and second factor since the time before."""
    news = [one for one in await visit.desk.sessions.changes(visit.caller) if one.news]
    facts = {"news": news, "next": local(visit.query.get("next", "/")), "told": TOLD}
    return await visit.answer("sign_in_changed.html", facts)


async def sign_out(visit: Visit) -> Response:
    await visit.desk.sessions.sign_out(token_of(visit.request))
    return forget(visit.request, visit.go("/sign-in"))


ROUTES = (
    page("/sign-in", show, needs="anyone"),
    act("/sign-in", sign_in, needs="anyone"),
    page("/sign-in/code", show_code, needs="anyone"),
    act("/sign-in/code", give_code, needs="anyone"),
    page("/sign-in/changed", changed, held=True),
    act("/sign-out", sign_out, needs="anyone"),
)
