"""The stream of events: nothing missed, nothing twice, in order, for the caller's workspace alone."""

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.api_house import Tenant, add_keywords, working
from nightdesk.desk.live import WAITING, Wish
from nightdesk.store.events import Happening, write

WRITE = text(
    "insert into events (workspace_id, type, message, site_id) values (:w, 'run_log', :m, :s) returning id"
)


async def tell(house, tenant: Tenant, count: int = 1, **more) -> None:
    async with house.store.workspace(tenant.workspace) as session:
        happenings = [Happening("run_log", f"line {n}") for n in range(count)]
        await write(session, tenant.workspace, happenings, at=house.clock.now(), **more)
    house.announcer.announce()


class Stream:
    """One connection to the stream, read as its events."""

    def __init__(self, answer: httpx2.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def next(self, seconds: float = 10.0) -> dict:
        facts: dict[str, str] = {}
        async with asyncio.timeout(seconds):
            async for line in self._lines:
                if line == "" and "data" in facts:
                    told = json.loads(facts["data"])
                    assert (facts["id"], facts["event"]) == (str(told["id"]), told["type"])
                    return told
                name, _, value = line.partition(": ")
                facts[name] = value
        raise EOFError


@contextlib.asynccontextmanager
async def stream(address: str, tenant: Tenant, after: int | None = None, **params) -> AsyncIterator[Stream]:
    headers = {"Authorization": f"Bearer {tenant.token}"}
    if after is not None:
        headers["Last-Event-ID"] = str(after)
    async with (
        httpx2.AsyncClient(timeout=20) as client,
        client.stream("GET", f"http://{address}/api/v1/events", headers=headers, params=params) as answer,
    ):
        yield Stream(answer)


async def test_a_run_is_told_as_it_happens_in_the_contracts_words(house, alice, address):
    await add_keywords(house, alice, 6)
    async with stream(address, alice) as events, working(house):
        assert events.answer.headers["content-type"].startswith("text/event-stream")
        started = await alice.client.post("/api/v1/automation/run_now", params={"site_id": alice.site})
        run_id, told = started.json()["run_id"], []
        while not told or told[-1]["type"] != "run_finished":
            told.append(await events.next(30))
    assert {event["type"] for event in told} == {"run_progress", "run_log", "run_finished"}
    assert {event["run_id"] for event in told} == {run_id}
    assert [event["id"] for event in told] == sorted({event["id"] for event in told})
    assert told[-1]["status"] == "completed"
    assert told[0]["at"].endswith("Z")


async def test_a_client_that_resumes_gets_what_it_missed_and_only_that(house, alice, address):
    await tell(house, alice, 700)
    async with stream(address, alice, after=0) as events:
        first = [(await events.next())["id"] for _ in range(300)]
    async with stream(address, alice, last_event_id=first[-1]) as events:
        rest = [(await events.next())["id"] for _ in range(400)]
        await tell(house, alice)
        last = await events.next()
    ids = [*first, *rest, last["id"]]
    assert ids == sorted(set(ids))
    assert len(ids) == 701


async def test_the_events_of_another_workspace_are_not_told(house, alice, bob, address):
    async with stream(address, bob, after=0) as events:
        await tell(house, alice, 3)
        await tell(house, bob, site_id=bob.site)
        assert (await events.next())["site_id"] == bob.site


async def test_a_client_may_ask_for_one_run_or_site(house, alice, address):
    other = await house.desk.sites.create(alice.workspace, "Other")
    async with stream(address, alice, after=0, site_id=other.id) as events:
        await tell(house, alice, 3, site_id=alice.site)
        await tell(house, alice, 1, site_id=other.id)
        assert (await events.next())["site_id"] == other.id


async def test_what_cannot_be_followed_is_a_problem_before_the_stream_begins(alice, bob):
    theirs = f"/api/v1/events?site_id={bob.site}"
    cases = {
        "/api/v1/events?last_event_id=x": 400,
        "/api/v1/events?run_id=7": 400,
        "/api/v1/events?site_id=-1": 400,
        f"/api/v1/events?last_event_id={2**63}": 400,
        "/api/v1/events?run_id=00000000-0000-0000-0000-000000000000": 404,
        theirs: 404,
    }
    for path, status in cases.items():
        answer = await alice.client.get(path)
        assert answer.status_code == status, path
        assert answer.headers["content-type"] == "application/problem+json"
    head = await alice.client.head("/api/v1/events")
    assert head.status_code == 200


async def test_a_quiet_stream_says_that_it_lives(alice, address, monkeypatch):
    monkeypatch.setattr("nightdesk.faces.api.stream.HEARTBEAT", 0.05)
    async with stream(address, alice) as events, asyncio.timeout(5):
        async for line in events.answer.aiter_lines():
            if line.startswith(":"):
                break


async def test_a_stream_ends_when_its_key_is_revoked(house, alice, address, monkeypatch):
    monkeypatch.setattr("nightdesk.faces.api.stream.RECHECK", 0.05)
    async with stream(address, alice) as events:
        (key,) = await house.desk.people.keys(alice.workspace)
        await house.desk.people.revoke_key(alice.workspace, key.id)
        with pytest.raises((EOFError, httpx2.RemoteProtocolError)):
            await events.next(5)


class OutOfOrder:
    """Writers that are given ids early and commit them late, or never."""

    def __init__(self, house, tenants: list[Tenant], seed: int) -> None:
        self.house, self.tenants, self.random = house, tenants, random.Random(seed)
        self.committed: dict[int, list[int]] = {tenant.workspace: [] for tenant in tenants}

    async def write(self, count: int) -> None:
        """One writer: `count` transactions, each of up to three events at different moments."""
        for _ in range(count):
            tenant = self.random.choice(self.tenants)
            ids = []
            with contextlib.suppress(ZeroDivisionError):
                async with self.house.store.workspace(tenant.workspace) as session:
                    for _ in range(self.random.randint(1, 3)):
                        facts = {"w": tenant.workspace, "m": "x", "s": tenant.site}
                        ids.append((await session.execute(WRITE, facts)).scalar_one())
                        await asyncio.sleep(self.random.choice((0, 0.001, 0.01, 0.05)))
                    if self.random.random() < 0.15:
                        raise ZeroDivisionError
                self.committed[tenant.workspace] += ids
                self.house.announcer.announce()


async def follow_with_breaks(address: str, tenant: Tenant, until: asyncio.Event, chance: random.Random):
    """What a client gets that leaves at any moment and resumes after the last event it has."""
    got: list[int] = []
    while True:
        with contextlib.suppress(httpx2.TransportError, TimeoutError):
            async with stream(address, tenant, after=got[-1] if got else 0) as events:
                for _ in range(chance.randint(0, 40)):
                    got.append((await events.next(1.5 if until.is_set() else 5))["id"])
                continue
        if until.is_set():
            return got


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.prove)])
async def test_of_commits_out_of_order_a_client_that_comes_and_goes_misses_none_and_gets_none_twice(
    house, alice, bob, address, seed
):
    writers = OutOfOrder(house, [alice, bob], seed)
    rounds, over = 30 if seed == 1 else 300, asyncio.Event()
    clients = [
        asyncio.create_task(follow_with_breaks(address, tenant, over, random.Random(n)))
        for n, tenant in enumerate((alice, bob, alice))
    ]
    await asyncio.gather(*(writers.write(rounds) for _ in range(8)))
    over.set()
    for tenant, got in zip((alice, bob, alice), await asyncio.gather(*clients), strict=True):
        assert got == sorted(writers.committed[tenant.workspace])
    committed = writers.committed[alice.workspace]
    assert committed != sorted(committed), "the writers did not commit out of order; the test shows nothing"


