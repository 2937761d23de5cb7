"""A person who is signed in at the pages asks the API without a key: as that person, from our pages alone."""

from typing import Any

import httpx2
import pytest

from api.api_house import Tenant, client_of
from nightdesk.bootstrap import House
from nightdesk.desk.people import COOKIE, Operator, Role

OURS = {"Origin": "http://desk.test"}
WHO = {"language": "en", "timezone": "UTC", "address": "127.0.0.1", "agent": "a test"}


async def session_of(house: House, workspace: int, role: Role) -> str:
    """A session of a new member with that role."""

    link = await house.desk.invitations.invite(Operator(workspace), f"{role}@desk.test", role)
    return await house.desk.invitations.accept(link, role.title(), "lantern meadow quiet harbour", **WHO)


@pytest.fixture
def browser(app: Any) -> Any:
    """A client that shows a session's cookie instead of a key."""

    def of(token: str) -> httpx2.AsyncClient:
        client = client_of(app)
        client.cookies.set(COOKIE, token)
        return client

    return of


async def test_a_session_opens_its_own_workspace(house: House, alice: Tenant, bob: Tenant, browser: Any):
    async with browser(await session_of(house, alice.workspace, "viewer")) as client:
        sites = (await client.get("/api/v1/sites")).json()
        assert [site["id"] for site in sites["items"]] == [alice.site]
        assert (await client.get(f"/api/v1/sites/{bob.site}")).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "http://elsewhere.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://desk.test"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        (OURS, 201),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
    ],
)
async def test_what_changes_something_is_asked_by_our_own_pages_alone(
    house: House, alice: Tenant, browser: Any, headers: dict[str, str], status: int
):
    async with browser(await session_of(house, alice.workspace, "editor")) as client:
        answer = await client.post("/api/v1/sites", json={"name": "New"}, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "other_origin"
    assert len(await house.desk.sites.listed(alice.workspace)) == (2 if status == 201 else 1)


@pytest.mark.parametrize(
    ("role", "method", "path", "body", "allowed"),
    [
        ("viewer", "GET", "/api/v1/credits", None, True),
        ("viewer", "POST", "/api/v1/sites", {"name": "New"}, False),
        ("viewer", "GET", "/api/v1/keys", None, False),
        ("editor", "POST", "/api/v1/sites", {"name": "New"}, True),
        ("editor", "POST", "/api/v1/keys", {"name": "mine"}, False),
        ("editor", "POST", "/api/v1/credits/grant", {"amount": 5}, False),
        ("owner", "POST", "/api/v1/keys", {"name": "mine"}, True),
    ],
)
async def test_a_role_reaches_as_far_as_it_does_on_the_pages(
    house: House,
    alice: Tenant,
    browser: Any,
    caplog: Any,
    role: str,
    method: str,
    path: str,
    body: Any,
    allowed: bool,
):
    async with browser(await session_of(house, alice.workspace, role)) as client:
        answer = await client.request(method, path, json=body, headers=OURS)
    assert (answer.status_code != 403) == allowed, answer.text
    if not allowed:
        assert answer.json()["code"] == "not_allowed"
        assert [line.action for line in caplog.records] == ["role_refused"]


async def test_a_session_that_was_ended_opens_nothing(house: House, alice: Tenant, browser: Any):
    token = await session_of(house, alice.workspace, "editor")
    await house.desk.sessions.sign_out(token)
    async with browser(token) as client:
        assert (await client.get("/api/v1/sites")).status_code == 401


async def test_without_the_second_factor_that_is_wanted_a_session_opens_nothing_and_a_key_does(
    house: House, alice: Tenant, browser: Any
):
    editor = await session_of(house, alice.workspace, "editor")
    viewer = await session_of(house, alice.workspace, "viewer")
    await house.desk.second_factors.want(Operator(alice.workspace), True)
    for token, status in ((editor, 401), (viewer, 200)):
        async with browser(token) as client:
            assert (await client.get("/api/v1/sites")).status_code == status
    async with browser(editor) as client:
        headers = {"Authorization": f"Bearer {alice.token}"}
        assert (await client.get("/api/v1/sites", headers=headers)).status_code == 200


async def test_a_key_goes_before_a_session(house: House, alice: Tenant, bob: Tenant, browser: Any):
    async with browser(await session_of(house, alice.workspace, "viewer")) as client:
        headers = {"Authorization": f"Bearer {bob.token}"}
        sites = (await client.get("/api/v1/sites", headers=headers)).json()
        assert [site["id"] for site in sites["items"]] == [bob.site]
        headers = {"Authorization": "Bearer nd_wrong"}
        assert (await client.get("/api/v1/sites", headers=headers)).status_code == 401
