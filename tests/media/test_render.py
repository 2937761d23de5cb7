"""A rendered video is exactly as long as its scenes, shows what they say, and keeps what did not change."""

import asyncio
import os
import sys
import time
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from film import FFMPEG, SIZE, clip, frames, picture, plainly, running_in, tone
from numpy.typing import NDArray
from PIL import Image

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.media.captions.lettering import Lettering
from nightdesk.media.captions.sheet import Layout
from nightdesk.media.captions.styles import style
from nightdesk.media.captions.words import Word
from nightdesk.media.ffmpeg_ends import TookTooLong
from nightdesk.media.probe import probe
from nightdesk.media.soundtrack import loudness
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.renderers import open_renderer
from nightdesk.providers.renderers.contract import Look, Rendered, RenderRequest, Scene, Watermark
from nightdesk.providers.renderers.ffmpeg import FfmpegRenderer
from nightdesk.providers.renderers.opening import RenderSurroundings
from nightdesk.providers.renderers.timeline import CROSSING, MOVES, cut

LOOK = Look(*SIZE, accent="#ff00ff")
RED, GREEN, BLUE = (200, 30, 30), (20, 120, 60), (30, 50, 160)
HOSTILE = (
    r"{\fs4}A",
    r"a\Nb",
    r"\h\n{}",
    '"quoted"',
    "100%{eif}",
    "it's:,;[x]",
    "%{pts}",
    "</b>&amp;",
)


def rendered(request: RenderRequest, folder: Path, told: list[float] | None = None) -> Rendered:
    renderer = FfmpegRenderer(FFMPEG, SystemClock(), seconds=60)
    how = told.append if told is not None else None
    target, parts = folder / "video.mp4", folder / "parts"
    return asyncio.run(renderer.render(request, target, parts, ListMeter(), how))


@dataclass(frozen=True)
class Film:
    request: RenderRequest
    done: Rendered
    folder: Path
    told: list[float]
    frames: NDArray[np.uint8]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """Three scenes of 1.2, 1 and 1 seconds: a word in the first, nothing in the second, a clip as third."""
    folder, told = tmp_path_factory.mktemp("film"), list[float]()
    scenes = (
        Scene(picture(folder / "1.png", RED), 1.2, "push-in", words=(Word("Hello", 0.5, 0.9),)),
        Scene(picture(folder / "2.png", GREEN), 1.0, "still"),
        Scene(clip(folder / "3.mp4", 0.5), 1.0),
    )
    mark = Watermark(picture(folder / "logo.png", (255, 255, 255), (40, 20)), opacity=1.0)
    request = RenderRequest(
        scenes, tone(folder / "voice.wav", 3), tone(folder / "music.wav", 1, 0.8, 90), mark, LOOK
    )
    done = rendered(request, folder, told)
    return Film(request, done, folder, told, frames(done.video))


