"""What holds for every clip provider, the one that moves a camera and those that bring footage."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.media.moves import MOVES
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips import PROVIDERS, open_clips
from nightdesk.providers.clips.contract import ClipRequest
from nightdesk.providers.clips.footage import looked_at
from nightdesk.providers.clips.opening import ClipSurroundings
from servers.clips_openers import KEY, KINDS, SERVED, Bench, opened
from servers.clips_server import BAD_MEDIA, FFMPEG, still

REQUEST = ClipRequest(still(), "a compost bin on a balcony", 2.0, 180, 320, seed=7)


@pytest.fixture(params=KINDS)
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    async with opened(request.param, tmp_path) as bench:
        yield bench


async def test_a_request_gives_footage_that_can_be_used_or_a_move(bench: Bench) -> None:
    clip = await bench.provider.make(REQUEST, ListMeter())
    assert clip.move in MOVES
    assert clip.maker == bench.provider.label
    assert clip.credits == bench.provider.credits
    assert clip.note
    if bench.kind != "motion":
        assert clip.footage is not None
        assert (await looked_at(clip.footage, FFMPEG)).pictures is not None
    else:
        assert clip.footage is None


async def test_the_same_request_gives_the_same_clip(bench: Bench) -> None:
    first = await bench.provider.make(REQUEST, ListMeter())
    assert await bench.provider.make(REQUEST, ListMeter()) == first


async def test_a_clip_is_one_call_on_the_meter(bench: Bench) -> None:
    meter = ListMeter()
    await bench.provider.make(REQUEST, meter)
    (call,) = meter.calls
    assert (call.kind, call.provider, call.ok, call.units) == ("clip", bench.kind.split(":")[0], True, 1)
    assert call.seconds > 0


async def test_a_provider_says_what_it_is_and_what_it_costs(bench: Bench) -> None:
    assert bench.provider.label == bench.kind
    assert bench.kind.split(":")[0] in PROVIDERS
    assert 0 <= bench.provider.credits <= 4


async def test_only_what_a_model_made_is_said_to_be_synthetic(bench: Bench) -> None:
    clip = await bench.provider.make(REQUEST, ListMeter())
    assert clip.synthetic == (bench.kind.split(":")[0] in ("comfyui", "ltx"))


async def test_letting_go_of_models_and_connections_never_fails(bench: Bench) -> None:
    await bench.provider.free()
    await bench.provider.aclose()
    await bench.provider.aclose()


async def test_a_cancelled_clip_ends_at_once_and_is_written_down(bench: Bench) -> None:
    if bench.kind == "motion":
        pytest.skip("it is over before it could be cancelled")
    bench.server.delay = 30
    meter = ListMeter()
    task = asyncio.create_task(bench.provider.make(REQUEST, meter))
    await asyncio.sleep(0.05)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=5)
    assert done
    assert task.cancelled()
    assert [(call.ok, call.note, call.units) for call in meter.calls] == [(False, "cancelled", 0)]


@pytest.mark.parametrize("bench", SERVED, indirect=True)
async def test_no_more_clips_are_made_at_once_than_the_choice_allows(bench: Bench) -> None:
    bench.server.delay = 0.02
    provider = bench.another(concurrency=1)
    wanted = [replace(REQUEST, prompt=f"{word} compost", seed=0) for word in ("red", "green", "blue")]
    await asyncio.gather(*(provider.make(each, ListMeter()) for each in wanted))
    assert bench.server.busiest == 1


@pytest.mark.parametrize("bench", SERVED, indirect=True)
async def test_the_key_goes_to_the_service_and_nowhere_else(bench: Bench) -> None:
    meter = ListMeter()
    clip = await bench.provider.make(REQUEST, meter)
    told = repr((meter.calls, clip.note, clip.source, clip.maker))
    assert KEY not in told
    assert all(KEY.encode() not in asked.raw for asked in bench.server.asked)
    searched = [asked for asked in bench.server.asked if "/files/" not in asked.path]
    assert all(KEY in asked.headers.get("authorization", "") + asked.path for asked in searched)


@pytest.mark.parametrize("bench", SERVED, indirect=True)
@pytest.mark.parametrize("what", BAD_MEDIA)
async def test_bad_media_is_refused_and_costs_nothing(bench: Bench, what: str) -> None:
    content, why = BAD_MEDIA[what]
    served = bench.server.behaviour
    setattr(served, "saves" if hasattr(served, "saves") else "content", content())
    meter = ListMeter()
    with pytest.raises(Refused, match=why) as ended:
        await bench.provider.make(REQUEST, meter)
    assert ended.value.why.startswith("bad media")
    assert [(call.ok, call.units, call.note) for call in meter.calls] == [(False, 0, ended.value.why)]


async def test_a_picture_that_is_none_cannot_be_moved_over(tmp_path: Path) -> None:
    async with opened("motion", tmp_path) as bench:
        meter = ListMeter()
        with pytest.raises(Refused, match="bad media"):
            await bench.provider.make(replace(REQUEST, picture=b"<html>"), meter)
    assert [(call.ok, call.units) for call in meter.calls] == [(False, 0)]


@pytest.mark.parametrize(
    ("spelled", "says"),
    [
        ("stock:pexels", "NIGHTDESK_CLIPS_API_KEY"),
        ("stock:pixabay", "NIGHTDESK_CLIPS_API_KEY"),
        ("stock:attic", "pexels, pixabay"),
        ("comfyui", "workflow"),
        ("ltx", "hf download"),
        ("ltx:/nowhere", "/nowhere"),
        ("comfyui:nowhere", "nowhere"),
        ("comfyui:../../etc/passwd", "name"),
        ("crayon", "motion, stock, comfyui, ltx"),
    ],
)
def test_a_provider_that_lacks_a_setting_says_which(spelled: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(NeedsPerson, match=says):
        open_clips(Choice.parse(spelled), ClipSurroundings(folder=tmp_path))
