"""What a workspace keeps for a time: each kind with its usual number of days, and how it is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

What = Literal["log", "details", "revisions", "topics", "archived", "notices", "audit"]

FOR_EVER = None
CHOICES = (1, 7, 30, 90, 180, 365, 730, 1825)
"""Days that are offered, but for those below a kind's least."""


@dataclass(frozen=True)
class Kind:
    """`count` gives how many there are and how many are older than `:before`; `least` days must be kept."""

    what: What
    title: str
    says: str
    one: str
    many: str
    usual: int | None
    least: int
    count: str

    def counted(self, n: int) -> str:
        return f"1 {self.one}" if n == 1 else f"{n:,} {self.many}"


PRUNABLE = """
    r.at < :before and c.status in ('approved', 'rejected', 'published') and r.number <> c.revision
    and exists (select 1 from revisions f where f.workspace_id = r.workspace_id
                  and f.content_id = r.content_id and f.number < r.number)
    and not exists (select 1 from decisions d where d.workspace_id = r.workspace_id
                      and d.content_id = r.content_id and d.revision = r.number)
"""
"""Of a revision `r` of a content `c`: nobody will ask for it again."""

ENDED = "r.status not in ('running', 'paused') and coalesce(r.completed_at, r.cancelled_at) < :before"

_LOG = """
    select count(*), count(*) filter (where at < :before and (run_id is null or not exists (
        select 1 from runs r where r.workspace_id = :workspace and r.id = run_id
          and r.status in ('running', 'paused'))))
    from events where workspace_id = :workspace
"""
_DETAILS = f"""
    with ended as (
        select r.id from runs r where r.workspace_id = :workspace and r.folded_at is null and {ENDED})
    select (select count(*) from batches where workspace_id = :workspace)
             + (select count(*) from provider_calls where workspace_id = :workspace),
           (select count(*) from batches where workspace_id = :workspace and run_id in (select id from ended))
             + (select count(*) from provider_calls
                where workspace_id = :workspace and run_id in (select id from ended))
"""  # noqa: S608 - put together from our own text
_REVISIONS = f"""
    select count(*), count(*) filter (where {PRUNABLE})
    from revisions r join contents c on c.workspace_id = :workspace and c.id = r.content_id
    where r.workspace_id = :workspace
"""  # noqa: S608
_TOPICS = """
    select count(*), count(*) filter (where last_seen_at < :before)
    from topics where workspace_id = :workspace and status = 'new'
"""
_ARCHIVED = """
    select count(*), count(*) filter (where archived_at < :before)
    from sites where workspace_id = :workspace and archived_at is not null
"""
_NOTICES = """
    select count(*), count(*) filter (where ended_at < :before) from notices where workspace_id = :workspace
"""
_AUDIT = "select count(*), count(*) filter (where at < :before) from audit where workspace_id = :workspace"

_ALL = (
    Kind(
        "log",
        "Logs",
        "What runs said, line by line. A run whose lines are gone keeps its stages, pieces and costs.",
        "log line",
        "log lines",
        90,
        7,
        _LOG,
    ),
    Kind(
        "details",
        "Details of finished runs",
        "Each batch and each call to a provider. Later they are summed up by stage, model and hour: credits, "
        "money and tokens stay exact, and each piece keeps its cost.",
        "batch or call",
        "batches and calls",
        180,
        7,
        _DETAILS,
    ),
    Kind(
        "revisions",
        "Old revisions of decided pieces",
        "What an approved or rejected piece was like between its changes. Its first and its present revision "
        "stay, and each that somebody decided on.",
        "revision",
        "revisions",
        FOR_EVER,
        30,
        _REVISIONS,
    ),
    Kind(
        "topics",
        "Topics that nobody used",
        "Stories that were told long ago and became no piece. What was used or dismissed stays, so that it "
        "is not proposed again.",
        "unused topic",
        "unused topics",
        90,
        45,
        _TOPICS,
    ),
    Kind(
        "archived",
        "Archived sites",
        "An archived site can be restored for so long. Then it is deleted with all that is in it; what it "
        "cost stays in the books.",
        "archived site",
        "archived sites",
        30,
        30,
        _ARCHIVED,
    ),
    Kind(
        "notices",
        "Notices that were sent",
        "What was sent where, and what came of it.",
        "notice",
        "notices",
        30,
        1,
        _NOTICES,
    ),
    Kind(
        "audit",
        "The book of who did what",
        "Who let whom in and changed which role, key or password.",
        "line of the book",
        "lines of the book",
        FOR_EVER,
        365,
        _AUDIT,
    ),
)

KINDS: Mapping[str, Kind] = {kind.what: kind for kind in _ALL}
