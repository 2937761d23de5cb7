"""A piece: the article as readers will see it, with all that a person needs to decide on it."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from nightdesk.desk.review.contents import Piece
from nightdesk.desk.rows import GateDecision, Revision, Section
from nightdesk.faces.web.media import address
from nightdesk.faces.web.piece_checks import told
from nightdesk.faces.web.piece_sections import said_of_section, with_sections
from nightdesk.faces.web.piece_sources import with_notes
from nightdesk.faces.web.piece_story import story, voided
from nightdesk.faces.web.publish import publish_facts
from nightdesk.faces.web.review_asked import Looked, looked_at, number_of
from nightdesk.faces.web.review_said import said_of_change, said_of_decisions
from nightdesk.faces.web.routes import page
from nightdesk.faces.web.twin import twin_facts
from nightdesk.faces.web.visit import Visit

MOST_SEEN = 100
COLOURS = {
    "clustering": "purple",
    "planning": "blue",
    "tasks": "secondary",
    "writing": "green",
    "sections": "red",
    "image prompts": "yellow",
    "images": "orange",
}
"""Of the stages where their cost is drawn."""


async def show(visit: Visit) -> Response:
    return await visit.answer("piece.html", await piece_context(visit, number_of(visit)))


async def news(visit: Visit) -> Response:
    """Whether the article is still as the page that asks shows it."""
    number, desk = number_of(visit), visit.desk
    piece = await desk.review.contents.piece(visit.workspace, number)
    revisions = await desk.review.revisions.listed(visit.workspace, number)
    taken = await desk.review.decisions.of_content(visit.workspace, number)
    looked = looked_at(visit, await desk.sites.listed(visit.workspace))
    sections = await desk.review.sections.of_content(visit.workspace, number)
    seen = visit.query.get("seen", "")[:MOST_SEEN]
    facts = {"content": piece.content, "looked": looked} | _news(piece, sections, seen, revisions, taken)
    return visit.fragments(visit.part("piece_news.html", "news", facts))


def _news(
    piece: Piece,
    sections: Sequence[Section],
    seen: str,
    revisions: Sequence[Revision],
    taken: Sequence[GateDecision],
) -> dict[str, Any]:
    """What happened to the article since it looked as `seen` says."""
    now, was = as_seen(piece, sections).split("."), seen.split(".")
    return {
        "seen": seen,
        "changed_by": revisions[0] if was[:1] != now[:1] else None,
        "decided_by": taken[0] if taken and was[1:2] != now[1:2] else None,
        "pictures_made": was[2:3] != now[2:3],
        "section_failed": was[3:] != now[3:],
    }


async def piece_context(visit: Visit, number: int) -> dict[str, Any]:
    """All that the page shows. Raises `NotFound`."""
    review, workspace = visit.desk.review, visit.workspace
    piece = await review.contents.piece(workspace, number)
    content = piece.content
    sites = await visit.desk.sites.listed(workspace)
    looked = looked_at(visit, sites)
    revisions = await review.revisions.listed(workspace, number)
    decisions = await review.decisions.of_content(workspace, number)
    evidence = await review.sources.beside(content)
    sections = await review.sections.of_content(workspace, number)
    said = (
        await said_of_decisions(visit, looked)
        or said_of_section(visit, content, sections, looked)
        or said_of_change(visit, revisions[0], looked)
    )
    site = next(site for site in sites if site.id == content.site_id)
    facts = {
        "content": content,
        "base": f"/review/{number}",
        "looked": looked,
        "site": site,
        "sections": sections,
    }
    return (
        {
            "piece": piece,
            "number": number,
            "near": await review.queue.neighbours(workspace, content, looked.asked, looked.order),
            "article": with_sections(visit, with_notes(shown(piece, content.html), evidence), facts),
            "checks": told(piece.reports),
            "cost_parts": [
                (share.stage, float(share.credits), COLOURS.get(share.stage, "secondary"))
                for share in piece.cost.stages
            ],
            "story": story(revisions, decisions),
            "last": decisions[0] if decisions else None,
            "voided": voided(content.status, content.revision, decisions),
            "voided_by": revisions[0],
            "approved_first": await review.decisions.first(content),
            "making": [image for image in piece.images if image.asset is None],
            "said": said,
        }
        | await publish_facts(visit, "article", number, content.status, site)
        | await twin_facts(visit, "article", number)
        | facts
        | _news(piece, sections, as_seen(piece, sections), revisions, decisions)
    )


def shown(piece: Piece, html: str) -> str:
    """Some HTML for the article, cleaned, with its pictures."""
    assets = {image.id: image.asset or "" for image in piece.images}
    return piece.illustrated(html, lambda number: address(assets[number]))


def as_seen(piece: Piece, sections: Sequence[Section]) -> str:
    """What a page shows of the article, in one word."""
    made = sum(image.asset is not None for image in piece.images)
    failed = sum(section.state == "failed" for section in sections)
    return f"{piece.content.revision}.{piece.content.state}.{made}.{failed}"


def back_to(number: int, looked: Looked, **more: str) -> str:
    """The address of the piece, as one of the queue that is looked at."""
    return f"/review/{number}{looked.but(**more)}"


ROUTES = (page("/review/{number:int}", show), page("/review/{number:int}/news", news))
