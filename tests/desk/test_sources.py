"""Pages taken in as documents, from a server that behaves and from one that does not."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from api.api_house import Tenant
from kit.scripted_web import Web
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Invalid, NotFound, Unreadable
from nightdesk.desk.sources import Sources
from nightdesk.kit.http.fetch import Fetcher, FetchLimits
from nightdesk.kit.http.guard import Guard

PAGE = b"""<!doctype html><html lang="en"><head><title>Heat by night</title></head><body><article>
<h1>Heat by night</h1><p>Storage heaters keep the warmth of the night for the day, because their bricks are
slow to cool, and a test of 12 homes in 2024 found that turning the input down saved 18% of the bill.</p>
<p>Nobody asked how warm the rooms were in the evening, which is when most people are at home.</p>
</article></body></html>"""


@pytest_asyncio.fixture(loop_scope="session")
async def web() -> AsyncIterator[Web]:
    server = Web()
    await server.start()
    yield server
    await server.stop()


def sources(house: House, web: Web) -> Sources:
    guard = Guard(allow=[("127.0.0.1", web.port)])
    return Sources(house.store, Fetcher(guard, house.clock, limits=FetchLimits(seconds=2.0)))


async def test_a_page_becomes_a_document_of_its_address(house: House, alice: Tenant, web: Web) -> None:
    web.says("/moved", b"", "Location: /heat", status="301 Moved")
    web.says("/heat", PAGE, "Content-Type: text/html; charset=utf-8")
    address = f"http://127.0.0.1:{web.port}"
    desk = sources(house, web)
    added = await desk.add_page(alice.workspace, alice.site, f"{address}/moved")
    assert (added.document.title, added.document.url) == ("Heat by night", f"{address}/heat")
    assert (added.passages, added.duplicate) == (1, False)
    again = await desk.add_page(alice.workspace, alice.site, f"{address}/heat")
    assert (again.document.id, again.duplicate) == (added.document.id, True)


async def test_a_server_that_fails_is_told_of_by_its_address(house: House, alice: Tenant, web: Web) -> None:
    web.says("/gone", b"", status="404 Not Found")
    web.says("/busy", b"", status="503 Busy")
    web.says("/round", b"", "Location: /round", status="302 Found")
    web.says("/picture", b"\x89PNG", "Content-Type: image/png")
    web.says("/empty", b"", "Content-Type: text/html")
    desk = sources(house, web)
    for path in ("/gone", "/busy", "/round"):
        with pytest.raises(Invalid) as caught:
            await desk.add_page(alice.workspace, alice.site, f"http://127.0.0.1:{web.port}{path}")
        assert caught.value.field == "url"
        assert "Nothing was added" in str(caught.value)
    for path in ("/picture", "/empty"):
        with pytest.raises(Unreadable):
            await desk.add_page(alice.workspace, alice.site, f"http://127.0.0.1:{web.port}{path}")


async def test_nothing_is_fetched_for_a_site_that_is_not_there(
    house: House, alice: Tenant, bob: Tenant, web: Web
) -> None:
    with pytest.raises(NotFound):
        await sources(house, web).add_page(alice.workspace, bob.site, f"http://127.0.0.1:{web.port}/heat")
    assert web.heads == []
