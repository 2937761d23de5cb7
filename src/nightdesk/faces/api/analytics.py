"""The routes of results: sums, days, the best and the worst, by niche and platform; and the growth rule."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Depends, Query

from nightdesk.desk.results import Asked, Insight, Kind
from nightdesk.faces.api.analytics_shapes import (
    ByNiche,
    ByPlatform,
    DayShown,
    GrowthAsked,
    GrowthShown,
    OfNiche,
    Pieces,
    RankedShown,
    Refreshed,
    Summary,
    Trends,
)
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import By, WorkspaceId
from nightdesk.faces.api.parameters import BIGGEST, DeskHere, Number, wrong_parameter

router = APIRouter(prefix="/api/v1/analytics", tags=["analytics"])

Maybe = Annotated[int | None, Query(ge=1, le=BIGGEST, description="Of this niche alone.")]
Days = Annotated[int, Query(ge=1, le=366, description="The last so many days, today with them.")]
Zone = Annotated[str, Query(max_length=64, description="In which days begin, such as `Europe/Berlin`.")]
Most = Annotated[int, Query(ge=1, le=100, description="Pieces of the answer.")]


async def looked(
    desk: DeskHere, workspace: WorkspaceId, niche_id: Maybe = None, days: Days = 28, zone: Zone = "UTC"
) -> Insight:
    """What was published in the span that is asked for."""
    try:
        known = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise wrong_parameter("zone", "This is no time zone; try `Europe/Berlin`.") from error
    return await desk.results.analytics.look(workspace, Asked(days, niche_id, known))


Looked = Annotated[Insight, Depends(looked)]


@router.get("/summary", response_model=Summary, responses=problems(400, 404))
async def summary(insight: Looked) -> Any:
    """What was published and what it reached, all together."""
    return Summary.of(insight)


@router.get("/trends", response_model=Trends, responses=problems(400, 404))
async def trends(insight: Looked) -> Any:
    """Day by day. What was gained between two readings is spread evenly over the time between."""
    return Trends(days=[DayShown.of(day) for day in insight.days])


@router.get("/top-videos", response_model=Pieces, responses=problems(400, 404))
async def top_videos(insight: Looked, kind: Kind = "video", limit: Most = 10) -> Any:
    """The pieces that reached most; `kind` asks for articles, or for all."""
    return Pieces(items=[RankedShown.of(one) for one in insight.top(kind, limit)])


@router.get("/underperformers", response_model=Pieces, responses=problems(400, 404))
async def underperformers(insight: Looked, kind: Kind = "all", limit: Most = 10) -> Any:
    """The pieces that did less than is usual of their accounts at their age, the worst first."""
    return Pieces(items=[RankedShown.of(one) for one in insight.under(kind, limit)])


@router.get("/by-niche", response_model=ByNiche, responses=problems(400, 404))
async def by_niche(insight: Looked) -> Any:
    """The sums of each niche that published something."""
    found = insight.by_site()
    return ByNiche(niches=[OfNiche.of(insight.sites[number], sums) for number, sums in found.items()])


@router.get("/by-platform", response_model=ByPlatform, responses=problems(400, 404))
async def by_platform(insight: Looked) -> Any:
    """The sums of each platform that something went out to."""
    return ByPlatform.of(insight.by_platform())


@router.post("/refresh", response_model=Refreshed, status_code=202, responses=problems(400, 403, 404))
async def refresh(desk: DeskHere, by: By, niche_id: Maybe = None) -> Any:
    """Has what is out read again at once, but for what was read within the last quarter of an hour."""
    asked = await desk.results.analytics.refresh(by, niche_id)
    said = "Nothing is to be read anew." if not asked else f"{asked} publications are read anew."
    return Refreshed(asked=asked, message=said)


@router.get("/growth/{number}", response_model=GrowthShown, responses=problems(404))
async def growth(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """How the growth rule of a niche stands, and what it goes by."""
    return GrowthShown.of(number, await desk.results.growth.show(workspace, number))


@router.put("/growth/{number}", response_model=GrowthShown, responses=problems(403, 404, 415, 422))
async def switch(desk: DeskHere, by: By, number: Number, body: GrowthAsked) -> Any:
    """Switches it."""
    await desk.results.growth.switch(by, number, body.mode)
    return GrowthShown.of(number, await desk.results.growth.show(by.workspace_id, number))
