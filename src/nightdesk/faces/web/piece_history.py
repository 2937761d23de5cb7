"""The revisions of a piece: any two side by side in words, and each to be brought back."""

from collections.abc import Iterator, Sequence
from typing import Any

from starlette.responses import Response

from nightdesk.desk.errors import Conflict
from nightdesk.desk.review.differences import Paragraph, differences, words
from nightdesk.desk.review.inputs import ContentChanges
from nightdesk.desk.rows import Revision
from nightdesk.faces.web import piece_text
from nightdesk.faces.web.piece import back_to
from nightdesk.faces.web.piece_decide import revision_of
from nightdesk.faces.web.piece_story import CHANGED, UNNAMED
from nightdesk.faces.web.review_asked import looked_at, number_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit

NAMES = {
    "title": "Title",
    "slug": "Address",
    "meta_title": "Title in search results",
    "meta_description": "Description in search results",
}
AROUND = 1
"""Paragraphs shown on either side of a change; the others are folded."""


async def show(visit: Visit) -> Response:
    number = number_of(visit)
    revisions = visit.desk.review.revisions
    listed = await revisions.listed(visit.workspace, number)
    new = revision_of(visit.query.get("new", "")) or listed[0].number
    before = next((one.number for one in listed if one.number < new), new)
    old = revision_of(visit.query.get("old", "")) or before
    older = await revisions.get(visit.workspace, number, min(old, new))
    newer = await revisions.get(visit.workspace, number, max(old, new))
    content = await visit.desk.review.contents.get(visit.workspace, number)
    text = differences(older.markdown, newer.markdown)
    facts: dict[str, Any] = {
        "content": content,
        "number": number,
        "base": f"/review/{number}",
        "looked": looked_at(visit, await visit.desk.sites.listed(visit.workspace)),
        "listed": [(one, _did(one)) for one in listed],
        "older": older,
        "newer": newer,
        "fields": [
            (says, words(getattr(older, name), getattr(newer, name)))
            for name, says in NAMES.items()
            if getattr(older, name) != getattr(newer, name)
        ],
        "groups": list(folded(text)),
        "changes": sum(one.kind != "same" for one in text),
        "pictures": _pictures(older, newer),
    }
    return await visit.answer("piece_revisions.html", facts)


async def bring_back(visit: Visit) -> Response:
    """Makes an earlier text the article's own again, as a new revision."""
    number, form = number_of(visit), await visit.form()
    facts = {name: str(form.get(name) or visit.query.get(name, "")) for name in ("revision", "seen")}
    wanted, seen = revision_of(facts["revision"]), revision_of(facts["seen"])
    if wanted is None or seen is None:
        raise Conflict("Choose the revision that is to be brought back.")
    review = visit.desk.review
    kept = await review.revisions.get(visit.workspace, number, wanted)
    text: dict[str, Any] = {**piece_text.of(kept), "structure": kept.structure}
    changes = ContentChanges.model_construct(**text, revision=seen)
    content = await review.contents.change(
        visit.workspace, number, changes, visit.caller, what="brought_back", about=f"revision {wanted}"
    )
    looked = looked_at(visit, await visit.desk.sites.listed(visit.workspace))
    return visit.go(back_to(number, looked, changed=str(content.revision)))


def folded(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[bool, Sequence[Paragraph]]]:
    """The paragraphs in runs: (whether to fold it away, its paragraphs)."""
    near = {
        at + step
        for at, one in enumerate(paragraphs)
        if one.kind != "same"
        for step in range(-AROUND, AROUND + 1)
    }
    start = 0
    for at in range(1, len(paragraphs) + 1):
        if at == len(paragraphs) or (at in near) != (start in near):
            yield start not in near, paragraphs[start:at]
            start = at


def _did(revision: Revision) -> str:
    if revision.what == "written":
        return f"Written{f' ({revision.who})' if revision.who else ''}"
    about = f": {revision.about}" if revision.about else ""
    return f"{revision.who or UNNAMED} {CHANGED.get(revision.what, 'changed it')}{about}"


def _pictures(older: Revision, newer: Revision) -> list[dict[str, Any]]:
    """Pictures that are not the same in both."""
    had = {one["id"]: one for one in older.pictures}
    has = {one["id"]: one for one in newer.pictures}
    looks = ("asset", "alt", "caption", "heading")
    return [
        {"old": had.get(number), "new": has.get(number)}
        for number in dict.fromkeys([*had, *has])
        if [had.get(number, {}).get(name) for name in looks]
        != [has.get(number, {}).get(name) for name in looks]
    ]


ROUTES = (
    page("/review/{number:int}/revisions", show),
    act("/review/{number:int}/bring-back", bring_back),
)
