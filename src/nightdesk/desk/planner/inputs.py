"""What the planner takes: new keywords, clusters, ideas and tasks, and changes of them."""

from typing import Annotated

from pydantic import Field

from nightdesk.desk.inputs import KEPT, Input, Intent, Number, Structure, Title, Words, upto

Phrase = Annotated[str, upto(400, 1), KEPT, Field(examples=["best running shoes"])]
"""Tidied to at most 200 characters."""

Volume = Annotated[int, Field(ge=0, le=2_000_000_000, description="searches a month")]
Difficulty = Annotated[float, Field(ge=0, le=100)]
Cpc = Annotated[float, Field(ge=0, le=100_000, description="what a click costs")]
Name = Annotated[str, upto(120, 1), KEPT]
Description = Annotated[str, upto(400), KEPT]
Angle = Annotated[str, upto(600), KEPT]
Phrases = Annotated[list[Annotated[str, upto(200, 1), KEPT]], Field(max_length=12)]


class Section(Input):
    """A section of an outline."""

    heading: Annotated[str, upto(160, 1), KEPT]
    points: Annotated[list[Annotated[str, upto(400), KEPT]], Field(max_length=8)] = Field(
        default_factory=list
    )


Outline = Annotated[list[Section], Field(max_length=12)]


class NewKeyword(Input):
    phrase: Phrase
    volume: Volume | None = None
    difficulty: Difficulty | None = None
    cpc: Cpc | None = None
    intent: Intent | None = None


class KeywordChanges(Input):
    """`cluster_id` null takes the keyword out of its cluster: it is new again."""

    phrase: Phrase = Field(default_factory=str)
    volume: Volume = Field(default_factory=int)
    difficulty: Difficulty | None = None
    cpc: Cpc | None = None
    intent: Intent | None = None
    disabled: bool = Field(default_factory=bool)
    cluster_id: Number | None = None


class NewCluster(Input):
    name: Name
    description: Description = ""


class ClusterChanges(Input):
    name: Name = Field(default_factory=str)
    description: Description = Field(default_factory=str)
    disabled: bool = Field(default_factory=bool)


class NewIdea(Input):
    cluster_id: Number
    title: Title
    angle: Angle = ""
    keywords: Phrases = Field(default_factory=list, description="the cluster's own where none are given")
    intent: Intent = "informational"
    structure: Structure = "guide"
    outline: Outline = Field(default_factory=list)
    words: Words = 1000


class TaskChanges(Input):
    """What a task may still be told before it is written."""

    title: Title = Field(default_factory=str)
    angle: Angle = Field(default_factory=str)
    keywords: Annotated[Phrases, Field(min_length=1)] = Field(default_factory=list)
    intent: Intent = Field(default_factory=lambda: "informational")
    structure: Structure = Field(default_factory=lambda: "guide")
    outline: Outline = Field(default_factory=list)
    words: Words = Field(default_factory=lambda: 1000)


class IdeaChanges(TaskChanges):
    disabled: bool = Field(default_factory=bool)


class NewTask(Input):
    idea_id: Number
