"""The automation routes as existing clients call them: every field, every error (CONTRACT §1)."""

# ruff: noqa: F811 - fixtures are asked for by their names

import asyncio
import re
from typing import Any
from uuid import UUID

from sqlalchemy import text

from api.api_house import add_keywords, working
from routes.one_house import alice, app, bob, house, tenant_of  # noqa: F401 - fixtures

BASE = "/api/v1/automation"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
NOBODYS = "00000000-0000-4000-8000-000000000000"
RUN = {
    *("run_id", "site_id", "line", "trigger_type", "status", "current_stage", "started_at", "paused_at"),
    *("resumed_at", "cancelled_at", "completed_at", "total_credits_used", "error_message", "pause_reason"),
    *(f"stage_{n}_result" for n in range(1, 8)),
}
EVERY_RESULT = {"partial", "skipped", "failed", "time_elapsed"}
RESULTS = {
    1: {"keywords_processed", "clusters_created", "batches_run", "credits_used"},
    2: {"clusters_processed", "ideas_created", "batches_run", "credits_used"},
    3: {"ideas_processed", "tasks_created", "batches_run"},
    4: {"tasks_processed", "content_created", "total_words", "batches_run", "credits_used"},
    5: {"content_processed", "prompts_created", "batches_run", "credits_used"},
    6: {"images_processed", "images_generated", "batches_run", "credits_used"},
    7: {"ready_for_review"},
}


