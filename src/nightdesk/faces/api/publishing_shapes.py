"""The shapes of publications: what is asked for, and how it stands."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from nightdesk.desk.inputs import KEPT, Input, Number, upto
from nightdesk.desk.publishing import PublicationShown as Publication
from nightdesk.faces.api.account_shapes import Options
from nightdesk.faces.api.row_shapes import Listed, Shown
from nightdesk.faces.api.shapes import Instant

State = Literal["queued", "preparing", "committing", "ambiguous", "held", "live", "rejected", "cancelled"]
At = Annotated[AwareDatetime, Field(strict=False, description="RFC 3339, with its zone.")]


class PublishAsked(Input):
    """An approved article (`content_id`) or video (`video_id`); without accounts, to all of its niche."""

    content_id: Number | None = None
    video_id: Number | None = None
    accounts: Annotated[list[Number], Field(max_length=50)] = Field(default_factory=list)
    scheduled_for: At | None = None
    options: Options = Field(default_factory=dict)


class AskedShown(Shown):
    """`new` is false where it was asked for before; then nothing was changed. `moved` says why it is not
    planned for the time that was asked: its account has that day full."""

    id: int
    account_id: int
    state: State
    new: bool
    scheduled_for: Instant = Field(validation_alias="at")
    moved: str


class PublishAnswer(Shown):
    message: str
    jobs: list[AskedShown]


class Confirmed(Input):
    """What a person says of one that is held: it is live, at that address, or it is not and is sent again."""

    live: bool
    url: Annotated[str, upto(2000), KEPT] = ""


class Moved(Input):
    scheduled_for: At


class StoryLine(Shown):
    at: Instant
    what: str
    says: str
    data: dict[str, Any]
    who: str


class PublicationShown(Shown):
    """`state` is how far it came, `error` why it waits, is held or was refused, `moved` why it moved."""

    id: int
    niche_id: int
    account_id: int
    account: str
    platform: str
    content_id: int | None
    video_id: int | None
    title: str
    revision: int
    state: State
    scheduled_for: Instant
    due_at: Instant
    moved: str
    tries: int
    code: str
    error: str
    evidence: list[Any]
    key: UUID
    remote_id: str
    url: str
    live_at: Instant | None
    asked_by: str
    created_at: Instant

    @classmethod
    def of(cls, shown: Publication) -> "PublicationShown":
        return cls.model_validate(facts(shown))


class PublicationStory(PublicationShown):
    """With every request, answer and decision."""

    story: list[StoryLine]

    @classmethod
    def of(cls, shown: Publication) -> "PublicationStory":
        return cls.model_validate({**facts(shown), "story": list(shown.story)})


class PublicationPage(Listed[PublicationShown]):
    pass


class PublishingState(Shown):
    """`stopped_at` is since when the kill switch lets nothing out."""

    stopped: bool
    stopped_at: Instant | None

    @classmethod
    def of(cls, since: datetime | None) -> "PublishingState":
        return cls(stopped=since is not None, stopped_at=since)


class PublishingSeen(PublishingState):
    """`states` is how many publications are in each state that is not settled; what is `held` asks for a
    person."""

    states: dict[str, int]


def facts(shown: Publication) -> dict[str, Any]:
    """Of a publication, by the names of its shape."""
    row = shown.publication
    named = {"account": shown.account, "platform": shown.platform, "niche_id": row.site_id}
    other = {"account", "platform", "niche_id", "scheduled_for"}
    own = {name: getattr(row, name) for name in PublicationShown.model_fields if name not in other}
    return {**own, **named, "scheduled_for": row.planned_at}
