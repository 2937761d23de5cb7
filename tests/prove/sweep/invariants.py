"""What must hold whatever was interrupted (PROMISES P1 to P3), asked of the database and the files."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

KINDS = ("keywords", "clusters", "ideas", "tasks", "contents", "images", "videos", "scenes")
DIED = "Its worker died or froze"
"""How the error begins of an item that was set aside because three workers lost their lease over it."""

ALWAYS = {
    "a balance is below zero": "select * from credit_accounts where kind <> 'source' and balance < 0",
    "the accounts do not add up to nothing": (
        "select workspace_id, sum(balance) from credit_accounts group by 1 having sum(balance) <> 0"
    ),
    "an account is not the sum of its transfers": """
        select a.workspace_id, a.kind, a.balance from credit_accounts a where a.balance <> coalesce((
            select sum(case when t.credit = a.kind then t.amount else 0 end
                     - case when t.debit = a.kind then t.amount else 0 end)
            from credit_transfers t where t.workspace_id = a.workspace_id), 0)
    """,
    "a batch was charged more than once": """
        select batch_id, count(*) from credit_transfers where kind = 'charge' and debit = 'held'
        group by 1 having count(*) > 1
    """,
    "a batch without a result was charged": """
        select b.id, b.status from batches b join credit_transfers t on t.batch_id = b.id
        where t.kind = 'charge' and b.status <> 'done'
    """,
    "the charge of a batch is not what the ledger says": """
        select b.id, b.charged from batches b where b.charged <> coalesce((
            select sum(amount) from credit_transfers t where t.batch_id = b.id and t.kind = 'charge'), 0)
    """,
    "a run's credits are not what the ledger says": """
        select r.id, r.total_credits_used from runs r where r.total_credits_used <> coalesce((
            select sum(amount) from credit_transfers t where t.run_id = r.id and t.kind = 'charge'), 0)
    """,
    "an item was settled twice in a step": """
        select step, item, count(*) from batches, jsonb_array_elements(items) as item
        where status = 'done' group by 1, 2 having count(*) > 1
    """,
    "two keywords' clusters bear one name": (
        "select lower(name), count(*) from clusters group by 1 having count(*) > 1"
    ),
    "an idea came twice": "select lower(title), count(*) from ideas group by 1 having count(*) > 1",
    "an idea has two tasks": "select idea_id, count(*) from tasks group by 1 having count(*) > 1",
    "a task has two contents": "select task_id, count(*) from contents group by 1 having count(*) > 1",
    "a place in a content has two images": (
        "select content_id, position, count(*) from images group by 1, 2 having count(*) > 1"
    ),
    "a keyword is mapped to no cluster": (
        "select id from keywords where status = 'mapped' and cluster_id is null"
    ),
    "an image is generated without an asset": """
        select i.id from images i left join assets a on a.workspace_id = i.workspace_id and a.sha256 = i.asset
        where i.status = 'generated' and a.sha256 is null
    """,
    "a batch in hand holds other items than its own": """
        select b.id from batches b where b.status in ('waiting', 'working') and exists (
            select 1 from unnest(array(select jsonb_array_elements(b.items)::bigint)) i where i not in (
                select id from keywords where batch_id = b.id
                union all select id from clusters where batch_id = b.id
                union all select id from ideas where batch_id = b.id
                union all select id from tasks where batch_id = b.id
                union all select id from contents where batch_id = b.id
                union all select id from images where batch_id = b.id
                union all select id from videos where batch_id = b.id
                union all select id from scenes where batch_id = b.id))
    """,
    "a stage begins twice in the log": """
        select run_id, message, count(*) from events where message like 'Stage %%, begins.' group by 1, 2
        having count(*) > 1
    """,
    "two runs are active": """
        select site_id, line, count(*) from runs where status in ('running', 'paused') group by 1, 2
        having count(*) > 1
    """,
    **{
        f"the tally of {kind} is wrong": f"""
            select coalesce(t.state, k.state), t.n, k.n
            from (select state, sum(n) as n from tallies where kind = '{kind}' group by 1) t
            full join (select state, count(*) as n from {kind} group by 1) k on k.state = t.state
            where coalesce(t.n, 0) <> coalesce(k.n, 0)
        """
        for kind in KINDS
    },
}
"""Holds in every instant, also right after a kill: a name and the query that finds what breaks it."""

AT_THE_END = {
    "a run is not over": "select id, status, pause_reason from runs where status in ('running', 'paused')",
    "a batch is still in hand": "select id, status from batches where status in ('waiting', 'working')",
    "a job is left in the queue": "select id, status, entrypoint from queue.pgqueuer",
    "a hold is open": """
        select batch_id, sum(case kind when 'hold' then amount when 'release' then -amount
                             else case when debit = 'held' then -amount else 0 end end)
        from credit_transfers where batch_id is not null group by 1
        having sum(case kind when 'hold' then amount when 'release' then -amount
                   else case when debit = 'held' then -amount else 0 end end) <> 0
    """,
    "credits are still set aside": "select balance from credit_accounts where kind = 'held' and balance <> 0",
    "a run did not finish exactly once in the log": """
        select r.id, count(e.id) from runs r
        left join events e on e.run_id = r.id and e.type = 'run_finished'
        where r.status in ('completed', 'cancelled') group by 1 having count(e.id) <> 1
    """,
    **{
        f"one of the {kind} is still claimed": f"select id, batch_id from {kind} where batch_id is not null"
        for kind in KINDS
    },
}
"""Holds once the run is over and the workers are gone."""

UNREADABLE = "exists (select 1 from events where txid >= pg_snapshot_xmin(pg_current_snapshot()))"
"""Readers of events wait for every older transaction of the server, those of other databases too."""

COMPLETED = {
    "a run did not complete": "select id, status from runs where status <> 'completed'",
    "a keyword was left": "select id, state from keywords where state not in ('mapped', 'failed')",
    "a cluster was left": "select id, state from clusters where state not in ('mapped', 'failed')",
    "an idea was left": "select id, state from ideas where state not in ('queued', 'failed')",
    "a task was left": "select id, state from tasks where state not in ('completed', 'failed')",
    "a content was left": "select id, state from contents where state not in ('review', 'failed')",
    "an image was left": "select id, state from images where state not in ('generated', 'failed')",
    "a done task has no content": """
        select t.id from tasks t left join contents c on c.task_id = t.id
        where t.status = 'completed' and c.id is null
    """,
    "a step's batches are not what its result says": """
        select r.id, s.key, s.value->>'batches_run', count(b.id) from runs r
        cross join jsonb_each(r.results) s
        left join batches b on b.run_id = r.id and b.stage = s.key::bigint and b.status in ('done', 'parked')
        group by 1, 2, 3 having (s.value->>'batches_run')::bigint <> count(b.id)
    """,
    "a step's credits are not what its result says": """
        select r.id, s.key, s.value->>'credits_used', sum(b.charged) from runs r
        cross join jsonb_each(r.results) s
        left join batches b on b.run_id = r.id and b.stage = s.key::bigint
        group by 1, 2, 3 having (s.value->>'credits_used')::bigint <> coalesce(sum(b.charged), 0)
    """,
    **{
        f"result {field} is not the number of rows": f"""
            select id, {value} from runs where {value} <> (select count(*) from {rows})
        """
        for field, value, rows in (
            (
                "keywords_processed",
                "(results->'1'->>'keywords_processed')::bigint",
                "keywords where status = 'mapped'",
            ),
            ("clusters_created", "(results->'1'->>'clusters_created')::bigint", "clusters"),
            ("ideas_created", "(results->'2'->>'ideas_created')::bigint", "ideas"),
            ("tasks_created", "(results->'3'->>'tasks_created')::bigint", "tasks"),
            ("content_created", "(results->'4'->>'content_created')::bigint", "contents"),
            ("prompts_created", "(results->'5'->>'prompts_created')::bigint", "images"),
            (
                "images_generated",
                "(results->'6'->>'images_generated')::bigint",
                "images where status = 'generated'",
            ),
            (
                "ready_for_review",
                "(results->'7'->>'ready_for_review')::bigint",
                "contents where state = 'review'",
            ),
        )
    },
}
"""Holds once a run has completed by itself."""

PARKED = " union all ".join(
    f"select '{kind}', id, error from {kind} where parked_at is not null" for kind in KINDS
)

OUTCOME = {
    "results": """
        select s.key, s.value - 'time_elapsed' from runs, jsonb_each(results) s order by 1
    """,
    "spent": "select kind, balance from credit_accounts order by 1",
    "keywords": """
        select k.phrase, k.state, k.group_key, k.intent, c.name from keywords k
        left join clusters c on c.id = k.cluster_id order by 1
    """,
    "clusters": "select name, description, keys, volume, state from clusters order by 1",
    "ideas": "select title, angle, keywords, intent, structure, outline, words, state from ideas order by 1",
    "tasks": "select title, brief, words, state from tasks order by 1",
    "contents": """
        select title, slug, state, words, label, pictures, md5(html), citations from contents order by 1
    """,
    "images": """
        select c.title, i.position, i.kind, i.heading, i.alt, i.asset, i.width, i.height, i.state
        from images i join contents c on c.id = i.content_id order by 1, 2
    """,
    "log": """
        select message, count(*) from events where message <> '' and level = 'info' group by 1 order by 1
    """,
}
"""What a run made, without numbers and times: equal for two runs over the same input."""


@dataclass
class Found:
    """What was found wrong, each with the rows that show it."""

    violations: list[str] = field(default_factory=list)

    def ask(self, connection: psycopg.Connection, queries: dict[str, str]) -> None:
        for name, query in queries.items():
            rows = connection.execute(query.replace("%%", "%")).fetchall()
            if rows:
                self.violations.append(f"{name}: {rows[:3]}")

    def note(self, violations: Iterator[str]) -> None:
        self.violations.extend(violations)


def at_any_time(connection: psycopg.Connection, media: Path) -> list[str]:
    """The violations of what holds at every instant."""
    found = Found()
    found.ask(connection, ALWAYS)
    found.note(_files(connection, media))
    return found.violations


def at_the_end(
    connection: psycopg.Connection,
    media: Path,
    outcome: str | None,
    *,
    may_park: bool = False,
    completed: bool = True,
) -> list[str]:
    """The violations once all runs are over and their workers are gone.

    `outcome`: of a run that nothing disturbed. `may_park`: whether workers died often enough to have items
    set aside; those are told apart from loss by their error. `completed`: whether the run ended by itself.
    """
    found = Found()
    found.ask(connection, ALWAYS | AT_THE_END | (COMPLETED if completed else {}))
    found.note(_files(connection, media))
    parked = connection.execute(PARKED).fetchall()
    strange = [row for row in parked if not (may_park and str(row[2]).startswith(DIED))]
    if strange:
        found.violations.append(f"an item was parked without need: {strange[:3]}")
    if outcome is not None and not parked:
        found.note(_differences(json.loads(outcome), json.loads(outcome_of(connection))))
    return found.violations


def more_booked_than_asked(connection: psycopg.Connection, asked: int) -> list[str]:
    """No call is booked twice: there are at most as many as the providers answered."""
    (booked,) = connection.execute("select count(*) from provider_calls").fetchone() or (0,)
    return [f"{booked} calls are booked, and {asked} were made"] if booked > asked else []


def outcome_of(connection: psycopg.Connection) -> str:
    told = {name: connection.execute(query).fetchall() for name, query in OUTCOME.items()}
    return json.dumps(told, default=str)


def asked_too_often(asked: Counter[str], usual: Counter[str], more: int) -> list[str]:
    """Questions that the providers were asked oftener than once more for each of `more` interrupts."""
    return [
        f"the provider was asked {count} times: {question[:80]}"
        for question, count in asked.items()
        if count > usual[question] * (1 + more)
    ]


def _differences(expected: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    for name, rows in expected.items():
        theirs = Counter(json.dumps(row) for row in rows)
        ours = Counter(json.dumps(row) for row in found[name])
        if theirs != ours:
            yield f"{name} differ: lacking {list(theirs - ours)[:3]}, beyond {list(ours - theirs)[:3]}"


def _files(connection: psycopg.Connection, media: Path) -> Iterator[str]:
    """Every file under a final name is whole; every asset that a row names is there."""
    for path in media.rglob("*") if media.exists() else ():
        if ".incoming" in path.parts or path.is_dir():
            continue
        if hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
            yield f"a file at its final name is not whole: {path.name[:12]} of {path.stat().st_size} bytes"
    for workspace, sha256, size in connection.execute(
        "select workspace_id, sha256, size from assets"
    ).fetchall():
        path = media / str(workspace) / sha256[:2] / sha256
        if not path.exists() or path.stat().st_size != size:
            yield f"an asset has no file: {sha256[:12]}"
