"""A person who asks too much at once gets a page or a toast that says when to go on."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from nightdesk.faces.web.app import PAGES, make_pages
from nightdesk.faces.web.limits import HEAVY, HEAVY_TO_GET
from nightdesk.kit.clock import SetClock
from nightdesk.kit.pace import Pace
from web.conftest import client_of

BURST = 15
HTMX = {"HX-Request": "true"}


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def slow(house: Any, clock: SetClock) -> Any:
    """The pages of a house that takes sixty requests a minute from each."""
    return make_pages(replace(house.desk, pace=Pace(4 * BURST, clock.monotonic)), "0.0.0")


@pytest_asyncio.fixture(loop_scope="session")
async def ada(slow: Any, owner: Any, pages: Any) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(slow, owner.token) as client:
        yield client


async def statuses(client: Any, count: int, path: str = "/badges", **more: Any) -> list[int]:
    return [(await client.get(path, **more)).status_code for _ in range(count)]


async def test_one_page_too_many_says_when_to_go_on(ada: Any, clock: SetClock) -> None:
    assert await statuses(ada, BURST) == [200] * BURST
    answer = await ada.get("/badges")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert "try again in 1 second." in answer.text
    assert "<html" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    clock.move(1)
    assert await statuses(ada, 2) == [200, 429]


async def test_a_press_too_many_is_told_in_a_toast_and_does_nothing(house: Any, ada: Any, owner: Any) -> None:
    before = (await house.desk.sessions.caller_of(owner.token)).theme
    await statuses(ada, BURST)
    other = "light" if before == "dark" else "dark"
    answer = await ada.post("/theme", data={"theme": other}, headers=HTMX)
    assert answer.status_code == 429
    assert "<html" not in answer.text
    assert "Nothing was changed" in answer.text
    assert (await house.desk.sessions.caller_of(owner.token)).theme == before


async def test_what_a_page_asks_for_by_itself_counts_a_fifth(ada: Any) -> None:
    found = await statuses(ada, 5 * BURST + 1, headers=HTMX)
    assert found == [200] * 5 * BURST + [429]


async def test_the_files_of_the_pages_are_never_held_back(ada: Any) -> None:
    page = (await ada.get("/me")).text
    sheet = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    await statuses(ada, BURST)
    assert await statuses(ada, 3, sheet) == [200] * 3


async def test_who_is_not_signed_in_is_counted_by_address_and_holds_nobody_else_back(
    slow: Any, ada: Any
) -> None:
    async with client_of(slow) as guest:
        assert await statuses(guest, BURST + 1, "/sign-in") == [200] * BURST + [429]
    assert await statuses(ada, 1) == [200]


async def test_runs_trials_and_imports_have_a_smaller_bucket(ada: Any) -> None:
    pressed = [(await ada.post("/sites/none/planner/import/look", data={})).status_code for _ in range(4)]
    assert pressed == [404, 404, 404, 429]
    assert (await ada.post("/settings/models/text/try", data={})).status_code == 429
    assert await statuses(ada, 2) == [200, 200]


async def test_every_address_that_is_called_heavy_is_one() -> None:
    """A page that moves takes its limit along."""
    paths = {method: [] for method in ("GET", "POST")}  # type: dict[str, list[str]]
    for module in PAGES:
        for route in module.ROUTES:
            method = "POST" if "POST" in route.methods else "GET"
            paths[method].append(re.sub(r"{[^}]*:int}", "7", re.sub(r"{\w+}", "x", route.path)))
    heavy = [path for path in paths["POST"] if HEAVY.fullmatch(path)]
    assert len(heavy) >= 20
    assert [path for path in paths["GET"] if HEAVY_TO_GET.fullmatch(path)]
    for word in re.findall(r"[a-z]{3,}", HEAVY.pattern):
        assert any(word in path for path in heavy), word