async def test_a_reader_that_goes_by_transactions_alone_would_miss_events(house, alice):
    """The fault that the horizon is there for: the lower id commits last, in the younger transaction."""
    async with house.store.workspace(alice.workspace) as older:
        await older.execute(text("select pg_current_xact_id()"))
        async with house.store.workspace(alice.workspace) as younger:
            facts = {"w": alice.workspace, "m": "x", "s": alice.site}
            low = (await younger.execute(WRITE, facts)).scalar_one()
            high = (await older.execute(WRITE, facts)).scalar_one()
            await older.commit()
            ended = text("select min(id) from events where txid < pg_snapshot_xmin(pg_current_snapshot())")
            async with house.store.workspace(alice.workspace) as reader:
                assert await reader.scalar(ended) == high
            await asyncio.sleep(1.2)
            assert house.desk.live.upto < low
    assert low < high


async def test_a_stream_goes_on_after_the_database_has_dropped_every_connection(
    house, alice, address, server
):
    got, want = [], [f"round {n}" for n in range(3)]
    async with stream(address, alice, after=0) as events:
        for line in want:
            with server.admin() as connection:
                connection.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s",
                    (house.store.url.database,),
                )
            while True:
                with contextlib.suppress(DBAPIError):
                    async with house.store.workspace(alice.workspace) as session:
                        happening = Happening("run_log", line)
                        await write(session, alice.workspace, [happening], at=house.clock.now())
                    break
            house.announcer.announce()
            got.append((await events.next())["message"])
    assert got == want


async def test_a_client_that_still_catches_up_is_not_dropped_for_what_happens_meanwhile(house, alice, app):
    live = house.desk.live
    await tell(house, alice, 20)
    while live.upto < 20:
        await asyncio.sleep(0.02)
    async with live.follow(Wish(alice.workspace), 0) as feed:
        first = await feed.next(5)
        feed._joined = True
        live.join(feed)
        await tell(house, alice, 2 * WAITING)
        while live.upto < 20 + 2 * WAITING or live._spread_upto < live.upto:
            await asyncio.sleep(0.02)
        told = [first.id] + [(await feed.next(5)).id for _ in range(19 + 2 * WAITING)]
        await tell(house, alice, 1)
        told.append((await feed.next(5)).id)
    assert not feed.dropped
    assert told == list(range(told[0], told[0] + 21 + 2 * WAITING))


async def test_a_burst_at_once_drops_nobody_who_reads(house, alice, app):
    live = house.desk.live
    async with live.follow(Wish(alice.workspace), None) as feed:
        waiting = asyncio.create_task(feed.next(10))
        while not feed._caught_up:
            await asyncio.sleep(0.01)
        await tell(house, alice, 5 * WAITING)
        told = [(await waiting).id] + [(await feed.next(5)).id for _ in range(5 * WAITING - 1)]
    assert not feed.dropped
    assert told == list(range(told[0], told[0] + 5 * WAITING))
