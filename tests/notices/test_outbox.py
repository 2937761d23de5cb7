"""What happens becomes notices: each once for each target that wants it, none before it was added."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text, update

from api.api_house import Tenant
from api.rows import add_chain
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.notices import Outbox, Wish, Wording
from nightdesk.desk.notices.sending import address_place
from nightdesk.desk.people import Operator
from nightdesk.desk.resealing import reseal_all
from nightdesk.kit import ids
from nightdesk.kit.clock import SetClock, SystemClock
from nightdesk.kit.sealing import Sealer
from nightdesk.store import ledger
from nightdesk.store.session import WIDE_ROLE, plain_address
from nightdesk.store.tables.money import CreditAccount
from nightdesk.store.tables.notices import Notice, NoticeTarget
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site
from notices.notice_rows import add_target

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ADDRESS = "ntfy://canary-4711-topic"


def outbox(house: House, now: datetime = NOW) -> Outbox:
    url = plain_address(house.store.url, WIDE_ROLE)
    return Outbox(house.store, SetClock(now), url, Wording("https://desk.example"))


async def target(house: House, tenant: Tenant, *wants: str, **wish: Any) -> int:
    return await add_target(house, tenant, ADDRESS, *wants, **wish)


async def notices(house: House, tenant: Tenant) -> list[Notice]:
    async with house.store.workspace(tenant.workspace) as session:
        return list(await session.scalars(select(Notice).order_by(Notice.id)))


async def run(house: House, tenant: Tenant) -> UUID:
    number = ids.sortable_id(SystemClock())
    mine = {"workspace_id": tenant.workspace, "site_id": tenant.site, "id": number, "line": "article"}
    async with house.store.workspace(tenant.workspace) as session:
        await session.execute(insert(Run).values(**mine, trigger_type="manual", started_at=NOW))
    return number


async def end(house: House, tenant: Tenant, number: UUID, *, pause: tuple[str, str] | None = None) -> None:
    """Ends the run as the engine does, or pauses it for that reason with that message."""
    runner = house.control.runner
    async with house.store.workspace(tenant.workspace) as session:
        row = await session.get_one(Run, (tenant.workspace, number))
        if pause is not None:
            await runner.pause(session, row, *pause)
        else:
            site = await session.get_one(Site, (tenant.workspace, tenant.site))
            row.position = len(runner.lines["article"].stages) - 1
            await runner.advance(session, row, site)


async def test_a_run_that_is_complete_is_told_once_with_the_link_to_its_page(
    house: House, alice: Tenant
) -> None:
    await target(house, alice, "run_finished")
    number = await run(house, alice)
    await end(house, alice, number)
    for _ in range(2):
        await asyncio.gather(*(outbox(house).fill() for _ in range(3)))
    (one,) = await notices(house, alice)
    assert (one.kind, one.title) == ("run_finished", "Alice's site: the run is complete")
    assert one.body.endswith(f"https://desk.example/runs/{number}")
    assert "0 credits" in one.body


async def test_pieces_at_the_gate_are_told_once_for_a_run_and_not_where_it_left_none(
    house: House, alice: Tenant
) -> None:
    await target(house, alice, "review")
    await end(house, alice, await run(house, alice))
    await outbox(house).fill()
    assert await notices(house, alice) == []
    number = await run(house, alice)
    for name in ("one", "two", "three"):
        made = await add_chain(house, alice, name=name)
        async with house.store.workspace(alice.workspace) as session:
            mine = {"r": number, "c": made.content}
            await session.execute(text("update contents set last_run = :r where id = :c"), mine)
    await end(house, alice, number)
    await outbox(house).fill()
    (one,) = await notices(house, alice)
    assert one.title == "Alice's site: 3 pieces for review"
    assert one.body.endswith("https://desk.example/review")


@pytest.mark.parametrize(
    ("reason", "told"), [("needs_person", 1), ("insufficient_credits", 1), ("disk_low", 1), ("asked", 0)]
)
async def test_a_run_that_needs_a_person_is_told_but_not_one_that_a_person_paused(
    house: House, alice: Tenant, reason: str, told: int
) -> None:
    await target(house, alice, "run_stopped")
    await end(house, alice, await run(house, alice), pause=(reason, "The key of `openai` has expired."))
    await outbox(house).fill()
    found = await notices(house, alice)
    assert [one.kind for one in found] == ["run_stopped"] * told
    assert all("The key of `openai` has expired." in one.body for one in found)


async def test_a_target_hears_nothing_of_what_was_before_it_or_of_what_it_does_not_want(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    await end(house, alice, await run(house, alice))
    await target(house, alice, "run_finished")
    await target(house, alice, "run_stopped")
    await target(house, bob, "run_finished")
    await outbox(house).fill()
    assert (await notices(house, alice), await notices(house, bob)) == ([], [])
    await end(house, alice, await run(house, alice))
    await outbox(house).fill()
    assert (len(await notices(house, alice)), await notices(house, bob)) == (1, [])


async def test_an_event_that_commits_late_is_not_passed_over(house: House, alice: Tenant) -> None:
    await target(house, alice, "run_finished")
    first, second = await run(house, alice), ids.sortable_id(SystemClock())
    async with house.store.workspace(alice.workspace) as slow:
        row = await slow.get_one(Run, (alice.workspace, first))
        row.status, row.completed_at = "completed", NOW
        await house.control.runner.note(slow, row, "The run is complete.", type="run_finished")
        await slow.flush()
        other = {"workspace_id": alice.workspace, "site_id": alice.site, "id": second, "line": "video"}
        async with house.store.workspace(alice.workspace) as quick:
            new = insert(Run).values(**other, trigger_type="manual", started_at=NOW, status="completed")
            await quick.execute(new)
            done = await quick.get_one(Run, (alice.workspace, second))
            await house.control.runner.note(quick, done, "The run is complete.", type="run_finished")
        filling = asyncio.create_task(outbox(house).fill())
        await asyncio.sleep(0.3)
        assert await notices(house, alice) == []
    await filling
    await outbox(house).fill()
    assert len(await notices(house, alice)) == 2


async def test_low_credits_are_told_once_and_again_after_they_were_granted(
    house: House, alice: Tenant
) -> None:
    await target(house, alice, "credits_low", credits_below=500)

    async def left(credits: int) -> None:
        async with house.store.workspace(alice.workspace) as session:
            wallet = (CreditAccount.workspace_id == alice.workspace, CreditAccount.kind == "wallet")
            await session.execute(update(CreditAccount).where(*wallet).values(balance=credits))

    for credits, told in ((600, 0), (499, 1), (300, 1), (500, 1), (10, 2)):
        await left(credits)
        for second in range(2):
            await outbox(house, NOW + timedelta(seconds=credits * 10 + second)).fill()
        assert len(await notices(house, alice)) == told, credits
    assert "10 credits are left" in (await notices(house, alice))[-1].title


async def test_credits_that_are_held_are_not_low_yet(house: House, alice: Tenant) -> None:
    await target(house, alice, "credits_low", credits_below=500)
    async with house.store.workspace(alice.workspace) as session:
        await ledger.hold(session, alice.workspace, "batch:1", 9_900, None, None)
    await outbox(house).fill()
    assert await notices(house, alice) == []


async def test_a_day_is_summed_up_at_its_hour_and_once_however_many_were_missed(
    house: House, alice: Tenant
) -> None:
    number = await target(house, alice, "summary", hour=7, timezone="America/New_York")
    async with house.store.workspace(alice.workspace) as session:
        due = datetime(2026, 11, 20, 12, tzinfo=UTC)
        mine = NoticeTarget.id == number
        await session.execute(update(NoticeTarget).where(mine).values(summary_at=due))
    early, late = datetime(2026, 11, 20, 11, 59, tzinfo=UTC), datetime(2026, 11, 23, 15, tzinfo=UTC)
    await outbox(house, early).fill()
    assert await notices(house, alice) == []
    for _ in range(2):
        await outbox(house, late).fill()
    (one,) = await notices(house, alice)
    assert (one.kind, one.key) == ("summary", "day:2026-11-20")
    assert "nothing ran" in one.body
    async with house.store.workspace(alice.workspace) as session:
        following = await session.scalar(select(NoticeTarget.summary_at).where(mine))
    assert following == datetime(2026, 11, 24, 12, tzinfo=UTC)


async def test_an_address_is_sealed_shown_by_its_end_and_out_of_anothers_reach(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    wish = Wish(["run_finished"])
    number = (await house.desk.notices.add(Operator(alice.workspace), ADDRESS, wish)).id
    (shown,) = await house.desk.notices.targets(alice.workspace)
    assert (shown.service, shown.last_four) == ("ntfy", "…opic")
    async with house.store.workspace(alice.workspace) as session:
        row = (await session.execute(text("select t.*::text from notice_targets t"))).scalar_one()
    assert "canary" not in row
    for act in (
        house.desk.notices.remove(Operator(bob.workspace), number),
        house.desk.notices.test(Operator(bob.workspace), number),
        house.desk.notices.change(Operator(bob.workspace), number, Wish(["review"])),
    ):
        with pytest.raises(NotFound):
            await act
    assert await house.desk.notices.targets(bob.workspace) == []


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish([]), "wants"),
        (Wish(["everything"]), "wants"),
        (Wish(["review"], hour=24), "hour"),
        (Wish(["review"], timezone="Mars/Base"), "timezone"),
        (Wish(["review"], credits_below=0), "credits_below"),
    ],
)
async def test_a_wish_that_cannot_be_is_told_at_its_field(
    house: House, alice: Tenant, wish: Wish, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await house.desk.notices.add(Operator(alice.workspace), ADDRESS, wish)
    assert refused.value.field == field


async def test_an_address_is_sealed_anew_after_a_change_of_key(house: House, alice: Tenant) -> None:
    number = await target(house, alice, "review")
    old, new = "0123456789abcdef0123456789abcdef", "another-key-of-at-least-32-characters"
    await reseal_all(house.store, Sealer([new, old]))
    async with house.store.workspace(alice.workspace) as session:
        sealed = await session.scalar(select(NoticeTarget.sealed).where(NoticeTarget.id == number))
    assert Sealer([new]).open(str(sealed), address_place(alice.workspace, number)) == ADDRESS
    await reseal_all(house.store, Sealer([old, new]))
