"""`/ready` is green exactly when the desk can do its work, and says what to do when it cannot."""

import asyncio

import pytest
from sqlalchemy import text

from api.api_house import add_keywords, client_of
from nightdesk.bootstrap import open_house
from nightdesk.desk import health
from nightdesk.faces.api.app import make_app
from nightdesk.kit.sealing import Sealer
from nightdesk.store.files import Files

STALE = text("update beats set seen_at = now() - interval '16 seconds'")


@pytest.fixture(autouse=True)
def looks_anew(monkeypatch):
    """Each question is answered by a new look."""
    monkeypatch.setattr(health, "KEPT", 0.0)


async def red(nobody) -> set[str]:
    """The names of the checks that are not passed."""
    answer = await nobody.get("/ready")
    facts = answer.json()
    failed = {check["name"] for check in facts["checks"] if not check["ok"]}
    assert {check["name"] for check in facts["checks"]} == {
        "database",
        "disk",
        "secret_key",
        "timetable",
        "workers",
    }
    assert answer.status_code == (503 if failed else 200)
    assert facts["status"] == ("not_ready" if failed else "ready")
    assert ("retry-after" in answer.headers) == bool(failed)
    assert all(len(check["detail"]) > 20 for check in facts["checks"])
    return failed


async def everywhere(house, *statements) -> None:
    async with house.store.everywhere() as session:
        for statement in statements:
            await session.execute(statement)


async def test_a_process_that_lives_says_so_even_without_its_database(house, nobody):
    await house.store.close()
    answer = await nobody.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
    assert (await nobody.head("/health")).status_code == 200


async def test_with_nothing_to_do_a_desk_without_workers_is_ready(nobody):
    assert await red(nobody) == set()


async def test_due_work_without_a_living_worker_of_its_queue_is_red(house, alice, nobody):
    await add_keywords(house, alice, 6)
    await alice.client.post("/api/v1/automation/run_now", params={"site_id": alice.site})
    assert await red(nobody) == {"workers"}
    async with house.store.everywhere() as session:
        (queue,) = await session.scalars(text("select distinct queue from batches"))
    await house.upkeep.beat("elsewhere", "worker", ["images" if queue != "images" else "text"])
    assert await red(nobody) == {"workers"}
    await house.upkeep.beat("w", "worker", [queue])
    assert await red(nobody) == set()
    await everywhere(house, STALE)
    assert await red(nobody) == {"workers"}
    await everywhere(house, text("update batches set due_at = now() + interval '1 minute'"))
    assert await red(nobody) == set()


async def test_a_run_that_waits_to_be_advanced_without_any_worker_is_red(house, nobody):
    waiting = text(
        "insert into queue.pgqueuer (entrypoint, status, priority, execute_after, payload) "
        "values ('advance', 'queued', 0, now() - interval '1 second', '')"
    )
    await everywhere(house, waiting)
    assert await red(nobody) == {"workers"}
    await house.upkeep.beat("w", "worker", ["images"])
    assert await red(nobody) == set()


async def test_a_timetable_that_is_silent_is_red_and_one_that_left_in_order_is_not(house, nobody):
    await house.upkeep.beat("t", "timetable", [])
    assert await red(nobody) == set()
    await everywhere(house, STALE)
    assert await red(nobody) == {"timetable"}
    await house.upkeep.beat("t2", "timetable", [])
    assert await red(nobody) == set()
    await everywhere(house, text("delete from beats"))
    assert await red(nobody) == set()


async def test_a_schedule_that_is_on_wants_a_timetable(house, alice, nobody):
    path = f"/api/v1/automation/update_config?site_id={alice.site}"
    await alice.client.put(path, json={"is_enabled": True})
    assert await red(nobody) == {"timetable"}
    await house.upkeep.beat("t", "timetable", [])
    assert await red(nobody) == set()


async def test_a_disk_below_its_reserve_is_red(house, nobody, tmp_path, monkeypatch):
    monkeypatch.setattr(house.desk.health, "files", Files(tmp_path, reserve=2**60))
    assert await red(nobody) == {"disk"}


