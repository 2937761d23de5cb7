"""The same suite as for the fake WordPress, against a real one behind a proxy that makes the faults.

`make prove-wordpress` fetches what it needs and runs it; elsewhere it is skipped, aloud.
"""

import re
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from tools.real_wordpress import Missing, Wordpress, wordpress

from nightdesk.publisher import Live
from nightdesk.publishers.wordpress.site import Limits
from nightdesk.rehearsal.faults import FAULTS
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.platform import FakePlatform, Post
from nightdesk.rehearsal.serving import serving
from publishing.contract import REFUSED, ends_rightly, goes_out_once
from publishing.one_platform import Ground
from publishing.wordpress_pieces import article
from publishing.wordpress_press import Press
from publishing.wordpress_suite import *  # noqa: F403

pytestmark = [pytest.mark.prove, pytest.mark.timeout(600)]

STRIKING = [fault for fault in FAULTS if fault != "bad_certificate"]
"""Without TLS there is no certificate to be wrong."""

PASSED_ON = ("authorization", "content-type", "content-disposition", "host")


class Before(FakePlatform):
    """Passes everything on to the real site, which knows itself by this one's address."""

    name = "wordpress"

    def __init__(self, site: Wordpress, after: int = 0) -> None:
        """`after`: its posts are those with a higher number."""
        super().__init__()
        self.site, self.after = site, after

    async def answer(self, request: Request) -> Answer:
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        url = f"http://127.0.0.1:{self.site.port}{request.path}"
        async with httpx2.AsyncClient(timeout=60, trust_env=False) as client:
            said = await client.request(
                request.method, url, params=dict(request.query), content=request.body, headers=headers
            )
        names = ("content-type", "link", "location")
        kept = {name: said.headers[name] for name in names if name in said.headers}
        return Answer(said.status_code, said.content, kept)

    def posts(self) -> Sequence[Post]:
        """As the database says."""
        rows = self.site.rows(
            "select id, post_title, post_content from wp_posts where post_type = 'post'"
            f" and post_status = 'publish' and post_content like '%nightdesk:%' and id > {self.after}"
        )
        return [Post(row[0], "", "", row[1], row[2]) for row in rows]


@pytest.fixture(scope="module")
def site() -> Iterator[Wordpress]:
    began = time.monotonic()
    try:
        with wordpress() as running:
            print(f"\nWordPress {running.version} runs after {time.monotonic() - began:.1f} s")
            yield running
            marked = Before(running).posts()
            keys = {post.text.rpartition("nightdesk:")[2][:32] for post in marked}
            print(f"\n{len(keys)} articles, {len(marked)} posts: duplicate posts {len(marked) - len(keys)}")
            assert len(marked) == len(keys)
    except Missing as missing:
        print(f"\nTHE REAL WORDPRESS IS SKIPPED: {missing}.")
        pytest.skip(str(missing))


@pytest_asyncio.fixture(loop_scope="session")
async def press(site: Wordpress) -> AsyncIterator[Press]:
    last = int(site.rows("select max(id) from wp_posts")[0][0])
    async with serving(Before(site, last), port=site.public_port) as served:
        yield Press(served, site.passwords, Limits(call=60, upload=60))


@pytest.mark.parametrize("fault", STRIKING)
async def test_a_commit_under_a_fault_never_says_more_than_is_certain(press: Press, fault: str):
    await ends_rightly(impatient(press), fault)


@pytest.mark.parametrize("fault", STRIKING)
async def test_it_ends_live_once_whatever_fault_strikes(ground: Ground, press: Press, fault: str):
    row = await goes_out_once(ground, impatient(press), fault, "commit")
    assert row.state == ("rejected" if fault in REFUSED else "live"), row.error


async def test_people_see_it_with_its_pictures(press: Press, site: Wordpress):
    live = await press.out(article())
    assert isinstance(live, Live)
    async with httpx2.AsyncClient(timeout=60, trust_env=False) as client:
        page = await client.get(live.url)
        assert page.status_code == 200
        assert "Speicherheizungen" in page.text
        assert "<p>Heat rises &amp; falls.\nA second line.</p>" in page.text
        assert "checked by nobody" in page.text
        shown = re.findall(r'src="([^"]+/wp-content/uploads/[^"]+)"', page.text)
        kinds = {(await client.get(url)).headers["content-type"] for url in shown}
    assert {"image/jpeg"} <= kinds <= {"image/jpeg", "image/png"}


def impatient(press: Press) -> Any:
    stand = press.stand()
    press.limits = Limits(call=3, upload=20)
    return stand
