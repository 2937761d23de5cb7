"""Sections of a piece: each can be written again with a note; what is asked for can be taken back."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from pydantic import ValidationError
from starlette.responses import Response

from nightdesk.desk.errors import InsufficientCredits, Invalid, NotFound, RunActive
from nightdesk.desk.review.inputs import NewSection
from nightdesk.desk.review.sections import Writable
from nightdesk.desk.rows import Content, Section
from nightdesk.faces.web.review_asked import BIGGEST, Looked, looked_at, number_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Undo, Visit

LINE = "article"
MOST_AT_ONCE = 1000
ONLY_SECTIONS = {"most": {str(stage): 0 for stage in range(1, 7)} | {"sections": MOST_AT_ONCE}}
"""Wishes of a run that does nothing but write again what sections wait."""
_HEADING = re.compile(r'<h2 id="([^"]*)">.*?</h2>', re.DOTALL)
SAYS_HOW = {
    "now": "A run writes it now; this page says when it is done.",
    "none": "No run can begin just now, so the next one writes it.",
}
SAYS = "Say in 3 to 1,000 characters what is to be different."


async def show(visit: Visit) -> Response:
    """The dialog with what it costs, where the note is written."""
    content = await visit.desk.review.contents.get(visit.workspace, number_of(visit))
    facts = await _facts(visit, content) | {
        "content": content,
        "section": await _writable(visit),
        "site": next(
            one for one in await visit.desk.sites.listed(visit.workspace) if one.id == content.site_id
        ),
        "active": await visit.desk.runs.current(visit.workspace, content.site_id, LINE),
    }
    return visit.fragments(visit.part("piece_section.html", "section", facts))


async def ask(visit: Visit) -> Response:
    form = await visit.form()
    given = {"heading": str(visit.path["anchor"]), "note": str(form.get("note", ""))}
    try:
        new = NewSection.model_validate(given)
    except ValidationError as error:
        raise Invalid("note", SAYS) from error
    section = await visit.desk.review.sections.ask(visit.workspace, number_of(visit), new, visit.caller)
    if not form.get("now"):
        return await _back(visit, section, asked=str(section.id))
    try:
        await visit.desk.runs.run_now(visit.workspace, section.site_id, LINE, ONLY_SECTIONS)
    except (RunActive, InsufficientCredits):
        return await _back(visit, section, asked=str(section.id), run="none")
    return await _back(visit, section, asked=str(section.id), run="now")


async def make(visit: Visit) -> Response:
    """Starts a run of the site that writes what sections wait again, and does nothing else."""
    content = await visit.desk.review.contents.get(visit.workspace, number_of(visit))
    await visit.desk.runs.run_now(visit.workspace, content.site_id, LINE, ONLY_SECTIONS)
    return visit.fragments(visit.toast("A run writes it now; this page says when it is done.", kind="info"))


async def take_back(visit: Visit) -> Response:
    section = await _asked(visit)
    await visit.desk.review.sections.take_back(visit.workspace, number_of(visit), section.id)
    return await _back(visit, section)


async def retry(visit: Visit) -> Response:
    section = await _asked(visit)
    again = await visit.desk.review.sections.try_again(visit.workspace, number_of(visit), section.id)
    return await _back(visit, again, asked=str(again.id))


def with_sections(visit: Visit, html: Markup, facts: Mapping[str, Any]) -> Markup:
    """The article with what can be done to each of its sections beside its heading.

    `facts`: `content`, `base`, `looked`, `site`, and `sections`, those asked for, the newest first.
    """
    own = {one["anchor"]: one["text"] for one in facts["content"].headings if one["level"] == 2}
    asked = {one.anchor: one for one in reversed(open_among(facts["sections"]))}

    def beside(found: re.Match[str]) -> str:
        anchor = found[1]
        if anchor not in own:
            return found[0]
        over = Markup(found[0])  # noqa: S704 - what the desk has cleaned
        here = {"anchor": anchor, "heading": own[anchor], "asked": asked.get(anchor), "over": over}
        return visit.part("piece_section.html", "beside", {**facts, **here})

    return Markup(_HEADING.sub(beside, html))  # noqa: S704 - what the desk has cleaned, and our own


def open_among(sections: Sequence[Section]) -> list[Section]:
    """Those that are not written yet."""
    return [one for one in sections if one.status != "made"]


def said_of_section(
    visit: Visit, content: Content, sections: Sequence[Section], looked: Looked
) -> dict[str, Any] | None:
    """The toast for the section that `asked` names, if it is one of the article's that waits or is made."""
    section = next((one for one in sections if str(one.id) == visit.query.get("asked")), None)
    if section is None or section.state == "failed":
        return None
    if section.status == "made":
        says = f"“{section.heading}” was written again, as revision {section.revision}."
        before = looked.but(revision=str(content.revision - 1), seen=str(content.revision))
        back = f"bring-back{before}" if section.revision == content.revision else ""
    else:
        how = SAYS_HOW.get(visit.query.get("run", ""), "The next run writes it.")
        says = f"“{section.heading}” is to be written again. {how}"
        back = f"sections/{section.id}/take-back{looked.query}"
    undo = Undo(f"/review/{content.id}/{back}") if back and visit.may("editor") else None
    return {"says": says, "kind": "success", "undo": undo}


async def _writable(visit: Visit) -> Writable:
    """The section that the address names, as it stands. Raises `NotFound`."""
    for one in await visit.desk.review.sections.writable(visit.workspace, number_of(visit)):
        if one.anchor == visit.path["anchor"]:
            return one
    raise NotFound("section of this article")


async def _asked(visit: Visit) -> Section:
    """What was asked for, if it is of the article in the address. Raises `NotFound`."""
    number = int(visit.path["section"])
    if not 1 <= number <= BIGGEST:
        raise NotFound("section")
    return await visit.desk.review.sections.of(visit.workspace, number_of(visit), number)


async def _facts(visit: Visit, content: Content) -> dict[str, Any]:
    looked = looked_at(visit, await visit.desk.sites.listed(visit.workspace))
    return {"base": f"/review/{content.id}", "looked": looked}


async def _back(visit: Visit, section: Section, **more: str) -> Response:
    """To the article as it is now, which tells what was done, at the section."""
    looked = looked_at(visit, await visit.desk.sites.listed(visit.workspace))
    return visit.go(f"/review/{section.content_id}{looked.but(**more)}#{section.anchor}")


_AT = "/review/{number:int}/sections"
ROUTES = (
    act(f"{_AT}/make", make),
    page(f"{_AT}/{{anchor}}", show, needs="editor"),
    act(f"{_AT}/{{anchor}}", ask),
    act(f"{_AT}/{{section:int}}/take-back", take_back),
    act(f"{_AT}/{{section:int}}/retry", retry),
)
