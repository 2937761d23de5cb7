"""The Line page's parts as htmx asks for them, its form of settings, and what a viewer sees of it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
import pytest_asyncio

from api.api_house import Tenant
from api.rows import add, park
from nightdesk.bootstrap import House
from nightdesk.desk.rows import Keyword, Run, Site
from nightdesk.store import ledger
from web.conftest import Person


def asking(target: str) -> dict[str, str]:
    """The headers with which an element asks for itself."""
    return {"HX-Request": "true", "HX-Target": f"section#{target}"}


@pytest_asyncio.fixture(loop_scope="session")
async def site(house: House, owner: Person) -> AsyncIterator[Site]:
    """A site with ten keywords, which is archived after the test."""
    made = await house.desk.sites.create(owner.workspace, f"Heap {uuid4().hex[:6]}")
    lines = "".join(f"compost question {n},{n}\n" for n in range(10))
    content = f"Keyword,Volume\n{lines}".encode()
    await house.desk.planner.keywords.import_file(owner.workspace, made.id, "k.csv", content)
    yield made
    await house.desk.sites.archive(owner.workspace, made.id)


@pytest_asyncio.fixture(loop_scope="session")
async def run(house: House, owner: Person, site: Site) -> Run:
    """A run that has begun and that no worker takes further."""
    return await house.desk.runs.run_now(owner.workspace, site.id, "article")


@pytest.mark.parametrize("block", ["line", "log", "history"])
async def test_a_part_of_the_line_page_comes_alone(owner: Person, run: Run, site: Site, block: str) -> None:
    answer = await owner.client.get(f"/sites/{site.slug}", headers=asking(block))
    assert answer.status_code == 200
    assert f'id="{block}"' in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("block", ["story", "batches", "log"])
async def test_a_part_of_a_runs_page_comes_alone(owner: Person, run: Run, block: str) -> None:
    answer = await owner.client.get(f"/runs/{run.id}", headers=asking(block))
    assert answer.status_code == 200
    assert f'id="{block}"' in answer.text
    assert "<html" not in answer.text


async def test_a_viewer_sees_the_line_without_buttons_and_is_refused_by_its_routes(
    owner: Person, viewer: Person, run: Run, site: Site
) -> None:
    page = (await viewer.client.get(f"/sites/{site.slug}")).text
    assert "holds this line since" in page
    assert "Cancel now" not in page
    assert "Cancel now" in (await owner.client.get(f"/sites/{site.slug}")).text
    for path in (
        f"/sites/{site.slug}/runs/{run.id}/pause",
        f"/runs/{run.id}/cancel",
        f"/sites/{site.slug}/run",
    ):
        assert (await viewer.client.post(path)).status_code == 403
    assert (await viewer.client.post(f"/sites/{site.slug}/automation")).status_code == 403
    settings = await viewer.client.get(f"/sites/{site.slug}/automation", headers=asking("sheet_body"))
    assert '<fieldset class="settings-fields" disabled>' in settings.text


async def test_another_site_cannot_steer_the_run(house: House, owner: Person, run: Run, site: Site) -> None:
    other = await house.desk.sites.create(owner.workspace, f"Moss {uuid4().hex[:6]}")
    answer = await owner.client.post(f"/sites/{other.slug}/runs/{run.id}/cancel")
    assert answer.status_code == 404
    assert (await owner.client.post(f"/runs/{run.id}/explode")).status_code == 404
    assert (await house.desk.runs.get(owner.workspace, run.id)).status == "running"


NO_RUN = "/runs/4746a3f5-61d5-492b-b52e-5de937d18b2a"


@pytest.mark.parametrize("path", ["/runs/none", "/runs/none/log", NO_RUN, "/sites/none"])
async def test_what_is_not_there_is_a_page_that_says_so(owner: Person, path: str) -> None:
    answer = await owner.client.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'data-id="(\d+)"', page)]


async def test_the_log_goes_on_after_a_number_and_keeps_to_a_level(
    house: House, owner: Person, run: Run
) -> None:
    await house.desk.runs.cancel(owner.workspace, run.id)
    events = await house.desk.runs.log(owner.workspace, run.id, 100)
    async with asyncio.timeout(10):
        while house.desk.live.upto < events[-1].id:
            await asyncio.sleep(0.05)
    every = [event.id for event in events]
    log = f"/runs/{run.id}/log"
    first = (await owner.client.get(log)).text
    assert numbers(first) == every
    assert f'data-last="{house.desk.live.upto}"' in first
    assert numbers((await owner.client.get(f"{log}?after={every[0]}")).text) == every[1:]
    assert numbers((await owner.client.get(f"{log}?after={every[-1]}")).text) == []
    assert numbers((await owner.client.get(f"{log}?level=error&lines=50")).text) == []
    for nonsense in ("after=x", "after=-1", "after=99999999999999999999999", "lines=7", "level=nothing"):
        assert (await owner.client.get(f"{log}?{nonsense}")).status_code == 200


@asynccontextmanager
async def left_over(house: House, owner: Person, credits: int) -> AsyncIterator[None]:
    """All but so many credits are set aside while the block runs."""
    wallet = (await house.desk.credits.balances(owner.workspace)).wallet
    key, aside = f"aside {uuid4()}", wallet - credits
    async with house.store.workspace(owner.workspace) as session:
        await ledger.hold(session, owner.workspace, key, aside, None, None)
    yield
    async with house.store.workspace(owner.workspace) as session:
        await ledger.settle(session, owner.workspace, key, aside, 0, None, None)


async def test_what_a_run_leaves_of_the_credits_is_said_before_it_begins(
    house: House, owner: Person, site: Site
) -> None:
    asked = f"/sites/{site.slug}/run"
    async with left_over(house, owner, 100):
        assert "about 98 would be left" in (await owner.client.get(asked)).text
    async with left_over(house, owner, 3):
        assert "runs low on credits" in (await owner.client.get(asked)).text
    async with left_over(house, owner, 2):
        assert "Not enough credits" in (await owner.client.get(asked)).text
        assert (await owner.client.post(asked)).status_code == 402


async def test_parked_items_are_told_with_their_errors_and_tried_again(
    house: House, owner: Person, site: Site
) -> None:
    tenant = Tenant(owner.workspace, site.id, "", owner.client)
    for phrase in ("wet leaves", "dry leaves"):
        keyword = await add(house, tenant, Keyword, phrase=phrase, normal=phrase)
        await park(house, tenant, Keyword, keyword)
    assert "2 parked" in (await owner.client.get(f"/sites/{site.slug}")).text
    at = f"/sites/{site.slug}/parked/1"
    told = (await owner.client.get(at, headers=asking("sheet_body"))).text
    assert "wet leaves" in told
    assert "It was refused." in told
    one = await owner.client.post(f"{at}/retry", data={"item": str(keyword)}, headers=asking("sheet_body"))
    assert "1 item waits again." in one.text
    assert "dry leaves" not in one.text
    rest = await owner.client.post(f"{at}/retry", headers=asking("sheet_body"))
    assert "Nothing is parked here any more." in rest.text


async def test_every_field_of_the_settings_is_looked_at_while_typing(owner: Person, site: Site) -> None:
    at = f"/sites/{site.slug}/automation"
    good = {
        "frequency": "monthly",
        "monthday": "31",
        "scheduled_time": "05:45",
        "within_stage_delay": "0",
        "between_stage_delay": "3600",
        **{f"stage_{n}_batch_size": "5" for n in range(1, 7)},
    }
    fine = (await owner.client.get(f"{at}/check", params=good)).text
    assert fine.count("<li>") == 5
    assert "05:45" in fine
    bad = {
        "frequency": "hourly",
        "scheduled_time": "25:99",
        "within_stage_delay": "a while",
        "between_stage_delay": "3601",
        **{f"stage_{n}_batch_size": "0" for n in range(1, 7)},
    }
    told = (await owner.client.get(f"{at}/check", params=bad)).text
    assert len(re.findall(r'hx-swap-oob="innerHTML">[^<]+</div>', told)) == 10
    assert "Shown once time and day are right." in told
    assert (await owner.client.post(at, data=bad, headers=asking("line"))).status_code == 422
    kept = await owner.client.post(at, data=good | {"is_enabled": "on"}, headers=asking("line"))
    assert "Saved. The next run begins on" in kept.text