async def test_another_secret_key_is_red(house, nobody, monkeypatch):
    monkeypatch.setattr(house.desk.health, "sealer", Sealer(["another key of more than 32 characters"]))
    assert await red(nobody) == {"secret_key"}
    await everywhere(house, text("update key_checks set sealed = 'damaged'"))
    assert await red(nobody) == {"secret_key"}


async def test_without_the_database_ready_is_red_and_the_api_says_try_again(server, database, settings):
    async with open_house(settings) as house:
        app = make_app(house.desk, "0.0.0")
        workspace = await house.desk.founding.found("Alice")
        key = await house.desk.people.create_key(workspace, "test")
        name = settings.database_url.get_secret_value().split("?")[0].rsplit("/", 1)[1]
        with server.admin() as connection:
            connection.execute(f'alter database "{name}" allow_connections false')
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,)
            )
        try:
            async with client_of(app, key.token) as client:
                assert await red(client) == {"database", "secret_key", "timetable", "workers"}
                answer = await client.get("/api/v1/automation/config?site_id=1")
                assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
                assert int(answer.headers["retry-after"]) <= 5
                metrics = await client.get("/metrics")
                assert metrics.status_code == 200
                assert "nightdesk_http_requests_total" in metrics.text
                assert "nightdesk_runs" not in metrics.text
        finally:
            with server.admin() as connection:
                connection.execute(f'alter database "{name}" allow_connections true')
        assert (await asyncio.wait_for(house.desk.health.ready(), 10))[0].ok


async def test_answers_are_kept_for_a_moment(house, nobody, monkeypatch):
    monkeypatch.setattr(health, "KEPT", 60.0)
    assert await red(nobody) == set()
    await house.upkeep.beat("t", "timetable", [])
    await everywhere(house, STALE)
    assert await red(nobody) == set()


async def test_the_numbers_count_what_there_is_and_name_no_tenant(house, alice, nobody):
    await add_keywords(house, alice, 6)
    await alice.client.post("/api/v1/automation/run_now", params={"site_id": alice.site})
    await alice.client.get("/api/v1/automation/runs/00000000-0000-4000-8000-000000000000")
    await nobody.get("/wp-login.php")
    async with house.store.workspace(alice.workspace) as session:
        await session.execute(
            text(
                "insert into provider_calls (workspace_id, kind, provider, model, ok, seconds, input_tokens, "
                "output_tokens, usd) values (:w, 'text', 'toy', 'toy', true, 0.5, 10, 5, 0.25)"
            ),
            {"w": alice.workspace},
        )
    lines = (await nobody.get("/metrics")).text.splitlines()
    facts = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert facts['nightdesk_runs{line="article",status="running"}'] == "1.0"
    assert any(name.startswith("nightdesk_batches{") and '"waiting"' in name for name in facts)
    assert any(name.startswith("nightdesk_queue_due{") for name in facts)
    assert any(name.startswith("nightdesk_queue_oldest_seconds{") for name in facts)
    assert facts['nightdesk_provider_calls_total{kind="text",ok="true",provider="toy"}'] == "1.0"
    tokens = 'nightdesk_provider_tokens_total{direction="in",kind="text",ok="true",provider="toy"}'
    assert facts[tokens] == "10.0"
    assert facts['nightdesk_provider_usd_total{kind="text",ok="true",provider="toy"}'] == "0.25"
    by_route = (
        'nightdesk_http_requests_total{method="GET",route="/api/v1/automation/runs/{run_id}",status="404"}'
    )
    assert facts[by_route] == "1.0"
    assert facts['nightdesk_http_requests_total{method="GET",route="unmatched",status="404"}'] == "1.0"
    assert any(name.startswith("nightdesk_http_request_seconds_bucket") for name in facts)
    assert "process_resident_memory_bytes" in facts
    text_of_all = "\n".join(lines)
    for told in ("Alice", "phrase", "wp-login", alice.token, "00000000-0000"):
        assert told not in text_of_all
