"""My account: what a person is called, how times and pages look to them, their password and sessions."""

from typing import Any

from starlette.responses import Response

from nightdesk.desk.errors import Invalid
from nightdesk.desk.people import SessionShown, TooManyGuesses, WrongPassword
from nightdesk.faces.web.identity import forget, keep
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit
from nightdesk.faces.web.zones import LANGUAGES, zones

THEMES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))
SAID = {
    "profile": "Your account is changed.",
    "password": "Your password is changed; all other sessions ended.",
}
TOLD = {
    "password_changed": "Your password was changed",
    "password_reset": "Your password was chosen anew by a link",
    "reset_link_made": "A link to choose a new password was made at the machine of this desk",
    "second_factor_on": "Your second factor was turned on",
    "second_factor_off": "Your second factor was turned off",
    "second_factor_taken_off": "Your second factor was taken off by an owner or at the machine of this desk",
    "recovery_codes_made": "New recovery codes were made",
    "recovery_code_used": "A recovery code was used",
    "code_reused": "A code that had been used was given again",
    "code_refused": "Wrong codes were given after the right password, the last",
}
"""What was done to how a person comes in, as the page after the sign-in and the account page have it."""

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


async def show(visit: Visit) -> Response:
    return await visit.answer("me.html", await me_context(visit))


async def me_context(visit: Visit) -> dict[str, Any]:
    sessions = visit.desk.sessions
    return {
        "said": SAID.get(visit.query.get("said", ""), ""),
        "languages": LANGUAGES,
        "zones": zones(),
        "themes": THEMES,
        "sessions": [_shown(one) for one in await sessions.of(visit.caller)],
        "workspaces": await sessions.workspaces(visit.caller),
        "changes": await sessions.changes(visit.caller),
        "told": TOLD,
        "factor": await visit.desk.second_factors.state(visit.caller),
    }


def _shown(session: SessionShown) -> dict[str, Any]:
    return {
        "id": session.id,
        "browser": told_agent(session.agent),
        "agent": session.agent,
        "address": session.address,
        "made_at": session.made_at,
        "seen_at": session.seen_at,
        "here": session.here,
    }


def told_agent(agent: str) -> str:
    """`Firefox on Linux`, as far as what a browser says of itself tells."""
    browser = next((name for piece, name in BROWSERS if piece in agent), "")
    system = next((name for piece, name in SYSTEMS if piece in agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "A browser that does not say which"


async def change(visit: Visit) -> Response:
    form = await visit.form()
    name, timezone, language, theme = (
        str(form.get(field, "")) for field in ("name", "timezone", "language", "theme")
    )
    await visit.desk.people.change_profile(visit.caller, name, timezone, language, theme)
    return visit.go("/me?said=profile")


async def change_password(visit: Visit) -> Response:
    """Sets it, ends all other sessions and goes on in a new one."""
    form = await visit.form()
    old, new = str(form.get("old", "")), str(form.get("new", ""))
    try:
        token = await visit.desk.sessions.change_password(visit.caller, old, new)
    except (WrongPassword, TooManyGuesses) as error:
        raise at_field("old", error) from error
    return keep(visit.request, visit.go("/me?said=password"), token)


def at_field(field: str, error: WrongPassword | TooManyGuesses) -> Invalid:
    """What the desk says of a password that was asked for again, beside its field."""
    return Invalid(field, str(error).replace("The e-mail address or the password", "The present password"))


async def end(visit: Visit) -> Response:
    """Ends one of one's sessions; the password is asked for again."""
    password = str((await visit.form()).get("password", ""))
    try:
        await visit.desk.sessions.end(visit.caller, int(visit.path["number"]), password)
    except (WrongPassword, TooManyGuesses) as error:
        raise at_field("password", error) from error
    toast = visit.toast("That session has ended; whoever was in it has to sign in again.")
    return visit.fragments(visit.part("me.html", "sessions", await me_context(visit)), toast)


async def end_others(visit: Visit) -> Response:
    password = str((await visit.form()).get("password", ""))
    try:
        ended = await visit.desk.sessions.end_others(visit.caller, password)
    except (WrongPassword, TooManyGuesses) as error:
        raise at_field("password", error) from error
    says = f"{ended} other session{'s' * (ended != 1)} ended." if ended else "There was no other session."
    return visit.fragments(visit.part("me.html", "sessions", await me_context(visit)), visit.toast(says))


async def enter(visit: Visit) -> Response:
    """Goes over to another workspace."""
    token = await visit.desk.sessions.enter(visit.caller, int(visit.path["number"]))
    return keep(visit.request, visit.go("/"), token)


async def leave(visit: Visit) -> Response:
    """Ends one's own membership."""
    await visit.desk.people.remove(visit.caller, visit.caller.person_id)
    return forget(visit.request, visit.go("/sign-in"))


ROUTES = (
    page("/me", show),
    act("/me", change, needs="viewer"),
    act("/me/password", change_password, needs="viewer"),
    act("/me/sessions/{number:int}/end", end, needs="viewer"),
    act("/me/sessions/end-others", end_others, needs="viewer"),
    act("/me/workspaces/{number:int}/enter", enter, needs="viewer"),
    act("/me/leave", leave, needs="viewer"),
)
