"""ComfyUI films by any workflow file, and its prompt is followed to the end whatever the server does."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.media.closer import closer
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.clips.comfyui import workflows
from nightdesk.providers.clips.comfyui.naming import EXAMPLES, workflow_file
from nightdesk.providers.clips.contract import ClipRequest
from nightdesk.providers.clips.frames import Film, film_for
from nightdesk.providers.comfyui_wire.workflow import filled, places, read_workflow
from servers.clips_openers import Bench, opened
from servers.clips_server import CLIP_WORKFLOW, ComfyClips, still
from servers.openai_faults import reset

REQUEST = ClipRequest(still(), 'a "compost" bin', 2.0, 1080, 1920, seed=42)
LENGTH = {"prompt", "width", "height", "frames", "fps", "seed"}


def comfy_of(bench: Bench) -> ComfyClips:
    assert isinstance(bench.server.behaviour, ComfyClips)
    return bench.server.behaviour


@pytest.mark.parametrize(
    ("seconds", "size", "film"),
    [
        (2.0, (1080, 1920), Film(704, 1280, 49, 24)),
        (0.1, (1920, 1080), Film(1280, 704, 9, 24)),
        (60.0, (640, 640), Film(640, 640, 257, 24)),
    ],
)
def test_a_film_has_sides_and_frames_that_the_models_can_make(
    seconds: float, size: tuple[int, int], film: Film
) -> None:
    assert film_for(*size, seconds) == film


async def test_a_workflow_gets_words_seed_size_length_and_the_first_picture(tmp_path: Path) -> None:
    async with opened("comfyui:tiny", tmp_path) as bench:
        clip = await bench.provider.make(REQUEST, ListMeter())
        comfy = comfy_of(bench)
    (taken,) = comfy.taken
    nodes = {number: node["inputs"] for number, node in taken["prompt"].items()}
    assert nodes["1"]["image"] == "nightdesk/1.png"
    assert nodes["2"]["text"] == 'film of a "compost" bin'
    assert (nodes["3"]["width"], nodes["3"]["height"], nodes["3"]["length"]) == (192, 320, 49)
    assert nodes["4"]["seed"] == 42
    assert still() in comfy.put[0]
    assert (clip.credits, clip.synthetic) == (2, True)


async def test_pictures_are_put_onto_the_server_where_the_workflow_wants_them(tmp_path: Path) -> None:
    last = {**CLIP_WORKFLOW, "6": {"class_type": "LoadImage", "inputs": {"image": "{{last_frame}}"}}}
    words = {"1": {"class_type": "Film", "inputs": {"text": "{{prompt}}"}}}
    for workflow, request, put in (
        (last, replace(REQUEST, last=still(20, 20)), [still(), still(20, 20)]),
        (last, REQUEST, [still(), closer(still())]),
        (last, replace(REQUEST, seconds=60.0), [still(), still()]),
        (words, REQUEST, []),
    ):
        async with opened("comfyui:tiny", tmp_path) as bench:
            (tmp_path / "other.json").write_text(json.dumps(workflow))
            await bench.another(model="other").make(request, ListMeter())
            got = comfy_of(bench).put
        assert len(got) == len(put)
        assert all(picture in raw for picture, raw in zip(put, got, strict=True))


def test_any_workflow_file_of_the_folder_is_a_choice_beside_the_examples(tmp_path: Path) -> None:
    (tmp_path / "my film.json").write_text("{}")
    (tmp_path / "ltx-2-text.json").write_text("{}")
    examples = ["ltx-2-first-last", "ltx-2-text", "ltx-video-first-last", "ltx-video-text"]
    assert list(workflows(tmp_path)) == [*examples, "my film"]
    assert list(workflows(None)) == examples
    assert workflow_file("ltx-2-text", tmp_path).parent == tmp_path


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_an_example_takes_all_that_a_scene_has_and_leaves_no_place_open(example: Path) -> None:
    workflow = read_workflow(example)
    pictures = {"first_frame", "last_frame"} if "first-last" in example.stem else set()
    assert places(workflow) == LENGTH | pictures | {"negative"}
    ready = filled(workflow, dict.fromkeys(places(workflow), "7"))
    assert not places(ready)
    links = [value for node in ready.values() for value in node["inputs"].values() if isinstance(value, list)]
    assert {link[0] for link in links} <= set(ready)
    assert "SaveVideo" in {node["class_type"] for node in ready.values()}


async def test_a_lost_prompt_is_sent_once_more_and_no_more_than_that(tmp_path: Path) -> None:
    async with opened("comfyui:tiny", tmp_path, ComfyClips(loses=1)) as bench:
        await bench.provider.make(REQUEST, ListMeter())
        assert len(comfy_of(bench).taken) == 2
    async with opened("comfyui:tiny", tmp_path, ComfyClips(loses=9)) as bench:
        with pytest.raises(Refused, match="renderer lost: ComfyUI lost the clip twice"):
            await bench.provider.make(REQUEST, ListMeter())
        assert len(comfy_of(bench).taken) == 2


async def test_a_server_that_is_killed_and_comes_back_empty_is_asked_again(tmp_path: Path) -> None:
    comfy = ComfyClips(looks=10_000)
    async with opened("comfyui:tiny", tmp_path, comfy) as bench:
        task = asyncio.create_task(bench.provider.make(REQUEST, ListMeter()))
        while not comfy.queue:
            await asyncio.sleep(0.01)
        bench.server.behaviour = reset
        await asyncio.sleep(0.05)
        comfy.queue.clear()
        comfy.looks, bench.server.behaviour = 1, comfy
        clip = await asyncio.wait_for(task, 5)
    assert clip.footage is not None
    assert len(comfy.taken) == 2


@pytest.mark.parametrize("ends", ["deadline", "cancel"])
async def test_a_clip_that_nobody_waits_for_is_withdrawn_and_interrupted(ends: str, tmp_path: Path) -> None:
    comfy = ComfyClips(looks=10_000)
    async with opened("comfyui:tiny", tmp_path, comfy) as bench:
        provider = bench.another(timeout=0.4 if ends == "deadline" else 20.0)
        task = asyncio.create_task(provider.make(REQUEST, ListMeter()))
        while not comfy.queue:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        if ends == "cancel":
            task.cancel()
        await asyncio.wait([task], timeout=5)
    (prompt,) = comfy.queue
    assert comfy.withdrawn == comfy.interrupted == [prompt]
    assert task.cancelled() if ends == "cancel" else isinstance(task.exception(), Later)


async def test_models_are_unloaded_when_the_provider_lets_go(tmp_path: Path) -> None:
    async with opened("comfyui:tiny", tmp_path) as bench:
        await bench.provider.free()
        assert comfy_of(bench).freed == [{"unload_models": True, "free_memory": True}]
        bench.server.behaviour = reset
        await bench.provider.free()


@pytest.mark.parametrize("key", ["gifs", "videos"])
async def test_a_clip_is_found_under_whatever_name_its_node_gives_it(key: str, tmp_path: Path) -> None:
    class Others(ComfyClips):
        def finish(self, prompt: str) -> None:
            super().finish(prompt)
            saved = {"filename": "a.webm", "subfolder": "night", "type": "output"}
            picture = {"filename": "a.png", "subfolder": "", "type": "output"}
            self.history[prompt]["outputs"] = {"7": {"images": [picture]}, "9": {key: [saved]}}

    async with opened("comfyui:tiny", tmp_path, Others()) as bench:
        assert (await bench.provider.make(REQUEST, ListMeter())).footage is not None


async def test_a_workflow_that_saves_nothing_is_refused(tmp_path: Path) -> None:
    class Empty(ComfyClips):
        def finish(self, prompt: str) -> None:
            super().finish(prompt)
            self.history[prompt]["outputs"] = {}

    async with opened("comfyui:tiny", tmp_path, Empty()) as bench:
        with pytest.raises(Refused, match="SaveVideo"):
            await bench.provider.make(REQUEST, ListMeter())


@pytest.mark.parametrize(
    ("messages", "ending", "why"),
    [
        ([["execution_interrupted", {}]], Later, "the clip was interrupted"),
        ([["execution_error", {"exception_type": "torch.OutOfMemoryError"}]], Later, "memory"),
        ([["execution_error", {"node_type": "VAE", "exception_message": "bad"}]], Refused, "node VAE failed"),
    ],
)
async def test_how_a_prompt_failed_decides_the_ending(
    messages: list[Any], ending: type[Exception], why: str, tmp_path: Path
) -> None:
    async with opened("comfyui:tiny", tmp_path, ComfyClips(ending=("error", messages))) as bench:
        with pytest.raises(ending, match=why):
            await bench.provider.make(REQUEST, ListMeter())


async def test_a_workflow_without_words_needs_a_person(tmp_path: Path) -> None:
    async with opened("comfyui:tiny", tmp_path) as bench:
        (tmp_path / "mute.json").write_text('{"1": {"class_type": "KSampler", "inputs": {}}}')
        with pytest.raises(NeedsPerson, match="prompt"):
            bench.another(model="mute")


async def test_only_a_server_on_this_machine_uses_its_gpu(tmp_path: Path) -> None:
    async with opened("comfyui:tiny", tmp_path) as bench:
        assert bench.provider.scarce == "gpu"
        assert bench.another(base_url="https://render.example").scarce is None
