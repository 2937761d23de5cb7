"""What every page has around it: headers, where a request came from, its size, and what is said of faults."""

from typing import Any

import httpx2
import pytest
from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import Response

from nightdesk.desk import errors
from nightdesk.faces.web import faults
from nightdesk.faces.web.shell import BodyLimit

PATHS = ("/", "/sign-in", "/start", "/nowhere", "/search?q=x")


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_carries_the_policy_and_may_not_be_kept(
    owner: Any, nobody: Any, path: str
) -> None:
    for client in (owner.client, nobody):
        answer = await client.get(path)
        policy = dict(
            part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";")
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["require-trusted-types-for"] == "'script'"
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-request-id"]


async def test_no_page_has_an_inline_style_script_or_handler(owner: Any, nobody: Any) -> None:
    for client in (owner.client, nobody):
        for path in PATHS:
            body = (await client.get(path, follow_redirects=True)).text
            assert " style=" not in body
            assert "<style" not in body
            assert "hx-on" not in body
            assert " onclick" not in body
            assert all("src=" in tag for tag in body.split("<script")[1:])


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere.test"},
        {"Origin": "http://desk.test.elsewhere.test"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://desk.test"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_a_form_of_another_site_changes_nothing(
    owner: Any, house: Any, headers: dict[str, str]
) -> None:
    answer = await owner.client.post("/sign-out", headers=headers)
    assert answer.status_code == 403
    assert await house.desk.sessions.caller_of(owner.token) is not None


async def test_a_form_that_says_nothing_of_its_page_changes_nothing(owner: Any) -> None:
    request = owner.client.build_request("POST", "/sign-out")
    del request.headers["origin"]
    assert (await owner.client.send(request)).status_code == 403


async def test_a_form_of_our_own_page_is_taken(owner: Any) -> None:
    answer = await owner.client.post(
        "/theme", data={"theme": "dark"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 204


async def test_a_body_that_is_too_large_is_not_read() -> None:
    read: list[int] = []

    async def reads(scope: Any, receive: Any, send: Any) -> None:
        async for piece in Request(scope, receive).stream():
            read.append(len(piece))
        await Response("read")(scope, receive, send)

    async def endless() -> Any:
        while True:
            yield b"x" * 1000

    transport = httpx2.ASGITransport(app=BodyLimit(reads, most=4000))
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        assert (await client.post("/", content=b"x" * 4000)).text == "read"
        read.clear()
        assert (await client.post("/", content=b"x" * 4001)).status_code == 413
        assert read == []
        assert (await client.post("/", content=endless())).status_code == 413
        assert sum(read) <= 4000


async def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(nobody: Any, owner: Any) -> None:
    answer = await nobody.get("/search?q=a b")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/search%3Fq%3Da%2520b"
    assert (await nobody.get("/badges", headers={"HX-Request": "true"})).headers["hx-refresh"] == "true"
    assert (await nobody.post("/theme", data={"theme": "dark"})).headers["location"] == "/sign-in"


@pytest.mark.parametrize(
    "there",
    ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)", "\t//evil.test", "/a\r\nb"],
)
async def test_signing_in_leads_to_no_other_host(owner: Any, there: str) -> None:
    answer = await owner.client.get("/sign-in", params={"next": there})
    assert answer.headers["location"] == "/"


async def test_a_page_that_is_not_there_says_what_to_do(owner: Any) -> None:
    answer = await owner.client.get("/nowhere")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    by_htmx = await owner.client.get("/nowhere", headers={"HX-Request": "true"})
    assert "<html" not in by_htmx.text
    assert 'hx-swap-oob="beforeend:#toasts"' in by_htmx.text


def asked(pages: Any, **headers: str) -> Request:
    scope = {
        "type": "http",
        "method": "GET",
        "app": pages,
        "path": "/",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "state": {"caller": None, "request_id": "1"},
    }
    return Request(scope)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFound("site"), 404),
        (errors.Invalid("name", "Too long."), 422),
        (errors.Taken("There is one."), 409),
        (errors.RunActive("1", "A run holds the site."), 409),
        (errors.InsufficientCredits(12, 3), 402),
        (errors.Unavailable("Away."), 503),
        (errors.DeskError("No."), 400),
    ],
)
async def test_what_the_desk_says_is_said_on_the_page_and_in_a_toast(
    pages: Any, error: Any, status: int
) -> None:
    for headers in ({}, {"hx_request": "true"}):
        handler = pages.exception_handlers[errors.DeskError]
        answer = await handler(asked(pages, **headers), error)
        assert answer.status_code == status
        assert str(error) in answer.body.decode()
        field = f'data-field="{error.field}"' if isinstance(error, errors.Invalid) and headers else ""
        assert field in answer.body.decode()


async def test_a_database_that_is_away_is_a_page_that_asks_again(pages: Any) -> None:
    async def broken(*_: Any) -> None:
        raise OperationalError(
            "select 1", {}, Exception("server closed the connection"), connection_invalidated=True
        )

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    scope = asked(pages).scope
    await faults.DatabaseAway(broken, pages)(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert sent[0]["status"] == 503
    assert headers["refresh"] == headers["retry-after"] == "5"
    assert b"Nothing was changed" in sent[1]["body"]
