"""The SDK's own client at our tool server, and people with keys."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.people import Caller, Operator, Role

PASSWORD = "lantern meadow quiet harbour"


@dataclass(frozen=True)
class Said:
    """What a tool answered."""

    error: bool
    value: Any

    @property
    def code(self) -> str:
        return str(self.value["error"]["code"]) if self.error else ""


@dataclass(frozen=True)
class Tools:
    """A connection."""

    client: Any

    async def names(self) -> list[str]:
        return [tool.name for tool in (await self.client.list_tools()).tools]

    async def call(self, tool: str, **arguments: Any) -> Said:
        answer = await self.client.call_tool(tool, arguments)
        return Said(bool(answer.is_error), json.loads(answer.content[0].text))


@asynccontextmanager
async def over_http(address: str, key: str) -> AsyncIterator[Tools]:
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(headers=headers, timeout=30) as line:
        asked = streamable_http_client(f"{address}/mcp", http_client=line)
        async with Client(asked, read_timeout_seconds=30, cache=None) as client:
            yield Tools(client)


async def caller(house: House, tenant: Tenant, name: str, role: Role) -> Caller:
    """A person of the workspace who has signed in."""
    desk, mail = house.desk, f"{name.lower()}-{tenant.workspace}@desk.test"
    link = await desk.invitations.invite(Operator(tenant.workspace), mail, role)
    token = await desk.invitations.accept(link, name, PASSWORD, "en", "UTC", "127.0.0.1", "test")
    found = await desk.sessions.caller_of(token)
    assert found is not None
    return found


async def key_of(house: House, tenant: Tenant, name: str, role: Role) -> str:
    """A key that such a person made, while an owner."""
    found = await caller(house, tenant, name, "owner")
    made = await house.desk.people.create_key(tenant.workspace, f"{name}'s agent", found)
    if role != "owner":
        await caller(house, tenant, f"Owner beside {name}".replace(" ", "."), "owner")
        await house.desk.people.change_role(Operator(tenant.workspace), found.person_id, role)
    return made.token
