"""A maker of clips that fails is stood in for by a camera, and the clip says so."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.providers.calls import ListMeter, Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips.contract import Clip, ClipRequest
from nightdesk.providers.clips.fallback import LEFT_ALONE, WithMotion, open_with_motion
from nightdesk.providers.clips.motion import Motion
from servers.clips_openers import choice_of, surroundings
from servers.clips_server import ComfyClips, still
from servers.openai_server import OpenAIServer

REQUEST = ClipRequest(still(), "a compost bin", 1.0, 180, 320)


class QuickClock(SystemClock):
    """Sleeps without time, and remembers for how long."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.ahead = 0.0

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.ahead += seconds

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


class Ended:
    """A maker whose calls end as they are told to, one after the other, and then well."""

    label, credits, scarce = "theirs", 3, "gpu"

    def __init__(self, *endings: Ending) -> None:
        self.asked = 0
        self._endings: Iterator[Ending] = iter(endings)

    async def make(self, _request: ClipRequest, _meter: Meter) -> Clip:
        self.asked += 1
        for ending in self._endings:
            raise ending
        return Clip(b"film", "still", maker=self.label, credits=self.credits)

    async def free(self) -> None:
        """Holds nothing."""

    async def aclose(self) -> None:
        """Holds nothing."""


def with_motion(maker: Ended, clock: QuickClock, patience: float = 90.0) -> WithMotion:
    return WithMotion(maker, clock, patience)


async def test_a_maker_that_stumbles_is_tried_three_times() -> None:
    clock, maker = QuickClock(), Ended(Later("busy"), Later("busy", 7.0))
    clip = await with_motion(maker, clock).make(REQUEST, ListMeter())
    assert clip.footage == b"film"
    assert (maker.asked, clock.slept) == (3, [1.0, 7.0])


@pytest.mark.parametrize(
    ("ending", "asked"),
    [
        (Later("ComfyUI cannot be reached"), 3),
        (Later("come back in the morning", 300.0), 1),
        (NeedsPerson("set a key"), 1),
        (Refused("bad media: a web page"), 1),
    ],
)
async def test_a_maker_that_fails_is_stood_in_for_by_a_camera_and_the_note_says_why(
    ending: Ending, asked: int
) -> None:
    maker, meter = Ended(*[ending] * 3), ListMeter()
    clip = await with_motion(maker, QuickClock()).make(REQUEST, meter)
    assert clip == replace(await Motion(SystemClock()).make(REQUEST, ListMeter()), note=clip.note)
    assert clip.note == f"theirs was not used, so the camera moves over the picture: {ending.why}"
    assert (clip.maker, clip.credits, clip.footage, maker.asked) == ("motion", 0, None, asked)
    assert [(call.provider, call.ok) for call in meter.calls] == [("motion", True)]


async def test_a_maker_that_is_away_is_left_alone_for_a_while_and_asked_again_then() -> None:
    clock, maker = QuickClock(), Ended(*[Later("away")] * 3)
    provider = with_motion(maker, clock)
    for _ in range(5):
        assert "away" in (await provider.make(REQUEST, ListMeter())).note
    assert maker.asked == 3
    clock.ahead += LEFT_ALONE
    assert (await provider.make(REQUEST, ListMeter())).footage == b"film"


async def test_one_scene_that_is_refused_leaves_the_others_their_maker() -> None:
    provider = with_motion(Ended(Refused("not this one")), QuickClock())
    assert "not this one" in (await provider.make(REQUEST, ListMeter())).note
    assert (await provider.make(REQUEST, ListMeter())).footage == b"film"


async def test_a_try_that_took_long_is_the_last() -> None:
    maker = Ended(*[Later("hangs")] * 3)
    await with_motion(maker, QuickClock(), patience=-1.0).make(REQUEST, ListMeter())
    assert maker.asked == 1


async def test_a_picture_that_is_none_is_refused_whoever_films() -> None:
    provider = with_motion(Ended(*[Refused("no")] * 2), QuickClock())
    with pytest.raises(Refused, match="bad media"):
        await provider.make(replace(REQUEST, picture=b"<html>"), ListMeter())


async def test_a_maker_that_cannot_be_opened_is_stood_in_for_as_well(tmp_path: Path) -> None:
    provider = open_with_motion(Choice.parse("stock:pexels"), surroundings(tmp_path))
    clip = await provider.make(REQUEST, ListMeter())
    assert (provider.label, provider.scarce) == ("stock:pexels", None)
    assert "NIGHTDESK_CLIPS_API_KEY" in clip.note
    await provider.free()
    await provider.aclose()


async def test_who_wants_no_camera_gets_the_makers_own_endings(tmp_path: Path) -> None:
    choice = Choice.parse("stock:pexels", options={"fallback": "none"})
    with pytest.raises(NeedsPerson):
        open_with_motion(choice, surroundings(tmp_path))
    assert isinstance(open_with_motion(Choice("motion"), surroundings(tmp_path)), Motion)


async def test_a_server_that_hangs_leaves_time_for_the_camera(tmp_path: Path) -> None:
    async with OpenAIServer(behaviour=ComfyClips(looks=10_000)) as server:
        choice = choice_of("comfyui:tiny", server.base_url, timeout=0.8)
        provider = open_with_motion(choice, surroundings(tmp_path))
        began = SystemClock().monotonic()
        clip = await provider.make(REQUEST, ListMeter())
        took = SystemClock().monotonic() - began
        await provider.aclose()
    assert "did not answer within 0.6 s" in clip.note
    assert provider.scarce == "gpu"
    assert took < 0.6 + 0.6
