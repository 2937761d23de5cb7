"""Connects an account: the platform is chosen, then its fields are filled in; secrets go in and never out."""

from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from nightdesk.desk.accounts import AccountShown, NewAccount
from nightdesk.desk.errors import Invalid
from nightdesk.faces.web.account_consent import here, to_platform
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit
from nightdesk.faces.web.zones import zones

VALUE = "values."
"""Before the name of a platform's field in a form."""


async def show(visit: Visit) -> Response:
    """Which platform, or the fields of the one that the address names."""
    kinds = visit.desk.accounts.kinds()
    kind = next((one for one in kinds if one.platform == visit.query.get("platform")), None)
    way = "mcp" if kind and "mcp" in kind.ways and visit.query.get("way") == "mcp" else "rest"
    kind = kind and kind.by(way)
    facts = {
        "kinds": kinds,
        "kind": kind,
        "way": way,
        "zones": zones(),
        "back": visit.desk.connecting.back(here(visit)),
    }
    return await visit.answer("account_connect.html", facts)


async def connect(visit: Visit) -> Response:
    form = await visit.form()
    new = NewAccount(
        platform=str(form.get("platform", "")),
        name=str(form.get("name", "")),
        values=values_of(form),
        way=str(form.get("way", "rest")),
        day_cap=cap_of(form),
        timezone=str(form.get("timezone", "UTC")),
    )
    made = await visit.desk.accounts.connect(visit.caller, new)
    if made.status == "missing_config" and asks_there(visit, made):
        return await to_platform(visit, made.id)
    return visit.go(f"/accounts/{made.id}")


def asks_there(visit: Visit, account: AccountShown) -> bool:
    """Whether what an account lacks is its owner's consent at the platform, and that can be asked for."""
    kind = next(one for one in visit.desk.accounts.kinds() if one.platform == account.platform)
    consent = kind.by(account.way).consent
    lacks = account.status in ("missing_config", "expired")
    return lacks and consent is not None and bool(account.config.get(consent.field))


def values_of(form: FormData) -> dict[str, str]:
    """The fields of the platform that a form has."""
    return {
        name.removeprefix(VALUE): str(value) for name, value in form.multi_items() if name.startswith(VALUE)
    }


def cap_of(form: FormData) -> int:
    """Raises `Invalid`; nothing is as the platform allows."""
    typed: Any = str(form.get("day_cap", "")).strip()
    if typed and not (typed.isascii() and typed.isdecimal() and len(typed) < 6):
        raise Invalid("day_cap", "Write a number, or leave it empty.")
    return int(typed or 0)


ROUTES = (
    page("/accounts/new", show, needs="owner"),
    act("/accounts/new", connect, needs="owner"),
)
