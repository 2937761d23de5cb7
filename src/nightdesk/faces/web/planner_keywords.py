"""Keywords: thousands of them, narrowed and in any order, changed many at a time and put back."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from nightdesk.desk.errors import Invalid
from nightdesk.desk.planner.imports import ImportReport
from nightdesk.desk.planner.inputs import NewKeyword
from nightdesk.desk.planner.keyword_bulk import MOST, Chosen, Done
from nightdesk.desk.planner.keyword_lists import ORDERS
from nightdesk.desk.planner.keywords import MOST_AT_ONCE
from nightdesk.desk.rows import Site
from nightdesk.faces.web.planner_asked import STATES, Asked, asked_for, page_asked
from nightdesk.faces.web.planner_site import (
    INTENTS,
    around,
    changed,
    field,
    left,
    many,
    numbers,
    said,
    shown,
    site_of,
    tabs_anew,
)
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit

LONGEST = 400
"""Characters of a line that are taken for a keyword."""


async def show(visit: Visit) -> Response:
    return await shown(visit, "planner_keywords.html", await keywords_context(visit, await site_of(visit)))


async def keywords_context(visit: Visit, site: Site) -> dict[str, Any]:
    facts = await around(visit, site, "keywords")
    asked = await asked_for(visit, site)
    return facts | await listed(visit, site, asked, place_of(facts["base"], asked))


def place_of(base: str, asked: Asked) -> str:
    """The address of the list: that of all keywords, or of a cluster's page."""
    return f"{base}/clusters/{asked.inside}" if asked.inside else f"{base}/keywords"


async def listed(visit: Visit, site: Site, asked: Asked, base: str) -> dict[str, Any]:
    """A page of keywords with the names of their clusters; `base` is the address of the list."""
    paging = page_asked(visit, asked)
    planner = visit.desk.planner
    found = await planner.keywords.page(visit.workspace, site.id, asked.filter, paging)
    clusters = {one.cluster_id for one in found.items if one.cluster_id is not None}
    return {
        "keywords": found.items,
        "counts": found.counts,
        "total": sum(found.counts.values()),
        "known": None if asked.narrowed else await _known(visit, asked, found.counts),
        "next_cursor": found.next_cursor,
        "first": paging.after is None,
        "asked": asked,
        "list_at": base,
        "here": asked.address(base, after=visit.query.get("after", "") if paging.after else ""),
        "names": await planner.clusters.names(visit.workspace, sorted(clusters)),
        "states": STATES,
        "intents": INTENTS,
        "orders": ORDERS,
    }


async def _known(visit: Visit, asked: Asked, counts: Mapping[str, int]) -> int:
    """How many keywords the list has in all."""
    if asked.inside:
        of = int(asked.inside)
        return (await visit.desk.planner.clusters.sizes(visit.workspace, [of]))[of][0]
    state = asked.given.get("state")
    return counts.get(state, 0) if state else sum(counts.values())


async def count(visit: Visit) -> Response:
    """How many keywords the filter finds, and whether a change can concern as many."""
    site = await site_of(visit)
    asked = await asked_for(visit, site)
    n = await visit.desk.planner.keyword_bulk.count(visit.workspace, site.id, asked.filter)
    return JSONResponse({"n": min(n, MOST), "more": n > MOST, "says": _counted(n)})


def _counted(n: int) -> str:
    if n > MOST:
        return f"More than {MOST:,} keywords match, too many for one change. Narrow the list first."
    return f"All {many(n, 'keyword')} that match are chosen."


async def chosen(visit: Visit, asked: Asked) -> Chosen:
    """The keywords that a form means: those ticked, or all that match where it says how many were told."""
    form = await visit.form()
    told = str(form.get("told", ""))
    if form.get("all") == "yes" and told.isascii() and told.isdecimal() and len(told) < 9:
        return Chosen(asked=asked.filter, told=int(told))
    return Chosen(numbers(form))


Change = Callable[[Visit, Site, Chosen], Awaitable[tuple[Done, str]]]


def bulk(change: Change) -> Callable[[Visit], Awaitable[Response]]:
    """A change of many, answered by the list as it is then and a toast that says what happened."""

    async def answer(visit: Visit) -> Response:
        site = await site_of(visit)
        asked = await asked_for(visit, site)
        done, says = await change(visit, site, await chosen(visit, asked))
        toast = changed(visit, site, says + left(done.left), done.undo)
        return await anew(visit, site, toast)

    return answer


