"""Topics: what a site may speak about next, in order, with the reasons; used, dismissed, added, proposed."""

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.rows import Site
from nightdesk.desk.topics import SOURCES, TopicFilter
from nightdesk.faces.web.paging import paging
from nightdesk.faces.web.planner_site import many, searched, site_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.site_sources import around, shown, tabs_anew
from nightdesk.faces.web.visit import Undo, Visit

ORDERS = {"score": "Best first", "newest": "Newest first", "told": "Most told", "title": "A to Z"}
STATES = {"new": "Not used yet", "used": "Used", "dismissed": "Dismissed", "all": "All"}
FROM = {"rss": "Feeds", "list": "Lists", "llm": "Proposed", "trending": "Trends", "planner": "Planner"}
MOST_LINES = 200
LONGEST = 300
"""Characters of a line that are taken for a topic."""

PROPOSED = 5


async def show(visit: Visit) -> Response:
    return await shown(visit, "topics.html", await topics_context(visit, await site_of(visit)))


async def topics_context(visit: Visit, site: Site) -> dict[str, Any]:
    facts = await around(visit, site, "topics")
    given = {
        "search": searched(visit, "search"),
        "status": _one_of(visit, "status", STATES, "new"),
        "source": _one_of(visit, "source", FROM, ""),
        "order": _one_of(visit, "order", ORDERS, "score"),
    }
    topics = visit.desk.topics
    asked = paging(visit, topics.orders[given["order"]])
    found = await topics.page(visit.workspace, site.id, _filter(given), asked)
    usual = {"status": "new", "order": "score"}
    parts = {name: value for name, value in given.items() if value and usual.get(name) != value}
    at = f"/sites/{site.slug}/topics"
    return facts | {
        "topics": found.items,
        "counts": found.counts,
        "next_cursor": found.next_cursor,
        "first": asked.after is None,
        "given": given,
        "narrowed": bool(parts.keys() - {"order"}),
        "orders": ORDERS,
        "states": STATES,
        "from": FROM,
        "list_at": at,
        "address": f"{at}?{urlencode(parts)}" + ("&" if parts else ""),
    }


def _one_of(visit: Visit, name: str, known: dict[str, str], usual: str) -> str:
    given = visit.query.get(name, "")
    return given if given in known else usual


def _filter(given: dict[str, str]) -> TopicFilter:
    status = next((one for one in ("new", "used", "dismissed") if one == given["status"]), None)
    source = next((one for one in SOURCES if one == given["source"]), None)
    return TopicFilter(status=status, source=source, search=given["search"] or None)


async def add(visit: Visit) -> Response:
    """Adds what was typed, a topic a line."""
    site = await site_of(visit)
    typed = str((await visit.form()).get("titles", "")).replace("\0", "")
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not lines:
        raise Invalid("titles", "Write at least one topic, each on a line of its own.")
    if len(lines) > MOST_LINES:
        raise Invalid("titles", f"{MOST_LINES} lines are taken at once; this is {len(lines)}.")
    if long := next((line for line in lines if len(line) > LONGEST), None):
        raise Invalid("titles", f"A topic has at most {LONGEST} characters: {long[:60]}…")
    done = await visit.desk.topics.add_many(visit.workspace, site.id, lines)
    return await anew(visit, site, _told(visit, done.new_topics, len(lines)))


def _told(visit: Visit, new: int, of: int) -> str:
    known = of - new
    says = f"{many(new, 'topic')} added." if new else "Nothing was added."
    if known:
        says += f" {known:,} of these {'is a story' if known == 1 else 'are stories'} that the site knows."
    return visit.toast(says, kind="success" if new else "info")


async def propose(visit: Visit) -> Response:
    """Has the site's text model propose topics; what the site knows already is left out."""
    site = await site_of(visit)
    proposed = await visit.desk.topics.suggest(visit.workspace, site.id, PROPOSED)
    if not proposed:
        says = "The model proposed nothing that the site does not know already. Try again with more keywords."
        return await anew(visit, site, visit.toast(says, kind="info"))
    return await anew(visit, site, visit.toast(f"{many(len(proposed), 'topic')} proposed."))


async def trends(visit: Visit) -> Response:
    """Looks at what is talked of where the site looks for trends."""
    site = await site_of(visit)
    seen = await visit.desk.topics.trending(visit.workspace, site.id)
    says = f"{many(seen.new_topics, 'new topic')} from trends." if seen.new_topics else "No new trend fits."
    for error in seen.errors[:2]:
        says += f" {error.name}: {error.why}"
    return await anew(visit, site, visit.toast(says, kind="success" if seen.new_topics else "info"))


async def for_article(visit: Visit) -> Response:
    """Plans an article about the topic, and leads to the board where it waits to be written."""
    site = await site_of(visit)
    await _of_site(visit, site)
    planned = await visit.desk.topics.use_for_article(visit.workspace, site.id, visit.path["number"])
    return visit.go(f"/sites/{site.slug}/planner/board?planned={planned.task_id}")


async def dismiss(visit: Visit) -> Response:
    site = await site_of(visit)
    topic = await _of_site(visit, site)
    await visit.desk.topics.dismiss(visit.workspace, topic.id)
    says = f"“{topic.title}” is dismissed. The story does not come back."
    return await anew(visit, site, visit.toast(says, undo=_way(site, topic.id, "restore")))


async def restore(visit: Visit) -> Response:
    site = await site_of(visit)
    topic = await _of_site(visit, site)
    await visit.desk.topics.restore(visit.workspace, topic.id)
    return _listed_anew(await anew(visit, site, visit.toast(f"“{topic.title}” is proposed again.")))


async def give_back(visit: Visit) -> Response:
    """A used topic is new again; what was made of it stays."""
    site = await site_of(visit)
    topic = await _of_site(visit, site)
    await visit.desk.topics.give_back(visit.workspace, topic.id)
    return _listed_anew(await anew(visit, site, visit.toast(f"“{topic.title}” is new again.")))


def _listed_anew(answer: Response) -> Response:
    # A toast that was clicked is gone by the time of the answer, which reaches the list by this alone.
    answer.headers["HX-Trigger"] = '{"changed": {"target": ".planner-list"}}'
    return answer


async def _of_site(visit: Visit, site: Site) -> Any:
    topic = await visit.desk.topics.get(visit.workspace, visit.path["number"])
    if topic.site_id != site.id:
        raise NotFound("topic")
    return topic


def _way(site: Site, number: int, deed: str) -> Undo:
    return Undo(f"/sites/{site.slug}/topics/{number}/{deed}")


async def anew(visit: Visit, site: Site, *toasts: str) -> Response:
    """The list and the counts as they are after a change."""
    facts = await topics_context(visit, site)
    listed = visit.part("topics.html", "topics", facts)
    return visit.fragments(listed, await tabs_anew(visit, site, "topics"), *toasts)


_AT = "/sites/{slug}/topics"
_ONE = f"{_AT}/{{number:int}}"
ROUTES = (
    page(_AT, show),
    act(f"{_AT}/add", add),
    act(f"{_AT}/propose", propose),
    act(f"{_AT}/trends", trends),
    act(f"{_ONE}/article", for_article),
    act(f"{_ONE}/dismiss", dismiss),
    act(f"{_ONE}/restore", restore),
    act(f"{_ONE}/back", give_back),
)
