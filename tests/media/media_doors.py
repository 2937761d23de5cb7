"""The doors by which media comes into the house, each as a call that gives the answer of a file.

The answer is `TAKEN`, or the words that it is refused with.
"""

import base64
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from pydantic import SecretStr

from media.bad_pictures import HARM, TAKEN
from media.bad_sounds import TEXT
from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Ending
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips.contract import ClipRequest
from nightdesk.providers.clips.footage import looked_at
from nightdesk.providers.images import open_images
from nightdesk.providers.images.contract import PictureRequest
from nightdesk.providers.speech import open_speech
from nightdesk.providers.speech.contract import SpeechRequest
from nightdesk.providers.speech.opening import Surroundings
from servers import clips_openers
from servers.clips_server import ComfyClips, Library, still
from servers.images_server import WORKFLOW, Comfy
from servers.openai_server import Asked, OpenAIServer
from servers.speech_server import says_sound

Door = Callable[[bytes, str], Awaitable[str]]
"""Takes a file's bytes and what it is called."""

PATIENCE = 30.0


@asynccontextmanager
async def providers_doors(folder: Path) -> AsyncIterator[Mapping[str, Mapping[str, Door]]]:
    """The doors of providers' answers, by what comes in by them."""
    async with AsyncExitStack() as opened:
        server = await opened.enter_async_context(OpenAIServer())
        workflow = folder / "workflow.json"
        workflow.write_text(json.dumps(WORKFLOW))
        pictures = {
            "answer in base64": _picture(server, "openai", _in_base64),
            "answer with an address": _picture(server, "openai", _by_address),
            "ComfyUI's picture": _picture(
                server, "comfyui", lambda content: Comfy(saves=content), str(workflow)
            ),
        }
        clips = {
            "stock footage": _clip(
                folder, "stock:pexels", lambda content: Library("pexels", content=content)
            ),
            "ComfyUI's clip": _clip(folder, "comfyui:tiny", lambda content: ComfyClips(saves=content)),
        }
        sounds = {"a voice's answer": _sound(server, "openai", says_sound)}
        yield {"pictures": pictures, "clips": clips, "sounds": sounds}


async def _nowhere(url: str) -> bytes:
    raise AssertionError(f"nobody asked for {url}")


async def _answered(call: Awaitable[Any]) -> Any:
    """What came of it, or the words of how it ended."""
    try:
        return await call
    except Ending as ending:
        return ending.why


def held(content: bytes) -> str:
    """`TAKEN`, where a picture that was taken is a new one; else what is wrong with it."""
    with Image.open(BytesIO(content)) as found:
        found.load()
        form, size = found.format, found.size
    if HARM in content or form not in ("JPEG", "PNG") or max(size) > 3840:
        return f"taken as it came: {form} {size}"
    return TAKEN


def _in_base64(content: bytes) -> Any:
    coded = base64.b64encode(content).decode()
    return lambda _, asked: asked.reply_json({"data": [{"b64_json": coded, "url": None}]})


def _by_address(content: bytes) -> Any:
    def behave(server: OpenAIServer, asked: Asked) -> None:
        if asked.path.endswith("/file"):
            asked.reply(content, content_type="image/png")
        else:
            asked.reply_json({"data": [{"url": f"{server.base_url}/file"}]})

    return behave


def _picture(server: OpenAIServer, kind: str, behaves: Callable[[bytes], Any], model: str = "") -> Door:
    async def door(content: bytes, _: str) -> str:
        server.behaviour = behaves(content)
        quick = {"poll": 0.01}
        choice = Choice(kind, model, server.base_url, SecretStr("key"), timeout=PATIENCE, options=quick)
        provider = open_images(choice, _nowhere, SystemClock())
        made = await _answered(provider.make(PictureRequest("a bin", "Bins"), ListMeter()))
        await provider.aclose()  # type: ignore[attr-defined]
        return made if isinstance(made, str) else held(made.content)

    return door


def _clip(folder: Path, kind: str, behaves: Callable[[bytes], Any]) -> Door:
    async def door(content: bytes, _: str) -> str:
        async with clips_openers.opened(kind, folder, behaves(content)) as bench:
            request = ClipRequest(still(), "a compost bin", 2.0, 180, 320)
            made = await _answered(bench.provider.make(request, ListMeter()))
            if isinstance(made, str):
                return made
            assert (await looked_at(made.footage, bench.around.ffmpeg)).pictures is not None
            return TAKEN

    return door


def _sound(server: OpenAIServer, kind: str, behaves: Callable[[bytes], Any]) -> Door:
    async def door(content: bytes, _: str) -> str:
        server.behaviour = behaves(content)
        choice = Choice(kind, "", server.base_url, SecretStr("key"), timeout=PATIENCE)
        provider = open_speech(choice, Surroundings(clock=SystemClock()))
        said = await _answered(provider.speak(SpeechRequest(TEXT), ListMeter()))
        await provider.aclose()
        if isinstance(said, str):
            return said
        ends = [word.end for word in said.words]
        whole = len(ends) == len(TEXT.split()) and ends == sorted(ends) and HARM not in said.sound
        return TAKEN if whole and ends[-1] <= said.seconds + 0.01 else f"taken as it came: {said.words}"

    return door


def page_door(
    client: Any, path: str, field: str, stored: Callable[[], Awaitable[bytes]], **more: str
) -> Door:
    """A form of our pages that takes a picture; `stored` gives what was kept of it."""

    async def door(content: bytes, named: str) -> str:
        files = {field: (named, content, "image/png")}
        answer = await client.post(path, files=files, data=more, headers={"HX-Request": "true"})
        if answer.status_code in (200, 204, 303):
            return held(await stored())
        said = re.sub(r"<[^>]+>", " ", answer.text)
        return f"{answer.status_code} {' '.join(unescape(said).split())}"

    return door
