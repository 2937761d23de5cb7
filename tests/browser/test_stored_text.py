"""Stored text in real browsers: it runs nothing and loads nothing, each layer held alone (T16).

What cleaning lets through, in a browser that knows no policy; raw text behind our policy; and the pages
themselves, with cleaning and escaping but without the policy, and the other way round.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from browser.browser_house import Desk
from browser.hostile_rows import Planted, planted, said_once
from browser.hostile_text import Judged, judged
from browser.hostile_texts import SAID_ONCE, TEXTS
from lines.test_rendering_xss import MARKDOWN_WRAPPERS, PAYLOADS, WRAPPERS, rendered
from nightdesk.desk.review import contents
from nightdesk.faces.web import app
from nightdesk.faces.web.routes import Guarded
from nightdesk.faces.web.shell import HEADERS
from nightdesk.lines.article.rendering.cleaning import clean

SAMPLE = ("<img src=x onerror=alert(1)>", "</p><script>alert(1)</script><p>", PAYLOADS[24], PAYLOADS[70])
SHOWN: Mapping[str, set[str]] = {
    "/": {"runs", "sites", "publications", "accounts", "pilots", "videos"},
    "/accounts": {"accounts"},
    "/accounts/1": {"accounts", "account_sites"},
    "/calendar": {"publications", "accounts", "pilots"},
    "/insights": {"publications"},
    "/people": {"people", "links"},
    "/people/book": {"audit"},
    "/people/keys": {"api_keys"},
    "/publications": {"publications", "accounts"},
    "/publications/1": {"publications", "publication_steps"},
    "/publications/2": {"publications"},
    "/review": {"contents", "videos"},
    "/review/CONTENT": {"contents", "decisions", "images", "passages", "revisions"},
    "/runs/RUN": {"runs", "events"},
    "/settings/notices": {"notices", "notice_targets"},
    "/settings/tools": {"tool_rights"},
    "/settings/webhooks": {"webhook_targets", "webhook_deliveries", "hooks"},
    "/sites": {"sites"},
    "/sites/SITE/settings/videos": {"own_footage"},
    "/sites/SITE/auto": {"pilots", "trust_rules", "let_through", "videos"},
}
"""Pages, and tables whose texts have to be seen there."""
ON_NO_PAGE = {
    *("contentsZerror", "contentsZsummary", "documentsZtext", "feedsZhome", "feedsZmoved_to", "hooksZwho"),
    "imagesZheading",
    *("let_throughZwho", "notice_targetsZwho", "noticesZbody", "pilotsZreason", "provider_callsZnote"),
    *("publication_stepsZwhat", "publicationsZasked_by", "publicationsZoptions", "runsZpause_reason"),
    *("scenesZlabel", "scenesZvoice", "sectionsZheading", "topicsZimage", "videosZasked_by"),
    *("videosZcharacter", "videosZcustom_script", "webhook_deliveriesZbody", "webhook_deliveriesZevent"),
    "webhook_targetsZwho",
}
"""Columns that were on no page so far; one that comes on one leaves this list."""

NOTHING_HERE = (
    *("/accounts/connected", "/invitation", "/library/1/platforms", "/review/CONTENT/sections/h-x"),
    *("/settings/brand/card", "/settings/brand/sample", "/settings/brand/usual"),
    *("/settings/models/sounds/1", "/settings/retention/1", "/sites/SITE/auto/rules/video"),
    *("/sites/SITE/settings/videos/given/1", "/sites/SITE/settings/videos/own/1/file"),
    *("/videos/1/files/1", "/videos/1/scenes/1/files/1"),
)
"""Pages that our rows have nothing for: files that are none, links used up, forms of another state."""

NOT_A_PAGE = ("/live", "/media/{sha256}", "/media/{sha256}/small", "/badges")
PROOF = (pytest.mark.prove, pytest.mark.timeout(2400))
"""All payloads: some ten minutes on two busy cores."""
SLOW = [
    pytest.param(SAMPLE, id="a sample"),
    pytest.param(PAYLOADS, id="all", marks=PROOF),
]


async def look(judge: Judged, html: str) -> list[str]:
    """What that document does in a browser that knows no policy."""
    judge.did.clear()
    await judge.page.set_content(f"<!doctype html><body>{html}</body>")
    await judge.provoke()
    return list(judge.did)


async def test_the_judge_sees_what_raw_text_does(browser: Any) -> None:
    async with judged(browser) as judge:
        done = [payload for payload in PAYLOADS if await look(judge, payload)]
    assert len(done) >= 40, len(done)
    assert set(SAMPLE[:2]) <= set(done)


@pytest.mark.parametrize("payloads", SLOW)
async def test_cleaned_text_does_nothing_in_a_browser_without_a_policy(
    browser: Any, payloads: Sequence[str]
) -> None:
    """One document a payload and cleaning; each holds it in fifteen wrappings."""
    shown = 0
    async with judged(browser) as judge:
        for payload in payloads:
            for made in (_cleaned(payload), _rendered(payload)):
                assert await look(judge, made) == [], (payload, made)
                shown += len(WRAPPERS)
    assert shown == 2 * 15 * len(payloads)


def _cleaned(payload: str) -> str:
    return "\n".join(clean(wrapper.replace("{}", payload)) for wrapper in WRAPPERS)


def _rendered(payload: str) -> str:
    return "\n".join(rendered(wrapper.replace("{}", payload)) for wrapper in MARKDOWN_WRAPPERS)


@pytest.mark.parametrize("payloads", SLOW)
async def test_raw_text_does_nothing_behind_our_policy(browser: Any, payloads: Sequence[str]) -> None:
    shown = 0
    async with judged(browser) as judge:
        for payload in payloads:
            for wrapper in WRAPPERS[:3]:
                body = f"<!doctype html><body>{wrapper.replace('{}', payload)}</body>"
                await _serve(judge, body)
                await judge.page.goto("/raw", wait_until="domcontentloaded")
                await judge.provoke()
                assert judge.did == [], (wrapper, payload)
                shown += 1
    assert shown == 3 * len(payloads)


async def _serve(judge: Judged, body: str) -> None:
    headers = HEADERS | {"Content-Type": "text/html; charset=utf-8"}
    await judge.page.unroute_all()
    await judge.page.route("**/raw", lambda route: route.fulfill(body=body, headers=headers))
    await judge.page.route(
        re.compile(r"//desk\.test/(?!raw$)"), lambda route: route.fulfill(status=404, body="")
    )


@pytest.mark.parametrize(
    "payloads",
    [
        pytest.param([SAMPLE[0] + SAMPLE[1]], id="a sample"),
        pytest.param(PAYLOADS, id="all", marks=PROOF),
    ],
)
async def test_no_page_is_moved_by_stored_text_even_without_the_policy(
    house: Desk, browser: Any, payloads: Sequence[str]
) -> None:
    where = await planted(house)
    async with judged(browser, _host(house), policy=False, token=house.token) as judge:
        paths = await _that_show_stored_text(where, judge)
        assert len(paths) >= 14, paths
        for number, payload in enumerate(payloads, 3):
            await where.say(payload)
            await said_once(where, payload, number)
            # Each text is seen on the article's own page and on a fifth of the others, by turns.
            seen = [f"/review/{where.content}", *paths[number % 5 :: 5]]
            for path in seen:
                at = path.replace("new=2", f"new={number}")
                answer = await judge.page.goto(at, wait_until="domcontentloaded")
                assert answer.ok, (answer.status, path, payload)
                await judge.provoke()
                assert judge.did == [], (path, payload)


async def test_the_policy_alone_holds_where_nothing_is_cleaned(
    house: Desk, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And with neither, stored text does run: the two tests above can fail."""
    monkeypatch.setattr(contents, "clean", lambda html: html)
    where = await planted(house)
    for policy in (True, False):
        async with judged(browser, _host(house), policy=policy, token=house.token) as judge:
            for payload in SAMPLE[:2]:
                await where.say(payload)
                judge.did.clear()
                await judge.page.goto(f"/review/{where.content}", wait_until="domcontentloaded")
                await judge.provoke()
                assert bool(judge.did) is not policy, (policy, payload, judge.did)


