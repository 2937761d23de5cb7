"""A POST with an `Idempotency-Key` has its effect once, and every repeat gets the first one's answer."""

# ruff: noqa: F811 - fixtures are asked for by their names

import asyncio
import itertools
from collections import Counter

import pytest
from sqlalchemy import text

from api.api_house import client_of
from nightdesk.bootstrap import open_house
from nightdesk.desk.errors import Conflict
from nightdesk.faces.api.app import make_app
from nightdesk.faces.api.identity import WorkspaceId
from routes.one_house import alice, app, bob, house, tenant_of  # noqa: F401 - fixtures

KEY = {"Idempotency-Key": "order-1"}
_numbers = itertools.count(1)


class Effects:
    """A route whose effect can be counted, and which does what the test tells it to."""

    def __init__(self) -> None:
        self.path = f"/api/v1/effect-{next(_numbers)}"
        self.count = 0
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.begun = asyncio.Event()
        self.fails: Exception | None = None

    def add_to(self, app) -> None:
        @app.post(self.path, status_code=201)
        async def effect(workspace: WorkspaceId, facts: dict[str, int]):
            self.count += 1
            number = self.count
            self.begun.set()
            await self.go_on.wait()
            if self.fails:
                raise self.fails
            return {"number": number, **facts}


@pytest.fixture
def effects(app) -> Effects:
    made = Effects()
    made.add_to(app)
    return made


@pytest.fixture
def post(effects):
    """Sends the request whose effect is counted."""

    async def send(tenant, body=None, headers=KEY, more=""):
        return await tenant.client.post(effects.path + more, json=body or {"a": 1}, headers=headers)

    return send


async def age(house, tenant, column: str, by: str) -> None:
    async with house.store.workspace(tenant.workspace) as session:
        await session.execute(text(f"update repeated_requests set {column} = now() - interval '{by}'"))


async def test_a_repeat_gets_the_stored_answer_and_has_no_second_effect(alice, effects, post):
    first, second = await post(alice), await post(alice, more="/")
    assert (first.status_code, first.json()) == (201, {"number": 1, "a": 1})
    assert "idempotent-replayed" not in first.headers
    assert (second.status_code, second.content) == (201, first.content)
    assert second.headers["idempotent-replayed"] == "true"
    assert second.headers["content-type"] == first.headers["content-type"]
    assert effects.count == 1


