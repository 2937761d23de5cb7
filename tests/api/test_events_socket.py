"""The web socket: who may open it, what closes it, and what happens to a client that does not read."""

import asyncio
import contextlib
import json

import pytest
from test_events import tell
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from nightdesk.store.events import Happening, write


def bearer(tenant) -> dict[str, str]:
    return {"Authorization": f"Bearer {tenant.token}"}


async def closed(connection) -> int:
    """The code that the other side closes with."""
    async with asyncio.timeout(5):
        with contextlib.suppress(ConnectionClosed):
            while True:
                await connection.recv()
    return connection.close_code


@pytest.mark.parametrize("path", ["/ws/events", "/ws/events/", "/api/v1/ws/events"])
async def test_a_key_in_the_header_opens_the_socket(house, alice, address, path):
    async with connect(f"ws://{address}{path}?last_event_id=0", additional_headers=bearer(alice)) as socket:
        await tell(house, alice, 3)
        told = [json.loads(await asyncio.wait_for(socket.recv(), 5)) for _ in range(3)]
    assert [event["message"] for event in told] == ["line 0", "line 1", "line 2"]
    assert {event["type"] for event in told} == {"run_log"}


async def test_a_browser_sends_its_key_in_the_first_message_or_as_a_subprotocol(house, alice, address):
    await tell(house, alice, 2)
    where = f"ws://{address}/ws/events"
    async with connect(where, origin=f"http://{address}") as socket:
        await socket.send(json.dumps({"key": alice.token, "last_event_id": 0}))
        assert json.loads(await asyncio.wait_for(socket.recv(), 5))["message"] == "line 0"
    async with connect(f"{where}?last_event_id=0", subprotocols=["nightdesk", alice.token]) as socket:
        assert socket.subprotocol == "nightdesk"
        assert json.loads(await asyncio.wait_for(socket.recv(), 5))["message"] == "line 0"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
async def test_a_page_of_another_origin_is_403(alice, address, origin):
    with pytest.raises(InvalidStatus) as refused:
        async with connect(f"ws://{address}/ws/events", origin=origin, additional_headers=bearer(alice)):
            pass
    assert refused.value.response.status_code == 403


async def test_an_unknown_key_is_closed_with_4401(alice, address):
    where = f"ws://{address}/ws/events"
    wrong = {"Authorization": "Bearer nd_" + "x" * 40}
    async with connect(where, additional_headers=wrong) as socket:
        assert await closed(socket) == 4401
    async with connect(f"{where}?key={alice.token}") as socket:
        await socket.send("no json")
        assert await closed(socket) == 4401
    async with connect(where) as socket:
        await socket.send("[1]")
        assert await closed(socket) == 4401


async def test_a_run_of_another_workspace_is_closed_as_one_that_does_not_exist(house, alice, bob, address):
    started = await bob.client.post("/api/v1/automation/run_now", params={"site_id": bob.site})
    reasons = []
    for run_id in (started.json()["run_id"], "00000000-0000-4000-8000-000000000000"):
        where = f"ws://{address}/ws/events?run_id={run_id}"
        async with connect(where, additional_headers=bearer(alice)) as socket:
            assert await closed(socket) == 4404
            reasons.append(socket.close_reason)
    assert reasons[0] == reasons[1]


async def test_a_frame_of_a_megabyte_is_closed_with_1009(alice, address):
    where = f"ws://{address}/ws/events"
    async with connect(where, additional_headers=bearer(alice)) as socket:
        await socket.send("x" * 2**20)
        assert await closed(socket) == 1009
    async with connect(where) as socket:
        await socket.send(json.dumps({"key": alice.token, "pad": "x" * 2**20}))
        assert await closed(socket) == 1009


async def test_a_malformed_wish_is_closed_with_4400(alice, address):
    async with connect(f"ws://{address}/ws/events?run_id=x", additional_headers=bearer(alice)) as socket:
        assert await closed(socket) == 4400


@pytest.mark.prove
async def test_a_client_that_does_not_read_is_dropped_and_may_resume(house, alice, address):
    where = f"ws://{address}/ws/events?last_event_id=0"
    count = 0
    async with connect(where, additional_headers=bearer(alice), max_queue=1, ping_interval=None) as socket:
        await tell(house, alice)
        first = json.loads(await asyncio.wait_for(socket.recv(), 5))
        (feeds,) = house.desk.live._feeds.values()
        (feed,) = feeds
        while not feed.dropped:
            assert count < 200, "never dropped"
            async with house.store.workspace(alice.workspace) as session:
                lines = [Happening("run_log", "x" * 20_000) for _ in range(60)]
                await write(session, alice.workspace, lines, at=house.clock.now())
            house.announcer.announce()
            count += 1
            await asyncio.sleep(0.05)
        assert feed._queue is None, "what it did not take is not kept in memory"
        async with asyncio.timeout(5):
            while house.desk.live._feeds:
                await asyncio.sleep(0.02)
    got = 0
    resume = f"ws://{address}/ws/events?last_event_id={first['id']}"
    async with connect(resume, additional_headers=bearer(alice), max_size=None) as socket:
        for _ in range(60 * count):
            last = json.loads(await asyncio.wait_for(socket.recv(), 10))
            got += 1
    assert got == 60 * count
    assert last["id"] == first["id"] + got
