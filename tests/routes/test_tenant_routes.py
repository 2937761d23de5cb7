"""A row of another workspace answers exactly as one that does not exist, on every route that names one."""

from typing import Any

from api.api_house import Tenant
from api.rows import Chain, add_chain, assert_tallies_hold, read
from nightdesk.bootstrap import House
from nightdesk.store.tables.writer import Content

MISSING = 2**40
BODIES: dict[str, Any] = {
    "/api/v1/contents/{number}": {"title": "A title of theirs"},
    "/api/v1/contents/{number}/sections": {"heading": "How they work", "note": "Shorter"},
    "/api/v1/images/{number}": {"alt": "Another"},
    "/api/v1/ideas/{number}": {"disabled": True},
    "/api/v1/tasks/{number}": {"words": 900},
    "/api/v1/sites/{key}": {"voice": "calm"},
    "/api/v1/sites/{key}/own-footage/{piece}": {"shows": "a heap of theirs"},
}
FILES = {"/api/v1/sites/{key}/own-footage": "shows=a+heap+of+theirs"}
"""Paths that take a file, with what else they want to know."""

NEW: dict[str, Any] = {
    "keywords": {"phrase": "heaters"},
    "clusters": {"name": "Heaters"},
    "ideas": {"cluster_id": 1, "title": "All about heat"},
    "tasks": {"idea_id": 1},
    "contents": {"task_id": 1, "title": "All about heat", "markdown": "word " * 60},
    "images": {"content_id": 1, "prompt": "A long prompt", "alt": "Alt"},
}


def numbers_of(chain: Chain, tenant: Tenant, key: int) -> dict[str, int]:
    return {
        "keywords": chain.keyword,
        "clusters": chain.cluster,
        "ideas": chain.idea,
        "tasks": chain.task,
        "contents": chain.content,
        "images": chain.image,
        "documents": chain.document,
        "sites": tenant.site,
        "keys": key,
    }


def told(answer: Any) -> tuple[int, dict[str, Any]]:
    return answer.status_code, {k: v for k, v in answer.json().items() if k != "request_id"}


async def test_a_foreign_row_is_told_as_a_missing_one_on_every_route(
    house: House, app: Any, alice: Tenant, bob: Tenant
) -> None:
    chain = await add_chain(house, bob)
    key = (await house.desk.people.keys(bob.workspace))[0].id
    foreign = numbers_of(chain, bob, key)
    asked = 0
    for path, operations in app.openapi()["paths"].items():
        noun = path.split("/")[3]
        if noun not in foreign or ("{number}" not in path and "{key}" not in path):
            continue
        for method in operations.keys() & {"get", "patch", "post", "put", "delete"}:
            answers = []
            for number in (foreign[noun], MISSING):
                address = path.replace("{number}", str(number)).replace("{key}", str(number))
                body = BODIES.get(path, {}) if method in ("patch", "post") else None
                address = address.replace("{decision}", "approve").replace("{section}", str(MISSING))
                address = address.replace("{piece}", str(MISSING))
                sent: dict[str, Any] = {"json": body}
                if method == "post" and path in FILES:
                    address, sent = f"{address}?{FILES[path]}", {"files": {"file": b"no photo"}}
                answers.append(told(await alice.client.request(method.upper(), address, **sent)))
            assert answers[0] == answers[1], (method, path)
            assert answers[0][0] == 404, (method, path, answers[0])
            asked += 1
    assert asked >= 24
    assert (await read(house, bob, Content, chain.content)).state == "review"
    await assert_tallies_hold(house, bob)


async def test_a_foreign_site_is_told_as_a_missing_one_on_every_route(alice: Tenant, bob: Tenant) -> None:
    for noun, body in NEW.items():
        for method, path, sent in (
            ("GET", noun, None),
            ("POST", noun, body),
            ("POST", f"{noun}/retry", {}),
        ):
            answers = [
                told(
                    await alice.client.request(method, f"/api/v1/{path}", params={"site_id": site}, json=sent)
                )
                for site in (bob.site, MISSING)
            ]
            assert answers[0] == answers[1], path
            assert answers[0][0] == 404, (path, answers[0])


async def test_without_a_key_nothing_is_told(app: Any, nobody: Any) -> None:
    for path, operations in app.openapi()["paths"].items():
        if path.split("/")[3:4] and path.split("/")[3] in {*NEW, "sites", "documents", "credits", "keys"}:
            address = path.replace("{number}", "1").replace("{key}", "1").replace("{decision}", "approve")
            for method in operations.keys() & {"get", "patch", "post", "put", "delete"}:
                answer = await nobody.request(method.upper(), address)
                assert answer.status_code == 401, (method, path)