async def test_a_key_with_another_body_query_or_address_is_a_mismatch(alice, effects, post):
    await post(alice)
    run_now = f"/api/v1/automation/run_now?site_id={alice.site}"
    for answer in (
        await post(alice, {"a": 2}),
        await post(alice, more="?x=1"),
        await alice.client.post(run_now, headers=KEY),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")
    assert effects.count == 1


async def test_while_the_first_is_at_work_a_repeat_is_told_to_ask_again(alice, effects, post):
    effects.go_on.clear()
    first = asyncio.create_task(post(alice))
    await effects.begun.wait()
    repeat = await post(alice)
    assert (repeat.status_code, repeat.json()["code"]) == (409, "in_progress")
    assert 1 <= int(repeat.headers["retry-after"]) <= 5
    effects.go_on.set()
    assert (await first).status_code == 201
    assert (await post(alice)).headers["idempotent-replayed"] == "true"
    assert effects.count == 1


async def test_of_twenty_at_once_over_two_applications_one_has_its_effect(house, alice, app, effects):
    async with open_house(house.settings) as second_house:
        second = make_app(second_house.desk, "0.0.0")
        effects.add_to(second)
        async with client_of(second, alice.token) as other:
            clients = [alice.client, other] * 10
            for round_ in range(5):
                key = {"Idempotency-Key": f"round-{round_}"}
                answers = await asyncio.gather(
                    *(client.post(effects.path, json={"a": 1}, headers=key) for client in clients)
                )
                assert effects.count == round_ + 1
                # A database that is busy for too long is said so, and nothing was done: 503.
                assert Counter(a.status_code for a in answers) <= Counter({201: 20, 409: 19, 503: 19})
                served = {a.content for a in answers if a.status_code == 201}
                assert served == {b'{"number":%d,"a":1}' % (round_ + 1)}
                assert (
                    sum("idempotent-replayed" not in a.headers for a in answers if a.status_code == 201) == 1
                )


async def test_an_answer_about_the_clients_own_mistake_is_kept_too(alice, effects, post):
    effects.fails = Conflict("Not now.")
    first = await post(alice)
    effects.fails = None
    second = await post(alice)
    assert (first.status_code, second.status_code, effects.count) == (409, 409, 1)
    assert second.content == first.content


async def test_a_fault_of_ours_is_not_kept_and_may_be_tried_again(alice, effects, post):
    effects.fails = ZeroDivisionError()
    assert (await post(alice)).status_code == 500
    effects.fails = None
    again = await post(alice)
    assert (again.status_code, again.json()["number"]) == (201, 2)


async def test_a_request_whose_process_fell_silent_may_be_made_again_once_its_lock_has_run_out(
    house, alice, effects, post
):
    effects.go_on.clear()
    silent = asyncio.create_task(post(alice))
    await effects.begun.wait()
    await age(house, alice, "locked_until", "1 second")
    assert (await post(alice, {"a": 2})).status_code == 422
    effects.begun.clear()
    again = asyncio.create_task(post(alice))
    await effects.begun.wait()
    effects.go_on.set()
    assert ((await silent).json()["number"], (await again).json()["number"]) == (1, 2)
    assert (await post(alice)).json()["number"] == 2


async def test_an_answer_is_kept_for_a_day(house, alice, effects, post):
    await post(alice)
    await age(house, alice, "created_at", "23 hours 59 minutes")
    assert (await post(alice)).headers["idempotent-replayed"] == "true"
    await age(house, alice, "created_at", "24 hours 1 minute")
    again = await post(alice, {"a": 2})
    assert (again.status_code, again.json()) == (201, {"number": 2, "a": 2})
    await age(house, alice, "created_at", "24 hours 1 minute")
    await house.upkeep.forget_old_requests()
    async with house.store.workspace(alice.workspace) as session:
        assert await session.scalar(text("select count(*) from repeated_requests")) == 0


async def test_a_key_belongs_to_its_workspace(alice, bob, effects, post):
    assert (await post(alice)).json()["number"] == 1
    assert (await post(bob, {"a": 5})).json() == {"number": 2, "a": 5}


async def test_a_key_is_1_to_200_visible_characters(alice, effects, post):
    for key in ("", "a b", "x" * 201, "ä"):
        answer = await post(alice, headers={"Idempotency-Key": key.encode("latin-1")})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "Idempotency-Key")
    assert effects.count == 0
    assert (await post(alice, headers={"Idempotency-Key": "x" * 200})).status_code == 201


async def test_the_stored_answer_cannot_be_read_in_the_database(house, alice, app):
    @app.post("/api/v1/secret")
    async def secret(workspace: WorkspaceId):
        return {"key": "nd_canary"}

    for _ in range(2):
        answer = await alice.client.post("/api/v1/secret", headers=KEY)
        assert answer.json() == {"key": "nd_canary"}
    async with house.store.workspace(alice.workspace) as session:
        kept = str((await session.execute(text("select * from repeated_requests"))).all())
    assert "sealed" in kept
    assert "canary" not in kept
    assert "bmRfY2FuYXJ5" not in kept


async def test_a_run_is_started_once_by_a_repeated_request(house, alice):
    path = f"/api/v1/automation/run_now?site_id={alice.site}"
    first, second = [await alice.client.post(path, headers=KEY) for _ in range(2)]
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["run_id"] == second.json()["run_id"]


async def test_a_turn_is_renewed_while_the_work_takes_long_and_lost_ones_store_nothing(
    house, alice, monkeypatch
):
    monkeypatch.setattr("nightdesk.desk.repeats.RENEWED", 0.05)
    repeats = house.desk.repeats
    turn = await repeats.begin(alice.workspace, "k", "h")
    before = turn.until
    async with repeats.working(turn):
        await asyncio.sleep(0.3)
    assert turn.until > before
    await age(house, alice, "locked_until", "1 second")
    other = await repeats.begin(alice.workspace, "k", "h")
    await repeats.end(turn, 200, {"late": True})
    await repeats.end(other, 201, {"mine": True})
    stored = await repeats.begin(alice.workspace, "k", "h")
    assert (stored.status, stored.answer) == (201, {"mine": True})


async def test_a_file_sent_again_is_the_same_request_whatever_its_boundary(alice):
    path = f"/api/v1/keywords/import?site_id={alice.site}"
    answers = []
    for text_of_file in ("Keyword\nfirst phrase\n", "Keyword\nfirst phrase\n", "Keyword\nother phrase\n"):
        files = {"file": ("list.csv", text_of_file.encode(), "text/csv")}
        answers.append(await alice.client.post(path, files=files, headers=KEY))
    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert answers[1].headers["idempotent-replayed"] == "true"
    assert answers[1].content == answers[0].content
    assert answers[2].json()["code"] == "idempotency_mismatch"
