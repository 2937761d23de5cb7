"""The routes that clients of the scraper take topics by, and those of analyses."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from nightdesk.desk.inputs import Input
from nightdesk.desk.inputs import Number as Id
from nightdesk.desk.rows import Topic
from nightdesk.desk.topics import Analysed, TopicFilter, Topics, style_of
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.parameters import CursorText, DeskHere, Limit, Number, paging
from nightdesk.faces.api.row_shapes import Listed, Shown
from nightdesk.faces.api.scraper import Slug
from nightdesk.faces.api.shapes import Instant

router = APIRouter(prefix="/api/v1/scraper", tags=["scraper"])


class Mark(Input):
    topic_id: Id


class ScrapedTopic(Shown):
    id: int
    title: str
    url: str
    source: str
    summary: str
    published_at: Instant | None
    score: float
    used: bool

    @classmethod
    def of(cls, topic: Topic) -> "ScrapedTopic":
        facts = {name: getattr(topic, name) for name in cls.model_fields if name != "used"}
        return cls.model_validate(facts | {"used": topic.status == "used"})


class TopicList(Shown):
    """`total` counts new and used topics, `used_count` the used ones, whatever is on this page."""

    niche: str
    topics: list[ScrapedTopic]
    total: int
    used_count: int
    last_scraped: Instant | None
    next_cursor: str | None


class Picked(Shown):
    topic: ScrapedTopic
    marked_used: bool = True


class Marked(Shown):
    marked_used: bool = True
    topic_id: int


class HookShown(Shown):
    text: str
    kind: str


class EmotionShown(Shown):
    name: str
    strength: float


class PacingShown(Shown):
    pace: str
    words_a_sentence: float
    shortest: int
    longest: int


class AnalysisShown(Shown):
    """What makes a document work; `style` is that as a style that a script can be written in."""

    item_id: int
    title: str
    url: str
    hook: HookShown
    structure: list[str]
    emotions: list[EmotionShown]
    triggers: list[str]
    keywords: list[str]
    pacing: PacingShown
    style: str
    provider: str
    analyzed_at: Instant

    @classmethod
    def of(cls, analysed: Analysed) -> "AnalysisShown":
        found = analysed.found
        return cls.model_validate(
            found.model_dump(mode="json")
            | {
                "item_id": analysed.analysis.document_id,
                "title": analysed.title,
                "url": analysed.url,
                "style": style_of(found),
                "provider": analysed.analysis.provider,
                "analyzed_at": analysed.analysis.made_at,
            }
        )


class AnalysisPage(Listed[AnalysisShown]):
    pass


@router.get("/topics/{slug}", response_model=TopicList, responses=problems(400, 404))
async def topics(
    desk: DeskHere,
    workspace: WorkspaceId,
    slug: Slug,
    unused_only: bool = False,
    limit: Limit = 200,
    cursor: CursorText = None,
) -> Any:
    """A site's topics, the best first, those left out that a person dismissed."""
    site = await desk.sites.get(workspace, slug)
    asked = TopicFilter("new" if unused_only else None, undismissed=True)
    page = await desk.topics.page(workspace, site.id, asked, paging(Topics.orders, "score", limit, cursor))
    used, new = page.counts.get("used", 0), page.counts.get("new", 0)
    fetched = [feed.fetched_at for feed in await desk.feeds.listed(workspace, site.id) if feed.fetched_at]
    return TopicList(
        niche=site.slug,
        topics=[ScrapedTopic.of(topic) for topic in page.items],
        total=used + new,
        used_count=used,
        last_scraped=max(fetched, default=None),
        next_cursor=page.next_cursor,
    )


@router.post("/pick-topic/{slug}", response_model=Picked, responses=problems(404))
async def pick_topic(desk: DeskHere, workspace: WorkspaceId, slug: Slug) -> Any:
    """The site's best new topic, marked as used; nobody else gets it. 404 where none is left."""
    site = await desk.sites.get(workspace, slug)
    topic = await desk.topics.pick(workspace, site.id, used_for="picked")
    return Picked(topic=ScrapedTopic.of(topic))


@router.post("/topics/{slug}/mark-used", response_model=Marked, responses=problems(404, 409, 415, 422))
async def mark_used(desk: DeskHere, workspace: WorkspaceId, slug: Slug, body: Mark) -> Any:
    """Marks a topic as used; again the same changes nothing."""
    site = await desk.sites.get(workspace, slug)
    await desk.topics.mark_used(workspace, body.topic_id, site_id=site.id)
    return Marked(topic_id=body.topic_id)


@router.post("/analyze/{number}", response_model=AnalysisShown, responses=problems(402, 404, 409))
async def analyze(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """What makes a document work, read by the site's text provider once; one credit the first time."""
    return AnalysisShown.of(await desk.topics.analyses.analyze(workspace, number))


@router.get("/viral-dna", response_model=AnalysisPage, responses=problems(400, 404))
async def viral_dna(
    desk: DeskHere,
    workspace: WorkspaceId,
    niche_slug: Annotated[str | None, Query(max_length=120, description="Only this site's.")] = None,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> Any:
    """The analyses of a site's documents, or of all, the newest first."""
    site_id = (await desk.sites.get(workspace, niche_slug)).id if niche_slug else None
    analyses = desk.topics.analyses
    page = await analyses.page(workspace, site_id, paging(analyses.orders, "newest", limit, cursor))
    return AnalysisPage(items=[AnalysisShown.of(one) for one in page.items], next_cursor=page.next_cursor)
