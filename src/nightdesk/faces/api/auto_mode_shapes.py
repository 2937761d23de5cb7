"""The shapes of auto mode: how a niche stands, what an owner signed, what is let through, what it costs."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from nightdesk.desk.autopilot import Forecast, Standing
from nightdesk.desk.autopilot.rules import LONGEST, SHORTEST
from nightdesk.desk.inputs import Input, Number
from nightdesk.faces.api.niche_shapes import Mode
from nightdesk.faces.api.row_shapes import Shown
from nightdesk.faces.api.shapes import Instant

Kind = Literal["article", "video"]
Minutes = Annotated[
    int,
    Field(ge=SHORTEST, le=LONGEST, description="minutes in which a person can stop a piece at the gate"),
]


class DestinationShown(Shown):
    """An account that the niche is linked to; `by_itself` where auto mode books pieces for it."""

    id: int
    name: str
    platform: str
    takes: list[str]
    by_itself: bool


class RuleShown(Shown):
    """A rule as it was signed; `hold` in minutes."""

    id: int
    kind: Kind
    hold: int
    words: str
    who: str
    signed_at: Instant
    withdrawn_at: Instant | None
    withdrawn_by: str


class AutoModeShown(BaseModel):
    """`reason` and `says` while it waits for something: `credits`, `budget`, `quality` …"""

    niche_id: int
    auto_mode: bool
    generation_mode: Mode
    posts_per_day: int
    videos_per_day: int
    budget_per_day: int
    budget_per_piece: int
    hours: list[int]
    two_people: bool
    reason: str
    says: str
    since: Instant | None
    accounts: list[DestinationShown]
    rules: list[RuleShown]

    @classmethod
    def of(cls, standing: Standing, rules: list[Any]) -> "AutoModeShown":
        site = standing.site
        return cls(
            niche_id=site.id,
            auto_mode=site.auto_mode,
            generation_mode=site.generation_mode,
            posts_per_day=site.posts_a_day,
            videos_per_day=site.videos_a_day,
            budget_per_day=site.day_budget,
            budget_per_piece=site.piece_budget,
            hours=site.hours,
            two_people=site.two_people,
            reason=standing.reason,
            says=standing.says,
            since=standing.since,
            accounts=[DestinationShown.model_validate(one) for one in standing.accounts],
            rules=[RuleShown.model_validate(one) for one in rules],
        )


class AutoModeChanges(Input):
    """`accounts`: those that auto mode books pieces for, of those linked; `two_people` an owner sets."""

    accounts: Annotated[list[Number], Field(max_length=50)] | None = None
    two_people: bool | None = None


class RuleAsked(Input):
    kind: Kind
    hold_minutes: Minutes


class RuleList(BaseModel):
    items: list[RuleShown]


class PassageShown(Shown):
    """A piece that a rule lets through; until `ends_at` it can be stopped."""

    id: int
    kind: Kind
    piece_id: int
    title: str
    revision: int
    state: Literal["waiting", "passed", "stopped"]
    begun_at: Instant
    ends_at: Instant
    why: str
    signed_by: str
    words: str


class PassageList(BaseModel):
    items: list[PassageShown]


class StopAsked(Input):
    """Either of both."""

    content_id: Number | None = None
    video_id: Number | None = None


class PartShown(Shown):
    """`each` is 0 where the things that are counted cost differently."""

    what: str
    count: int
    each: int
    credits: int
    usd: float | None
    basis: str


class ForecastShown(BaseModel):
    """`needed` is the estimate and a fifth more; `budget` is 0 where the niche has none for a day.

    `usd` is what providers take if pieces are as the last ones; null where there are none to go by. `in_hand`
    is set aside for what is being made, and no part of the rest; `lacks` says what keeps it from being made.
    """

    niche_id: int
    niche: str
    until: Instant
    parts: list[PartShown]
    lacks: list[str]
    estimated_credits: int
    estimated_usd: float | None
    in_hand: int
    needed: int
    current_balance: int
    sufficient: bool
    spent_today: int
    budget_per_day: int

    @classmethod
    def of(cls, found: Forecast) -> "ForecastShown":
        return cls(
            niche_id=found.site.id,
            niche=found.site.slug,
            until=found.until,
            parts=[PartShown.model_validate(part) for part in found.parts],
            lacks=list(found.lacks),
            estimated_credits=found.credits,
            estimated_usd=None if found.usd is None else float(found.usd),
            in_hand=found.in_hand,
            needed=found.needed,
            current_balance=found.left,
            sufficient=found.enough,
            spent_today=found.spent,
            budget_per_day=found.budget,
        )
