"""Auto mode waits when something says so, tells why in words, and goes on by itself where that is safe."""

from dataclasses import replace
from datetime import timedelta

import pytest

from autopilot.one_night import SERIOUS, Night
from nightdesk.engine.timetable import Timetable
from nightdesk.store import ledger
from nightdesk.store.tables.automation import LineConfig
from nightdesk.store.tables.publishing import Account
from nightdesk.store.tables.runs import Batch, Run

TOPICS = tuple(f"Story {n} of the orchard" for n in range(9))


async def spend(night: Night, credits: int) -> None:
    """As a run of today that took so many."""
    await night.house.desk.runs.run_now(night.tenant.workspace, night.tenant.site, "article")
    run = (await night.runs())[-1]
    async with night.house.store.workspace(night.tenant.workspace) as session:
        facts = {"line": "article", "step": "content", "stage": 4, "queue": "ai", "status": "done"}
        session.add(
            Batch(
                workspace_id=night.tenant.workspace,
                run_id=run.id,
                site_id=night.tenant.site,
                charged=credits,
                ended_at=night.clock.now(),
                **facts,
            )
        )
        row = await session.get_one(Run, (night.tenant.workspace, run.id))
        row.status, row.completed_at = "completed", night.clock.now()


async def test_it_waits_while_all_publishing_is_stopped_and_books_nothing(night: Night) -> None:
    await night.topics(*TOPICS)
    await night.approved()
    await night.house.desk.publishing.stop(night.by)
    await night.round()
    assert (await night.stands())[0] == "stopped"
    assert (await night.publications(), await night.orders()) == ([], [])
    await night.house.desk.publishing.resume(night.by)
    await night.round()
    assert await night.stands() == ("", "")
    assert (len(await night.publications()), len(await night.orders())) == (1, 1)


async def test_it_waits_for_credits_and_goes_on_when_they_are_granted(night: Night) -> None:
    await night.topics(*TOPICS)
    async with night.house.store.workspace(night.tenant.workspace) as session:
        wallet = (await ledger.balances(session, night.tenant.workspace)).wallet
    await take(night, wallet - 3)
    await night.round()
    reason, says = await night.stands()
    assert reason == "credits"
    assert says.startswith("3 credits are left, and a piece wants")
    assert await night.orders() == []
    await night.house.desk.credits.grant(night.tenant.workspace, 100, "more")
    await night.round()
    assert await night.stands() == ("", "")
    assert len(await night.orders()) == 2
    (told,), (went_on,) = await night.told("autopilot_paused"), await night.told("autopilot_resumed")
    assert told.startswith("Auto mode of Alice's site waits: 3 credits")
    assert went_on == "Auto mode of Alice's site goes on."


async def take(night: Night, credits: int) -> None:
    """So many credits are set aside for something else."""
    async with night.house.store.workspace(night.tenant.workspace) as session:
        await ledger.hold(session, night.tenant.workspace, "elsewhere", credits, None, None)


async def test_the_budget_of_a_day_is_kept_and_the_next_day_begins_anew(night: Night) -> None:
    await night.topics(*TOPICS)
    await night.site(day_budget=12)
    await spend(night, 8)
    await night.round()
    reason, says = await night.stands()
    assert reason == "budget"
    assert says.startswith("Of 12 credits a day 8 are spent")
    assert await night.orders() == []
    await night.round(minutes=24 * 60)
    assert await night.stands() == ("", "")
    assert len(await night.orders()) == 1, "a day's budget pays for one piece"


async def test_a_piece_dearer_than_allowed_is_not_ordered(night: Night) -> None:
    await night.topics(*TOPICS)
    await night.site(piece_budget=2)
    await night.round()
    reason, says = await night.stands()
    assert reason == "piece_budget"
    assert "the prices of its stages: 1000 words 2, image prompts 2, 3 pictures" in says
    assert await night.orders() == []


async def test_it_waits_for_an_account_that_needs_a_person(night: Night) -> None:
    await night.topics(*TOPICS)
    await night.change(Account, night.account, status="expired", says="Its password was changed.")
    await night.round()
    reason, says = await night.stands()
    assert (reason, await night.orders()) == ("account", [])
    assert says.startswith("“Out” cannot be published to: Its password was changed.")
    await night.change(Account, night.account, status="connected")
    await night.round()
    assert (await night.stands())[0] == ""


async def test_it_waits_for_an_account_at_all(night: Night) -> None:
    await night.house.desk.auto_modes.standings.choose_accounts(night.by, night.tenant.site, [])
    await night.topics(*TOPICS)
    await night.round()
    assert (await night.stands())[0] == "account"


async def test_a_disk_that_is_full_makes_it_wait(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    await night.topics(*TOPICS)
    full = replace(night.pilot.judging, files=_Full(night.house.files))
    await replace(night.pilot, judging=full).round()
    assert (await night.stands())[0] == "disk"
    await night.round()
    assert (await night.stands())[0] == ""


class _Full:
    def __init__(self, files: object) -> None:
        self.files = files

    def free(self) -> int:
        return -1


async def test_three_failed_pieces_in_a_row_wait_for_a_person(night: Night) -> None:
    await night.topics(*TOPICS)
    bad = {"grounding": {"findings": [SERIOUS]}}
    await night.article()
    for _ in range(3):
        await night.article(checks=bad)
    await night.round()
    reason, says = await night.stands()
    assert reason == "quality"
    assert "A figure is contradicted." in says
    await night.article()
    await night.round(minutes=600)
    assert (await night.stands())[0] == "quality", "it went on by itself"
    await night.house.desk.auto_modes.standings.resume(night.by, night.tenant.site)
    await night.round()
    assert (await night.stands())[0] == ""


async def test_two_failed_pieces_are_no_reason_to_wait(night: Night) -> None:
    bad = {"grounding": {"findings": [SERIOUS]}}
    await night.article(checks=bad)
    await night.article()
    await night.article(checks=bad)
    await night.article(checks=bad)
    await night.round()
    assert (await night.stands())[0] == ""


async def test_its_schedule_starts_nothing_while_it_waits_for_quality_or_budget(night: Night) -> None:
    of, now = night.tenant.workspace, night.clock.now()
    await night.house.desk.niches.shelf.change(of, night.tenant.site, {"auto_mode": True})
    await night.topics(*TOPICS)
    await night.site(piece_budget=1)
    await night.round()
    timetable = Timetable(night.house.store, night.house.upkeep, night.clock, "test")
    due = await night.rows(LineConfig, LineConfig.line)
    night.clock.move((due[0].next_run_at - now + timedelta(minutes=1)).total_seconds())
    await timetable.tick()
    assert await night.runs() == []
    await night.site(piece_budget=0)
    await night.round()
    await timetable.tick()
    assert [run.line for run in await night.runs()] == ["article"]


async def test_a_paused_run_is_told_of_and_nothing_is_begun_beside_it(night: Night) -> None:
    await night.topics(*TOPICS)
    await night.round()
    (run,) = await night.runs()
    await night.house.desk.runs.pause(night.tenant.workspace, run.id)
    async with night.house.store.workspace(night.tenant.workspace) as session:
        row = await session.get_one(Run, (night.tenant.workspace, run.id))
        row.status, row.error_message = "paused", "The key of openai was refused."
    await night.round()
    reason, says = await night.stands()
    assert reason == "run"
    assert "The key of openai was refused." in says


async def test_a_site_without_topics_says_so(night: Night) -> None:
    await night.round()
    reason, says = await night.stands()
    assert reason == "topics"
    assert "no unused topic left" in says
    assert await night.runs() == []
