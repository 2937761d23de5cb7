"""`nightdesk mcp` as a program starts it: the SDK's client over a real child's standard input and output."""

import json
import sys
from typing import Any

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.faces.tools.calling import TABLE
from tools_served.tool_client import Tools, key_of


def child(house: House, *arguments: str, **more: str) -> Any:
    """How it is started: on this house's database, with nothing of our own environment."""
    settings = house.settings
    assert settings.database_url is not None
    assert settings.secret_key is not None
    env = {
        "NIGHTDESK_DATABASE_URL": settings.database_url.get_secret_value(),
        "NIGHTDESK_DATA_DIR": str(settings.data_dir),
        "NIGHTDESK_SECRET_KEY": settings.secret_key.get_secret_value(),
        "PATH": "/usr/bin:/bin",
        **more,
    }
    return stdio_client(
        StdioServerParameters(command=sys.executable, args=["-m", "nightdesk", *arguments], env=env)
    )


@pytest.mark.prove
async def test_a_program_that_starts_it_works_as_the_operator_within_the_role_that_was_told(
    house: House, alice: Tenant
) -> None:
    started = child(house, "--workspace", str(alice.workspace), "mcp", "--role", "viewer")
    async with Client(started, read_timeout_seconds=60, cache=None) as client:
        tools = Tools(client)
        assert await tools.names() == list(TABLE)
        me = (await tools.call("who_am_i")).value
        assert (me["workspace"], me["role"], me["of_a_person"]) == (alice.workspace, "viewer", False)
        assert (await tools.call("start_run", site=str(alice.site))).code == "not_allowed"
        assert (await tools.call("read_article", id=999_999)).code == "not_found"


async def test_with_a_key_it_works_in_the_keys_workspace_as_its_person(house: House, bob: Tenant) -> None:
    key = await key_of(house, bob, "Edda", "editor")
    async with Client(
        child(house, "mcp", NIGHTDESK_MCP_KEY=key), read_timeout_seconds=60, cache=None
    ) as client:
        me = (await Tools(client).call("who_am_i")).value
    assert (me["workspace"], me["role"], me["of_a_person"]) == (bob.workspace, "editor", True)
    assert key not in json.dumps(me)