def _host(house: Desk) -> str:
    return house.address.removeprefix("http://")


async def _that_show_stored_text(where: Planted, judge: Judged) -> list[str]:
    """Every page there is that has our text in it, found by a text that nothing else says."""
    canary = "canary of {}."
    await where.say(canary)
    await said_once(where, canary, 2)
    found: dict[str, set[str]] = {}
    columns, nothing = set[str](), set[str]()
    for path in _pages(where):
        answer = await judge.page.request.get(path)
        if "attachment" in answer.headers.get("content-disposition", ""):
            continue  # A file to keep: no browser shows it.
        if not answer.ok:
            nothing.add(path)
        # One that leads on is looked at where it leads to.
        if answer.ok and answer.url.endswith(path):
            text = re.sub("<del>[^<]*</del>|</?ins>", "", await answer.text())
            seen = set(re.findall(r"canary of (\w+)\.", text))
            columns |= seen
            found[path] = {one.partition("Z")[0] for one in seen}
    own = {"CONTENT": str(where.content), "RUN": where.run, "SITE": where.site.slug}
    assert nothing == {_at(path, own) for path in NOTHING_HERE}
    for path, tables in SHOWN.items():
        at = _at(path, own)
        missing = tables - found.get(at, set())
        assert not missing, (at, missing)
    texts = (*TEXTS, *SAID_ONCE)
    unseen = {f"{table.__tablename__}Z{name}" for table, facts in texts for name in facts} - columns
    assert unseen == set(ON_NO_PAGE), unseen ^ set(ON_NO_PAGE)
    return [path for path, tables in found.items() if tables]


def _at(path: str, own: Mapping[str, str]) -> str:
    return re.sub("[A-Z]+", lambda part: own[part[0]], path)


def _pages(where: Planted) -> list[str]:
    """The address of every page that is looked at, with our own rows in the place of its parts."""
    parts = {
        "slug": where.site.slug,
        "run": where.run,
        "image": str(where.image),
        "anchor": "h-x",
        "column": "ideas",
    }
    routes = [route for page in app.PAGES for route in page.ROUTES]
    paths = {
        route.path
        for route in routes
        if isinstance(route, Guarded) and "GET" in (route.methods or ()) and route.path not in NOT_A_PAGE
    }
    filled = []
    for path in sorted(paths):
        parts["kind"] = "idea" if "/board/" in path else "video"
        number = str(where.content) if path.startswith("/review") else "1"
        filled.append(re.sub(r"{(\w+)(?::\w+)?}", lambda part: parts.get(part[1], number), path))  # noqa: B023
    more = [f"/review/{where.content}/revisions?old=1&new=2", "/search?q=canary", "/review?search=canary"]
    more += [f"/sites/{where.site.slug}/topics?status=used", "/publications/2", "/videos/2"]
    more += [f"/sites/{where.site.slug}/planner/board/edit/task/1"]
    more += [f"/publish/article/{where.content}"]
    return [*filled, *more]
