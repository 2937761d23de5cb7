"""The shapes that rows of all kinds share in the API's answers, and those of the planner's rows."""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from nightdesk.faces.api.shapes import Instant

T = TypeVar("T")


class Shown(BaseModel):
    """A row as it is shown."""

    model_config = ConfigDict(from_attributes=True)


class Listed(Shown, Generic[T]):
    """A page of a list; `next_cursor` is null on the last one."""

    items: list[T]
    next_cursor: str | None


class Counted(Listed[T], Generic[T]):
    """A page of a site's items with the counts of all of them, whatever the filter, by `status`."""

    counts: dict[str, int]


class ItemShown(Shown):
    """What every item that a stage works on tells of itself; `error` says why it is `failed`."""

    id: int
    site_id: int
    status: str = Field(validation_alias="state")
    error: str | None
    tries: int
    created_at: Instant


class KeywordShown(ItemShown):
    phrase: str
    volume: int
    difficulty: float | None
    cpc: float | None
    intent: str | None
    source: str
    disabled: bool
    cluster_id: int | None


class ClusterShown(ItemShown):
    name: str
    description: str
    volume: int
    disabled: bool


class SectionShown(Shown):
    heading: str
    points: list[str] = []


class IdeaShown(ItemShown):
    cluster_id: int
    title: str
    angle: str
    keywords: list[str]
    intent: str
    structure: str
    outline: list[SectionShown]
    words: int
    disabled: bool


class TaskShown(ItemShown):
    """`brief` is the idea as it was when the task was made of it."""

    idea_id: int
    cluster_id: int
    title: str
    words: int
    brief: dict[str, Any]


class Retried(BaseModel):
    """How many parked items were taken out of parking."""

    retried: int
