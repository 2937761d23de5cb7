"""Tonight in a browser: what is running and what waits, on a wide screen and on a phone."""

from typing import Any

from browser.browser_house import Desk, fine, picture


async def test_a_new_desk_says_that_nothing_runs_and_nothing_waits(
    house: Desk, page: Any, phone: Any
) -> None:
    for one in (page, phone):
        await one.goto("/")
        await one.get_by_role("heading", name="Tonight").wait_for()
        assert await one.get_by_text("Nothing is running").is_visible()
        assert await one.get_by_text("The review desk is clear").is_visible()
        await fine(one)
        await picture(one, "tonight-empty")
