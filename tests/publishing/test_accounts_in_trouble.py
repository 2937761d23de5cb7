"""Accounts in trouble: answers that never end, a busy database, and removal with pieces on the way."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.accounts.looking import Looks
from nightdesk.desk.accounts.renewing import Renewals
from nightdesk.desk.people.roles import Operator
from nightdesk.engine.outgoing.claims import step
from nightdesk.kit.http.guard import Guard
from nightdesk.publisher import Renewed, Unclear
from nightdesk.store.session import Store
from nightdesk.store.tables.publishing import Account
from nightdesk.store.tables.videos import Video
from publishing.one_platform import Ground, fails
from publishing.test_renewing import Desk, desk

__all__ = ["desk"]
PATIENCE = 30.0


@asynccontextmanager
async def _endless() -> AsyncIterator[int]:
    """Answers a byte at a time, for ever."""

    async def meet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.05)

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def test_a_platform_that_never_ends_its_answer_holds_up_no_look(ground: Ground):
    accounts, by = ground.house.desk.accounts, Operator(ground.tenant.workspace)
    own = accounts._openings
    async with _endless() as port:
        reached = replace(own, ground=replace(own.ground, guard=Guard(allow=[("127.0.0.1", port)])))
        values = {"address": f"http://127.0.0.1:{port}", "user": "it", "password": "abcdefghijklmnopqrst"}
        made = await accounts.connect(by, NewAccount("wordpress", "Endless", values))
        looking = Looks(reached, seconds=0.5).look(ground.tenant.workspace, made.id)
        await asyncio.wait_for(looking, PATIENCE)
    shown = await accounts.show(ground.tenant.workspace, made.id)
    assert (shown.status, "did not answer within" in shown.says) == ("error", True)
    await accounts.remove(by, made.id)


async def test_an_account_that_is_removed_leaves_its_pieces_where_they_can_go_elsewhere(ground: Ground):
    ground.board.commits.append(fails(Unclear("The line broke.")))
    held, waiting = await ground.wished(), await ground.wished()
    ground.clock.move(1)
    await ground.house.desk.publishing.move(ground.by, waiting, ground.clock.now().replace(year=2090))
    assert (await ground.sent(held, 12, 1800)).state == "held"
    await ground.house.desk.accounts.remove(ground.by, ground.account)
    for number in (held, waiting):
        row = await ground.row(number)
        assert (row.state, (await ground.story(number))[-1]) == ("cancelled", "cancelled")
        async with ground.house.store.workspace(ground.tenant.workspace) as session:
            video = await session.get_one(Video, (ground.tenant.workspace, row.video_id))
        assert video.status == "approved"
    assert "was not known" in (await ground.row(held)).error


async def test_a_long_story_is_shown_from_its_beginning_and_to_its_end(ground: Ground):
    number = await ground.wished()
    await ground.sent(number)
    workspace, now = ground.tenant.workspace, ground.clock.now()
    async with ground.house.store.workspace(workspace) as session:
        session.add_all([step(workspace, number, now, "answer", str(n)) for n in range(700)])
        await session.flush()
        session.add(step(workspace, number, now, "decided", "The end."))
    shown = await ground.house.desk.publishing.stories.show(workspace, number)
    assert (shown.story[0].what, shown.story[-1].says, len(shown.story)) == ("asked", "The end.", 500)


async def test_new_secrets_are_kept_though_all_connections_are_in_use_for_a_moment(desk: Desk):
    """The platform gives them once, and the old ones are void from then on."""
    other = Store(desk.openings.store.url, pool_size=1)
    other._tenant_engine.sync_engine.pool._timeout = 0.2  # type: ignore[attr-defined]
    renewals = Renewals(replace(desk.openings, store=other), desk.account)
    busy: list[asyncio.Task[None]] = []
    taken = asyncio.Event()

    async def occupied() -> None:
        async with other.workspace(desk.account.workspace_id) as session:
            await session.get(Account, (desk.account.workspace_id, desk.account.id))
            taken.set()
            await asyncio.sleep(0.6)

    async def ask(_: Mapping[str, str]) -> Renewed:
        busy.append(asyncio.create_task(occupied()))
        await asyncio.wait_for(taken.wait(), PATIENCE)
        return Renewed({"access_token": "a new one"})

    try:
        got: Any = await renewals.renew(await desk.kept(), ask)
        await asyncio.gather(*busy)
    finally:
        await other.close()
    assert got["access_token"] == (await desk.kept())["access_token"] == "a new one"
