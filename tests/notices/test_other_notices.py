"""Held publications, accounts that end, auto mode that waits and budgets: each told once, with its page."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.notices import KINDS, Outbox, Wording
from nightdesk.desk.webhooks import EVENTS
from nightdesk.faces.web.settings_notices import SAYS
from nightdesk.kit.clock import SetClock
from nightdesk.store.session import WIDE_ROLE, plain_address
from nightdesk.store.tables.notices import Notice, NoticeTarget
from nightdesk.store.tables.publishing import Account, Publication
from notices.notice_rows import add_target, tell

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ADDRESS = "ntfy://canary-4711-topic"


async def told(house: House, tenant: Tenant, now: datetime = NOW) -> list[Notice]:
    """What stands in the outbox after several processes have filled it several times."""
    outbox = Outbox(
        house.store, SetClock(now), plain_address(house.store.url, WIDE_ROLE), Wording("https://desk.example")
    )
    for _ in range(2):
        await asyncio.gather(*(outbox.fill() for _ in range(2)))
    async with house.store.workspace(tenant.workspace) as session:
        return list(await session.scalars(select(Notice).order_by(Notice.id)))


async def publication(house: House, tenant: Tenant, **facts: Any) -> int:
    async with house.store.workspace(tenant.workspace) as session:
        new = insert(Account).values(workspace_id=tenant.workspace, platform="x", name="@desk")
        account = (await session.execute(new.returning(Account.id))).scalar_one()
        row = {"site_id": tenant.site, "account_id": account, "revision": 1, "title": "Why compost steams"}
        row |= {"key": uuid.uuid4(), "planned_at": NOW, "due_at": NOW, **facts}
        made = insert(Publication).values(workspace_id=tenant.workspace, **row)
        return (await session.execute(made.returning(Publication.id))).scalar_one()


@pytest.mark.parametrize(
    ("state", "title", "then"),
    [
        ("held", "“Why compost steams” is held", "Nothing is sent again until somebody has looked"),
        ("rejected", "“Why compost steams” was refused", "Nothing of it is out."),
        ("live", "", ""),
        ("queued", "", ""),
    ],
)
async def test_a_publication_that_waits_for_a_person_is_told_once_and_no_other(
    house: House, alice: Tenant, state: str, title: str, then: str
) -> None:
    await add_target(house, alice, ADDRESS, "held")
    await add_target(house, alice, ADDRESS, "run_stopped")
    number = await publication(house, alice, state=state)
    says, data = "X answered 500 after it had everything.", {"publication_id": number, "state": state}
    await tell(house, alice, NOW, type="publication_changed", message=says, data=data)
    found = await told(house, alice)
    assert [one.title for one in found] == ([title] if title else [])
    for one in found:
        assert (one.kind, one.body.splitlines()[0]) == ("held", says)
        assert then in one.body
        assert one.body.endswith(f"https://desk.example/publications/{number}")


@pytest.mark.parametrize(
    ("reason", "wants", "kind"),
    [
        ("disk", ["auto_mode"], "auto_mode"),
        ("budget", ["auto_mode"], "auto_mode"),
        ("budget", ["budget"], "budget"),
        ("credits", ["auto_mode", "budget"], "budget"),
        ("disk", ["budget"], ""),
        ("budget", ["run_stopped"], ""),
    ],
)
async def test_auto_mode_that_waits_is_told_as_what_the_target_asked_for(
    house: House, alice: Tenant, reason: str, wants: list[str], kind: str
) -> None:
    await add_target(house, alice, ADDRESS, *wants)
    says = "Auto mode of Alice's site waits: 3 credits are left."
    await tell(house, alice, NOW, type="autopilot_paused", message=says, data={"reason": reason})
    await tell(house, alice, NOW, type="autopilot_resumed", message="It goes on.")
    found = await told(house, alice)
    assert [one.kind for one in found] == ([kind] if kind else [])
    for one in found:
        assert one.title == "Alice's site: auto mode waits"
        assert one.body.splitlines()[0] == says
        assert "/sites/" in one.body.splitlines()[-1]


async def test_an_account_that_ends_is_told_with_its_page_and_one_that_was_looked_at_is_not(
    house: House, alice: Tenant
) -> None:
    await add_target(house, alice, ADDRESS, "account")
    ends = {"account_id": 7, "status": "connected", "tells": 1}
    said = "The log-in of “@desk” ends in 6 days."
    await tell(house, alice, NOW, type="account_changed", message=said, data=ends)
    looked = {"account_id": 7, "status": "connected"}
    await tell(house, alice, NOW, type="account_changed", message="“@desk” is connected.", data=looked)
    over = {"account_id": 7, "status": "expired", "tells": 4}
    await tell(house, alice, NOW, type="account_changed", message="“@desk” is disconnected: gone.", data=over)
    first, second = await told(house, alice)
    assert first.body.splitlines()[0] == said
    assert "before that" in first.body
    assert "kept, and goes out once it is connected again" in second.body
    assert second.body.endswith("https://desk.example/accounts/7")


async def test_the_summary_tells_what_went_out_what_is_planned_and_what_is_held(
    house: House, alice: Tenant
) -> None:
    number = await add_target(house, alice, ADDRESS, "summary")
    await publication(house, alice, state="live", live_at=NOW - timedelta(hours=3))
    await publication(house, alice, state="live", live_at=NOW - timedelta(hours=30))
    await publication(house, alice, planned_at=NOW + timedelta(hours=5))
    await publication(house, alice, planned_at=NOW + timedelta(hours=50))
    await publication(house, alice, state="held")
    async with house.store.workspace(alice.workspace) as session:
        await session.execute(text("update sites set auto_mode = true where id = :s"), {"s": alice.site})
        waits = "insert into pilots (workspace_id, site_id, reason, says) values (:w, :s, 'disk', 'No room.')"
        await session.execute(text(waits), {"w": alice.workspace, "s": alice.site})
        mine = NoticeTarget.id == number
        await session.execute(update(NoticeTarget).where(mine).values(summary_at=NOW))
    (one,) = await told(house, alice, NOW)
    assert "1 piece went out, and 1 piece planned for the next 24 hours." in one.body
    assert "1 publication is held until a person has looked." in one.body
    assert "Auto mode of Alice's site waits: No room." in one.body


def test_each_kind_of_notice_is_offered_on_the_page_with_what_it_is() -> None:
    assert list(SAYS) == list(KINDS)
    assert {"account.lost", "autopilot.waiting", "budget.reached", "publication.held"} <= EVENTS.keys()
