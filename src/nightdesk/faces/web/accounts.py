"""Accounts: where pieces go out to, by platform, with how each stands and what is to be done."""

from typing import Any

from starlette.responses import Response

from nightdesk.faces.web import publication_words
from nightdesk.faces.web.publishing_answers import around
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.visit import Visit


async def show(visit: Visit) -> Response:
    return await visit.answer("accounts.html", await accounts_context(visit))


async def accounts_context(visit: Visit) -> dict[str, Any]:
    """The accounts under the platforms that there are."""
    found, now = await visit.desk.accounts.listed(visit.workspace), visit.desk.health.clock.now()
    kinds = visit.desk.accounts.kinds()
    consents = {one.id: publication_words.by_consent(one, kinds) for one in found}
    by_platform = [(kind, [one for one in found if one.platform == kind.platform]) for kind in kinds]
    return await around(visit) | {
        "any": bool(found),
        "platforms": [(kind, accounts) for kind, accounts in by_platform if accounts],
        "kinds": kinds,
        "standing": {
            one.id: publication_words.standing(one, now, consents=consents[one.id]) for one in found
        },
        "again": {
            one.id
            for one in found
            if consents[one.id] and one.status in ("expired", "missing_config") and not one.paused
        },
    }


ROUTES = (page("/accounts", show),)
