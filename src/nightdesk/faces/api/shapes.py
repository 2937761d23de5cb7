"""The shapes of the API's answers about automation, as existing clients rely on them (CONTRACT §1)."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, PlainSerializer

from nightdesk.desk.rows import Run


def in_utc(instant: datetime) -> str:
    """RFC 3339 in UTC, `2026-11-20T09:30:00Z`."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


Instant = Annotated[datetime, PlainSerializer(in_utc, return_type=str, when_used="json")]


class RunShown(BaseModel):
    """A run. `stage_N_result` is null until the stage has begun."""

    model_config = ConfigDict(extra="allow")

    run_id: UUID
    site_id: int
    line: str
    trigger_type: str
    status: str
    current_stage: int
    started_at: Instant
    paused_at: Instant | None
    resumed_at: Instant | None
    cancelled_at: Instant | None
    completed_at: Instant | None
    total_credits_used: int
    error_message: str | None
    pause_reason: str | None
    stage_1_result: dict[str, Any] | None = None
    stage_2_result: dict[str, Any] | None = None
    stage_3_result: dict[str, Any] | None = None
    stage_4_result: dict[str, Any] | None = None
    stage_5_result: dict[str, Any] | None = None
    stage_6_result: dict[str, Any] | None = None
    stage_7_result: dict[str, Any] | None = None

    @classmethod
    def of(cls, run: Run) -> "RunShown":
        facts = {name: getattr(run, name) for name in cls.model_fields if hasattr(run, name)}
        results = {f"stage_{number}_result": result for number, result in run.results.items()}
        return cls(run_id=run.id, **facts, **results)


class RunInHistory(BaseModel):
    run_id: UUID
    status: str
    trigger_type: str
    started_at: Instant
    completed_at: Instant | None
    total_credits_used: int
    current_stage: int

    @classmethod
    def of(cls, run: Run) -> "RunInHistory":
        facts = {name: getattr(run, name) for name in cls.model_fields if name != "run_id"}
        return cls(run_id=run.id, **facts)


class CurrentRun(BaseModel):
    run: RunShown | None


class History(BaseModel):
    runs: list[RunInHistory]


class Started(BaseModel):
    run_id: UUID
    message: str


class Log(BaseModel):
    log: str


class StageShown(BaseModel):
    number: int
    name: str
    type: str
    pending: int
    counts: dict[str, int]


class Overview(BaseModel):
    stages: list[StageShown]


class StageEstimate(BaseModel):
    number: int
    name: str
    pending: int
    estimated_credits: int


class EstimateShown(BaseModel):
    estimated_credits: int
    current_balance: int
    sufficient: bool
    stages: list[StageEstimate]


class ItemShown(BaseModel):
    id: int
    title: str


class ItemInHand(ItemShown):
    seconds: float


class Processing(BaseModel):
    stage: int
    stage_name: str
    processed: int
    total: int
    in_progress: list[ItemInHand]
    next: list[ItemShown]
    percent: float


class ConfigShown(BaseModel):
    """The automation config; a line has `stage_N_batch_size` for each stage that works."""

    model_config = ConfigDict(extra="allow")

    site_id: int
    line: str
    is_enabled: bool
    frequency: str
    scheduled_time: str
    anchor_day: int
    within_stage_delay: int
    between_stage_delay: int
    last_run_at: Instant | None
    next_run_at: Instant | None
