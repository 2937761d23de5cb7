"""No step of the video line takes longer than the operator lets it, and it says plainly what became of it."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lines.article.article_press import CLOCK, Scripted
from lines.video.film_press import FilmPress, film_press
from nightdesk.desk.studio import ChosenStudio, StudioMeans
from nightdesk.lines.video import VIDEO, captions, clips, narration, renders, scripts, sizes
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.providers.choice import Choice
from nightdesk.providers.limits import Limits
from nightdesk.stage import Seconds
from nightdesk.store.session import Store
from nightdesk.store.tables.videos import Video
from servers.openai_server import Asked, OpenAIServer
from servers.speech_server import openai_speech


def with_seconds(press: FilmPress, folder: Path, **seconds: float) -> StudioMeans:
    """Has the press work under these limits."""
    means = StudioMeans(folder / "data", CLOCK, Limits(), Seconds(**seconds))
    press.studio = replace(press.studio, means=means)  # type: ignore[type-var]
    return means


async def test_every_step_of_the_line_is_limited_as_the_operator_says(films: FilmPress) -> None:
    seconds = Seconds(script=1, speech=200, clip=3000, render=40_000)
    bench = type("Bench", (), {"studio": type("Studio", (), {"seconds": seconds})})
    limits = {stage.name: stage.limit(bench) for stage in VIDEO.stages}  # type: ignore[arg-type]
    assert limits["scripts"] == scripts.CALLS
    assert 200 <= limits["narration"] <= 230
    assert 3000 <= limits["clips"] <= 3030
    assert 40_000 <= limits["renders"] <= 40_030


async def test_a_text_model_that_hangs_is_given_up_after_the_seconds_of_one_call(
    films: FilmPress, tmp_path: Path
) -> None:
    async def hang(_: Any) -> None:
        await asyncio.sleep(60)

    films.text = Scripted({"script_outline": hang})
    with_seconds(films, tmp_path, script=0.1)
    video = await films.video()
    await films.walk(scripts.Scripts)
    seen = await films.seen(video)
    assert (seen.state, (await films.balances()).held) == ("failed_pending", 0)
    assert "did not answer `script_outline` within 0.1 seconds" in (seen.error or "")


async def test_a_voice_that_hangs_is_given_up_and_its_scene_alone_set_aside(
    store: Store, tmp_path: Path
) -> None:
    asked: list[Asked] = []

    def hang(_: OpenAIServer, one: Asked) -> None:
        asked.append(one)
        if "leaves" not in str(one.body):
            openai_speech(_, one)

    async with film_press(store, tmp_path) as films, OpenAIServer(behaviour=hang) as server:
        await films.video("Worms eat leaves.\n\nFeed them little.")
        await films.walk(scripts.Scripts)
        means = with_seconds(films, tmp_path, speech=1)
        choice = Choice.parse("openai:tts-1", base_url=f"http://127.0.0.1:{server.port}/v1", timeout=0.7)
        speech = means.open_speech(choice)
        films.studio = ChosenStudio(means, lambda: speech, films.studio.clips, films.studio.renderer)
        await films.walk(narration.Narration)
        await speech.aclose()
        silent, spoken = await films.scenes((await films.rows(Video))[0])
        assert (silent.state, silent.sound, spoken.state) == ("failed_pending", None, "spoken")
        assert "0.7" in (silent.error or ""), silent.error
        assert (await films.balances()).held == 0
        assert asked


async def test_a_scene_is_spoken_though_nobody_could_listen_for_its_words_and_the_log_says_why(
    films: FilmPress, tmp_path: Path
) -> None:
    await films.video("Worms eat leaves.\n\nFeed them little.")
    await films.walk(scripts.Scripts)
    means = replace(films.studio.means, whisper=tmp_path)  # type: ignore[attr-defined]
    async with OpenAIServer(behaviour=openai_speech) as server:
        speech = means.open_speech(Choice.parse("openai:tts-1", base_url=server.base_url))
        films.studio = ChosenStudio(means, lambda: speech, films.studio.clips, films.studio.renderer)
        await films.walk(narration.Narration)
        await speech.aclose()
    scenes = await films.scenes((await films.rows(Video))[0])
    assert [(scene.status, bool(scene.words)) for scene in scenes] == [("spoken", True)] * 2
    said = [line for line in await films.log() if "without faster-whisper" in line]
    assert sorted(line.partition(":")[0] for line in said) == ["Scene 1", "Scene 2"]
    assert all("lacks model.bin" in line for line in said)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")
async def test_a_render_that_hangs_is_ended_with_all_its_processes_and_says_so(
    films: FilmPress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sizes.SIZES, "9:16", (144, 256))  # type: ignore[arg-type]
    video = await films.video("Worms eat leaves.")
    await films.walk(scripts.Scripts, narration.Narration, captions.Captions, clips.Clips)
    program, mark = tmp_path / "ffmpeg", "61.4142"
    program.write_text(f"#!/bin/sh\nsleep {mark} &\nsleep {mark}\n")
    program.chmod(0o755)
    means = with_seconds(films, tmp_path)
    vars(means)["ffmpeg"] = Ffmpeg(str(program))
    films.studio = replace(
        films.studio, renderer=lambda: means.open_renderer(Choice.parse("ffmpeg", timeout=1))
    )
    await films.walk(renders.Renders)
    seen = await films.seen(video)
    assert (seen.state, seen.file) == ("failed_filmed", None)
    assert "stopped at its limit of 1 s" in (seen.error or "")
    left = [one for one in Path("/proc").glob("[0-9]*/cmdline") if mark in _read(one)]
    assert not left
    assert (await films.balances()).held == 0


@pytest.mark.prove
async def test_a_video_says_which_scenes_have_a_camera_in_place_of_the_maker_that_was_chosen(
    films: FilmPress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sizes.SIZES, "9:16", (270, 480))  # type: ignore[arg-type]
    means, camera = with_seconds(films, tmp_path), films.studio.clips
    away = Choice.parse("comfyui:nothing-of-that-name")
    films.studio = replace(films.studio, clips=lambda: means.open_clips(away))
    video = await films.video("Worms eat leaves.\n\nCover it all.")
    await films.walk()
    (said,) = (await films.seen(video)).notes
    assert said.startswith("Scenes 1, 2: comfyui:nothing-of-that-name was not used, so the camera moves")
    films.studio = replace(films.studio, clips=camera)
    for scene in await films.scenes(video):
        await films.change(scene, picture=None, status="spoken")
    await films.change(video, status="captioned")
    await films.walk()
    assert (await films.seen(video)).notes == []


async def test_a_disk_that_ffmpeg_finds_full_pauses_the_run_and_sets_nothing_aside(
    films: FilmPress, tmp_path: Path
) -> None:
    video = await films.video("Worms eat leaves.")
    await films.walk(scripts.Scripts, narration.Narration, captions.Captions, clips.Clips)
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho 'No space left on device' >&2\nexit 228\n")
    program.chmod(0o755)
    means = with_seconds(films, tmp_path)
    vars(means)["ffmpeg"] = Ffmpeg(str(program))
    films.studio = replace(films.studio, renderer=lambda: means.open_renderer(Choice.parse("ffmpeg")))
    run = await films.walk(renders.Renders)
    assert (run.status, run.pause_reason) == ("paused", "disk_low")
    assert "Free some space" in (run.error_message or "")
    assert (await films.seen(video)).state == "filmed"


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
