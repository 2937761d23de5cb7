"""What every address of the API has in common: who may ask, the headers, one path."""

# ruff: noqa: F811 - fixtures are asked for by their names

from routes.one_house import alice, app, house, nobody, tenant_of  # noqa: F401 - fixtures


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
    assert answers[1].json()["request_id"] == answers[1].headers["x-request-id"]