async def anew(visit: Visit, site: Site, toast: str) -> Response:
    """The list and the counts as they are after a change."""
    facts = await keywords_context(visit, site)
    listed_anew = visit.part("planner_keywords.html", "keywords", facts)
    return visit.fragments(listed_anew, await tabs_anew(visit, site, "keywords"), toast)


async def disable(visit: Visit, site: Site, those: Chosen) -> tuple[Done, str]:
    done = await visit.desk.planner.keyword_bulk.disable(visit.workspace, site.id, those, disabled=True)
    return done, f"{said(done.changed)} disabled: no run takes them up."


async def enable(visit: Visit, site: Site, those: Chosen) -> tuple[Done, str]:
    done = await visit.desk.planner.keyword_bulk.disable(visit.workspace, site.id, those, disabled=False)
    return done, f"{said(done.changed)} enabled again."


async def delete(visit: Visit, site: Site, those: Chosen) -> tuple[Done, str]:
    done = await visit.desk.planner.keyword_bulk.delete(visit.workspace, site.id, those)
    return done, f"{said(done.changed)} deleted."


async def unmap(visit: Visit, site: Site, those: Chosen) -> tuple[Done, str]:
    done = await visit.desk.planner.keyword_bulk.unmap(visit.workspace, site.id, those)
    return done, f"{said(done.changed)} out of their clusters, and new again."


async def move(visit: Visit, site: Site, those: Chosen) -> tuple[Done, str]:
    name = str((await visit.form()).get("to", ""))
    with field("to"):
        done = await visit.desk.planner.keyword_bulk.move(visit.workspace, site.id, those, name)
    to = done.cluster.name if done.cluster else name
    return done, f"{said(done.changed)} now in {'the new cluster ' if done.made else ''}“{to}”."


async def retry(visit: Visit) -> Response:
    """Takes parked keywords out of parking: those ticked, or all of the site's."""
    site = await site_of(visit)
    form = await visit.form()
    these = None if form.get("every") == "yes" else numbers(form)
    n = await visit.desk.planner.keywords.retry(visit.workspace, site.id, these)
    says = f"{said(n)} tried again by the next run." if n else "Nothing is set aside any more."
    return await anew(visit, site, visit.toast(says))


async def add(visit: Visit) -> Response:
    """Adds what was typed, a keyword a line."""
    site = await site_of(visit)
    lines = [line.strip() for line in str((await visit.form()).get("phrases", "")).splitlines()]
    phrases = [line for line in lines if line]
    if not phrases:
        raise Invalid("phrases", "Write at least one keyword, each on a line of its own.")
    if len(phrases) > MOST_AT_ONCE:
        raise Invalid("phrases", f"{MOST_AT_ONCE:,} lines are taken at once; import longer lists as a file.")
    if long := next((line for line in phrases if len(line) > LONGEST or "\0" in line), None):
        raise Invalid("phrases", f"No keyword looks like this line: {long[:60]}…")
    given = [NewKeyword(phrase=phrase) for phrase in phrases]
    report = await visit.desk.planner.keywords.add_many(visit.workspace, site.id, given)
    kind = "success" if report.taken else "info"
    return await anew(visit, site, visit.toast(_told(report, phrases), kind=kind))


def _told(report: ImportReport, phrases: list[str]) -> str:
    says = [f"{said(len(report.taken))} added."]
    if report.merged:
        says.append(f"{many(len(report.merged), 'line')} told of keywords that were there already.")
    says += [f"“{phrases[one.line - 1][:40]}” was not taken: {one.why}." for one in report.refused[:3]]
    if more := len(report.refused) - 3 if len(report.refused) > 3 else 0:
        says.append(f"So it is with {many(more, 'other line')}.")
    return " ".join(says)


_AT = "/sites/{slug}/planner/keywords"
ROUTES = (
    page(_AT, show),
    page(f"{_AT}/count", count, needs="editor"),
    act(f"{_AT}/disable", bulk(disable)),
    act(f"{_AT}/enable", bulk(enable)),
    act(f"{_AT}/delete", bulk(delete)),
    act(f"{_AT}/unmap", bulk(unmap)),
    act(f"{_AT}/move", bulk(move)),
    act(f"{_AT}/retry", retry),
    act(f"{_AT}/add", add),
)
