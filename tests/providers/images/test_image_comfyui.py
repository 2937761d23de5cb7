"""ComfyUI: any workflow is filled in, and its prompt is followed to the end whatever the server does."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.comfyui_wire.workflow import filled, read_workflow
from nightdesk.providers.images import open_images
from nightdesk.providers.images.comfyui import values_of
from nightdesk.providers.images.contract import ImageProvider, PictureRequest
from servers.images_server import WORKFLOW, Comfy
from servers.openai_faults import reset
from servers.openai_server import Asked, OpenAIServer

REQUEST = PictureRequest('a "compost" bin\n{{seed}}', "Compost", width=1080, height=1350, seed=42)
FAST = PictureRequest("a bin", "Compost", width=128, height=128)


async def no_fetch(url: str) -> bytes:
    raise AssertionError(f"nobody asked for {url}")


def opened(server: OpenAIServer, folder: Path, timeout: float = 5.0) -> ImageProvider:
    path = folder / "workflow.json"
    path.write_text(json.dumps(WORKFLOW))
    choice = Choice("comfyui", str(path), server.base_url, timeout=timeout, options={"poll": 0.01})
    return open_images(choice, no_fetch, SystemClock())


def test_a_workflow_gets_prompt_sides_and_seed() -> None:
    ready = filled(WORKFLOW, values_of(REQUEST))
    assert ready["6"]["inputs"] == {"text": 'photo of a "compost" bin\n{{seed}}', "clip": ["4", 1]}
    assert ready["5"]["inputs"] == {"width": 1088, "height": 1360, "batch_size": 1}
    assert ready["3"]["inputs"]["seed"] == 42
    assert WORKFLOW["3"]["inputs"]["seed"] == 8


def test_placeholders_alone_decide_where_a_workflow_has_them() -> None:
    workflow = {
        "1": {"class_type": "Sampler", "inputs": {"seed": 7, "noise_seed": "{{seed}}", "t": "{{ prompt }}"}},
        "2": {"class_type": "EmptyLatentImage", "inputs": {"width": "{{width}}", "height": 512}},
        "3": {"class_type": "ImageScale", "inputs": {"width": 64, "height": 64, "text": "no {{negative}}!"}},
    }
    ready = filled(workflow, values_of(REQUEST, "blur"))
    assert ready["1"]["inputs"] == {"seed": 7, "noise_seed": 42, "t": REQUEST.prompt}
    assert ready["2"]["inputs"] == {"width": 1088, "height": 1360}
    assert ready["3"]["inputs"] == {"width": 64, "height": 64, "text": "no blur!"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "cannot be read"),
        ('{"nodes": [], "links": []}', "Export"),
        ("{}", "Export"),
        ('{"1": {"inputs": {}}}', "class_type"),
        ('{"1": {"class_type": "KSampler", "inputs": {"seed": 1}}}', "{{prompt}}"),
    ],
)
def test_a_workflow_that_cannot_be_used_says_what_to_change(content: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "workflow.json"
    path.write_text(content)
    with pytest.raises(NeedsPerson) as ended:
        read_workflow(path)
    assert why in ended.value.why


def test_a_workflow_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(NeedsPerson, match="cannot be read"):
        read_workflow(tmp_path / "nowhere.json")


@pytest.mark.parametrize("looks", [1, 5], ids=["wholly cached", "slow"])
async def test_a_picture_is_found_in_the_history(looks: int, tmp_path: Path) -> None:
    comfy = Comfy(looks=looks)
    async with OpenAIServer(behaviour=comfy) as server:
        await opened(server, tmp_path).make(FAST, ListMeter())
    assert len(comfy.taken) == 1
    assert not comfy.withdrawn


async def test_a_server_that_mints_its_own_ids_is_followed_by_them(tmp_path: Path) -> None:
    comfy = Comfy(mints_ids=True)
    async with OpenAIServer(behaviour=comfy) as server:
        await opened(server, tmp_path).make(FAST, ListMeter())
    assert len(comfy.taken) == 1


async def test_a_lost_prompt_is_sent_once_more(tmp_path: Path) -> None:
    comfy = Comfy(loses=1)
    meter = ListMeter()
    async with OpenAIServer(behaviour=comfy) as server:
        await opened(server, tmp_path).make(FAST, meter)
    first, second = (body["prompt_id"] for body in comfy.taken)
    assert first != second
    assert [call.ok for call in meter.calls] == [True]


async def test_a_prompt_lost_twice_is_given_up(tmp_path: Path) -> None:
    comfy = Comfy(loses=9)
    async with OpenAIServer(behaviour=comfy) as server:
        with pytest.raises(Refused, match="renderer lost"):
            await opened(server, tmp_path).make(FAST, ListMeter())
    assert len(comfy.taken) == 2


async def test_a_prompt_taken_without_an_answer_is_found_and_not_sent_again(tmp_path: Path) -> None:
    comfy = Comfy(looks=4)

    def take_and_reset(server: OpenAIServer, asked: Asked) -> None:
        comfy.accept(asked.body, asked.body["prompt_id"])
        reset(server, asked)

    async with OpenAIServer(behaviour=comfy) as server:
        server.behaviours.append(take_and_reset)
        await opened(server, tmp_path).make(FAST, ListMeter())
    assert len(comfy.taken) == 1


async def test_a_server_that_stumbles_while_it_works_is_followed_on(tmp_path: Path) -> None:
    comfy = Comfy()
    async with OpenAIServer(behaviour=comfy) as server:
        server.behaviours.extend([comfy, reset, reset])
        await opened(server, tmp_path).make(FAST, ListMeter())
    assert len(comfy.taken) == 1


async def test_a_server_that_stays_away_is_tried_later(tmp_path: Path) -> None:
    comfy = Comfy()
    async with OpenAIServer(behaviour=reset) as server:
        server.behaviours.append(comfy)
        with pytest.raises(Later, match="broke"):
            await opened(server, tmp_path, timeout=1.0).make(FAST, ListMeter())


async def test_nobody_waits_for_a_picture_beyond_the_deadline_and_it_is_withdrawn(tmp_path: Path) -> None:
    comfy = Comfy(looks=10_000)
    async with OpenAIServer(behaviour=comfy) as server:
        with pytest.raises(Later, match="did not answer within"):
            await opened(server, tmp_path, timeout=0.3).make(FAST, ListMeter())
    (prompt,) = comfy.queue
    assert comfy.withdrawn == comfy.interrupted == [prompt]


async def test_a_cancelled_picture_is_withdrawn(tmp_path: Path) -> None:
    comfy = Comfy(looks=10_000)
    async with OpenAIServer(behaviour=comfy) as server:
        task = asyncio.create_task(opened(server, tmp_path).make(FAST, ListMeter()))
        while not comfy.queue:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait([task], timeout=2)
    assert task.cancelled()
    assert comfy.interrupted == list(comfy.queue)


@pytest.mark.parametrize(
    ("messages", "ending", "why"),
    [
        ([["execution_interrupted", {}]], Later, "interrupted"),
        ([["execution_error", {"exception_type": "torch.OutOfMemoryError"}]], Later, "memory"),
        (
            [["execution_start", {}], ["execution_error", {"node_type": "VAE", "exception_message": "bad"}]],
            Refused,
            "node VAE failed: bad",
        ),
        ([], Refused, "could not finish"),
    ],
)
async def test_how_a_prompt_failed_decides_the_ending(
    messages: list[Any], ending: type, why: str, tmp_path: Path
) -> None:
    async with OpenAIServer(behaviour=Comfy(ending=("error", messages))) as server:
        with pytest.raises(ending, match=why):
            await opened(server, tmp_path).make(FAST, ListMeter())


async def test_a_workflow_that_the_server_cannot_run_needs_a_person(tmp_path: Path) -> None:
    report = {
        "error": {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation"},
        "node_errors": {
            "4": {"errors": [{"message": "Value not in list", "details": "ckpt_name: 'x.safetensors'"}]}
        },
    }

    def behave(_: OpenAIServer, asked: Asked) -> None:
        asked.reply_json(report, 400)

    async with OpenAIServer(behaviour=behave) as server:
        with pytest.raises(NeedsPerson, match=r"ckpt_name: 'x\.safetensors'"):
            await opened(server, tmp_path).make(FAST, ListMeter())


@pytest.mark.parametrize("saves", [b"", b"<html>no</html>", b"\x89PNG\r\n"], ids=["empty", "HTML", "cut"])
async def test_a_file_that_is_no_picture_is_bad_media(saves: bytes, tmp_path: Path) -> None:
    async with OpenAIServer(behaviour=Comfy(saves=saves)) as server:
        with pytest.raises(Refused, match="bad media"):
            await opened(server, tmp_path).make(FAST, ListMeter())
