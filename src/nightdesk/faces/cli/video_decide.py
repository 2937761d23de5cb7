"""`nightdesk video approve`, `send-back`, `reject` and `reopen`: decisions on finished videos."""

from collections.abc import Sequence

from nightdesk.desk import Desk
from nightdesk.desk.errors import NotFound
from nightdesk.desk.people import Operator
from nightdesk.desk.videos.deciding_many import Outcome, decide_many
from nightdesk.faces.cli.deciding import Decision, Told
from nightdesk.faces.cli.printing import facts_of

FACTS = ("id", "site_id", "title", "topic", "status", "revision", "reviewed_at")


async def decide(
    desk: Desk, workspace: int, numbers: Sequence[int], decision: Decision, note: str
) -> list[Told]:
    decisions, by = desk.videos.decisions, Operator(workspace)
    outcomes = await decide_many(decisions, workspace, numbers, decision, note=note, by=by)
    return [await _told(desk, workspace, outcome) for outcome in outcomes]


async def _told(desk: Desk, workspace: int, outcome: Outcome) -> Told:
    try:
        video = (await desk.videos.shelf.show(workspace, outcome.id)).video
    except NotFound:
        return Told(outcome.id, outcome.done, outcome.why)
    title = video.title or video.topic
    return Told(outcome.id, outcome.done, outcome.why, video.status, title, facts_of(video, *FACTS))
