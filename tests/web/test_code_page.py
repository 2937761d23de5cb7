"""The page that asks for the code after the password: its cookie, and that nothing else opens by it."""

import base64
import re
from http.cookies import SimpleCookie
from typing import Any

import httpx2
import pytest_asyncio
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from nightdesk.desk.people import CODE_WITHIN, SIGN_IN_COOKIE
from nightdesk.faces.web.identity import COOKIE
from web.conftest import HERE

GINA = {"email": "gina@desk.test", "password": "lantern meadow quiet harbour"}
TLS = "https://desk.test"


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def app(house: Any, join: Any) -> Any:
    """The codes of somebody who set up a second factor by the pages; `recovery` are her recovery codes."""
    gina = await join("Gina", "editor")
    htmx = {"HX-Request": "true"}
    begun = await gina.client.post(
        "/me/second-factor/begin", data={"password": GINA["password"]}, headers=htmx
    )
    assert "<svg" in begun.text
    key = re.search(r'id="factor-key" value="([A-Z2-7]{32})"', begun.text)[1]
    assert key not in (await gina.client.get("/me/second-factor")).text
    codes = TOTP(base64.b32decode(key), 6, SHA1(), 30)
    now = house.clock.now().timestamp()
    confirmed = await gina.client.post(
        "/me/second-factor/confirm", data={"code": codes.generate(now).decode()}, headers=htmx
    )
    assert session_of(confirmed).value != gina.token
    codes.recovery = confirmed.text.partition('spellcheck="false">')[2].partition("</textarea>")[0].split()
    return codes


def session_of(answer: Any) -> Any:
    return cookies_of(answer)[COOKIE]


def cookies_of(answer: Any) -> SimpleCookie:
    found = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        found.load(line)
    return found


def browser(pages: Any, origin: str = HERE) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=pages, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url=origin, headers={"Origin": origin})


async def test_after_the_password_the_browser_gets_a_cookie_that_opens_nothing(pages: Any, app: Any) -> None:
    async with browser(pages) as client:
        answer = await client.post("/sign-in", data=GINA | {"next": "/runs"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/code?next=/runs")
        waiting = cookies_of(answer)
        assert list(waiting) == [SIGN_IN_COOKIE]
        set_ = waiting[SIGN_IN_COOKIE]
        assert (set_["httponly"], set_["samesite"].lower(), set_["path"]) == (True, "lax", "/")
        assert int(set_["max-age"]) == CODE_WITHIN.total_seconds()
        assert (await client.get("/runs")).headers["location"].startswith("/sign-in")
        client.cookies.set(COOKIE, set_.value, domain="desk.test")
        assert (await client.get("/runs")).headers["location"].startswith("/sign-in")
        page = await client.get("/sign-in/code?next=/runs")
        assert 'autocomplete="one-time-code"' in page.text
        assert 'inputmode="numeric"' in page.text
        assert set_.value not in page.text


async def test_a_code_opens_the_session_and_ends_what_waited_for_it(house: Any, pages: Any, app: Any) -> None:
    async with browser(pages) as client:
        await client.post("/sign-in", data=GINA)
        wrong = await client.post("/sign-in/code", data={"code": "000000", "next": "/runs"})
        assert (wrong.status_code, "This code is wrong" in wrong.text) == (403, True)
        assert "000000" not in wrong.text
        right = await client.post(
            "/sign-in/code", data={"recovery": app.recovery[0].lower(), "next": "/runs"}
        )
        assert right.status_code == 303
        assert cookies_of(right)[SIGN_IN_COOKIE]["max-age"] == "0"
        caller = await house.desk.sessions.caller_of(session_of(right).value)
        assert caller.second_factor
        again = await client.post("/sign-in/code", data={"recovery": app.recovery[1]})
        assert (again.status_code, "Sign in once more" in again.text) == (403, True)


async def test_under_tls_the_cookie_stays_under_tls(pages: Any, app: Any) -> None:
    async with browser(pages, TLS) as client:
        set_ = cookies_of(await client.post("/sign-in", data=GINA))[f"__Host-{SIGN_IN_COOKIE}"]
        assert (set_["secure"], set_["path"], set_["domain"]) == (True, "/", "")


async def test_without_a_sign_in_that_waits_the_page_leads_back(pages: Any, app: Any) -> None:
    async with browser(pages) as client:
        for odd in ("", "x" * 32, "x" * 5000):
            client.cookies.set(SIGN_IN_COOKIE, odd, domain="desk.test")
            answer = await client.get("/sign-in/code?next=//elsewhere.test")
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/")
            assert (await client.post("/sign-in/code", data={"code": "000000"})).status_code == 403


async def test_what_is_refused_at_the_account_page_is_told_at_its_field(house: Any, join: Any) -> None:
    hugo = await join("Hugo", "viewer")
    password, htmx = GINA["password"], {"HX-Request": "true"}
    for path, form, field in (
        ("begin", {"password": "something else entirely"}, "password"),
        ("begin", {}, "password"),
        ("off", {"password": password, "code": "000000"}, "code"),
        ("codes", {"password": "something else entirely", "code": "000000"}, "password"),
    ):
        answer = await hugo.client.post(f"/me/second-factor/{path}", data=form, headers=htmx)
        assert (answer.status_code, f'data-field="{field}"' in answer.text) == (422, True), answer.text
    assert (await hugo.client.post("/me/second-factor/confirm", data={"code": "1"})).status_code == 409