def differs(frame: NDArray[np.uint8], from_frame: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.abs(frame.astype(int) - from_frame.astype(int)).max(axis=2) > 60


def test_every_frame_is_there_and_sound_ends_with_them(film: Film) -> None:
    assert len(film.frames) == film.done.frames == 96
    made = asyncio.run(probe(FFMPEG, film.done.video))
    assert made.pictures is not None
    assert made.sound is not None
    assert (made.pictures.codec, made.pictures.rate, made.sound.codec) == ("h264", 30.0, "aac")
    assert "bt709" in made.pictures.colours
    assert "tv" in made.pictures.colours
    assert abs(made.seconds - film.done.seconds) <= 1 / 30


def test_the_head_of_the_file_comes_first(film: Film) -> None:
    content = film.done.video.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize(("frame", "colour"), [(5, RED), (50, GREEN)])
def test_a_colour_comes_out_as_it_went_in(film: Film, frame: int, colour: tuple[int, int, int]) -> None:
    shown = film.frames[frame, 300:, :].reshape(-1, 3).mean(axis=0)
    assert np.abs(shown - colour).max() <= 3


def test_scenes_fade_into_each_other(film: Film) -> None:
    reds = film.frames[36 - CROSSING // 2 - 1 : 36 + CROSSING // 2 + 1, 400, 20, 0].astype(int)
    assert (np.diff(reds) <= 2).all()
    assert abs(reds[0] - RED[0]) <= 3
    assert abs(reds[-1] - GREEN[0]) <= 3
    assert abs(int(reds[len(reds) // 2]) - (RED[0] + GREEN[0]) / 2) < 25


def test_a_clip_that_is_too_short_begins_anew(film: Film) -> None:
    before, halfway, round_again = (film.frames[at].astype(int) for at in (74, 82, 90))
    moved, back = np.abs(before - halfway).mean(), np.abs(before - round_again).mean()
    assert moved > 2
    assert back < moved / 2


def test_captions_are_shown_when_they_are_said_and_where_no_button_is(film: Film) -> None:
    bare = film.frames[10]
    assert not differs(film.frames[14], bare)[100:].any()
    assert not differs(film.frames[42], film.frames[50])[100:].any()
    ink = differs(film.frames[20], bare)
    rows, columns = np.nonzero(ink)
    assert ink.sum() > 200
    area = Layout(*SIZE, style("clean")).area
    assert rows.min() >= area.top
    assert rows.max() <= area.bottom
    assert columns.min() >= area.left
    assert columns.max() <= area.right
    magenta = np.abs(film.frames[20].astype(int) - (255, 0, 255)).max(axis=2) < 40
    assert magenta.sum() > 80


def test_the_watermark_is_on_every_frame(film: Film) -> None:
    for frame in film.frames:
        assert frame[13 + 8, SIZE[0] - 13 - 16].min() > 225


def test_loudness_is_what_platforms_want(film: Film) -> None:
    heard = asyncio.run(loudness(FFMPEG, film.done.video, 20))
    assert heard.integrated == pytest.approx(-14, abs=1)
    assert heard.peak <= -1
    assert film.done.loudness == pytest.approx(heard.integrated, abs=0.2)


def test_progress_moves_during_the_render_and_never_back(film: Film) -> None:
    assert film.told == sorted(film.told)
    assert film.told[-1] == 1.0
    assert len({share for share in film.told if 0 < share < 1}) >= 5


def test_the_cover_is_a_whole_frame(film: Film) -> None:
    with Image.open(film.done.cover) as cover:
        assert (cover.format, cover.size) == ("PNG", SIZE)


def test_captions_lie_beside_the_file_with_times_of_the_whole(film: Film) -> None:
    assert film.done.srt == "1\n00:00:00,500 --> 00:00:01,200\nHello\n"
    assert film.done.vtt.startswith("WEBVTT\n\n00:00:00.500 --> 00:00:01.200\nHello")


def test_the_same_again_renders_nothing_anew_and_gives_the_same_bytes(film: Film) -> None:
    before = film.done.video.read_bytes()
    again = rendered(film.request, film.folder)
    assert (again.made, again.reused) == (0, 5)
    assert again.video.read_bytes() == before
    assert not list((film.folder / "parts").glob(".making-*"))


def test_one_thread_encodes_so_that_the_bytes_are_the_same_each_time(film: Film, tmp_path: Path) -> None:
    assert b" threads=1 " in film.done.video.read_bytes()
    more = open_renderer(Choice("ffmpeg", options={"threads": 3}), RenderSurroundings(ffmpeg=FFMPEG))
    scene = replace(film.request, scenes=film.request.scenes[:1])
    done = asyncio.run(more.render(scene, tmp_path / "v.mp4", tmp_path / "parts", ListMeter()))
    assert b" threads=3 " in done.video.read_bytes()


def test_one_changed_picture_renders_its_own_parts_alone(film: Film, tmp_path: Path) -> None:
    scenes = (replace(film.request.scenes[0], footage=picture(tmp_path / "n.png", BLUE)),)
    changed = replace(film.request, scenes=scenes + film.request.scenes[1:])
    done = rendered(changed, film.folder)
    assert (done.made, done.reused) == (2, 3)
    shown = frames(done.video)
    assert np.abs(shown[5, 300:].reshape(-1, 3).mean(axis=0) - BLUE).max() <= 3
    assert (shown[60:] == film.frames[60:]).all()


def test_one_changed_word_renders_its_own_scene_alone(film: Film) -> None:
    spoken = replace(film.request.scenes[0], words=(Word("Howdy", 0.3, 0.7),))
    done = rendered(replace(film.request, scenes=(spoken, *film.request.scenes[1:])), film.folder)
    assert (done.made, done.reused) == (2, 3)


def test_hostile_text_is_shown_as_it_is(tmp_path: Path) -> None:
    """Each has a scene of its own; what is inked must be as wide as the letters, and one line high."""
    ground = picture(tmp_path / "p.png", (0, 0, 90))
    scenes = tuple(Scene(ground, 0.3, "still", words=(Word(text, 0, 0.3),)) for text in HOSTILE)
    look = replace(LOOK, captions="plain")
    shown = frames(rendered(RenderRequest(scenes, look=look), tmp_path).video)
    layout, lettering = Layout(*SIZE, style("plain")), Lettering()
    for number, text in enumerate(HOSTILE):
        ink = differs(shown[number * 9 + 4], np.full_like(shown[0], (0, 0, 90)))
        rows, columns = np.nonzero(ink)
        width = columns.max() - columns.min() + 1
        assert width == pytest.approx(lettering.width(text, layout.em) + 2 * layout.edge, abs=4), text
        assert rows.max() - rows.min() < 1.6 * layout.em, text


def test_scenes_too_short_to_fade_are_cut(tmp_path: Path) -> None:
    assert [part.frames for part in cut([10, 40, 40])] == [10, 34, 12, 34]
    assert sum(part.frames for part in cut([24] * 9)) == 24 * 9


@pytest.mark.parametrize("lengths", [[30, 30, 30], [24, 90, 25, 200], [10, 40, 40, 5, 60], [1]])
def test_a_scenes_shots_follow_one_another_frame_by_frame_in_one_move(lengths: list[int]) -> None:
    shots = [shot for part in cut(lengths) for shot in part.shots]
    for scene in range(len(lengths)):
        own = sorted((shot for shot in shots if shot.scene == scene), key=lambda shot: shot.first)
        assert all(one.last == after.first for one, after in pairwise(own))
        ((begins, ends),) = {(shot.begins, shot.ends) for shot in own}
        assert begins == own[0].first
        assert own[-1].last <= ends < own[-1].last + MOVES


def test_a_scene_that_becomes_a_little_shorter_begins_as_before() -> None:
    before, after = cut([160, 150, 80]), cut([160, 146, 80])
    assert before[:2] == after[:2]
    assert before[2:4] != after[2:4]
    assert before[4:] == after[4:]


def test_nothing_jumps_where_parts_are_joined(tmp_path: Path) -> None:
    """Against a cut, between two pictures that share nothing."""
    dice = np.random.default_rng(4)
    scenes = list[Scene]()
    for number, move in enumerate(("push-in", "pan-left", "pull-out")):
        dots = Image.fromarray(dice.integers(0, 255, (12, 8, 3), np.uint8))
        dots.resize((320, 480), Image.Resampling.BICUBIC).save(tmp_path / f"{number}.png")
        scenes.append(Scene(tmp_path / f"{number}.png", 1.0, move, number))  # type: ignore[arg-type]
    shown = frames(rendered(RenderRequest(tuple(scenes), look=LOOK), tmp_path).video).astype(np.int16)
    steps = [np.abs(one - after).mean() for one, after in pairwise(shown)]
    for at, joins in ((30, (24, 36)), (60, (54, 66))):
        a_cut = np.abs(shown[at - 10] - shown[at + 10]).mean()
        assert a_cut > 20
        assert max(steps[join - 1] for join in joins) < a_cut / 2
    still = [*steps[2:22], *steps[38:52], *steps[68:88]]
    assert max(still) < 4 * np.median(still)


def test_a_video_without_a_voice_is_silent_and_says_so(tmp_path: Path) -> None:
    scene = Scene(picture(tmp_path / "p.png", RED), 0.5)
    done = rendered(RenderRequest((scene,), look=LOOK), tmp_path)
    assert (done.loudness, done.peak, done.frames) == (None, None, 15)
    made = asyncio.run(probe(FFMPEG, done.video))
    assert made.sound is not None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"scenes": ()}, "0 scenes"),
        ({"look": Look(271, 480)}, "271 x 480"),
        ({"look": replace(LOOK, captions="loud")}, "caption style"),
    ],
)
def test_what_cannot_be_rendered_is_refused(tmp_path: Path, change: dict[str, object], why: str) -> None:
    scene = Scene(picture(tmp_path / "p.png", RED), 1)
    request = replace(RenderRequest((scene,), look=LOOK), **change)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=why):
        rendered(request, tmp_path)


