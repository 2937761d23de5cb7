"""The routes of the generator: the next topic of a niche, for a client that makes something of it."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.faces.api.parameters import BIGGEST, DeskHere
from nightdesk.faces.api.row_shapes import Shown
from nightdesk.faces.api.shapes import Instant

router = APIRouter(prefix="/api/v1/generator", tags=["generator"])

NicheId = Annotated[int, Query(ge=1, le=BIGGEST, description="The niche, one of the workspace's.")]
Source = Literal["auto", "rss", "list", "llm", "trending"]


class TopicFacts(Shown):
    """What is known of the topic; `reasons` add up to its score."""

    id: int
    url: str
    summary: str
    image: str
    score: float
    reasons: list[dict[str, Any]]
    published_at: Instant | None


class TopicPicked(BaseModel):
    topic: str
    source: str
    data: TopicFacts


@router.post("/topic", response_model=TopicPicked, responses=problems(400, 402, 404, 409, 422))
async def topic(desk: DeskHere, workspace: WorkspaceId, niche_id: NicheId, source: Source = "auto") -> Any:
    """The best unused topic of the niche, marked as used: two callers never get the same.

    `auto` takes the best of all sources; `llm` has new ones proposed where none is left.
    """
    found = await desk.niches.proposals.next(workspace, niche_id, source)
    return TopicPicked(topic=found.title, source=found.source, data=TopicFacts.model_validate(found))
