"""Whatever renders a video gives the same: whole, as long and as loud as was asked for, or a plain ending."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from media.film import FFMPEG, SIZE, frames
from nightdesk.kit.endings import Refused
from nightdesk.media.probe import probe
from nightdesk.media.soundtrack import loudness
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.renderers.contract import Look, Rendered, Renderer, RenderRequest
from providers.renderers.remotion_house import GREEN, LOOK, REAL, RED, opened, remotion, request


@dataclass(frozen=True)
class Shown:
    renderer: Renderer
    request: RenderRequest
    done: Rendered
    folder: Path
    told: list[float]
    meter: ListMeter
    frames: NDArray[np.uint8]


@pytest.fixture(scope="module", params=["ffmpeg", "remotion, stood in for", "remotion"])
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    folder = tmp_path_factory.mktemp("rendered")
    if request.param == "ffmpeg":
        renderer = opened("ffmpeg")
    elif request.param == "remotion":
        if not REAL:
            pytest.skip("the real Remotion is not tried: NIGHTDESK_REMOTION_PROJECT names no project")
        renderer = opened("remotion", options={"project": REAL})
    else:
        renderer = remotion(folder)
    return _rendered(renderer, folder)


def _rendered(renderer: Renderer, folder: Path) -> Shown:
    wanted, told, meter = request(folder), list[float](), ListMeter()
    done = asyncio.run(renderer.render(wanted, folder / "v.mp4", folder / "parts", meter, told.append))
    return Shown(renderer, wanted, done, folder, told, meter, frames(done.video))


def test_every_frame_is_in_the_file(shown: Shown) -> None:
    assert len(shown.frames) == shown.done.frames == 96
    made = asyncio.run(probe(FFMPEG, shown.done.video))
    assert made.pictures is not None
    assert made.sound is not None
    assert (made.pictures.width, made.pictures.height) == SIZE
    assert (made.pictures.codec, made.pictures.rate, made.sound.codec) == ("h264", 30.0, "aac")
    assert "bt709" in made.pictures.colours
    assert abs(made.seconds - shown.done.seconds) <= 1 / 30
    content = shown.done.video.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_each_scene_is_shown_in_its_own_colours(shown: Shown) -> None:
    for frame, colour in ((5, RED), (50, GREEN)):
        seen = shown.frames[frame, 300:, :].reshape(-1, 3).mean(axis=0)
        assert np.abs(seen - colour).max() <= 8, frame


def test_the_sound_is_as_loud_as_platforms_want(shown: Shown) -> None:
    heard = asyncio.run(loudness(FFMPEG, shown.done.video, 20))
    assert heard.integrated == pytest.approx(-14, abs=1)
    assert heard.peak <= -1
    assert shown.done.loudness == pytest.approx(heard.integrated, abs=0.2)


def test_the_bar_moves_and_never_back(shown: Shown) -> None:
    assert shown.told == sorted(shown.told)
    assert shown.told[-1] == 1.0
    assert len({share for share in shown.told if 0 < share < 1}) >= 5


def test_cover_and_captions_lie_beside_the_file(shown: Shown) -> None:
    with Image.open(shown.done.cover) as cover:
        assert (cover.format, cover.size) == ("PNG", SIZE)
    assert shown.done.srt == "1\n00:00:00,500 --> 00:00:01,200\nHello\n"


def test_the_render_is_put_down_as_one_call(shown: Shown) -> None:
    assert [(one.kind, one.ok, one.units) for one in shown.meter.calls[:1]] == [("renderer", True, 1)]


def test_the_same_again_draws_nothing_and_leaves_nothing_half_done(shown: Shown) -> None:
    target, parts = shown.folder / "again.mp4", shown.folder / "parts"
    again = asyncio.run(shown.renderer.render(shown.request, target, parts, ListMeter()))
    assert again.made == 0
    assert again.reused == shown.done.made
    assert not list(parts.glob(".making-*"))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"scenes": ()}, "0 scenes"),
        ({"look": Look(271, 480)}, "271 x 480"),
        ({"look": replace(LOOK, captions="loud")}, "caption style"),
    ],
)
def test_what_no_renderer_can_make_is_refused(shown: Shown, change: dict[str, object], why: str) -> None:
    wanted = replace(shown.request, **change)  # type: ignore[arg-type]
    target = shown.folder / "refused.mp4"
    with pytest.raises(Refused, match=why):
        asyncio.run(shown.renderer.render(wanted, target, shown.folder / "parts", ListMeter()))
    assert not target.exists()


@pytest.mark.parametrize("content", [b"#EXTM3U\n", b"<html>", b""])
def test_what_is_no_footage_is_refused(shown: Shown, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(content)
    scene = replace(shown.request.scenes[0], footage=tmp_path / "p.png")
    wanted, parts = replace(shown.request, scenes=(scene,)), shown.folder / "parts"
    with pytest.raises(Refused, match="bad media"):
        asyncio.run(shown.renderer.render(wanted, tmp_path / "v.mp4", parts, ListMeter()))
    assert not (tmp_path / "v.mp4").exists()
    assert not list(parts.glob(".making-*"))
