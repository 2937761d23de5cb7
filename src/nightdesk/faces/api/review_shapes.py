"""The shapes of articles and their pictures in the API's answers, with what they cost and cite."""

from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from nightdesk.desk.review.contents import Piece
from nightdesk.desk.review.decisions import NOTE
from nightdesk.desk.rows import Image
from nightdesk.faces.api.row_shapes import ItemShown, Shown
from nightdesk.faces.api.shapes import Instant


class ImageShown(ItemShown):
    """`url` is where its file is to be had, null until it is made."""

    content_id: int
    position: int
    kind: str
    heading: str
    prompt: str
    alt: str
    caption: str
    mime: str | None
    width: int | None
    height: int | None
    label: str
    url: str | None = None

    @classmethod
    def of(cls, image: Image) -> "ImageShown":
        shown = cls.model_validate(image)
        return shown.model_copy(update={"url": file_of(image.id) if image.asset else None})


class ContentInList(ItemShown):
    """`pictures` is how many it is to have, null until they are planned; `label` says what wrote it."""

    task_id: int
    title: str
    slug: str
    structure: str
    language: str
    summary: str
    meta_title: str
    meta_description: str
    words: int
    label: str
    may_publish_itself: bool
    pictures: int | None
    revision: int
    reviewed_at: Instant | None


class ShareShown(Shown):
    stage: str
    credits: float
    usd: float


class MakerShown(BaseModel):
    """A provider that had a part in a piece."""

    kind: str
    provider: str
    model: str


class CostShown(BaseModel):
    """What a piece cost, with its share of its cluster's planning."""

    credits: float
    usd: float
    stages: list[ShareShown]
    made_by: list[MakerShown]


class HeadingShown(BaseModel):
    level: int
    text: str
    anchor: str


class CitationShown(BaseModel):
    """`document` is the number of one of the site's documents, `shown` the number that readers see."""

    document: int
    shown: int
    title: str
    url: str
    author: str
    published: str
    uses: int


class FindingShown(BaseModel):
    code: str
    severity: str
    message: str
    where: str = ""


class CheckShown(BaseModel):
    """`score` is 0 to 100, null where nothing could be scored."""

    name: str
    score: int | None
    findings: list[FindingShown]
    facts: dict[str, Any]


class DecisionShown(BaseModel):
    """The last decision of a person, and on which revision."""

    decision: str
    note: str
    at: Instant
    revision: int


class ContentShown(ContentInList):
    """`html` is clean and holds the pictures; `markdown` is what is edited."""

    markdown: str
    html: str
    headings: list[HeadingShown]
    citations: list[CitationShown]
    json_ld: dict[str, Any]
    checks: dict[str, CheckShown]
    decided: DecisionShown | None
    images: list[ImageShown]
    cost: CostShown

    @classmethod
    def of(cls, piece: Piece) -> "ContentShown":
        content = piece.content
        listed = ContentInList.model_validate(content).model_dump()
        return cls.model_validate(
            {name: value for name, value in listed.items() if name != "status"}
            | {
                "state": content.state,
                "markdown": content.markdown,
                "html": piece.html(file_of),
                "headings": content.headings,
                "citations": content.citations,
                "json_ld": content.json_ld,
                "checks": piece.reports,
                "decided": content.checks.get(NOTE),
                "images": [ImageShown.of(image) for image in piece.images],
                "cost": cost_shown(piece),
            }
        )


class SectionAsked(ItemShown):
    """A section that is to be written again, or was: by what, and kept as which revision."""

    content_id: int
    heading: str
    anchor: str
    note: str
    words: int
    label: str
    revision: int | None


class SectionsAsked(BaseModel):
    """The newest first."""

    items: list[SectionAsked]


class OutcomeShown(Shown):
    """What became of one of many articles; `why` where nothing did."""

    id: int
    done: bool
    status: str | None
    why: str


class Outcomes(BaseModel):
    outcomes: list[OutcomeShown]


def cost_shown(piece: Piece) -> CostShown:
    """Money and credits as numbers, to a hundred-millionth."""
    cost = piece.cost
    return CostShown(
        credits=_number(cost.credits),
        usd=_number(cost.usd),
        stages=[
            ShareShown(stage=one.stage, credits=_number(one.credits), usd=_number(one.usd))
            for one in cost.stages
        ],
        made_by=[
            MakerShown(kind=kind, provider=provider, model=model) for kind, provider, model in cost.made_by
        ],
    )


def file_of(image_id: int) -> str:
    """Where a picture's file is to be had."""
    return f"/api/v1/images/{image_id}/file"


def _number(amount: Decimal) -> float:
    return round(float(amount), 8)
