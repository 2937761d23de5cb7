"""Auto mode of a site: the rules that an owner signs and withdraws, and what they let through, stopped."""

from typing import cast

from starlette.responses import Response

from nightdesk.desk.autopilot.rules import KINDS, Kind, sentence
from nightdesk.desk.errors import NotFound
from nightdesk.faces.web.auto_mode import anew, site_of, whole
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit


async def words(visit: Visit) -> Response:
    """The sentence that would be signed with so many minutes."""
    site, kind = await site_of(visit), _kind(visit)
    hold = whole("hold", visit.query.get("hold", ""))
    facts = {"kind": kind, "sentence": sentence(site, kind, hold)}
    return visit.fragments(visit.part("auto_mode.html", "words", facts))


async def sign(visit: Visit) -> Response:
    site, kind = await site_of(visit), _kind(visit)
    hold = whole("hold", str((await visit.form()).get("hold", "")))
    rule = await visit.desk.auto_modes.rules.sign(visit.caller, site.id, kind, hold)
    return await anew(visit, site, f"Signed: {rule.words}", "rules", "standing")


async def withdraw(visit: Visit) -> Response:
    site, kind = await site_of(visit), _kind(visit)
    await visit.desk.auto_modes.rules.withdraw(visit.caller, site.id, kind)
    says = f"Withdrawn. No {kind} of {site.name} goes out by itself any more."
    return await anew(visit, site, says, "rules", "standing")


async def want_two(visit: Visit) -> Response:
    """Whether a piece takes two people."""
    site, wanted = await site_of(visit), (await visit.form()).get("wanted") == "1"
    await visit.desk.auto_modes.standings.want_two_people(visit.caller, site.id, wanted)
    says = (
        "A piece is approved by two people from now on." if wanted else "One person approves a piece again."
    )
    return await anew(visit, site, says, "rules")


async def stop(visit: Visit) -> Response:
    site = await site_of(visit)
    await visit.desk.auto_modes.holds.stop(visit.caller, int(visit.path["number"]))
    return await anew(visit, site, "It does not go out by itself. It waits at the gate for a person.", "held")


def _kind(visit: Visit) -> Kind:
    """Raises `NotFound` for what a rule cannot be of."""
    kind = visit.path["kind"]
    if kind not in KINDS:
        raise NotFound("kind of rule")
    return cast(Kind, kind)


_AT = "/sites/{slug}/auto"
ROUTES = (
    page(f"{_AT}/rules/{{kind}}", words),
    act(f"{_AT}/rules/{{kind}}", sign, needs="owner"),
    act(f"{_AT}/rules/{{kind}}/withdraw", withdraw, needs="owner"),
    act(f"{_AT}/two-people", want_two, needs="owner"),
    act(f"{_AT}/held/{{number:int}}/stop", stop),
)
