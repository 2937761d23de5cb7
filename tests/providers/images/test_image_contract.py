"""What holds for every image provider, the one that draws and those that call a service."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pydantic import SecretStr

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.images import PROVIDERS, open_images, picture_credits
from nightdesk.providers.images.contract import Brand, ImageProvider, PictureRequest
from servers.images_server import WORKFLOW, Comfy, openai_images, runware
from servers.openai_server import Behaviour, OpenAIServer

BRAND = Brand(name="The Kitchen Compost")
REQUEST = PictureRequest("a compost bin on a balcony", "How to compost", "Guide", seed=7, brand=BRAND)
SIZES = [(1200, 675), (1080, 1080), (1080, 1920)]
BEHAVIOURS: dict[str, Callable[[], Behaviour]] = {
    "openai": lambda: openai_images,
    "runware": lambda: runware,
    "comfyui": Comfy,
}


async def no_fetch(url: str) -> bytes:
    raise AssertionError(f"nobody asked for {url}")


@dataclass
class Bench:
    """A provider opened against a server that behaves; cards need none."""

    provider: ImageProvider
    server: OpenAIServer
    open: Callable[[int], ImageProvider]
    choice: Choice


@pytest.fixture(params=PROVIDERS)
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    kind = request.param
    workflow = tmp_path / "portrait.json"
    workflow.write_text(json.dumps(WORKFLOW))
    models = {"openai": "gpt-image-2", "comfyui": str(workflow)}
    async with OpenAIServer() as server:
        if kind in BEHAVIOURS:
            server.behaviour = BEHAVIOURS[kind]()

        choice = Choice(
            kind,
            models.get(kind, ""),
            server.base_url,
            SecretStr("key-7f3a"),
            timeout=20,
            options={"poll": 0.01},
        )

        def opened(concurrency: int) -> ImageProvider:
            return open_images(replace(choice, concurrency=concurrency), no_fetch, SystemClock())

        yield Bench(opened(4), server, opened, choice)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_picture_has_exactly_the_size_asked_for(bench: Bench, size: tuple[int, int]) -> None:
    picture = await bench.provider.make(replace(REQUEST, width=size[0], height=size[1]), ListMeter())
    with Image.open(BytesIO(picture.content)) as found:
        found.load()
        assert found.size == size == (picture.width, picture.height)
        assert Image.MIME[str(found.format)] == picture.mime


async def test_a_picture_carries_nothing_that_its_maker_wrote_into_it(bench: Bench) -> None:
    picture = await bench.provider.make(REQUEST, ListMeter())
    assert b"secret" not in picture.content
    with Image.open(BytesIO(picture.content)) as found:
        assert not found.getexif()
        assert set(found.info) <= {
            "xmp",
            "progressive",
            "progression",
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
        }


async def test_only_what_a_model_made_is_marked_as_synthetic(bench: Bench) -> None:
    picture = await bench.provider.make(REQUEST, ListMeter())
    marked = b"digitalsourcetype/trainedAlgorithmicMedia" in picture.content
    assert marked == (bench.provider.label != "cards")


async def test_a_picture_is_one_call_on_the_meter(bench: Bench) -> None:
    meter = ListMeter()
    await bench.provider.make(REQUEST, meter)
    (call,) = meter.calls
    assert (call.kind, call.ok, call.units) == ("image", True, 1)
    assert call.provider == bench.provider.label.split(":")[0]
    assert call.seconds > 0


async def test_a_provider_says_what_it_is_and_what_it_costs(bench: Bench) -> None:
    assert bench.provider.label.split(":")[0] in PROVIDERS
    assert 1 <= bench.provider.credits <= 4
    assert picture_credits(bench.choice) == bench.provider.credits


async def test_no_more_pictures_are_made_at_once_than_the_choice_allows(bench: Bench) -> None:
    bench.server.delay = 0.05
    provider = bench.open(2)
    small = replace(REQUEST, width=128, height=128)
    await asyncio.gather(*(provider.make(replace(small, seed=seed), ListMeter()) for seed in range(6)))
    if provider.label == "cards":
        assert not bench.server.asked
    else:
        assert bench.server.busiest == 2


async def test_a_cancelled_picture_ends_at_once_and_is_written_down(bench: Bench) -> None:
    bench.server.delay = 30
    meter = ListMeter()
    task = asyncio.create_task(bench.provider.make(REQUEST, meter))
    await asyncio.sleep(0.05)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=2)
    assert done
    assert task.cancelled()
    assert [(call.ok, call.note) for call in meter.calls] == [(False, "cancelled")]


async def test_the_key_goes_to_the_service_and_nowhere_else(bench: Bench) -> None:
    meter = ListMeter()
    picture = await bench.provider.make(REQUEST, meter)
    for asked in bench.server.asked:
        assert asked.headers["authorization"] == "Bearer key-7f3a"
        assert "key-7f3a" not in asked.path
        assert b"key-7f3a" not in asked.raw
    assert "key-7f3a" not in repr(meter.calls) + bench.provider.label
    assert b"key-7f3a" not in picture.content


@pytest.mark.parametrize("kind", ["openai", "runware", "comfyui"])
def test_a_provider_that_lacks_a_setting_says_which(kind: str) -> None:
    with pytest.raises(NeedsPerson, match="NIGHTDESK_IMAGES"):
        open_images(Choice(kind), no_fetch, SystemClock())


def test_an_unknown_provider_names_the_known_ones() -> None:
    with pytest.raises(NeedsPerson, match="cards, openai, runware, comfyui"):
        open_images(Choice("crayon"), no_fetch, SystemClock())
