"""A caller of the API who asks too much at once is told when to go on, and nobody else notices."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from api.api_house import Tenant, client_of
from nightdesk.bootstrap import House
from nightdesk.faces.api.app import make_app
from nightdesk.faces.api.limits import HEAVY
from nightdesk.kit.clock import SetClock
from nightdesk.kit.ids import new_api_key
from nightdesk.kit.pace import Pace

BURST = 15


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def slow(house: House, clock: SetClock) -> Any:
    """The API of a house that takes sixty requests a minute from each."""
    return make_app(replace(house.desk, pace=Pace(4 * BURST, clock.monotonic)), "0.0.0")


@pytest_asyncio.fixture(loop_scope="session")
async def client(slow: Any, alice: Tenant) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(slow, alice.token) as opened:
        yield opened


async def statuses(client: httpx2.AsyncClient, count: int, path: str = "/api/v1/sites") -> list[int]:
    return [(await client.get(path)).status_code for _ in range(count)]


async def test_one_request_too_many_of_a_key_is_told_when_to_go_on(client: Any, clock: SetClock) -> None:
    assert await statuses(client, BURST) == [200] * BURST
    answer = await client.get("/api/v1/sites")
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "1"
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (429, "too_many_requests")
    assert "Nothing was done" in problem["detail"]
    clock.move(int(answer.headers["retry-after"]))
    assert await statuses(client, 2) == [200, 429]


async def test_a_key_that_is_held_back_costs_no_look_up(house: House, slow: Any, client: Any) -> None:
    await statuses(client, BURST)
    asked: list[str] = []
    people = house.desk.people

    async def who_is(key: str) -> int | None:
        asked.append(key)
        return await people.workspace_of(key)

    for layer in slow.user_middleware:
        if "who_is" in layer.kwargs:
            layer.kwargs["who_is"] = who_is
    slow.middleware_stack = None
    assert await statuses(client, 3) == [429] * 3
    assert asked == []


async def test_what_is_held_back_is_logged_without_its_query(
    client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    await statuses(client, BURST)
    caplog.clear()
    await client.get("/api/v1/sites", params={"search": "a secret"})
    (line,) = [line for line in caplog.records if getattr(line, "action", "") == "held_back"]
    assert (line.path, line.method, line.address) == ("/api/v1/sites", "GET", "127.0.0.1")  # type: ignore[attr-defined]
    assert "a secret" not in str(line.__dict__)


async def test_nobody_waits_for_another_key(slow: Any, client: Any, bob: Tenant) -> None:
    await statuses(client, BURST + 1)
    async with client_of(slow, bob.token) as other:
        assert await statuses(other, 2) == [200, 200]


async def test_what_starts_much_work_has_a_smaller_bucket(client: Any, alice: Tenant) -> None:
    async def import_words() -> int:
        words = {"file": ("words.txt", b"tea\ncoffee\n", "text/plain")}
        where = {"site_id": alice.site}
        return int((await client.post("/api/v1/keywords/import", params=where, files=words)).status_code)

    assert [await import_words() for _ in range(4)] == [200, 200, 200, 429]
    assert await statuses(client, 2) == [200, 200]


async def test_keys_that_open_nothing_are_counted_by_address(slow: Any, client: Any) -> None:
    answers = []
    for _ in range(BURST + 2):
        async with client_of(slow, new_api_key().token) as guessing:
            answers += await statuses(guessing, 1)
    assert answers == [401] * BURST + [429] * 2
    assert await statuses(client, 1) == [200]


async def test_what_tells_whether_the_desk_lives_is_never_held_back(slow: Any) -> None:
    async with client_of(slow) as anybody:
        assert set(await statuses(anybody, 3 * BURST, "/health")) == {200}


async def test_a_socket_too_many_is_closed_with_try_again(slow: Any, client: Any, alice: Tenant) -> None:
    await statuses(client, BURST)
    headers = {"Authorization": f"Bearer {alice.token}"}
    with TestClient(slow, base_url="http://desk.test") as browser:  # noqa: SIM117
        with browser.websocket_connect("/ws/events", headers=headers) as socket:
            with pytest.raises(WebSocketDisconnect) as closed:
                socket.receive_text()
    assert closed.value.code == 1013


async def test_every_route_says_that_it_may_answer_429(client: Any) -> None:
    described = (await client.get("/api/openapi.json")).json()["paths"]
    routes = [(path, method, operation) for path, of in described.items() for method, operation in of.items()]
    assert len(routes) > 50
    assert [(path, method) for path, method, of in routes if "429" not in of["responses"]] == []


async def test_every_address_that_is_called_heavy_is_one(client: Any) -> None:
    """A route that moves takes its limit along."""
    described = (await client.get("/api/openapi.json")).json()["paths"]
    posted = [re.sub(r"{\w+}", "x", path) for path, of in described.items() if "post" in of]
    heavy = [path for path in posted if HEAVY.fullmatch(path)]
    for word in re.findall(r"[a-z_]{4,}", HEAVY.pattern):
        assert any(word in path for path in heavy), word
