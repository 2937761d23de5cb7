"""Has a piece that goes out lead to the other form of its idea, where that is out already."""

import html
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.http.addresses import apart
from nightdesk.store.tables.publishing import Publication

MOST_BYTES = 4500
"""Of a description with its link; YouTube takes 5,000, and what a publisher adds needs room."""

READ_THERE = ("wordpress", "folder")
DESCRIBED_THERE = ("youtube", "folder")
"""Where a link in a description leads somewhere; the other platforms show it as plain text, of which X has
280 characters."""

# Only what anybody can open: nothing that its account leaves as a draft, or that is private there.
_OTHER = text("""
    with pair as (
        select t.task_id, t.video_id from twins t
        left join contents c on c.workspace_id = t.workspace_id and c.task_id = t.task_id
        where t.workspace_id = :workspace and (c.id = :content or t.video_id = :video))
    select p.title, p.url from pair
    left join contents c on c.workspace_id = :workspace and c.task_id = pair.task_id
    join publications p on p.workspace_id = :workspace and p.state = 'live'
        and (case when cast(:video as bigint) is null then p.video_id = pair.video_id
             else p.content_id = c.id end)
    join accounts a on a.workspace_id = :workspace and a.id = p.account_id
    left join account_sites s on s.workspace_id = :workspace and s.account_id = a.id and s.site_id = p.site_id
    where p.url like 'http%'
      and coalesce(a.config ->> 'status', 'publish') = 'publish'
      and coalesce(p.options ->> 'privacy', s.options ->> 'privacy', a.config ->> 'privacy', 'public')
          <> 'private'
    order by a.platform not in ('youtube', 'wordpress'), p.live_at, p.id limit 1
""")


@dataclass(frozen=True)
class Link:
    """Where the other form is to be found, and what it is called."""

    title: str
    url: str


async def other_form(session: AsyncSession, row: Publication) -> Link | None:
    """The other form of what goes out, where it is out for all to see."""
    facts = {"workspace": row.workspace_id, "content": row.content_id, "video": row.video_id}
    found = (await session.execute(_OTHER, facts)).one_or_none()
    parts = apart(found.url) if found is not None else None
    if found is None or parts is None or parts.scheme not in ("http", "https"):
        return None
    return Link(found.title or found.url, found.url)


def led_on(facts: dict[str, Any], link: Link | None, platform: str) -> dict[str, Any]:
    """The facts of a piece with the link in its text, where the platform has a place for it.

    Without words of its own, so that it needs no translation.
    """
    if link is None:
        return facts
    if facts["kind"] == "article" and platform in READ_THERE:
        led = f'<p><a href="{html.escape(link.url)}">▶ {html.escape(link.title)}</a></p>'
        return facts | {"html": f"{facts['html']}\n{led}"}
    if facts["kind"] == "video" and platform in DESCRIBED_THERE:
        led = f"{facts['text']}\n\n{link.title}\n{link.url}".strip()
        return facts | {"text": led} if len(led.encode()) <= MOST_BYTES else facts
    return facts
