"""What every address of the API has in common: who may ask, the headers, one path."""

# ruff: noqa: F811 - fixtures are asked for by their names

import logging

import httpx2

from routes.one_house import alice, app, bob, house, nobody, tenant_of  # noqa: F401 - fixtures


async def test_without_a_key_nothing_is_answered_but_who_are_you(nobody):
    for path in ("/api/v1/automation/config?site_id=1", "/api/v1/nowhere", "/api/v1/events"):
        answer = await nobody.get(path)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["code"] == "no_identity"


async def test_a_path_answers_with_and_without_a_slash_and_never_redirects(alice):
    for path in ("/api/v1/automation/config", "/api/v1/automation/config/"):
        answer = await alice.client.get(path, params={"site_id": alice.site})
        assert answer.status_code == 200


async def test_every_answer_carries_the_headers_of_safety(alice, nobody):
    answers = [
        await alice.client.get(f"/api/v1/automation/config?site_id={alice.site}"),
        await alice.client.get("/api/v1/automation/config"),
        await nobody.get("/api/v1/automation/config"),
        await nobody.get("/health"),
        await nobody.get("/nowhere"),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 401, 200, 404]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert len(answer.headers["x-request-id"]) == 16
    for answer in answers[:3]:
        assert answer.headers["content-disposition"] == 'attachment; filename="api.json"'
    assert "content-disposition" not in answers[3].headers
    assert answers[1].json()["request_id"] == answers[1].headers["x-request-id"]


async def test_under_tls_every_later_request_stays_under_tls(app, alice):
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="https://desk.test") as client:
        for path in ("/api/v1/sites", "/health", "/nowhere"):
            answer = await client.get(path)
            assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in (await alice.client.get("/api/v1/sites")).headers


async def test_what_is_refused_is_logged_with_where_it_came_from_and_without_the_key(nobody, caplog):
    headers = {"Authorization": "Bearer nd_a_key_of_nobody"}
    assert (await nobody.get("/api/v1/sites?secret=word", headers=headers)).status_code == 401
    (line,) = caplog.records
    told = (line.action, line.address, line.method, line.path)
    assert told == ("key_refused", "127.0.0.1", "GET", "/api/v1/sites")
    assert "nobody" not in str(line.__dict__)
    assert "word" not in str(line.__dict__)


async def test_input_that_is_refused_is_logged_by_its_field_alone(alice, caplog):
    caplog.set_level(logging.INFO, "nightdesk")
    answer = await alice.client.post("/api/v1/sites", json={"name": 5, "note": "typed by mistake"})
    assert answer.status_code == 422
    (line,) = [line for line in caplog.records if getattr(line, "action", "") == "input_refused"]
    assert (line.path, "name" in line.field) == ("/api/v1/sites", True)
    assert "typed by mistake" not in str(line.__dict__)


async def test_what_a_body_may_not_set_is_not_set(house, alice, bob):
    body = {"name": "Mine", "workspace_id": bob.workspace, "id": 4711, "archived_at": "2020-01-01T00:00:00Z"}
    answer = await alice.client.post("/api/v1/sites", json=body)
    assert answer.status_code in (201, 422)
    assert [site.name for site in await house.desk.sites.listed(bob.workspace)] == ["Bob's site"]
    mine = await house.desk.sites.listed(alice.workspace)
    assert 4711 not in [site.id for site in mine]
