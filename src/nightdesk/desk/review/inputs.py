"""What the review gate takes: edited articles, pictures, decisions."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from nightdesk.desk.inputs import KEPT, Input, Number, Structure, Title, storable, upto

Decision = Literal["approve", "send_back", "reject", "reopen"]

Markdown = Annotated[
    str,
    Field(min_length=200, max_length=120_000, description="without its title; citations as `[^number]`"),
    AfterValidator(storable),
]
MetaTitle = Annotated[str, upto(70), KEPT]
MetaDescription = Annotated[str, upto(170), KEPT]
Heading = Annotated[str, upto(300), KEPT]
Prompt = Annotated[str, upto(1500, 10), KEPT]
Alt = Annotated[str, upto(200, 3), KEPT]
Caption = Annotated[str, upto(200), KEPT]
Note = Annotated[str, upto(2000), KEPT]
Revision = Annotated[
    int, Field(ge=1, le=2**31, description="the one that was read: refused where there is a newer one")
]


class NewContent(Input):
    """An article written by hand for a task."""

    task_id: Number
    title: Title
    markdown: Markdown
    meta_title: MetaTitle = ""
    meta_description: MetaDescription = ""


class ContentChanges(Input):
    title: Title = Field(default_factory=str)
    markdown: Markdown = Field(default_factory=str)
    meta_title: MetaTitle = Field(default_factory=str)
    meta_description: MetaDescription = Field(default_factory=str)
    slug: Annotated[str, upto(75, 1), KEPT] = Field(default_factory=str)
    structure: Structure = Field(default_factory=lambda: "guide")
    revision: Revision | None = None


class NewSection(Input):
    """A section of an article that is to be written again; `note` says what is to be different."""

    heading: Annotated[
        str, upto(300, 1), KEPT, Field(description="as the article has it, or its anchor (`h-…`)")
    ]
    note: Annotated[str, upto(1000, 3), KEPT]


class Decided(Input):
    """A word with a decision, for whoever looks at it next."""

    note: Note = ""
    revision: Revision | None = None


class ManyDecided(Input):
    """One decision on many articles."""

    decision: Decision
    ids: Annotated[list[Number], Field(min_length=1, max_length=200)]
    note: Note = ""


class NewImage(Input):
    """A picture to be made; the `featured` one stands at the top, others under their heading."""

    content_id: Number
    kind: Literal["featured", "in_article"] = "in_article"
    heading: Heading = ""
    prompt: Prompt
    alt: Alt
    caption: Caption = ""


class ImageChanges(Input):
    """Another `prompt` has the picture made again."""

    heading: Heading = Field(default_factory=str)
    prompt: Prompt = Field(default_factory=str)
    alt: Alt = Field(default_factory=str)
    caption: Caption = Field(default_factory=str)
