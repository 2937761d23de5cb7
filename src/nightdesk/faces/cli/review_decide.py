"""`nightdesk review approve`, `send-back`, `reject` and `reopen`: decisions on articles at the gate."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from nightdesk.desk import Desk
from nightdesk.desk.errors import NotFound
from nightdesk.desk.people import Operator
from nightdesk.desk.review.decisions import Outcome
from nightdesk.desk.review.inputs import ManyDecided
from nightdesk.desk.rows import Content
from nightdesk.faces.cli.deciding import Decision, Told
from nightdesk.faces.cli.failure import USED_WRONGLY, Failure
from nightdesk.faces.cli.printing import facts_of

FACTS = ("id", "site_id", "title", "slug", "structure", "state", "words", "label", "revision", "reviewed_at")

AT_ONCE = 200
"""Articles that one transaction decides on."""


async def decide(
    desk: Desk, workspace: int, numbers: Sequence[int], decision: Decision, note: str
) -> list[Told]:
    """Raises `Failure` for a note that cannot be kept."""
    many, outcomes = desk.review.decisions.decide_many, list[Outcome]()
    for first in range(0, len(numbers), AT_ONCE):
        try:
            asked = ManyDecided(decision=decision, ids=[*numbers[first : first + AT_ONCE]], note=note)
        except ValidationError as error:
            raise Failure(f"The note cannot be kept: {error.errors()[0]['msg']}.", USED_WRONGLY) from error
        outcomes += await many(workspace, None, asked, Operator(workspace))
    return [await _told(desk, workspace, outcome) for outcome in outcomes]


def facts_of_article(content: Content) -> dict[str, Any]:
    """What scripts are told of it."""
    return facts_of(content, *FACTS) | {"citations": len(content.citations), "pictures": content.pictures}


async def _told(desk: Desk, workspace: int, outcome: Outcome) -> Told:
    try:
        content = await desk.review.contents.get(workspace, outcome.id)
    except NotFound:
        return Told(outcome.id, outcome.done, outcome.why, outcome.status or "")
    facts = facts_of_article(content)
    return Told(outcome.id, outcome.done, outcome.why, content.status, content.title, facts)
