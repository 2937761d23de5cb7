"""What a page lets happen: nothing that text could bring with it; our own questions, toasts and messages."""

from typing import Any

import pytest
from playwright.async_api import expect

from browser.browser_house import Desk, accessible, fits, picture, quiet

BROUGHT = [
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "<a href='javascript:window.hit = 1'>a</a>",
    "<a href=' java\nscript:window.hit = 1'>a</a>",
    "<svg><a xlink:href='javascript:window.hit = 1'></a></svg>",
    "<iframe srcdoc='<script>parent.hit = 1</script>'></iframe>",
    "<object data='/static/x'></object>",
    "<form action='javascript:window.hit = 1'></form>",
    "<button formaction='javascript:window.hit = 1'>b</button>",
    "<template><img src=x onerror='window.hit = 1'></template>",
    "<p hx-on:click='window.hit = 1'>p</p>",
    "<p hx-vals='js:{hit: window.hit = 1}'>p</p>",
    "<base href='https://elsewhere.test/'>",
    "<style>p { color: red }</style>",
]
PUT = """text => {
  const place = document.createElement("div");
  document.body.append(place);
  try { place.innerHTML = text; } catch { return "refused"; }
  return place.childElementCount ? "taken" : "refused";
}"""
ASK = """([path, vals, confirm]) => {
  const button = document.createElement("button");
  button.id = "asks";
  button.textContent = "Try";
  button.setAttribute("hx-post", path);
  button.setAttribute("hx-vals", JSON.stringify(vals));
  button.setAttribute("hx-swap", "none");
  if (confirm) { button.setAttribute("hx-confirm", confirm); button.dataset.confirmYes = "Delete"; }
  document.querySelector("main").append(button);
  htmx.process(button);
}"""


async def test_no_text_becomes_a_script_in_a_page(page: Any) -> None:
    await page.goto("/")
    for text in BROUGHT:
        assert await page.evaluate(PUT, text) == "refused", text
    assert await page.evaluate(PUT, "<p class='fine'>Plain <strong>words</strong></p>") == "taken"
    assert await page.evaluate("window.hit") is None


MAKING = ("document.createElement('script').text = 'hit = 1'", "eval('hit = 1')", "setTimeout('hit = 1')")
LATER = "new Promise((done) => setTimeout(() => { try { %s; done('') } catch (e) { done(e.name) } }))"
"""Not while the test evaluates: what it evaluates itself is let do more than the page."""


@pytest.mark.parametrize("making", MAKING)
async def test_no_script_makes_another_from_text(page: Any, making: str) -> None:
    await page.goto("/")
    assert await page.evaluate(LATER % making) in ("TypeError", "EvalError")
    assert await page.evaluate("window.hit") is None


async def test_a_question_is_asked_before_and_no_means_that_nothing_is_sent(page: Any) -> None:
    await page.goto("/")
    await page.evaluate(ASK, ["/theme", {"theme": "dark"}, "Delete 12 keywords? Their ideas stay."])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    await page.get_by_role("button", name="Try").click()
    await page.get_by_text("Delete 12 keywords?").wait_for()
    await picture(page, "confirm")
    await accessible(page)
    await page.get_by_role("button", name="Keep it as it is").click()
    await expect(page.locator("#confirm")).to_be_hidden()
    await page.get_by_role("button", name="Try").click()
    async with page.expect_response("**/theme") as answered:
        await page.get_by_role("button", name="Delete").click()
    assert (await answered.value).status == 204
    assert sent.count("POST") == 1
    quiet(page)


async def test_a_fault_is_told_in_a_toast_that_can_be_closed(page: Any, phone: Any) -> None:
    for one in (page, phone):
        await one.goto("/")
        await one.evaluate(ASK, ["/theme", {"theme": "mauve"}, ""])
        await one.get_by_role("button", name="Try").click()
        note = one.locator("[data-toast]")
        await note.wait_for()
        await picture(one, "toast")
        await accessible(one)
        await fits(one)
        await note.get_by_role("button", name="Close").click()
        await note.wait_for(state="detached")
        quiet(one, but=("status of 422",))


async def test_what_is_wrong_with_a_field_is_said_beside_it(page: Any) -> None:
    await page.goto("/")
    await page.evaluate(
        """() => {
          const field = document.createElement("div");
          field.dataset.fieldOf = "theme";
          const input = document.createElement("input");
          input.ariaLabel = "Theme";
          const says = document.createElement("div");
          says.dataset.saysOf = "theme";
          field.append(input, says);
          document.querySelector("main").append(field);
        }"""
    )
    await page.evaluate(ASK, ["/theme", {"theme": "mauve"}, ""])
    await page.get_by_role("button", name="Try").click()
    await page.locator("[data-says-of=theme]", has_text="light").wait_for()
    await expect(page.get_by_label("Theme")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("[data-toast]")).to_have_count(0)
    await page.get_by_label("Theme").fill("x")
    await expect(page.locator("[data-says-of=theme]")).to_be_empty()


async def test_an_address_with_nothing_at_it_says_so_and_leads_back(
    house: Desk, page: Any, phone: Any
) -> None:
    for one in (page, phone):
        await one.goto("/nowhere")
        await one.get_by_role("heading", name="There is nothing here").wait_for()
        await picture(one, "nothing-here")
        await accessible(one)
        await fits(one)
        await one.get_by_role("link", name="To Tonight").click()
        await one.get_by_role("heading", name="Tonight").wait_for()
