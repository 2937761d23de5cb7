"""The book of who did what to people, keys and sessions, for owners."""

from typing import Any

from starlette.responses import Response

from nightdesk.desk.people import DeedShown
from nightdesk.faces.web.people import TABS
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.visit import Visit

A_PAGE = 50
SAYS = {
    "began": "opened the desk",
    "signed_in": "signed in",
    "password_changed": "changed the password",
    "password_reset": "set a new password by a link",
    "reset_link_made": "made a link for a new password",
    "invited": "invited",
    "invitation_withdrawn": "withdrew the invitation of",
    "joined": "joined",
    "role_changed": "changed a role:",
    "removed": "removed",
    "session_ended": "ended sessions:",
    "key_made": "made the API key",
    "key_revoked": "revoked the API key",
    "notices_added": "has notices sent to",
    "notices_changed": "changed what is sent to",
    "notices_removed": "has no more notices sent to",
    "retention_changed": "changed how long is kept:",
    "account_connected": "connected the account",
    "account_changed": "changed the account",
    "account_removed": "removed the account",
    "account_linked": "linked a site to the account",
    "publishing_asked": "had published:",
    "publishing_cancelled": "took back what was to be published:",
    "publishing_confirmed": "decided on what was held:",
    "publishing_stopped": "stopped all publishing",
    "publishing_resumed": "let publishing go on",
    "growth_switched": "set how a site follows its results:",
    "site_set": "set how a site runs by itself:",
    "twin_asked": "asked for the other form of",
    "webhook_added": "has events sent to",
    "webhook_changed": "changed which events are sent to",
    "webhook_secret_changed": "changed the secret of events sent to",
    "webhook_paused": "paused the events to",
    "webhook_resumed": "lets events go on to",
    "webhook_removed": "has no more events sent to",
    "hook_made": "made the hook",
    "hook_secret_changed": "changed the secret of the hook",
    "hook_removed": "removed the hook",
    "tools_allowed": "lets tools approve and publish for the site",
    "tools_not_allowed": "no longer lets tools approve and publish for the site",
    "piece_approved_first": "approved, as the first of two people,",
    "piece_approved": "approved",
    "piece_sent_back": "sent back",
    "piece_rejected": "rejected",
    "piece_reopened": "put under review again",
    "decision_undone": "took back the last decision on",
    "rule_signed": "signed a rule:",
    "rule_withdrawn": "withdrew a rule:",
    "rule_let_through": "let through, by a rule signed before:",
    "rule_stopped": "stopped what a rule was about to let through:",
    "two_people_wanted": "has pieces need two people:",
    "two_people_not_wanted": "has pieces need one person alone:",
    "autopilot_resumed": "let auto mode go on:",
    "workspace_renamed": "renamed the workspace:",
    "second_factor_on": "turned the second factor on",
    "second_factor_off": "turned the second factor off",
    "second_factor_taken_off": "took the second factor off",
    "second_factor_wanted": "has owners and editors need a second factor",
    "second_factor_not_wanted": "has nobody need a second factor any more",
    "recovery_codes_made": "made new recovery codes",
    "recovery_code_used": "used a recovery code",
    "code_refused": "gave a wrong code after the right password",
    "code_reused": "gave a code that had been used",
}
ALONE = {"signed_in", "password_changed", "joined", "began"}
"""Of these nothing more need be said than that it was done."""


async def show(visit: Visit) -> Response:
    return await visit.answer("people_book.html", await book_context(visit))


async def book_context(visit: Visit) -> dict[str, Any]:
    after = visit.query.get("after", "")
    before = int(after) if after.isdecimal() and len(after) < 19 else None
    found = await visit.desk.people.deeds(visit.caller, before=before, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    return {
        "deeds": [_said(deed) for deed in shown],
        "next_cursor": shown[-1].id if len(found) > A_PAGE else None,
        "first": before is None,
        "tabs": TABS,
    }


def _said(deed: DeedShown) -> dict[str, Any]:
    about = "" if deed.deed in ALONE else deed.about
    did = SAYS.get(deed.deed, deed.deed.replace("_", " "))
    return {"at": deed.at, "who": deed.who, "did": did, "about": about, "address": deed.address}


ROUTES = (page("/people/book", show, needs="owner"),)
