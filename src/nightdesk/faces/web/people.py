"""People: who belongs to this workspace in which role, and the invitations on their way."""

from typing import Any

from starlette.responses import Response

from nightdesk.desk.errors import NotFound
from nightdesk.desk.people import MemberShown
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Undo, Visit

ROLES = (
    ("viewer", "Viewer", "sees everything, changes nothing"),
    ("editor", "Editor", "works on sites, plans and pieces"),
    ("owner", "Owner", "also people, models, keys and credits"),
)


async def show(visit: Visit) -> Response:
    return await visit.answer("people.html", await people_context(visit))


async def people_context(visit: Visit) -> dict[str, Any]:
    members = await visit.desk.people.members(visit.workspace)
    facts = {"members": members, "roles": ROLES, "tabs": TABS, "link": "", "email": ""}
    if not visit.may("owner"):
        return facts
    factors = visit.desk.second_factors
    return facts | {
        "waiting": await visit.desk.invitations.waiting(visit.caller),
        "holders": await factors.holders(visit.caller),
        "wanted": await factors.wanted(visit.workspace),
    }


TABS = (("/people", "Members"), ("/people/keys", "API keys"), ("/people/book", "What was done"))
"""The pages of people; the two that are for owners alone come after the first."""


async def ask_invite(visit: Visit) -> Response:
    return visit.fragments(visit.part("people.html", "invite_body", {"roles": ROLES, "link": ""}))


async def invite(visit: Visit) -> Response:
    """Makes a link that lets somebody in once; it is shown this one time."""
    form = await visit.form()
    email, role = str(form.get("email", "")), str(form.get("role", ""))
    token = await visit.desk.invitations.invite(visit.caller, email, role)  # type: ignore[arg-type] # looked at there
    link = f"{visit.request.base_url}invitation?token={token}"
    facts = await people_context(visit) | {"link": link, "email": email, "elsewhere": True}
    return visit.fragments(
        visit.part("people.html", "invite_body", facts), visit.part("people.html", "waiting_list", facts)
    )


async def withdraw(visit: Visit) -> Response:
    """Has an invitation open nothing any more."""
    await visit.desk.invitations.withdraw(visit.caller, int(visit.path["number"]))
    facts = await people_context(visit)
    toast = visit.toast("The invitation is withdrawn; its link opens nothing any more.")
    return visit.fragments(visit.part("people.html", "waiting_list", facts), toast)


async def change_role(visit: Visit) -> Response:
    member = await _member(visit)
    role = visit.query.get("role") or str((await visit.form()).get("role", ""))
    await visit.desk.people.change_role(visit.caller, member.person_id, role)  # type: ignore[arg-type] # likewise
    undo = Undo(f"/people/{member.person_id}/role?role={member.role}")
    return await _anew(visit, visit.toast(f"{member.name} is {role} now.", undo=undo))


async def remove(visit: Visit) -> Response:
    """Ends the membership and signs the person out everywhere."""
    member = await _member(visit)
    await visit.desk.people.remove(visit.caller, member.person_id)
    says = f"{member.name} belongs to this workspace no more. What they made stays."
    return await _anew(visit, visit.toast(says))


async def take_off(visit: Visit) -> Response:
    """Takes the second factor off a member who lost the phone, and signs them out."""
    member = await _member(visit)
    await visit.desk.second_factors.take_off(visit.caller, member.person_id)
    says = f"The second factor of {member.name} is off and they are signed out; they are told when they come."
    return await _anew(visit, visit.toast(says))


async def want(visit: Visit) -> Response:
    """Has owners and editors need a second factor, or no longer."""
    wanted = (await visit.form()).get("wanted") == "yes"
    await visit.desk.second_factors.want(visit.caller, wanted)
    says = "From now on owners and editors need a second factor; who has none sets one up first."
    toast = visit.toast(
        says if wanted else "Nobody needs a second factor any more. Those that are on stay on."
    )
    return visit.fragments(visit.part("people.html", "second_factor", await people_context(visit)), toast)


async def _anew(visit: Visit, toast: str) -> Response:
    facts = await people_context(visit) | {"elsewhere": True}
    answer = visit.fragments(visit.part("people.html", "members_list", facts), toast)
    # A toast that was clicked is gone by the time of the answer, which reaches the list by this alone.
    answer.headers["HX-Trigger"] = '{"changed": {"target": "#members_list"}}'
    return answer


async def _member(visit: Visit) -> MemberShown:
    """Raises `NotFound`."""
    number = int(visit.path["number"])
    for member in await visit.desk.people.members(visit.workspace):
        if member.person_id == number:
            return member
    raise NotFound("person")


ROUTES = (
    page("/people", show),
    page("/people/invite", ask_invite, needs="owner"),
    act("/people/invite", invite, needs="owner"),
    act("/people/invitations/{number:int}/withdraw", withdraw, needs="owner"),
    act("/people/{number:int}/role", change_role, needs="owner"),
    act("/people/{number:int}/remove", remove, needs="owner"),
    act("/people/{number:int}/second-factor/off", take_off, needs="owner"),
    act("/people/second-factor", want, needs="owner"),
)
