"""A browser for the session, a served house for each test, and pages of it: see `browser_house`."""

import dataclasses
import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from browser.browser_house import NARROW, Desk, begin, open_page, opened, settings_for
from chromium import CHROMIUM
from nightdesk.bootstrap import open_house

REQUIRED = os.environ.get("NIGHTDESK_REQUIRE_BROWSER", "") not in ("", "0")
_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Has the tests run in the event loop that the browser lives in; skips them where there is none."""
    for item in items:
        if item.path.parent.name != "browser":
            continue
        if CHROMIUM is None and not REQUIRED:
            item.add_marker(pytest.mark.skip(reason="no Chromium here: `make browser` installs it"))
        elif item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    assert CHROMIUM is not None, "NIGHTDESK_REQUIRE_BROWSER is set and there is no Chromium"
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield started
        await started.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def begun(server: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, str]:
    """The server, making databases in which the owner has begun, and the token of the owner's session."""
    name = f"browser_begun_{os.getpid()}"
    async with open_house(settings_for(server.create(name), tmp_path_factory.mktemp("begun"))) as house:
        token = await begin(house)
    return dataclasses.replace(server, template=name), token


@pytest_asyncio.fixture(loop_scope="session")
async def house(begun: tuple[Any, str], tmp_path: Path) -> AsyncIterator[Desk]:
    """A house of the test's own, served, with its owner signed in."""
    server, token = begun
    name = f"browser_{os.getpid()}_{next(_numbers)}"
    async with opened(server.create(name), tmp_path, begun=token) as desk:
        yield desk
    server.drop(name)


@pytest_asyncio.fixture(loop_scope="session")
async def new_house(server: Any, tmp_path: Path) -> AsyncIterator[Desk]:
    """A served house whose owner has yet to come."""
    name = f"browser_{os.getpid()}_{next(_numbers)}"
    async with opened(server.create(name), tmp_path, begun=None) as desk:
        yield desk
    server.drop(name)


@pytest_asyncio.fixture(loop_scope="session")
async def open_at(browser: Browser, house: Desk) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """Opens pages, each in a browser of its own, as many as a test wants: see `open_page`."""
    pages: list[Page] = []

    async def open_one(**facts: Any) -> Page:
        pages.append(await open_page(browser, house, **facts))
        return pages[-1]

    yield open_one
    for page in pages:
        await page.context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(open_at: Callable[..., Awaitable[Page]]) -> Page:
    """The owner's, 1440 pixels wide."""
    return await open_at()


@pytest_asyncio.fixture(loop_scope="session")
async def phone(open_at: Callable[..., Awaitable[Page]]) -> Page:
    """The owner's, 390 pixels wide."""
    return await open_at(size=NARROW)
