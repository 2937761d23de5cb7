"""One account: how it stands, the sites whose pieces go to it, its settings; paused, looked at, removed."""

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from nightdesk.desk.accounts import AccountChanges, AccountShown
from nightdesk.desk.errors import Invalid
from nightdesk.desk.publishing.options import options_of, spelled
from nightdesk.faces.web import publication_words
from nightdesk.faces.web.account_connect import asks_there, cap_of, values_of
from nightdesk.faces.web.account_consent import here
from nightdesk.faces.web.publishing_answers import around
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Undo, Visit
from nightdesk.faces.web.zones import zones


async def show(visit: Visit) -> Response:
    account = await visit.desk.accounts.show(visit.workspace, _number(visit))
    return await visit.answer("account.html", await account_context(visit, account))


async def account_context(visit: Visit, account: AccountShown) -> dict[str, Any]:
    frame = await around(visit)
    linked = {link.site_id: link for link in account.sites}
    kind = next(one for one in visit.desk.accounts.kinds() if one.platform == account.platform).by(
        account.way
    )
    now = visit.desk.health.clock.now()
    return frame | {
        "account": account,
        "base": f"/accounts/{account.id}",
        "kind": kind,
        "standing": publication_words.standing(
            account, now, consents=publication_words.by_consent(account, visit.desk.accounts.kinds())
        ),
        "asks_there": asks_there(visit, account),
        "back": visit.desk.connecting.back(here(visit)),
        "news": visit.query.get("connected", ""),
        "linked": [
            (frame["sites"][n], spelled(link.options)) for n, link in linked.items() if n in frame["sites"]
        ],
        "others": [site for n, site in frame["sites"].items() if n not in linked],
        "zones": zones(),
    }


async def verify(visit: Visit) -> Response:
    """Asks the platform who we are there."""
    account = await visit.desk.accounts.verify(visit.workspace, _number(visit))
    fine = account.status == "connected"
    says = f"“{account.name}” is connected." if fine else account.says or "It does not work yet."
    return await _anew(visit, account, says, kind="success" if fine else "danger")


async def change(visit: Visit) -> Response:
    form = await visit.form()
    changes = AccountChanges(
        name=str(form.get("name", "")),
        values=values_of(form),
        day_cap=cap_of(form),
        timezone=str(form.get("timezone", "")),
    )
    account = await visit.desk.accounts.change(visit.caller, _number(visit), changes)
    fine = account.status == "connected"
    says = "Kept, and looked at: it is connected." if fine else f"Kept. {account.says}"
    return await _anew(visit, account, says, kind="success" if fine else "danger")


async def pause(visit: Visit) -> Response:
    """Switches it off or on, whichever the form says."""
    paused = (await visit.form()).get("paused") == "yes"
    account = await visit.desk.accounts.change(visit.caller, _number(visit), AccountChanges(paused=paused))
    says = "It is paused. What is planned waits." if paused else "It goes on. What waited goes out now."
    return await _anew(visit, account, says)


async def link(visit: Visit) -> Response:
    """A site's pieces go there, as the options say."""
    form = await visit.form()
    options = options_of(str(form.get("options", "")))
    site_id = _site(str(form.get("site", "")))
    account = await visit.desk.accounts.link(visit.caller, _number(visit), site_id, options)
    return await _anew(visit, account, "The site's pieces can go out here.")


async def unlink(visit: Visit) -> Response:
    number, site_id = _number(visit), _site(str((await visit.form()).get("site", "")))
    before = await visit.desk.accounts.show(visit.workspace, number)
    was = next((link.options for link in before.sites if link.site_id == site_id), {})
    account = await visit.desk.accounts.unlink(visit.caller, number, site_id)
    undo = Undo(f"/accounts/{number}/link-again?{urlencode({'site': site_id, 'options': spelled(was)})}")
    return await _anew(visit, account, "The site's pieces do not go there any more.", undo=undo)


async def link_again(visit: Visit) -> Response:
    """Takes an unlinking back."""
    site_id, options = _site(visit.query.get("site", "")), options_of(visit.query.get("options", ""))
    await visit.desk.accounts.link(visit.caller, _number(visit), site_id, options)
    return Response(status_code=204, headers={"HX-Refresh": "true"})


async def remove(visit: Visit) -> Response:
    await visit.desk.accounts.remove(visit.caller, _number(visit))
    return visit.go("/accounts")


def _site(typed: str) -> int:
    """Raises `Invalid`."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 19):
        raise Invalid("site", "Choose a site.")
    return int(typed)


async def _anew(
    visit: Visit, account: AccountShown, says: str, kind: str = "success", undo: Undo | None = None
) -> Response:
    facts = await account_context(visit, account)
    return visit.fragments(
        visit.part("account.html", "account", facts), visit.toast(says, kind=kind, undo=undo)
    )


def _number(visit: Visit) -> int:
    return int(visit.path["number"])


_AT = "/accounts/{number:int}"
ROUTES = (
    page(_AT, show),
    act(f"{_AT}/verify", verify),
    act(f"{_AT}/change", change, needs="owner"),
    act(f"{_AT}/pause", pause, needs="owner"),
    act(f"{_AT}/link", link),
    act(f"{_AT}/unlink", unlink),
    act(f"{_AT}/link-again", link_again),
    act(f"{_AT}/remove", remove, needs="owner"),
)
