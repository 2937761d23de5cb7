"""Tools that read: an article or a video as it stands, its sources, and what things cost."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from nightdesk.desk.errors import Invalid
from nightdesk.faces.tools.tool import (
    MATERIAL,
    Asked,
    Call,
    Material,
    Number,
    Offset,
    SiteKey,
    Told,
    Tool,
    brief,
    part,
)

MOST_FINDINGS = 40
MOST_CITED = 60


class ArticleAsked(Asked):
    id: Number
    offset: Offset = 0


class ReportTold(Told):
    """One check: its score, and what it found as `severity: sentence`."""

    check: str
    score: int | None
    found: list[str]


class ArticleTold(Told):
    """`next_offset` is where the text goes on; null where this is its end."""

    note: str = MATERIAL
    id: int
    site_id: int
    status: str
    revision: int
    words: int
    language: str
    slug: str
    label: str
    meta_title: str
    meta_description: str
    credits: float
    usd: float
    reports: list[ReportTold]
    material: Material
    next_offset: int | None


class VideoAsked(Asked):
    id: Number


class SceneTold(Told):
    position: int
    says: str
    sees: str


class VideoTold(Told):
    note: str = MATERIAL
    id: int
    site_id: int
    status: str
    stage: str
    progress: int
    error: str | None
    revision: int
    seconds: float | None
    platforms: list[str]
    label: str
    credits: float
    usd: float
    material: Material
    scenes: list[SceneTold] = Field(description="Material as well.")


class SourcesAsked(Asked):
    article_id: Number


class SourceTold(Told):
    """One citation: the sentence of the article and what the source says there; empty where it is gone."""

    document_id: int
    shown: int
    url: str
    verbatim: bool
    material: Material


class SourcesTold(Told):
    note: str = MATERIAL
    items: list[SourceTold]


class DocumentAsked(Asked):
    id: Number
    offset: Offset = 0


class DocumentTold(Told):
    note: str = MATERIAL
    id: int
    site_id: int
    url: str
    kind: str
    language: str
    flags: str
    added_at: datetime
    material: Material
    next_offset: int | None


class CostsAsked(Asked):
    """Of an article, a video, a site, or with none of them of the whole workspace."""

    article_id: Number | None = None
    video_id: Number | None = None
    site: SiteKey | None = None


class ShareTold(Told):
    what: str
    credits: float
    usd: float


class CostsTold(Told):
    of: Literal["article", "video", "site", "workspace"]
    credits: float
    usd: float
    shares: list[ShareTold]


async def article(call: Call, asked: ArticleAsked) -> ArticleTold:
    piece = await call.desk.review.contents.piece(call.workspace, asked.id)
    row = piece.content
    text, following = part(row.markdown, asked.offset)
    names = ("id", "site_id", "status", "revision", "words", "language", "slug", "label")
    return ArticleTold(
        **{name: getattr(row, name) for name in (*names, "meta_title", "meta_description")},
        credits=float(piece.cost.credits),
        usd=float(piece.cost.usd),
        reports=[_report(name, one) for name, one in piece.reports.items()],
        material=Material(title=brief(row.title, 300), text=text),
        next_offset=following,
    )


async def video(call: Call, asked: VideoAsked) -> VideoTold:
    shown = await call.desk.videos.shelf.show(call.workspace, asked.id)
    row, standing = shown.video, shown.standing
    credits, usd = (await call.desk.costs.of_videos(call.workspace, [row.id])).get(row.id, (0, 0))
    says = "\n".join(scene.says for scene in shown.scenes)
    return VideoTold(
        **{
            name: getattr(row, name)
            for name in ("id", "site_id", "revision", "seconds", "platforms", "label")
        },
        status=standing.status,
        stage=standing.stage,
        progress=standing.progress,
        error=brief(standing.error or standing.note) or None,
        credits=float(credits),
        usd=float(usd),
        material=Material(title=brief(row.title or row.topic, 300), text=part(says, 0)[0]),
        scenes=[
            SceneTold(position=one.position, says=brief(one.says, 1500), sees=brief(one.prompt, 600))
            for one in shown.scenes[:100]
        ],
    )


async def sources(call: Call, asked: SourcesAsked) -> SourcesTold:
    piece = await call.desk.review.contents.piece(call.workspace, asked.article_id)
    found = await call.desk.review.sources.beside(piece.content)
    items = [
        SourceTold(
            document_id=one.document,
            shown=one.shown,
            url=brief(one.url, 2000),
            verbatim=one.verbatim,
            material=Material(
                title=brief(one.title, 300), text=f"Article: {brief(one.sentence)}\nSource: {brief(one.says)}"
            ),
        )
        for one in found[:MOST_CITED]
    ]
    return SourcesTold(items=items)


async def document(call: Call, asked: DocumentAsked) -> DocumentTold:
    row, passages = await call.desk.sources.get(call.workspace, asked.id)
    text, following = part("\n\n".join(passages), asked.offset)
    return DocumentTold(
        **{name: getattr(row, name) for name in ("id", "site_id", "kind", "language", "flags", "added_at")},
        url=brief(row.url, 2000),
        material=Material(title=brief(row.title, 300), text=text),
        next_offset=following,
    )


async def costs(call: Call, asked: CostsAsked) -> CostsTold:
    if sum(one is not None for one in (asked.article_id, asked.video_id, asked.site)) > 1:
        raise Invalid("article_id", "Name one of: an article, a video, a site.")
    if asked.article_id is not None:
        cost = await call.desk.costs.of_content(call.workspace, asked.article_id)
        shares = [_share(one.stage, one.credits, one.usd) for one in cost.stages]
        return CostsTold(of="article", credits=float(cost.credits), usd=float(cost.usd), shares=shares)
    if asked.video_id is not None:
        shown = await call.desk.videos.shelf.show(call.workspace, asked.video_id)
        found = await call.desk.costs.of_videos(call.workspace, [shown.video.id])
        credits, usd = found.get(shown.video.id, (0, 0))
        return CostsTold(of="video", credits=float(credits), usd=float(usd), shares=[])
    site = await call.desk.sites.get(call.workspace, asked.site) if asked.site else None
    summary = await call.desk.costs.summary(call.workspace, site.id if site else None)
    shares = [_share(f"{one.kind}: {one.provider} {one.model}", 0, one.usd) for one in summary.providers[:40]]
    shares += [_share(f"stage {one.stage}: {one.step}", one.credits, 0) for one in summary.stages]
    of: Literal["site", "workspace"] = "site" if site else "workspace"
    return CostsTold(of=of, credits=summary.credits, usd=float(summary.usd), shares=shares)


def _share(what: str, credits: Any, usd: Any) -> ShareTold:
    return ShareTold(what=brief(what, 200), credits=float(credits), usd=float(usd))


def _report(name: str, report: Any) -> ReportTold:
    found = [
        brief(
            f"{one.get('severity', '')}: {one.get('message') or one.get('says') or one.get('code', '')}", 300
        )
        for one in report["findings"][:MOST_FINDINGS]
        if isinstance(one, dict)
    ]
    score = report.get("score")
    return ReportTold(check=name, score=score if isinstance(score, int) else None, found=found)


TOOLS = (
    Tool(
        "read_article",
        "Read an article",
        "An article with its checks and its cost; a long text is read on with `offset`. " + MATERIAL,
        ArticleAsked,
        ArticleTold,
        article,
    ),
    Tool(
        "read_video",
        "Read a video",
        "A video with its script and how it stands. " + MATERIAL,
        VideoAsked,
        VideoTold,
        video,
    ),
    Tool(
        "read_sources",
        "Sources of an article",
        "Beside each sentence of an article that cites a source, what the source says. " + MATERIAL,
        SourcesAsked,
        SourcesTold,
        sources,
    ),
    Tool(
        "read_document",
        "Read a source",
        "A gathered source as a whole. " + MATERIAL,
        DocumentAsked,
        DocumentTold,
        document,
    ),
    Tool(
        "read_costs",
        "Costs",
        "Credits and dollars of an article, a video, a site or the whole workspace.",
        CostsAsked,
        CostsTold,
        costs,
    ),
)
