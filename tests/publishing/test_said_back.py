"""A platform that says back what it was sent is told of without the secrets that were in it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Ending, NeedsPerson
from nightdesk.kit.http.guard import Guard
from nightdesk.publisher import Asking, Login, Unrenewed
from nightdesk.publishers import KINDS, Ground
from nightdesk.publishers.calling import Call, Caller
from nightdesk.publishers.consent import GOOGLE, NotGranted, X
from publishing.contract import Lines
from publishing.short_videos import video
from publishing.test_tool_servers import KEY, TOKEN, Tools, reached, said, started
from publishing.wordpress_pieces import article
from servers.echo_server import Echo, echoing

__all__ = ["started"]

SECRET, REFRESH, ACCESS = "client0secret0of0the0app", "refresh0token0of0the0one", "access0token0of0the0one"
PASSWORD = "abcd efgh ijkl mnop qrst uvwx"
HIDDEN = (SECRET, REFRESH, ACCESS, PASSWORD, PASSWORD.replace(" ", ""))
TURNS = 7
"""Of the echo: so many complaints differ in what they say back."""

ENDLESS = """
import os
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
server = MCPServer("careless")
@server.tool(structured_output=False)
async def post_tweet(text: str, reply_to_tweet_id: str = "") -> str:
    raise ToolError("bad key " + os.environ["REHEARSAL_KEY"])
server.run("stdio")
"""


@pytest_asyncio.fixture(loop_scope="session")
async def echo() -> AsyncIterator[Echo]:
    async with echoing() as found:
        yield found


def login(platform: str, echo: Echo) -> Login:
    async def renew(used: Mapping[str, str], ask: Asking) -> Mapping[str, str]:
        try:
            return {**used, **(await ask(used)).secrets}
        except Unrenewed as ending:
            raise NeedsPerson(ending.why) from ending

    config = {"client_id": "1234567890123456", "api": echo.address, "address": echo.address}
    config |= {"user": "17841400000000000", "mode": "direct"}
    if platform == "instagram":
        config["api"] += "/v25.0"
    secrets = {
        "client_secret": SECRET,
        "refresh_token": REFRESH,
        "access_token": ACCESS,
        "password": PASSWORD,
    }
    return Login(1, "echo", config, secrets, renew)


@pytest.mark.parametrize("status", [400, 401, 403, 500, 200])
@pytest.mark.parametrize("platform", ["wordpress", "youtube", "instagram", "tiktok", "x"])
async def test_no_secret_is_in_what_is_said_of_it(echo: Echo, platform: str, status: int) -> None:
    echo.status, lines, told = status, Lines(), []
    echo.kind = "text/html" if status == 200 else "application/json"
    ground = Ground(Path("/nonexistent"), Guard(allow=[("127.0.0.1", echo.port)]), SystemClock())
    piece = article(media=()) if platform in ("wordpress", "x") else video()
    for turn in range(TURNS):
        async with aclosing(KINDS[platform].open(login(platform, echo), ground)) as publisher:
            try:
                if turn % 2:
                    await publisher.look()
                else:
                    token = await publisher.prepare(piece, None, lines)
                    told.append(str(await publisher.commit(piece, token, lines)))
            except Ending as ending:
                told.append(ending.why)
    assert echo.heard
    assert told
    for secret in HIDDEN:
        assert secret not in f"{told}{lines.said}"


@pytest.mark.parametrize("consent", [GOOGLE, X], ids=["in a form", "in a header"])
async def test_a_code_that_is_declined_is_told_of_without_what_went_with_it(echo: Echo, consent: Any) -> None:
    there = replace(consent, token=replace(consent.token, url=f"{echo.address}/token"))
    guard, clock = Guard(allow=[("127.0.0.1", echo.port)]), SystemClock()
    known = {"client_id": "1234567890", "client_secret": SECRET}
    for _ in range(TURNS):
        async with aclosing(Caller(guard, clock, name="proof", title="There")) as caller:
            with pytest.raises(NotGranted) as ending:
                await there.exchange(caller, known, ACCESS, "http://a.test/", REFRESH, clock.now())
        for secret in HIDDEN:
            assert secret not in ending.value.why


async def test_secrets_in_the_address_and_the_kind_of_an_answer_are_hidden_too(echo: Echo) -> None:
    echo.kind = f"text/{ACCESS}"
    lines = Lines()
    async with aclosing(
        Caller(Guard(allow=[("127.0.0.1", echo.port)]), SystemClock(), name="proof", title="There")
    ) as caller:
        url = f"{echo.address}/me?access_token={ACCESS}&input_token=one%7C{SECRET}"
        found = [await caller.ask(Call("GET", url, "Asks."), lines) for _ in range(TURNS)]
    assert ACCESS not in f"{[one.text for one in found]}{[one.value for one in found]}{lines.said}"
    assert SECRET not in f"{[one.text for one in found]}{[one.value for one in found]}"


async def test_a_tool_server_that_says_back_its_token_or_its_key_is_told_of_without(
    echo: Echo, tmp_path: Path, started: Tools
) -> None:
    over_http = reached(tmp_path, f"{echo.address}/mcp")
    for status in (400, 500, 200):
        echo.status = status
        ending = await over_http.out(said())
        assert TOKEN not in str(ending)
    program = started.programs[0].model_copy(update={"args": ("-c", ENDLESS)})
    ending = await replace(started, programs=(program,)).out(said())
    assert "bad key …" in ending.why
    assert KEY not in ending.why
