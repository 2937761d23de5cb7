"""docs/webhooks.md is true: its code judges what is sent and calls a hook, and it names every event."""

import asyncio
import json
import re
import time
import urllib.error
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI

from api.api_house import Tenant, served
from nightdesk.bootstrap import House
from nightdesk.desk.people import Operator
from nightdesk.desk.webhooks import EVENTS, Caller
from nightdesk.desk.webhooks.calling import Letter
from nightdesk.kit.clock import SystemClock
from nightdesk.kit.http.guard import Guard
from webhooks.listening_program import Listener

TOLD = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()


def written(name: str) -> Any:
    """The function of that name, as the page has it."""
    (code,) = [one for one in re.findall(r"```python\n(.*?)```", TOLD, re.S) if f"def {name}(" in one]
    made: dict[str, Any] = {}
    exec(code, made)
    return made[name]


def test_each_event_is_told_of() -> None:
    assert re.findall(r"^\| `(\w+\.\w+)` \|", TOLD, re.M) == list(EVENTS)


async def test_the_ten_lines_believe_the_desk_and_nobody_else(listener: Listener) -> None:
    caller = Caller(Guard(allow=[("127.0.0.1", listener.port)]), "Nightdesk/test")
    genuine, now = written("genuine"), SystemClock().now()
    await caller.send(Letter(listener.url, "id", "test", b'{"a":"\xc3\xa4"}'), ["whs_new", "whs_old"], now)
    (heard,) = listener.heard
    headers = {name.title(): value for name, value in heard.headers.items()}
    assert genuine("whs_new", headers, heard.body)
    assert genuine("whs_old", headers, heard.body)
    assert not genuine("whs_other", headers, heard.body)
    assert not genuine("whs_new", headers, heard.body + b" ")
    assert not genuine("whs_new", headers | {"Nightdesk-Signature": "v1=\u00e4"}, heard.body)
    later = headers | {"Nightdesk-Timestamp": str(int(time.time()) + 5)}
    assert not genuine("whs_new", later, heard.body)


@pytest_asyncio.fixture(loop_scope="session")
async def base(app: FastAPI) -> AsyncIterator[str]:
    async with served(app) as address:
        yield address


async def test_a_hook_is_called_as_the_page_shows(house: House, alice: Tenant, base: str) -> None:
    hooks = house.desk.webhooks.hooks
    made, secret = await hooks.add(Operator(alice.workspace), "from the page", alice.site, "topic")
    call, hook = written("call"), f"http://{base}/api/v1/hooks/{made.token}"
    said = {"title": "Frost on the east side", "url": "https://a.test/frost"}
    answer = await asyncio.to_thread(call, hook, secret, said)
    assert answer["topic_id"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        await asyncio.to_thread(call, hook, secret + "x", said)
    assert refused.value.code == 401
    assert json.loads(refused.value.read())["code"] == "not_believed"
