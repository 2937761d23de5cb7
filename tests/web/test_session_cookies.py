"""The cookie of a session, over plain HTTP and TLS: how it is set, renewed, forgotten, and never told."""

from collections.abc import AsyncIterator
from http.cookies import Morsel, SimpleCookie
from typing import Any

import httpx2
import pytest_asyncio

from nightdesk.desk.people import LONGEST
from nightdesk.faces.web.identity import COOKIE
from web.conftest import HERE

TLS = "https://desk.test"
ADA = {"email": "ada@desk.test", "password": "lantern meadow quiet harbour"}


def browser(pages: Any, origin: str = HERE, token: str = "") -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=pages, raise_app_exceptions=False)
    headers = {"Origin": origin} | ({"Cookie": f"{COOKIE}={token}"} if token else {})
    return httpx2.AsyncClient(transport=transport, base_url=origin, headers=headers)


def session_cookie(answer: Any) -> "Morsel[str]":
    return SimpleCookie(answer.headers["set-cookie"])[COOKIE]


@pytest_asyncio.fixture(loop_scope="session")
async def plain(pages: Any, owner: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser that knows nothing of us yet."""
    async with browser(pages) as client:
        yield client


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(plain: Any) -> None:
    answer = await plain.post("/sign-in", data=ADA)
    set_ = session_cookie(answer)
    assert (set_["httponly"], set_["samesite"].lower(), set_["path"]) == (True, "lax", "/")
    assert set_["domain"] == ""
    assert int(set_["max-age"]) == LONGEST.total_seconds()
    assert len(set_.value) == 32


async def test_under_tls_the_cookie_and_all_later_requests_stay_under_tls(pages: Any, owner: Any) -> None:
    async with browser(pages, TLS) as client:
        answer = await client.post("/sign-in", data=ADA)
        set_ = SimpleCookie(answer.headers["set-cookie"])[f"__Host-{COOKIE}"]
        assert (set_["secure"], set_["path"], set_["domain"]) == (True, "/", "")
        assert (await client.get("/", follow_redirects=False)).status_code == 200
        for path in ("/", "/sign-in", "/nowhere"):
            assert (await client.get(path)).headers["strict-transport-security"] == "max-age=31536000"


async def test_under_tls_no_cookie_of_another_host_or_of_plain_http_counts(
    house: Any, pages: Any, owner: Any
) -> None:
    """Only a name that begins with `__Host-` cannot be set by a neighbour or over plain HTTP."""
    async with browser(pages, TLS, token=owner.token) as client:
        assert (await client.get("/")).headers["location"].startswith("/sign-in")
    async with browser(pages, TLS) as client:
        token = (await client.post("/sign-in", data=ADA)).cookies[f"__Host-{COOKIE}"]
        cleared = (await client.post("/sign-out")).headers["set-cookie"]
        assert cleared.startswith(f'__Host-{COOKIE}=""')
        assert "; Secure" in cleared
    assert await house.desk.sessions.caller_of(token) is None


async def test_signing_in_makes_a_new_token_and_ends_the_one_before(
    house: Any, pages: Any, plain: Any
) -> None:
    first = session_cookie(await plain.post("/sign-in", data=ADA)).value
    async with browser(pages, token=first) as again:
        second = session_cookie(await again.post("/sign-in", data=ADA)).value
    assert second != first
    assert await house.desk.sessions.caller_of(first) is None
    assert await house.desk.sessions.caller_of(second) is not None


async def test_a_token_that_somebody_else_chose_is_never_taken_over(house: Any, pages: Any) -> None:
    chosen = "a" * 32
    async with browser(pages, token=chosen) as client:
        given = session_cookie(await client.post("/sign-in", data=ADA)).value
    assert given != chosen
    assert await house.desk.sessions.caller_of(chosen) is None


async def test_signing_out_ends_the_session_and_clears_the_cookie(pages: Any, plain: Any) -> None:
    token = session_cookie(await plain.post("/sign-in", data=ADA)).value
    async with browser(pages, token=token) as client:
        assert (await client.get("/", follow_redirects=False)).status_code == 200
        cleared = session_cookie(await client.post("/sign-out"))
        assert (cleared.value, cleared["max-age"]) == ("", "0")
    async with browser(pages, token=token) as back:
        assert (await back.get("/")).headers["location"].startswith("/sign-in")


async def test_a_wrong_password_says_the_same_for_everybody_and_repeats_nothing(plain: Any) -> None:
    told = []
    for email in (ADA["email"], "nobody@desk.test"):
        answer = await plain.post("/sign-in", data={"email": email, "password": "typed into the field"})
        assert "set-cookie" not in answer.headers
        assert "typed into the field" not in answer.text
        number = answer.headers["x-request-id"]
        told.append((answer.status_code, answer.text.replace(email, "EMAIL").replace(number, "NUMBER")))
    assert told[0] == told[1]
    assert told[0][0] == 403


async def test_no_page_tells_the_token_or_sends_it_anywhere(pages: Any, plain: Any) -> None:
    token = session_cookie(await plain.post("/sign-in", data=ADA)).value
    async with browser(pages, token=token) as client:
        for path in ("/", "/sites", "/runs", "/search?q=a", "/sign-in", "/nowhere"):
            answer = await client.get(path)
            assert token not in answer.text
            assert token not in str(answer.headers)
            assert answer.headers["referrer-policy"] == "same-origin"
            assert answer.headers["cache-control"] == "no-store"


async def test_what_is_no_cookie_of_ours_is_nobodys_and_no_fault(pages: Any, owner: Any) -> None:
    for odd in ("x", "x" * 5000, "%00", "a;b", '"' + owner.token + '"x', owner.token[:-1]):
        async with browser(pages, token=odd) as client:
            assert (await client.get("/")).headers["location"].startswith("/sign-in"), odd