@pytest.mark.parametrize("content", [b"#EXTM3U\n", b"<html>", b"", b"\x89PNG\r\n\x1a\n half"])
def test_footage_that_is_none_is_refused_and_nothing_is_left(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.png").write_bytes(content)
    with pytest.raises(Refused, match="bad media"):
        rendered(RenderRequest((Scene(tmp_path / "p.png", 1),), look=LOOK), tmp_path)
    assert not (tmp_path / "video.mp4").exists()
    assert not list((tmp_path / "parts").iterdir())


def test_finished_parts_outlive_a_render_that_runs_out_of_time(tmp_path: Path) -> None:
    scenes = tuple(Scene(picture(tmp_path / f"{n}.png", (n * 20, 0, 0)), 0.7, "still") for n in range(3))
    request, meter = RenderRequest(scenes, look=LOOK), ListMeter()
    (tmp_path / "none.wav").write_bytes(b"RIFF\x00\x00\x00\x00WAVE" + b"\0" * 100)
    with pytest.raises(Refused):
        rendered(replace(request, narration=tmp_path / "none.wav"), tmp_path)
    assert rendered(request, tmp_path).made == 0
    quick = FfmpegRenderer(FFMPEG, SystemClock(), seconds=0.0)
    fresh = replace(request, look=Look(1080, 1920), scenes=(replace(scenes[0], seconds=60.0),))
    with pytest.raises(TookTooLong, match="finished parts are kept"):
        asyncio.run(quick.render(fresh, tmp_path / "late.mp4", tmp_path / "parts", meter))
    assert not (tmp_path / "late.mp4").exists()
    assert [(call.kind, call.ok) for call in meter.calls] == [("renderer", False)]


def test_a_clip_without_pictures_is_refused(tmp_path: Path) -> None:
    plainly("-i", str(tone(tmp_path / "a.wav", 1)), "-c:a", "aac", str(tmp_path / "a.mp4"))
    with pytest.raises(Refused, match="clip cannot be read"):
        rendered(RenderRequest((Scene(tmp_path / "a.mp4", 1),), look=LOOK), tmp_path)
    assert not list((tmp_path / "parts").iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_a_cancelled_render_leaves_no_child_and_no_half_file(tmp_path: Path) -> None:
    scenes = (Scene(clip(tmp_path / "c.mp4", 0.5), 60), Scene(clip(tmp_path / "d.mp4", 0.5), 60))
    renderer = FfmpegRenderer(FFMPEG, SystemClock())
    request = RenderRequest(scenes, look=LOOK)
    work = asyncio.create_task(renderer.render(request, tmp_path / "v.mp4", tmp_path / "parts", ListMeter()))
    while len(running_in(tmp_path)) < 4:
        await asyncio.sleep(0.02)
    began = time.monotonic()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert time.monotonic() - began < 2
    assert running_in(tmp_path) == []
    assert not (tmp_path / "v.mp4").exists()
    assert not list((tmp_path / "parts").iterdir())


def test_a_renderer_is_chosen_by_name(tmp_path: Path) -> None:
    assert open_renderer(Choice.parse("ffmpeg"), RenderSurroundings()).label == "ffmpeg"
    with pytest.raises(NeedsPerson, match="Known are: ffmpeg"):
        open_renderer(Choice.parse("flash"), RenderSurroundings())
    (tmp_path / "x.ttf").write_text("no font")
    with pytest.raises(NeedsPerson, match="fonts folder"):
        open_renderer(Choice("ffmpeg", options={"fonts": str(tmp_path)}), RenderSurroundings())


def test_what_a_dead_render_left_is_removed_after_a_while(film: Film, tmp_path: Path) -> None:
    old, young = tmp_path / "parts" / ".making-old", tmp_path / "parts" / ".making-young"
    for folder in (old, young):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    rendered(RenderRequest((Scene(film.request.scenes[0].footage, 0.2),), look=LOOK), tmp_path)
    assert not old.exists()
    assert young.exists()
