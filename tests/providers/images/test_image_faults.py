"""Every fault of an image service, at every provider that calls one, has one outcome (PROMISES, T6)."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Ending, Later, Refused
from nightdesk.kit.http.failures import FetchRefused
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.images import open_images
from nightdesk.providers.images.contract import ImageProvider, PictureRequest
from servers.images_faults import FAULTS, NOW, TIMEOUT, Fault, failing, gives_addresses
from servers.images_server import WORKFLOW
from servers.openai_server import OpenAIServer

KINDS = ("openai", "runware", "comfyui")
MODELS = {"openai": "gpt-image-2", "runware": "runware:101@1"}
REQUEST = PictureRequest("a compost bin", "Compost", width=320, height=180)


class FixedClock(SystemClock):
    """The machine's own durations, and always the same time of day."""

    def now(self):  # type: ignore[no-untyped-def]
        return NOW


async def no_fetch(url: str) -> bytes:
    raise AssertionError(f"nobody asked for {url}")


def opened(
    kind: str, base_url: str, folder: Path, fetch: Callable[[str], Awaitable[bytes]] = no_fetch
) -> ImageProvider:
    workflow = folder / "workflow.json"
    workflow.write_text(json.dumps(WORKFLOW))
    choice = Choice(
        kind,
        MODELS.get(kind, str(workflow)),
        base_url,
        SecretStr("key-7f3a"),
        timeout=TIMEOUT,
        options={"poll": 0.01},
    )
    return open_images(choice, fetch, FixedClock())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_a_fault_has_one_outcome_and_costs_nothing(kind: str, fault: Fault, tmp_path: Path) -> None:
    meter = ListMeter()
    async with failing(fault, kind, tmp_path) as (_, address):
        provider = opened(kind, address, tmp_path)
        with pytest.raises(Ending) as ended:
            await asyncio.wait_for(provider.make(REQUEST, meter), 5)
    assert type(ended.value) is fault.ending
    assert fault.says in ended.value.why
    assert getattr(ended.value, "seconds", None) == fault.seconds
    assert "key-7f3a" not in ended.value.why
    (call,) = meter.calls
    assert (call.ok, call.units, call.usd, call.note) == (False, 0, None, ended.value.why)


def test_the_table_of_faults_is_whole() -> None:
    print(f"\nimage faults: {len(FAULTS)} faults x {len(KINDS)} providers = {len(FAULTS) * len(KINDS)} cases")
    assert len({fault.name for fault in FAULTS}) >= 16
    for fault in FAULTS:
        assert not fault.behaviours or set(fault.behaviours) == set(KINDS)


@pytest.mark.parametrize("kind", ["openai", "runware"])
async def test_an_address_that_our_clock_calls_lapsed_is_still_asked(kind: str, tmp_path: Path) -> None:
    def lapsed(server: OpenAIServer) -> str:
        return f"{server.base_url}/files/a.png?se=2001-01-01T00:00:00Z&Expires=1"

    async with OpenAIServer(behaviour=gives_addresses(lapsed)[kind]) as server:
        picture = await opened(kind, server.base_url, tmp_path).make(REQUEST, ListMeter())
    assert (picture.width, picture.height) == (320, 180)


@pytest.mark.parametrize("kind", ["openai", "runware"])
async def test_an_address_on_another_host_goes_through_the_guard(kind: str, tmp_path: Path) -> None:
    elsewhere = gives_addresses(lambda _: "http://169.254.169.254/latest/meta-data")[kind]
    asked: list[str] = []

    async def guarded(url: str) -> bytes:
        asked.append(url)
        raise FetchRefused("blocked_address", "'169.254.169.254' is not a public address.")

    async with OpenAIServer(behaviour=elsewhere) as server:
        with pytest.raises(Refused, match="blocked_address"):
            await opened(kind, server.base_url, tmp_path, guarded).make(REQUEST, ListMeter())
    assert asked == ["http://169.254.169.254/latest/meta-data"]


async def test_an_address_that_has_lapsed_elsewhere_is_asked_for_anew_later(tmp_path: Path) -> None:
    elsewhere = gives_addresses(lambda _: "https://pictures.example/a.png")["runware"]
    meter = ListMeter()

    async def lapsed(_: str) -> bytes:
        raise FetchRefused("http_403", "'pictures.example' answered 403.")

    async with OpenAIServer(behaviour=elsewhere) as server:
        with pytest.raises(Later, match="lapsed"):
            await opened("runware", server.base_url, tmp_path, lapsed).make(REQUEST, meter)
    assert str(meter.calls[0].usd) == "0.002"
    assert meter.calls[0].units == 0