async def get(tenant, path: str, **params) -> Any:
    answer = await tenant.client.get(f"{BASE}/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def post(tenant, path: str, **params) -> Any:
    answer = await tenant.client.post(f"{BASE}/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def put(tenant, facts: Any, status: int = 200) -> Any:
    answer = await tenant.client.put(f"{BASE}/update_config", params={"site_id": tenant.site}, json=facts)
    assert answer.status_code == status, answer.text
    return answer.json()


async def begun(house, tenant, keywords: int = 12) -> str:
    """A run that no worker has taken up."""
    await add_keywords(house, tenant, keywords)
    return (await post(tenant, "run_now", site_id=tenant.site))["run_id"]


async def ended(tenant, run_id: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while (run := await get(tenant, f"runs/{run_id}"))["status"] in ("running", "paused"):
            await asyncio.sleep(0.1)
    return run


async def test_a_config_is_made_with_its_defaults_at_the_first_call(alice):
    config = await get(alice, "config", site_id=alice.site)
    sizes = [config.pop(f"stage_{n}_batch_size") for n in range(1, 7)]
    assert sizes == [20, 1, 20, 1, 1, 1]
    assert config == {
        "site_id": alice.site,
        "line": "article",
        "is_enabled": False,
        "frequency": "daily",
        "scheduled_time": "02:00",
        "anchor_day": 1,
        "within_stage_delay": 0,
        "between_stage_delay": 0,
        "last_run_at": None,
        "next_run_at": None,
    }


async def test_a_change_keeps_what_is_not_given_and_plans_the_next_run_anew(house, alice):
    await house.desk.sites.change(alice.workspace, alice.site, timezone="Asia/Kolkata")
    facts = {"is_enabled": True, "scheduled_time": "02:30", "stage_4_batch_size": 3, "within_stage_delay": 5}
    config = await put(alice, facts)
    assert {name: config[name] for name in facts} == facts
    assert config["next_run_at"].endswith("T21:00:00Z")
    assert (config["frequency"], config["stage_1_batch_size"]) == ("daily", 20)
    assert await put(alice, {"frequency": "weekly"}) | {"next_run_at": 0} == config | {
        "frequency": "weekly",
        "next_run_at": 0,
    }
    assert (await put(alice, {"is_enabled": False}))["next_run_at"] is None
    assert await get(alice, "config", site_id=alice.site) == await put(alice, {})


async def test_a_batch_size_that_is_none_is_refused_with_its_field(alice):
    for size in ("0", "-1", "1e9", '"10; drop"', "null", "1.5", "NaN", "true", "[1]", "1001"):
        answer = await alice.client.put(
            f"{BASE}/update_config",
            params={"site_id": alice.site},
            content='{"frequency": "weekly", "stage_1_batch_size": ' + size + "}",
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code == 422, size
        assert [fault["field"] for fault in answer.json()["errors"]] == ["stage_1_batch_size"]
    assert (await get(alice, "config", site_id=alice.site))["frequency"] == "daily"


async def test_other_fields_that_cannot_be_taken_are_refused_with_their_names(alice):
    wrong = {
        "is_enabled": "yes",
        "frequency": "hourly",
        "scheduled_time": "25:00",
        "anchor_day": 32,
        "within_stage_delay": -1,
        "between_stage_delay": 3601,
        "stage_7_batch_size": 1,
        "stage_0_batch_size": 1,
        "next_run_at": "2026-01-01T00:00:00Z",
        "site_id": 1,
    }
    for field, value in wrong.items():
        problem = await put(alice, {field: value}, 422)
        assert [fault["field"] for fault in problem["errors"]] == [field]
        assert problem["errors"][0]["message"]


async def test_a_weekly_schedule_takes_the_seven_days_of_the_week_alone(alice):
    for day in (8, 31):
        problem = await put(alice, {"frequency": "weekly", "anchor_day": day}, 422)
        assert [fault["field"] for fault in problem["errors"]] == ["anchor_day"]
        assert "1 (Monday) to 7" in problem["errors"][0]["message"]
    await put(alice, {"anchor_day": 7, "frequency": "weekly", "is_enabled": True})
    await put(alice, {"anchor_day": 8}, 422)
    assert (await get(alice, "config", site_id=alice.site))["anchor_day"] == 7
    for frequency in ("monthly", "daily"):
        changed = await put(alice, {"anchor_day": 31, "frequency": frequency})
        assert (changed["anchor_day"], changed["frequency"]) == (31, frequency)


async def test_a_day_of_the_month_is_not_taken_over_into_a_weekly_schedule(house, alice):
    await put(alice, {"anchor_day": 20, "frequency": "monthly"})
    problem = await put(alice, {"frequency": "weekly"}, 422)
    assert [fault["field"] for fault in problem["errors"]] == ["anchor_day"]
    assert (await get(alice, "config", site_id=alice.site))["frequency"] == "monthly"
    changed = await put(alice, {"frequency": "weekly", "anchor_day": 3})
    assert (changed["frequency"], changed["anchor_day"]) == ("weekly", 3)
    async with house.store.workspace(alice.workspace) as session:
        await session.execute(text("update line_configs set anchor_day = 20"))
    assert (await put(alice, {"is_enabled": False}))["is_enabled"] is False


async def test_a_run_is_started_shown_and_walks_to_the_gate(house, alice):
    await add_keywords(house, alice, 5)
    started = await post(alice, "run_now", site_id=alice.site)
    assert started.keys() == {"run_id", "message"}
    run_id = started["run_id"]
    assert str(UUID(run_id)) == run_id
    run = (await get(alice, "current_run", site_id=alice.site))["run"]
    assert run.keys() == RUN
    assert run == await get(alice, f"runs/{run_id}")
    assert (run["status"], run["trigger_type"], run["line"]) == ("running", "manual", "article")
    assert INSTANT.fullmatch(run["started_at"])
    assert run["stage_2_result"] is None
    async with working(house):
        done = await ended(alice, run_id)
    assert (done["status"], done["current_stage"]) == ("completed", 7)
    for number, fields in RESULTS.items():
        assert fields | EVERY_RESULT <= done[f"stage_{number}_result"].keys(), number
    credits = sum(done[f"stage_{n}_result"].get("credits_used", 0) for n in range(1, 8))
    assert done["total_credits_used"] == credits > 0
    assert done["stage_7_result"]["ready_for_review"] == done["stage_4_result"]["content_created"] > 0
    assert (await get(alice, "current_run", site_id=alice.site)) == {"run": None}
    (shown,) = (await get(alice, "history", site_id=alice.site))["runs"]
    assert shown == {name: done[name] for name in shown}
    assert list(shown) == [
        *("run_id", "status", "trigger_type", "started_at", "completed_at", "total_credits_used"),
        "current_stage",
    ]
    lines = (await get(alice, "logs", run_id=run_id, lines=5000))["log"].splitlines()
    assert "A manual run begins." in lines[0]
    assert "The run is complete." in lines[-1]
    assert (await get(alice, "logs", run_id=run_id, lines=2))["log"].splitlines() == lines[-2:]
    assert all(INSTANT.fullmatch(line.split()[0]) for line in lines)


async def test_fewer_than_five_keywords_are_passed_over_with_the_reason(house, alice):
    run_id = await begun(house, alice, 4)
    async with working(house):
        result = (await ended(alice, run_id))["stage_1_result"]
    assert result["skipped"] is True
    assert result["skip_reason"]


async def test_a_second_run_is_refused_and_told_who_holds_the_site_and_since_when(house, alice):
    run_id = await begun(house, alice)
    answer = await alice.client.post(f"{BASE}/run_now", params={"site_id": alice.site})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["run_id"]) == (400, "run_active", run_id)
    assert re.search(r"holds this site since \d{4}-\d\d-\d\d \d\d:\d\d UTC", problem["detail"])
    await post(alice, "pause", run_id=run_id)
    answer = await alice.client.post(f"{BASE}/run_now", params={"site_id": alice.site})
    assert (answer.status_code, answer.json()["run_id"]) == (400, run_id)


async def test_a_run_begins_from_six_fifths_of_its_estimate_on(house, tenant_of):
    poor, rich = await tenant_of("Poor", 11), await tenant_of("Rich", 12)
    for tenant in (poor, rich):
        await add_keywords(house, tenant, 50)
    estimate = await get(poor, "estimate", site_id=poor.site)
    assert (estimate["estimated_credits"], estimate["current_balance"], estimate["sufficient"]) == (
        10,
        11,
        False,
    )
    assert [stage["number"] for stage in estimate["stages"]] == [1, 2, 3, 4, 5, 6, 7]
    assert estimate["stages"][0].items() >= {"pending": 50, "estimated_credits": 10}.items()
    answer = await poor.client.post(f"{BASE}/run_now", params={"site_id": poor.site})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (402, "insufficient_credits")
    assert (problem["needed"], problem["available"]) == (12, 11)
    assert (await get(poor, "current_run", site_id=poor.site)) == {"run": None}
    assert (await house.desk.credits.balances(poor.workspace)).wallet == 11
    assert (await get(rich, "estimate", site_id=rich.site))["sufficient"] is True
    await post(rich, "run_now", site_id=rich.site)


async def test_the_overview_names_each_stage_with_what_waits_for_it(house, alice):
    await add_keywords(house, alice, 12)
    stages = (await get(alice, "pipeline_overview", site_id=alice.site))["stages"]
    assert [(stage["number"], stage["type"]) for stage in stages] == [
        *((1, "AI"), (2, "AI"), (3, "Local"), (4, "AI"), (5, "AI"), (6, "AI"), (7, "Manual"))
    ]
    assert all(stage.keys() == {"number", "name", "type", "pending", "counts"} for stage in stages)
    assert (stages[0]["pending"], stages[0]["counts"]) == (12, {"new": 12})
    assert (stages[1]["pending"], stages[1]["counts"]) == (0, {})


async def test_what_is_worked_on_now_is_told_while_the_run_is_running(house, alice):
    run_id = await begun(house, alice, 25)
    now = await get(alice, "current_processing", site_id=alice.site, run_id=run_id)
    assert now.keys() == {"stage", "stage_name", "processed", "total", "in_progress", "next", "percent"}
    assert (now["stage"], now["processed"], now["percent"]) == (1, 0, 0.0)
    assert now["total"] == 25
    async with house.store.workspace(alice.workspace) as session:
        await session.execute(text("update batches set status = 'working', taken_at = now()"))
    item = (await get(alice, "current_processing", site_id=alice.site, run_id=run_id))["in_progress"][0]
    assert item.keys() == {"id", "title", "seconds"}
    assert item["title"].startswith("phrase")
    async with house.store.workspace(alice.workspace) as session:
        await session.execute(text("update batches set status = 'waiting'"))
    await post(alice, "pause", run_id=run_id)
    assert await get(alice, "current_processing", site_id=alice.site, run_id=run_id) is None


async def test_a_run_is_paused_resumed_and_cancelled_and_a_repeat_changes_nothing(house, alice):
    run_id = await begun(house, alice)
    paused = await post(alice, "pause", run_id=run_id, site_id=alice.site)
    assert (paused["status"], paused["pause_reason"]) == ("paused", "asked")
    assert INSTANT.fullmatch(paused["paused_at"])
    assert await post(alice, "pause", run_id=run_id) == paused
    resumed = await post(alice, "resume", run_id=run_id)
    assert resumed["status"] == "running"
    assert INSTANT.fullmatch(resumed["resumed_at"])
    cancelled = await post(alice, "cancel", run_id=run_id, now="true")
    assert cancelled["status"] == "cancelled"
    assert INSTANT.fullmatch(cancelled["cancelled_at"])
    assert await post(alice, "cancel", run_id=run_id) == cancelled


async def test_what_a_runs_state_does_not_allow_is_a_conflict(house, alice):
    run_id = await begun(house, alice)
    assert await refused(alice, "resume", run_id) == (409, "bad_state")
    await post(alice, "cancel", run_id=run_id)
    assert await refused(alice, "resume", run_id) == (409, "bad_state")
    assert await refused(alice, "pause", run_id) == (409, "bad_state")
    async with house.store.workspace(alice.workspace) as session:
        await session.execute(text("delete from keywords"))
    done = (await post(alice, "run_now", site_id=alice.site))["run_id"]
    assert (await get(alice, f"runs/{done}"))["status"] == "completed"
    assert await refused(alice, "cancel", done) == (409, "bad_state")


async def refused(tenant, path: str, run_id: str, **params) -> tuple[int, str]:
    answer = await tenant.client.post(f"{BASE}/{path}", params={"run_id": run_id, **params})
    return answer.status_code, answer.json()["code"]


async def test_the_site_named_with_a_run_must_be_its_own(house, alice):
    other = await house.desk.sites.create(alice.workspace, "Other")
    run_id = await begun(house, alice)
    for path in ("pause", "resume", "cancel"):
        assert await refused(alice, path, run_id, site_id=other.id) == (404, "not_found")
    answer = await alice.client.get(
        f"{BASE}/current_processing", params={"site_id": other.id, "run_id": run_id}
    )
    assert answer.status_code == 404
    assert (await get(alice, f"runs/{run_id}"))["status"] == "running"


async def test_history_holds_the_last_twenty_newest_first(house, alice):
    made = []
    for _ in range(21):
        made.append((await post(alice, "run_now", site_id=alice.site))["run_id"])
    shown = [run["run_id"] for run in (await get(alice, "history", site_id=alice.site))["runs"]]
    assert shown == made[:0:-1]


BY_SITE = (
    *(("GET", path) for path in ("config", "current_run", "pipeline_overview", "history", "estimate")),
    ("PUT", "update_config"),
    ("POST", "run_now"),
    ("GET", f"current_processing?run_id={NOBODYS}"),
)
BY_RUN = (*(("POST", path) for path in ("pause", "resume", "cancel")), ("GET", "logs"))


async def ask(tenant, method: str, path: str, **params) -> Any:
    body = {"json": {}} if method == "PUT" else {}
    path, _, query = path.partition("?")
    params |= dict([query.split("=")]) if query else {}
    return await tenant.client.request(method, f"{BASE}/{path}", params=params, **body)


async def test_a_missing_or_malformed_parameter_is_400_with_its_name(alice):
    for method, path in BY_SITE:
        for wrong in (
            {},
            {"site_id": "x"},
            {"site_id": ""},
            {"site_id": "0"},
            {"site_id": "1.5"},
            {"site_id": 2**63},
        ):
            answer = await ask(alice, method, path, **wrong)
            assert answer.status_code == 400, (method, path, wrong)
            assert [fault["field"] for fault in answer.json()["errors"]] == ["site_id"]
    for method, path in BY_RUN:
        for wrong in ({}, {"run_id": "x"}, {"run_id": ""}):
            answer = await ask(alice, method, path, **wrong)
            assert answer.status_code == 400, (method, path, wrong)
            assert [fault["field"] for fault in answer.json()["errors"]] == ["run_id"]
    for lines in ("0", "5001", "x", "1.5", "-1"):
        answer = await ask(alice, "GET", "logs", run_id=NOBODYS, lines=lines)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "lines")
    for method, path in BY_SITE:
        answer = await ask(alice, method, path, site_id=alice.site, line="radio")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "line")
    answer = await ask(alice, "POST", "cancel", run_id=NOBODYS, now="perhaps")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "now")


