"""The real ComfyUI films by a workflow that needs no model, is killed over it, and starts again.

`NIGHTDESK_COMFYUI` is the command that starts it, without its port (`python main.py --cpu`).
"""

import asyncio
import json
import os
import shlex
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips import open_clips
from nightdesk.providers.clips.contract import ClipProvider, ClipRequest
from nightdesk.providers.clips.footage import looked_at
from nightdesk.providers.clips.opening import ClipSurroundings
from servers.clips_server import FFMPEG, still

COMMAND = os.environ.get("NIGHTDESK_COMFYUI", "")
pytestmark = [
    pytest.mark.prove,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not COMMAND, reason="NIGHTDESK_COMFYUI names no ComfyUI"),
]

REQUEST = ClipRequest(still(), "a compost bin", 0.5, 128, 192, seed=3)


def workflow(frames: Any = "{{frames}}", first: str = "LoadImage") -> dict[str, Any]:
    """The first picture, scaled and shown again and again."""
    return {
        "1": {"class_type": first, "inputs": {"image": "{{first_frame}}"}, "_meta": {"title": "{{prompt}}"}},
        "2": {
            "class_type": "ImageScale",
            "inputs": {
                "image": ["1", 0],
                "upscale_method": "bilinear",
                "width": "{{width}}",
                "height": "{{height}}",
                "crop": "center",
            },
        },
        "3": {"class_type": "RepeatImageBatch", "inputs": {"image": ["2", 0], "amount": frames}},
        "4": {"class_type": "CreateVideo", "inputs": {"images": ["3", 0], "fps": "{{fps}}"}},
        "5": {
            "class_type": "SaveVideo",
            "inputs": {
                "video": ["4", 0],
                "filename_prefix": "nightdesk/{{seed}}",
                "format": "mp4",
                "codec": "h264",
            },
        },
    }


@dataclass
class Server:
    """A ComfyUI of our own, on a port of its own."""

    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [*shlex.split(COMMAND), "--port", str(self.port)]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    async def ready(self) -> None:
        async with asyncio.timeout(240), httpx2.AsyncClient(trust_env=False) as http:
            while True:
                try:
                    await http.get(f"{self.address}/queue")
                except httpx2.HTTPError:
                    await asyncio.sleep(0.5)
                else:
                    return


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = Server(listening.getsockname()[1])
    server.start()
    yield server
    server.kill()


@pytest.fixture
async def folder(server: Server, tmp_path: Path) -> Path:
    await server.ready()
    (tmp_path / "plain.json").write_text(json.dumps(workflow()))
    (tmp_path / "long.json").write_text(json.dumps(workflow(frames=3000)))
    (tmp_path / "unknown.json").write_text(json.dumps(workflow(first="NoSuchNode")))
    return tmp_path


def opened(server: Server, folder: Path, name: str = "plain", timeout: float = 60.0) -> ClipProvider:
    choice = Choice("comfyui", name, server.address, timeout=timeout, options={"poll": 0.1})
    return open_clips(choice, ClipSurroundings(clock=SystemClock(), ffmpeg=FFMPEG, folder=folder))


async def busy(server: Server) -> int:
    async with httpx2.AsyncClient(trust_env=False) as http:
        queue = (await http.get(f"{server.address}/queue")).json()
    return len(queue["queue_running"]) + len(queue["queue_pending"])


async def test_a_clip_is_made_and_the_same_again_from_what_the_server_has_cached(
    server: Server, folder: Path
) -> None:
    provider = opened(server, folder)
    for _ in range(2):
        clip = await provider.make(REQUEST, ListMeter())
        assert clip.footage is not None
        media = await looked_at(clip.footage, FFMPEG)
        assert media.pictures is not None
        assert (media.pictures.width, media.pictures.height, media.pictures.frames) == (128, 192, 17)
    await provider.free()
    await provider.aclose()


async def test_a_node_that_the_server_does_not_have_needs_a_person(server: Server, folder: Path) -> None:
    provider = opened(server, folder, "unknown")
    with pytest.raises(NeedsPerson, match="NoSuchNode"):
        await provider.make(REQUEST, ListMeter())
    await provider.aclose()


async def test_a_clip_that_takes_too_long_is_taken_from_the_server(server: Server, folder: Path) -> None:
    provider = opened(server, folder, "long", timeout=1.5)
    with pytest.raises(Later, match="did not answer within"):
        await provider.make(REQUEST, ListMeter())
    async with asyncio.timeout(120):
        while await busy(server):
            await asyncio.sleep(0.2)
    await provider.aclose()


async def test_a_server_that_is_killed_over_a_clip_makes_it_once_it_is_back(
    server: Server, folder: Path
) -> None:
    provider, meter = opened(server, folder, "long", timeout=240), ListMeter()
    task = asyncio.create_task(provider.make(REQUEST, meter))
    async with asyncio.timeout(30):
        while not await busy(server):
            await asyncio.sleep(0.05)
    server.kill()
    with pytest.raises((Later, Refused)):
        await asyncio.wait_for(task, 60)
    assert [call.ok for call in meter.calls] == [False]
    server.start()
    await server.ready()
    assert (await opened(server, folder).make(REQUEST, ListMeter())).footage is not None
    await provider.aclose()
