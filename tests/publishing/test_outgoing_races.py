"""What comes between a publication and its platform: a switch, a change, a lost process, a busy database."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from nightdesk.desk.accounts import AccountChanges
from nightdesk.desk.publishing import Composer, Wish, still_approved
from nightdesk.engine.outgoing import Outgoing, OutgoingMeans, Sender, claims
from nightdesk.kit.endings import Later, Refused, Waits
from nightdesk.publisher import Piece, Record, Token, Unclear
from nightdesk.store.tables.publishing import Account, Publication
from nightdesk.store.tables.videos import Video
from publishing.one_platform import Ground, OnBoard, fails

PATIENCE = 30.0


class Slow(OnBoard):
    """A platform at which every step waits until the test lets it go on."""

    def __init__(self, board: Any) -> None:
        super().__init__(board)
        self.prepares, self.commits = asyncio.Event(), asyncio.Event()
        self.goes_on = asyncio.Event()

    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        self.prepares.set()
        await self.goes_on.wait()
        return await super().prepare(piece, token, record)


class SlowToCommit(Slow):
    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        return await OnBoard.prepare(self, piece, token, record)

    async def commit(self, piece: Piece, token: Token | None, record: Record) -> Any:
        self.commits.set()
        await self.goes_on.wait()
        return await super().commit(piece, token, record)


class Breaks(OnBoard):
    """A publisher with a mistake in it."""

    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        raise KeyError("nobody foresaw this")

    async def look_up(self, piece: Piece, token: Token | None, record: Record) -> Any:
        raise KeyError("nor this")


def _sender(ground: Ground, publisher: OnBoard, **more: Any) -> Sender:
    async def opening(_: Any) -> Any:
        return publisher

    return replace(ground.sender(), opening=opening, **more)


def _outgoing(sender: Sender) -> Outgoing:
    return Outgoing(OutgoingMeans(sender, "the slow one", {}))


@contextlib.asynccontextmanager
async def _under_way(sending: Any, reached: asyncio.Event) -> AsyncIterator[asyncio.Task[Any]]:
    task = asyncio.create_task(sending)
    try:
        async with asyncio.timeout(PATIENCE):
            await reached.wait()
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _until(found: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await found():
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("switch", ["the whole desk", "its account"])
async def test_what_is_stopped_while_it_is_made_ready_does_not_go_out(ground: Ground, switch: str):
    desk, slow = ground.house.desk, Slow(ground.board)
    number = await ground.wished()
    async with _under_way(_outgoing(_sender(ground, slow)).send_due(), slow.prepares) as sending:
        if switch == "the whole desk":
            await desk.publishing.stop(ground.by)
        else:
            await desk.accounts.change(ground.by, ground.account, AccountChanges(paused=True))
        slow.goes_on.set()
        await asyncio.wait_for(sending, PATIENCE)
    row = await ground.row(number)
    assert (row.state, row.code, ground.board.posts) == ("queued", "stopped", [])
    assert (await ground.sent(number, 2, 60)).state == "queued"
    await desk.publishing.resume(ground.by)
    await desk.accounts.change(ground.by, ground.account, AccountChanges(paused=False))
    assert (await ground.sent(number)).state == "live"


async def test_what_was_found_due_before_the_switch_was_pulled_is_not_taken(ground: Ground):
    number = await ground.wished()
    await ground.house.desk.publishing.stop(ground.by)
    async with ground.house.store.workspace(ground.tenant.workspace) as session:
        now = ground.clock.now()
        assert await claims.take(session, ground.tenant.workspace, number, "one", now, {}) is None
    assert (await ground.row(number)).state == "queued"
    await ground.house.desk.publishing.resume(ground.by)
    assert (await ground.sent(number)).state == "live"


async def test_what_is_changed_while_it_is_made_ready_does_not_go_out(ground: Ground):
    slow = Slow(ground.board)
    number = await ground.wished()
    sender = _sender(ground, slow)
    sender = replace(sender, settling=replace(sender.settling, approved=still_approved))
    async with _under_way(_outgoing(sender).send_due(), slow.prepares) as sending:
        await _changed(ground, number)
        slow.goes_on.set()
        await asyncio.wait_for(sending, PATIENCE)
    row = await ground.row(number)
    assert (row.state, ground.board.posts) == ("rejected", [])
    assert "not approved any more" in row.error


async def test_what_may_be_out_is_looked_for_though_its_piece_was_changed_since(ground: Ground):
    ground.board.commits.append(fails(Unclear("The line broke."), taken=True))
    number = await ground.wished()
    assert (await ground.sent(number)).state == "ambiguous"
    await _changed(ground, number)
    ground.clock.move(6)
    compose = Composer(ground.house.store, ground.house.files).compose
    await _outgoing(replace(ground.sender(), composing=compose)).send_due()
    row = await ground.row(number)
    assert (row.state, row.remote_id) == ("live", "found")


async def _changed(ground: Ground, number: int) -> None:
    workspace = ground.tenant.workspace
    async with ground.house.store.workspace(workspace) as session:
        row = await session.get_one(Publication, (workspace, number))
        video = await session.get_one(Video, (workspace, row.video_id))
        video.revision, video.status = video.revision + 1, "review"


async def test_a_database_that_is_busy_for_a_while_ends_no_lease(ground: Ground):
    slow = Slow(ground.board)
    number = await ground.wished()
    sender = _sender(ground, slow, beat=0.2)
    async with _under_way(_outgoing(sender).send_due(), slow.prepares) as sending:
        async with ground.house.store.workspace(ground.tenant.workspace) as session:
            of_it = (ground.tenant.workspace, number)
            held = await session.get_one(Publication, of_it, with_for_update=True)
            before = held.until
            # Longer than anything waits for a lock.
            await asyncio.sleep(3.5)

        async def renewed() -> bool:
            row = await ground.row(number)
            return row.until is not None and before is not None and row.until > before + timedelta(seconds=3)

        await _until(renewed)
        slow.goes_on.set()
        await asyncio.wait_for(sending, PATIENCE)
    assert (await ground.row(number)).state == "live"


async def test_a_database_that_is_busy_breaks_off_nothing_that_is_on_its_way(ground: Ground, caplog: Any):
    slow = SlowToCommit(ground.board)
    number = await ground.wished()
    async with _under_way(_outgoing(_sender(ground, slow)).send_due(), slow.commits) as sending:
        async with ground.house.store.everywhere() as session:
            await session.execute(text("lock table publications in access exclusive mode"))

            async def noticed() -> bool:
                return sending.done() or "outgoing.not_looked" in caplog.text

            await _until(noticed)
        assert not sending.done()
        slow.goes_on.set()
        await asyncio.wait_for(sending, PATIENCE)
    assert ((await ground.row(number)).state, len(ground.board.posts)) == ("live", 1)


async def test_a_piece_that_its_sender_is_lost_at_every_time_is_held_in_the_end(ground: Ground):
    number = await ground.wished()
    for _ in range(20):
        await _outgoing(_sender(ground, Breaks(ground.board))).send_due()
        await ground.forget_lease(number)
    row = await ground.row(number)
    assert (row.state, row.code, ground.board.posts) == ("held", "cannot_send", [])
    assert row.evidence


async def test_a_look_that_its_sender_is_lost_at_every_time_ends_with_a_person(ground: Ground):
    ground.board.commits.append(fails(Unclear("The line broke.")))
    number = await ground.wished()
    assert (await ground.sent(number)).state == "ambiguous"
    ground.clock.move(10)
    for _ in range(20):
        await _outgoing(_sender(ground, Breaks(ground.board))).send_due()
        if (await ground.row(number)).state == "ambiguous":
            await ground.forget_lease(number)
    row = await ground.row(number)
    assert (row.state, row.code) == ("held", "cannot_know")


async def test_a_lost_sender_s_row_that_is_locked_holds_up_nobody(ground: Ground):
    """Its account's next piece waits, and others' go out."""
    first, second = await ground.wished(), await ground.wished()
    other = await ground.wished(account=await ground.another_account())
    workspace = ground.tenant.workspace
    async with ground.house.store.workspace(workspace) as session:
        assert await claims.take(session, workspace, first, "a dead one", ground.clock.now(), {})
    await ground.forget_lease(first)
    async with ground.house.store.workspace(workspace) as session:
        await session.get_one(Publication, (workspace, first), with_for_update=True)
        await ground.outgoing("two").send_due()
        states = [(await ground.row(number)).state for number in (second, other)]
    assert states == ["queued", "live"]
    assert (await ground.sent(first, 2)).state == "live"


async def test_what_may_be_out_is_held_although_its_account_stays_cut_off(ground: Ground):
    ground.board.commits.append(fails(Unclear("The line broke.")))
    number = await ground.wished()
    assert (await ground.sent(number)).state == "ambiguous"
    async with ground.house.store.workspace(ground.tenant.workspace) as session:
        of_it = (Account.workspace_id == ground.tenant.workspace, Account.id == ground.account)
        await session.execute(update(Account).where(*of_it).values(status="expired"))
    assert (await ground.sent(number, 2, 600)).looks == 0, "it is asked about as often as if it were not"
    row = await ground.sent(number, 7, 4.1 * 3600)
    assert (row.state, row.code) == ("held", "cannot_know")


async def test_the_longest_due_goes_first_whichever_workspace_it_is_of(ground: Ground):
    long_ago = await ground.wished()
    late = await ground.wished(account=await ground.another_account())
    workspace = ground.tenant.workspace
    async with ground.house.store.workspace(workspace) as session:
        for number, year in ((long_ago, 2021), (late, 2020)):
            of_it = (Publication.workspace_id == workspace, Publication.id == number)
            at = datetime(year, 1, 1, tzinfo=UTC)
            await session.execute(update(Publication).where(*of_it).values(due_at=at))
    async with ground.house.store.everywhere() as session:
        found = await claims.due(session, ground.clock.now(), 1)
    assert found == [(workspace, late)]


async def test_a_platform_that_asks_for_short_waits_calls_no_person_within_the_hour(ground: Ground):
    ground.board.prepares += [Later("Too many.", 5) for _ in range(20)]
    number = await ground.wished()
    row = await ground.sent(number, 60, 60)
    assert (row.state, row.tries < 10) == ("queued", True)


async def test_what_waits_for_something_of_ours_waits_for_days_and_then_goes(ground: Ground):
    ground.board.prepares += [Waits("Its article is not out.", 120) for _ in range(20)]
    number = await ground.wished()
    row = await ground.sent(number, 20, 3601)
    assert (row.state, row.code, row.tries) == ("queued", "waits", 0)
    assert (await ground.sent(number, 1, 3601)).state == "live"


def _wish(ground: Ground, row: Publication, **more: Any) -> Wish:
    return Wish(video_id=row.video_id, accounts=[ground.account], **more)


async def test_asked_for_again_with_other_wishes_it_takes_up_nothing_of_before(ground: Ground):
    """What a platform was given may hold what is not wished any more: who sees it, the words."""
    ground.board.repeats = "token"
    publishing = ground.house.desk.publishing
    number = await ground.wished()
    slow = Slow(ground.board)
    slow.goes_on.set()
    ground.board.commits.append(fails(Refused("Not so.")))
    row = await ground.sent(number)
    assert (row.state, row.token) == ("rejected", {"once": 1})
    again = _wish(ground, row, options={"privacy": "private"})
    assert [one.id for one in await publishing.publish(ground.by, again)] == [number]
    assert (await ground.row(number)).token is None
    assert (await ground.sent(number)).token == {"once": 2}
