"""Keywords over the API: listed page by page, added, imported, changed, deleted."""

from typing import Any

import pytest
from api.api_house import Tenant, add_keywords
from api.rows import in_hand, tallied

KEYWORDS = "/api/v1/keywords"


async def test_a_keyword_is_added_read_changed_and_deleted(alice: Tenant) -> None:
    made = await alice.client.post(
        KEYWORDS, json={"site_id": alice.site, "phrase": "  Heat   pump costs ", "volume": 900}
    )
    assert made.status_code == 201, made.text
    keyword = made.json()
    assert (keyword["phrase"], keyword["status"], keyword["volume"]) == ("Heat pump costs", "new", 900)
    where = f"{KEYWORDS}/{keyword['id']}"
    assert (await alice.client.get(where)).json() == keyword
    changed = await alice.client.patch(where, json={"disabled": True, "cpc": 1.5})
    assert (changed.json()["status"], changed.json()["cpc"], changed.json()["volume"]) == ("disabled", 1.5, 900)
    assert (await alice.client.delete(where)).status_code == 204
    assert (await alice.client.get(where)).status_code == 404
