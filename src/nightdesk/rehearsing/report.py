"""What came of a rehearsal: the calendar, the costs, what was held, and whether the promises held."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from nightdesk.bootstrap import House
from nightdesk.rehearsing.street import Street

_CALENDAR = text("""
    select p.planned_at, p.live_at, s.name as site, s.timezone, a.name as account, a.platform, p.title,
           p.state, p.error, p.key, p.tries, p.content_id is not null as is_article
    from publications p
    join sites s on s.workspace_id = p.workspace_id and s.id = p.site_id
    join accounts a on a.workspace_id = p.workspace_id and a.id = p.account_id
    where p.workspace_id = :workspace
    order by p.planned_at, p.id
""")
_WAITS = text("""
    select s.name as site, e.message as says, e.at from events e
    join sites s on s.workspace_id = e.workspace_id and s.id = e.site_id
    where e.workspace_id = :workspace and e.type = 'autopilot_paused' order by e.at
""")
_TWICE = text("""
    select count(*) from (
        select coalesce(content_id, -video_id), account_id from publications
        where workspace_id = :workspace group by 1, 2 having count(*) > 1) twice
""")
_TWO_ORDERS = text("""
    select count(*) from (select task_id from pilot_orders where task_id is not null
                          group by task_id having count(*) > 1) twice
""")
_LEDGER = {
    "a balance is below zero": "select kind from credit_accounts where kind <> 'source' and balance < 0",
    "the accounts do not add up to nothing": (
        "select workspace_id::text from credit_accounts group by workspace_id having sum(balance) <> 0"
    ),
    "an account is not the sum of its transfers": """
        select a.kind from credit_accounts a where a.balance <> coalesce((
            select sum(case when t.credit = a.kind then t.amount else 0 end
                     - case when t.debit = a.kind then t.amount else 0 end)
            from credit_transfers t where t.workspace_id = a.workspace_id), 0)
    """,
    "a batch was charged more than once": """
        select batch_id::text from credit_transfers where kind = 'charge' and debit = 'held'
        group by batch_id having count(*) > 1
    """,
    "a batch without a result was charged": """
        select b.id::text from batches b join credit_transfers t on t.batch_id = b.id
        where t.kind = 'charge' and b.status <> 'done'
    """,
    "credits are still set aside": "select kind from credit_accounts where kind = 'held' and balance <> 0",
}
_STUCK = text("""
    select 'publication ' || id || ' ' || state from publications where until < now()
    union all select 'batch ' || id || ' ' || status from batches where status in ('waiting', 'working')
    union all select 'run ' || id || ' ' || status from runs where status in ('running', 'paused')
    union all select 'job ' || id || ' ' || status from queue.pgqueuer
""")


@dataclass
class Findings:
    """What the promises come to. `wrong` is empty where all of them held."""

    publications: int = 0
    states: Counter[str] = field(default_factory=Counter)
    posts: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def facts(self) -> dict[str, Any]:
        """Fit for JSON."""
        return {
            "publications": self.publications,
            "states": dict(self.states),
            "posts": self.posts,
            "wrong": self.wrong,
        }


@dataclass(frozen=True)
class Reporter:
    """Asks the scratch desk, and shifts its times to the days that were rehearsed."""

    house: House
    workspace: int
    street: Street
    shift: timedelta

    async def everything(self) -> dict[str, Any]:
        """The calendar, why sites waited, and whether the promises held."""
        found = await self.findings()
        return {
            "calendar": await self.calendar(),
            "waits": await self.waits(),
            "findings": found.facts,
        }

    async def calendar(self) -> list[dict[str, Any]]:
        """Every publication, by when it was planned."""
        rows = await self._rows(_CALENDAR)
        names = ("site", "timezone", "account", "platform", "title", "state", "error", "tries")
        return [
            {
                "at": row["planned_at"] + self.shift,
                "live_at": row["live_at"] and row["live_at"] + self.shift,
                "kind": "article" if row["is_article"] else "video",
                **{name: row[name] for name in names},
            }
            for row in rows
        ]

    async def waits(self) -> list[dict[str, Any]]:
        """When and why a site's auto mode waited."""
        return [{**row, "at": row["at"] + self.shift} for row in await self._rows(_WAITS)]

    async def findings(self) -> Findings:
        """Whether nothing was lost, nothing came twice, and every credit is accounted for."""
        found, now = Findings(), self.house.clock.now()
        per_platform: Counter[str] = Counter()
        posts = {"folder": self._in_folders(), "wordpress": self.street.marks("wordpress")}
        for row in await self._rows(_CALENDAR):
            found.publications += 1
            found.states[row["state"]] += 1
            per_platform[row["platform"]] += row["state"] == "live"
            key, told = row["key"].hex, posts.get(row["platform"])
            there = None if told is None else told[key[:8] if row["platform"] == "folder" else key]
            self._look(found, row, now, there)
        for name in {row for row in per_platform if row != "folder"}:
            shown = self.street.posts(name)
            if shown > per_platform[name]:
                found.wrong.append(f"{name} shows {shown} posts, and {per_platform[name]} count as live")
        async with self.house.store.everywhere() as session:
            for says, query in _LEDGER.items():
                if rows := list(await session.scalars(text(query))):
                    found.wrong.append(f"{says}: {rows[:3]}")
            found.wrong += [f"stuck: {one}" for one in await session.scalars(_STUCK)]
            if twice := await session.scalar(_TWICE, {"workspace": self.workspace}):
                found.wrong.append(f"{twice} pieces have two publications for one account")
            if twice := await session.scalar(_TWO_ORDERS):
                found.wrong.append(f"{twice} tasks were ordered twice")
        return found

    def _look(self, found: Findings, row: Mapping[str, Any], now: Any, posts: int | None) -> None:
        """Whether one that is live is there once, and one that was due is not lost."""
        what = f"“{row['title']}” on {row['account']}"
        if posts is None:
            # Such a post carries no mark of ours: the posts of the platform are counted as a whole.
            found.posts += row["state"] == "live"
        else:
            found.posts += posts
            if posts > 1:
                found.wrong.append(f"{what} came out {posts} times")
            if (row["state"] == "live") != (posts == 1):
                found.wrong.append(f"{what} is {row['state']}, and there {posts} times")
        if row["planned_at"] <= now and row["state"] in ("preparing", "committing", "ambiguous"):
            found.wrong.append(f"{what} was due, and is {row['state']}")
        if row["planned_at"] <= now and row["state"] == "queued" and not row["error"]:
            found.wrong.append(f"{what} was due, and waits without a reason")

    def _in_folders(self) -> Counter[str]:
        """How many posts the folders have, by how their keys begin."""
        root = Path(self.house.settings.data_dir) / "published"
        found = (one for one in root.glob("*/*/*-*") if one.parent.name != ".incoming")
        return Counter(one.name.rpartition("-")[2] for one in found)

    async def _rows(self, query: Any) -> list[Mapping[str, Any]]:
        async with self.house.store.everywhere() as session:
            found = await session.execute(query, {"workspace": self.workspace})
            return [dict(row) for row in found.mappings()]
