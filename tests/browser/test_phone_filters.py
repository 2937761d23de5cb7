"""What lists are narrowed to on a phone: each choice is read whole, however narrow the window."""

from typing import Any

from browser.browser_house import Desk, calm
from browser.line_sites import fed

LISTS = "main :is(.bar-select, .filters select)"
CUT = """(found) => found.filter((one) => {
  const style = getComputedStyle(one), pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return one.offsetWidth && pen.measureText(one.selectedOptions[0].text).width > room;
}).map((one) => one.selectedOptions[0].text)"""


async def test_no_choice_of_a_list_is_cut(house: Desk, phone: Any) -> None:
    site = await fed(house)
    of_site = ("topics", "feeds", "sources", "planner/keywords", "planner/clusters")
    for path in (*(f"/sites/{site.slug}/{one}" for one in of_site), "/library", "/runs"):
        await phone.goto(path)
        choices = phone.locator(LISTS)
        assert await choices.count(), path
        assert await choices.evaluate_all(CUT) == [], path
    await calm(phone)
