"""What the desk takes to make topics of, and how lists of them are narrowed."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from nightdesk.desk.inputs import KEPT, Input, upto

Source = Literal["rss", "list", "llm", "trending", "planner"]
Status = Literal["new", "used", "dismissed"]
SOURCES: tuple[Source, ...] = ("rss", "list", "llm", "trending", "planner")
MOST_AT_ONCE = 1000


class NewTopic(Input):
    """A topic typed by a person."""

    title: Annotated[str, upto(300, 1), KEPT, Field(examples=["What a compost heap does in winter"])]
    summary: Annotated[str, upto(600), KEPT] = ""
    url: Annotated[str, upto(2000), KEPT, Field(pattern=r"^(https?://\S+)?$")] = ""


class TopicChanges(Input):
    """`dismissed` takes it out of the list or brings it back; `used` likewise, without making anything."""

    dismissed: bool | None = None
    used: bool | None = None


@dataclass(frozen=True)
class TopicFilter:
    """What a list of topics is narrowed to."""

    status: Status | None = None
    source: Source | None = None
    search: str | None = None
    undismissed: bool = False
