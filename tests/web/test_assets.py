"""Styles and scripts: addresses that change with their content, kept for good, compressed ahead."""

import gzip
import re
from typing import Any

from nightdesk.faces.web import assets
from nightdesk.faces.web.assets import Asset, Assets

MOST = 200 * 1024
"""Bytes of the first page with everything that it loads, compressed."""


async def test_a_file_may_be_kept_for_good_and_comes_compressed(nobody: Any) -> None:
    address = assets.load().address("shell.css")
    answer = await nobody.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
    plain = await nobody.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == answer.text


async def test_an_address_of_another_version_has_nothing(nobody: Any) -> None:
    assert (await nobody.get("/static/000000000000/shell.css")).status_code == 404
    assert (await nobody.get(assets.load().prefix + "/../app.py")).status_code == 404
    assert (await nobody.get(assets.load().prefix + "/vendor/README.md")).status_code == 404


def test_the_address_changes_with_the_content() -> None:
    one, other = (Assets({"a.js": Asset("text/javascript", text, text)}) for text in (b"1", b"2"))
    assert one.address("a.js") != other.address("a.js")
    assert one.address("a.js") == Assets(dict(one.found)).address("a.js")


async def test_the_first_page_with_all_that_it_loads_is_small(owner: Any) -> None:
    page = (await owner.client.get("/")).text
    found = set(re.findall(r'(?:src|href)="/static/[0-9a-f]+/([^"#]+)', page))
    scripts = [name for name in found if name.endswith(".js")]
    for name in scripts:
        imported = re.findall(r'import .*"\./([^"]+)"', assets.load().found[name].plain.decode())
        found.update(imported)
    total = len(gzip.compress(page.encode())) + sum(len(assets.load().found[name].packed) for name in found)
    assert len(found) > 10
    assert total <= MOST
