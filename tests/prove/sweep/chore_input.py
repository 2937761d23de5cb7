"""What the chores of an attempt find: feeds that are due, notices to tell, and much that is too old."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import psycopg
from sqlalchemy import text
from sweep.ground import IDLE, Ground, Input, order_for
from sweep.roles import settings
from sweep.small_web import SmallWeb

from nightdesk.bootstrap import House, open_house
from nightdesk.desk.notices.sending import address_place
from nightdesk.store.tables.notices import NoticeTarget
from retention.old_nights import old_run

if TYPE_CHECKING:
    from api.api_house import Tenant

KINDS = ("young", "unused", "stray")
"""The media files: one that something names, one whose row nobody needs any more, one without a row."""

_ROWS = """
    update sites set auto_mode = true, floor = 1 where workspace_id = {w} and id = {s};
    insert into topics (workspace_id, site_id, title, normal, source, status, last_seen_at, first_seen_at)
        select {w}, {s}, 'Old ' || n, 'old ' || n, 'rss', case when n = 3 then 'used' else 'new' end,
               now() - interval '400 days', now() - interval '400 days' from generate_series(1, 3) n;
    insert into topic_marks (workspace_id, site_id, mark, topic_id)
        select {w}, {s}, n, id from topics, generate_series(1, 14) n where normal like 'old %';
    insert into entries (workspace_id, site_id, topic_id, key, title)
        select {w}, {s}, id, normal, title from topics where normal like 'old %';
    insert into sites (workspace_id, slug, name, archived_at)
        values ({w}, 'gone', 'Gone', now() - interval '90 days');
    insert into keywords (workspace_id, site_id, phrase, normal)
        select {w}, id, 'p ' || n, 'p ' || n from sites, generate_series(1, 5) n where slug = 'gone';
    insert into notices (workspace_id, target_id, key, kind, title, body, status, due_at, made_at, ended_at)
        select {w}, id, 'old:1', 'test', 'Old', 'Old', 'sent', now() - interval '90 days',
               now() - interval '90 days', now() - interval '90 days' from notice_targets;
"""


def furnish(ground: Ground, web: SmallWeb, name: str) -> Path:
    """Makes the template; returns the folder with its media files."""
    with ground.connect() as admin:
        admin.execute(f"create database {name} template {IDLE}")
    order = {**order_for(ground.postgres, name, ground.folder), "allow": web.allowed}
    asyncio.run(_fill(order, ground.given, web))
    with ground.connect(name) as connection:
        connection.execute("analyze")
    return Path(order["folder"]) / "media"


async def _fill(order: dict[str, str], given: Input, web: SmallWeb) -> None:
    async with open_house(settings(order)) as house:
        await _nights(house, given)
        await _target(house, given, web)
        async with house.store.workspace(given.workspace) as session:
            for number in (1, 2, 3):
                facts = {"w": given.workspace, "s": given.site, "url": web.url(number)}
                await session.execute(
                    text("insert into feeds (workspace_id, site_id, url) values (:w, :s, :url)"), facts
                )
        await _files(house, given, Path(order["folder"]) / "media")
    url = order["database"].replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_ROWS.format(w=given.workspace, s=given.site).encode())


async def _nights(house: House, given: Input) -> None:
    tenant = cast("Tenant", given)
    items = {"keywords": [1, 2, 3], "tasks": [1], "images": [1]}
    for days, seed in ((400, 1), (20, 2)):
        ended = house.clock.now() - timedelta(days=days)
        await old_run(house, tenant, ended, items, seed=seed, batches=8)


async def _target(house: House, given: Input, web: SmallWeb) -> None:
    """One that wants to hear of runs that end and of credits, and one run's end that it has not heard of."""
    sealer = house.desk.notices.sending.sealer
    workspace = given.workspace
    async with house.store.workspace(workspace) as session:
        seen = await session.scalar(text("select max(id) from events"))
        target = NoticeTarget(
            workspace_id=workspace,
            wants=["run_finished", "credits_low"],
            credits_below=1_000_000,
            service="JSON",
            last_four="ooks",
            who="Ada",
            seen=seen,
            sealed="",
        )
        session.add(target)
        await session.flush()
        target.sealed = sealer.seal(web.receiver, address_place(workspace, target.id))
        await session.execute(
            text("""
                insert into events (workspace_id, site_id, run_id, type, message, data, at)
                select workspace_id, site_id, id, 'run_finished', 'Done.', '{"status": "completed"}', now()
                from runs where completed_at > now() - interval '30 days'
            """)
        )


async def _files(house: House, given: Input, media: Path) -> None:
    stored = {kind: await house.files.put(given.workspace, kind.encode(), "text/plain") for kind in KINDS}
    async with house.store.workspace(given.workspace) as session:
        for kind in ("young", "unused"):
            facts = {"w": given.workspace, "sha": stored[kind].sha256, "size": stored[kind].size}
            unused = "null" if kind == "young" else "now() - interval '3 days'"
            row = f"(:w, :sha, 'text/plain', :size, {unused})"
            await session.execute(
                text(f"insert into assets (workspace_id, sha256, mime, size, unused_since) values {row}"),
                facts,
            )
        facts = {"w": given.workspace, "s": given.site, "logo": stored["young"].sha256}
        await session.execute(
            text("""update sites set brand = jsonb_build_object('logo', cast(:logo as text))
                    where workspace_id = :w and id = :s"""),
            facts,
        )
    old = house.clock.now().timestamp() - 5 * 86_400
    for path in media.rglob("*"):
        if path.is_file():
            os.utime(path, (old, old))
