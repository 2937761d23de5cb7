"""What lists are narrowed to on a phone: each choice is read whole, however narrow the window."""

from typing import Any

from browser.browser_house import Desk, calm
from browser.line_sites import fed

CUT = """() => [...document.querySelectorAll("main :is(.bar-select, .filters select)")].filter((one) => {
  const style = getComputedStyle(one), pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return one.offsetWidth && pen.measureText(one.selectedOptions[0].text).width > room;
}).map((one) => one.selectedOptions[0].text)"""


async def test_no_choice_of_a_list_is_cut(house: Desk, phone: Any) -> None:
    site = await fed(house)
    for path in ("topics", "feeds", "planner/keywords", "planner/clusters"):
        await phone.goto(f"/sites/{site.slug}/{path}")
        assert await phone.evaluate(CUT) == [], path
    await phone.goto("/runs")
    assert await phone.evaluate(CUT) == []
    await calm(phone)