async def test_what_belongs_to_another_workspace_answers_as_what_does_not_exist(house, alice, bob):
    theirs = await begun(house, bob)
    for method, path in BY_SITE:
        assert await same(alice, method, path, {"site_id": bob.site}, {"site_id": 987654321})
    for method, path in BY_RUN:
        assert await same(alice, method, path, {"run_id": theirs}, {"run_id": NOBODYS})
    assert await same(alice, "GET", f"runs/{theirs}", {}, {}, f"runs/{NOBODYS}")
    mine = {"site_id": alice.site}
    assert await same(
        alice, "GET", "current_processing", mine | {"run_id": theirs}, mine | {"run_id": NOBODYS}
    )
    assert (await get(bob, f"runs/{theirs}"))["status"] == "running"


async def same(tenant, method, path, foreign, missing, other_path=None) -> bool:
    """Both are 404, byte for byte, apart from the number of the request."""
    answers = []
    for where, params in ((path, foreign), (other_path or path, missing)):
        answer = await ask(tenant, method, where, **params)
        assert answer.status_code == 404, (method, where)
        number = answer.headers.pop("x-request-id")
        answers.append((answer.content.replace(number.encode(), b""), sorted(answer.headers.items())))
    return answers[0] == answers[1]


async def test_a_malformed_run_in_the_address_is_refused_with_its_field(alice):
    answer = await alice.client.get(f"{BASE}/runs/7")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "run_id")


async def test_an_archived_site_is_no_site(house, alice):
    await house.desk.sites.archive(alice.workspace, alice.site)
    for method, path in BY_SITE:
        assert (await ask(alice, method, path, site_id=alice.site)).status_code == 404, path


async def test_every_route_answers_with_and_without_a_slash(house, alice):
    run_id = await begun(house, alice)
    for method, path in BY_SITE[:5]:
        bare = await ask(alice, method, path, site_id=alice.site)
        slashed = await ask(alice, method, path + "/", site_id=alice.site)
        assert (bare.status_code, slashed.status_code) == (200, 200), path
        assert bare.json() == slashed.json()
    assert (await alice.client.get(f"{BASE}/runs/{run_id}/")).json()["run_id"] == run_id
    assert (await ask(alice, "POST", "pause/", run_id=run_id)).status_code == 200
