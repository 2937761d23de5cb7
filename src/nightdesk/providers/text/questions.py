"""The questions that the stages put to a text provider: what each hands over and what it expects back."""

from typing import Literal

from pydantic import BaseModel, Field

Intent = Literal["informational", "commercial", "transactional", "navigational"]
Structure = Literal["guide", "comparison", "list", "how_to", "review", "faq"]


class SiteBrief(BaseModel):
    """What every question says of the site."""

    name: str
    subject: str
    audience: str = ""
    language: str = "en"
    voice: str = ""


class Group(BaseModel):
    """Keywords that were found to mean the same, shown by one of them."""

    number: int
    representative: str
    examples: list[str] = Field(default_factory=list, max_length=5)
    keywords: int = Field(description="how many keywords the group has")
    volume: int = 0


class GroupsToJudge(BaseModel):
    site: SiteBrief
    groups: list[Group] = Field(max_length=150)
    existing: list[str] = Field(default_factory=list, description="names of clusters that already exist")


class NamedCluster(BaseModel):
    name: str = Field(min_length=1, max_length=120)
    description: str = Field(default="", max_length=400)
    groups: list[int] = Field(min_length=1, description="numbers of the groups that belong together")


class GroupsJudged(BaseModel):
    """A partition of the groups: each number exactly once."""

    clusters: list[NamedCluster]


class ClusterToPlan(BaseModel):
    number: int
    name: str
    description: str = ""
    keywords: list[str] = Field(description="most searched first, at most 40")
    volume: int = 0


class ClustersToPlan(BaseModel):
    site: SiteBrief
    clusters: list[ClusterToPlan]
    ideas_per_cluster: int = 3
    taken: list[str] = Field(default_factory=list, description="titles that exist and must not come again")


class OutlineSection(BaseModel):
    heading: str = Field(min_length=1, max_length=160)
    points: list[str] = Field(default_factory=list, max_length=8)


class PlannedIdea(BaseModel):
    cluster: int
    title: str = Field(min_length=8, max_length=160)
    angle: str = Field(max_length=600)
    keywords: list[str] = Field(min_length=1, max_length=12)
    intent: Intent
    structure: Structure
    outline: list[OutlineSection] = Field(min_length=2, max_length=12)
    words: int = Field(default=1000, ge=300, le=5000)


class IdeasPlanned(BaseModel):
    ideas: list[PlannedIdea]


class Passage(BaseModel):
    """A piece of one of the site's own documents."""

    document: int = Field(description="number of the document, as cited: [^number]")
    text: str


class SourceDocument(BaseModel):
    number: int
    title: str
    url: str = ""
    author: str = ""
    published: str = ""


class OwnPiece(BaseModel):
    """A piece of the site that may be linked to."""

    title: str
    slug: str


class ArticleToWrite(BaseModel):
    site: SiteBrief
    title: str
    angle: str
    keywords: list[str]
    intent: Intent
    structure: Structure
    outline: list[OutlineSection]
    words: int
    documents: list[SourceDocument] = Field(default_factory=list)
    passages: list[Passage] = Field(default_factory=list)
    own_pieces: list[OwnPiece] = Field(default_factory=list)


class FaqEntry(BaseModel):
    question: str
    answer: str


class ArticleWritten(BaseModel):
    """An article in Markdown without its title; headings from `##`; citations as `[^number]`."""

    title: str = Field(min_length=8, max_length=160)
    meta_title: str = Field(max_length=70)
    meta_description: str = Field(max_length=170)
    markdown: str = Field(min_length=200, max_length=120_000)
    faq: list[FaqEntry] = Field(default_factory=list, max_length=10)


class SectionToWrite(BaseModel):
    """A section of a written article that an editor wants otherwise; its heading stays."""

    site: SiteBrief
    title: str
    angle: str = ""
    headings: list[str] = Field(description="of all of the article's sections, in their order")
    heading: str
    note: str = Field(description="the editor's: what is to be different")
    present: str = Field(description="the section as it stands, in Markdown")
    rest: str = Field(default="", description="the other sections, in which nothing is to be said again")
    words: int
    documents: list[SourceDocument] = Field(default_factory=list)
    passages: list[Passage] = Field(default_factory=list)
    own_pieces: list[OwnPiece] = Field(default_factory=list)


class SectionWritten(BaseModel):
    """The section in Markdown without its heading; headings from `###`; citations as `[^number]`."""

    markdown: str = Field(min_length=40, max_length=20_000)


class ContentToPicture(BaseModel):
    site: SiteBrief
    title: str
    summary: str
    headings: list[str]
    in_article: int = 2


class PicturePrompt(BaseModel):
    kind: Literal["featured", "in_article"]
    heading: str = Field(default="", description="the heading it stands under; empty for the featured one")
    prompt: str = Field(min_length=10, max_length=1500)
    alt: str = Field(min_length=3, max_length=200)
    caption: str = Field(default="", max_length=200)


class PicturesPrompted(BaseModel):
    pictures: list[PicturePrompt] = Field(min_length=1, max_length=8)
