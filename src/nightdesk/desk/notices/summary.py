"""What a workspace's day came to, for the summary that is sent once a day."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.notices.wording import Day

_DAY = text("""
    select
      (select count(*) from runs where workspace_id = :w and completed_at > :since and completed_at <= :until)
        as completed,
      (select count(*) from runs where workspace_id = :w and cancelled_at > :since and cancelled_at <= :until)
        as cancelled,
      (select count(*) from contents where workspace_id = :w and created_at > :since and created_at <= :until)
        as written,
      (select count(*) from events where workspace_id = :w and type = 'job_completed'
       and data ->> 'status' = 'ready_for_review' and at > :since and at <= :until) as filmed,
      (select count(*) from contents where workspace_id = :w and status in ('approved', 'published')
       and reviewed_at > :since and reviewed_at <= :until)
      + (select count(*) from videos where workspace_id = :w and status in ('approved', 'published')
       and reviewed_at > :since and reviewed_at <= :until) as approved,
      (select count(*) from contents c join sites s on s.workspace_id = c.workspace_id and s.id = c.site_id
       where c.workspace_id = :w and c.state = 'review' and s.archived_at is null)
      + (select count(*) from videos v join sites s on s.workspace_id = v.workspace_id and s.id = v.site_id
       where v.workspace_id = :w and v.state = 'review' and s.archived_at is null) as waiting,
      (select count(*) from publications where workspace_id = :w and state = 'live'
       and live_at > :since and live_at <= :until) as live,
      (select count(*) from publications where workspace_id = :w and state = 'held') as held,
      (select count(*) from publications where workspace_id = :w and state = 'queued'
       and planned_at <= :until + interval '24 hours') as planned,
      (select coalesce(sum(case kind when 'charge' then amount else -amount end), 0) from credit_transfers
       where workspace_id = :w and kind in ('charge', 'adjust') and at > :since and at <= :until) as credits,
      (select coalesce(sum(usd), 0) from provider_calls
       where workspace_id = :w and at > :since and at <= :until) as usd,
      (select coalesce(sum(balance), 0) from credit_accounts
       where workspace_id = :w and kind in ('wallet', 'held')) as "left"
""")
_STOPPED = text("""
    select s.name, r.error_message from runs r
    join sites s on s.workspace_id = r.workspace_id and s.id = r.site_id
    where r.workspace_id = :w and r.status = 'paused' and r.pause_reason <> 'asked' and s.archived_at is null
    order by r.paused_at limit 10
""")

_WAITING = text("""
    select s.name, p.says from pilots p
    join sites s on s.workspace_id = p.workspace_id and s.id = p.site_id
    where p.workspace_id = :w and p.reason <> '' and s.auto_mode and s.archived_at is null
    order by s.name limit 10
""")


async def of_day(
    session: AsyncSession, workspace_id: int, since: datetime, until: datetime, zone: str
) -> Day:
    """What happened after `since` and until `until`, and what waits now."""
    facts = {"w": workspace_id, "since": since, "until": until}
    row = (await session.execute(_DAY, facts)).one()
    stopped = (await session.execute(_STOPPED, {"w": workspace_id})).all()
    waiting = (await session.execute(_WAITING, {"w": workspace_id})).all()
    return Day(
        until=until,
        zone=zone,
        completed=row.completed,
        cancelled=row.cancelled,
        stopped=[f"The run of {name} is paused: {why or 'it does not say why.'}" for name, why in stopped],
        by_itself=[f"Auto mode of {name} waits: {why}" for name, why in waiting],
        written=row.written + row.filmed,
        approved=row.approved,
        waiting=row.waiting,
        credits=int(row.credits),
        usd=row.usd,
        left=int(row.left),
        live=row.live,
        held=row.held,
        planned=row.planned,
    )
