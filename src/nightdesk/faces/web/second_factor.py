"""One's own second factor: set up with a picture for the app, recovery codes, turned off again."""

from typing import Any

import segno
from markupsafe import Markup
from starlette.responses import Response

from nightdesk.desk.errors import Invalid
from nightdesk.desk.people import SetUp, TooManyGuesses, WrongCode, WrongPassword
from nightdesk.faces.web.identity import keep
from nightdesk.faces.web.me import at_field
from nightdesk.faces.web.routes import SET_UP, act, page
from nightdesk.faces.web.visit import Visit

PAGE = "second_factor.html"


async def show(visit: Visit) -> Response:
    return await visit.answer(PAGE, await factor_context(visit))


async def factor_context(
    visit: Visit, *, set_up: SetUp | None = None, recovery_codes: list[str] | None = None
) -> dict[str, Any]:
    """`set_up` and `recovery_codes` are shown by the answer to the form that made them, and never again."""
    return {
        "factor": await visit.desk.second_factors.state(visit.caller),
        "set_up": set_up,
        "picture": picture(set_up.address) if set_up else "",
        "recovery_codes": recovery_codes or [],
    }


def picture(address: str) -> Markup:
    """The address as a QR code that an app reads: SVG without size, style or script."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(omitsize=True, svgclass=None, lineclass=None))  # noqa: S704


async def begin(visit: Visit) -> Response:
    """Shows a new secret, once the password was given."""
    password = str((await visit.form()).get("password", ""))
    try:
        set_up = await visit.desk.second_factors.begin(visit.caller, password)
    except (WrongPassword, TooManyGuesses) as error:
        raise at_field("password", error) from error
    return visit.fragments(visit.part(PAGE, "factor", await factor_context(visit, set_up=set_up)))


async def confirm(visit: Visit) -> Response:
    """Turns it on, goes on in a new session and shows the recovery codes this one time."""
    code = str((await visit.form()).get("code", ""))
    try:
        confirmed = await visit.desk.second_factors.confirm(visit.caller, code)
    except WrongCode as error:
        raise Invalid("code", str(error)) from error
    facts = await factor_context(visit, recovery_codes=confirmed.recovery_codes)
    answer = visit.fragments(visit.part(PAGE, "factor", facts))
    return keep(visit.request, answer, confirmed.token)


async def renew_codes(visit: Visit) -> Response:
    """Shows ten new recovery codes this one time."""
    password, code = await _typed(visit)
    try:
        made = await visit.desk.second_factors.renew_codes(visit.caller, password, code)
    except (WrongPassword, WrongCode, TooManyGuesses) as error:
        raise _at(error) from error
    return visit.fragments(visit.part(PAGE, "factor", await factor_context(visit, recovery_codes=made)))


async def turn_off(visit: Visit) -> Response:
    password, code = await _typed(visit)
    try:
        await visit.desk.second_factors.turn_off(visit.caller, password, code)
    except (WrongPassword, WrongCode, TooManyGuesses) as error:
        raise _at(error) from error
    toast = visit.toast("Your second factor is off. Signing in asks for the password alone.")
    return visit.fragments(visit.part(PAGE, "factor", await factor_context(visit)), toast)


async def _typed(visit: Visit) -> tuple[str, str]:
    form = await visit.form()
    return str(form.get("password", "")), str(form.get("code", ""))


def _at(error: WrongPassword | WrongCode | TooManyGuesses) -> Invalid:
    return Invalid("code", str(error)) if isinstance(error, WrongCode) else at_field("password", error)


ROUTES = (
    page(SET_UP, show, held=True),
    act(f"{SET_UP}/begin", begin, needs="viewer", held=True),
    act(f"{SET_UP}/confirm", confirm, needs="viewer", held=True),
    act(f"{SET_UP}/codes", renew_codes, needs="viewer"),
    act(f"{SET_UP}/off", turn_off, needs="viewer"),
)
