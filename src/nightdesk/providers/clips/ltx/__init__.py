"""Clip provider `ltx`: LTX-Video by diffusers on this machine, in a child with limits.

torch and diffusers are heavy, so they are no part of the package: only the child imports them.
"""

import asyncio
import json
import struct
import sys
import tempfile
from pathlib import Path

from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.kit.processes import ChildLimits
from nightdesk.kit.standing import ChildLost, StandingCrew
from nightdesk.media.ffmpeg import source
from nightdesk.media.sniffing import ENOUGH, sniffed
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips.contract import Clip, ClipRequest
from nightdesk.providers.clips.footage import LARGEST
from nightdesk.providers.clips.frames import Film, film_for
from nightdesk.providers.clips.opening import ClipSurroundings
from nightdesk.providers.clips.prices import clip_credits
from nightdesk.providers.services.receipts import metered, timed

PACKAGES = "torch, diffusers, transformers, sentencepiece and accelerate"

_CHILD = Path(__file__).with_name("child.py")
_FRAMES, _MISSING, _BAD_MODEL, _OUT_OF_MEMORY = b"\x01", b"m", b"f", b"o"
_CPU_SECONDS = 7200
_OPEN_FILES = 1024
# CUDA reserves addresses for all the memory that there is, so a limit of addresses bounds nothing here.
_ADDRESSES = 1 << 44
_ENCODING_SECONDS = 300.0


class Ltx:
    """Films with a model in a folder. Options: `packages` (a folder that holds torch and diffusers where this
    environment does not), `pictures` (false: by words alone), `steps`, `negative`, `rate`, `longest`,
    `frames`, `credits`, as for ComfyUI.
    """

    scarce: str | None = "gpu"

    def __init__(self, choice: Choice, model: Path, around: ClipSurroundings) -> None:
        self.label = f"{choice.provider}:{model.name}"
        self.credits = clip_credits(choice)
        self._choice, self._model, self._around = choice, model, around
        packages = str(choice.options.get("packages", ""))
        limits = ChildLimits(
            seconds=choice.timeout,
            cpu_seconds=_CPU_SECONDS,
            memory=_ADDRESSES,
            file_size=0,
            open_files=_OPEN_FILES,
            output=LARGEST,
        )
        program = [sys.executable, "-I", str(_CHILD), str(model), *([packages] if packages else [])]
        self._crew = StandingCrew(program, limits, size=1)

    async def make(self, request: ClipRequest, meter: Meter) -> Clip:
        """A film that begins with the scene's picture and ends on its last, where it has one."""
        options = self._choice.options
        film = film_for(
            request.width,
            request.height,
            request.seconds,
            longest=int(options.get("longest", 1280)),
            rate=int(options.get("rate", 24)),
            most=int(options.get("frames", 257)),
        )
        with metered(meter, "ltx", self._model.name, "clip") as receipt, timed(receipt, self._around.clock):
            frames = await self._frames(_question(request, film, self._choice))
            content = await self._encoded(frames, film)
        note = f"Made by a model: {self._model.name}"
        return Clip(content, "still", note, maker=self.label, credits=self.credits, synthetic=True)

    async def free(self) -> None:
        """Ends the child, and the model's memory with it."""
        await self._crew.close()

    async def aclose(self) -> None:
        """Ends the child."""
        await self._crew.close()

    async def _frames(self, question: bytes) -> bytes:
        try:
            answer = await self._crew.ask(question)
        except ChildLost as lost:
            if lost.by == "time":
                raise Later(f"{self.label} did not film within {self._choice.timeout:g} s") from None
            raise Later(f"the child of {self.label} ended before it had filmed ({lost.by})") from None
        if answer[:1] != _FRAMES:
            raise self._ending(answer[:1], answer[1:600].decode("utf-8", "replace"))
        return answer[1:]

    def _ending(self, kind: bytes, said: str) -> Ending:
        if kind == _MISSING:
            return NeedsPerson(
                f"{self.label} needs {PACKAGES}: install them here, or into a folder that the option "
                f"`packages` names ({said[:200]})"
            )
        if kind == _BAD_MODEL:
            return NeedsPerson(f"{self._model} holds no LTX model that can be loaded: {said[:300]}")
        if kind == _OUT_OF_MEMORY:
            return Later(f"{self.label} ran out of memory: {said[:200]}")
        return Refused(f"{self.label} could not film this: {said[:300]}", said)

    async def _encoded(self, frames: bytes, film: Film) -> bytes:
        with tempfile.TemporaryDirectory(prefix="nightdesk-ltx-") as made:
            folder = Path(made)
            target = folder / "clip.mp4"
            await asyncio.to_thread((folder / "frames").write_bytes, frames)
            colours = ("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709")
            how = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "14", *colours, "-f", "mp4")
            shape = "scale=in_range=full:out_color_matrix=bt709:out_range=tv,format=yuv420p"
            await self._around.ffmpeg.make(
                [*source("frames", "mjpeg", "-framerate", str(film.rate)), "-vf", shape, *how],
                folder,
                target,
                seconds=_ENCODING_SECONDS,
                frames=film.frames,
            )
            return await asyncio.to_thread(target.read_bytes)


def _question(request: ClipRequest, film: Film, choice: Choice) -> bytes:
    pictures = [request.picture, *([request.last] if request.last else [])]
    if choice.options.get("pictures", True) in (False, "false", "no", "0"):
        pictures = []
    for picture in pictures:
        if not sniffed(picture[:ENOUGH]).mime.startswith("image/"):
            raise Refused("bad media: the scene's picture is none")
    head = {
        "prompt": request.prompt,
        "negative": str(choice.options.get("negative", "worst quality, jittery, blurry, distorted")),
        "seed": request.seed,
        "steps": int(choice.options.get("steps", 40)),
        "width": film.width,
        "height": film.height,
        "frames": film.frames,
        "rate": film.rate,
        "pictures": [len(picture) for picture in pictures],
    }
    spelled = json.dumps(head).encode()
    return b"".join([struct.pack(">I", len(spelled)), spelled, *pictures])


def open_ltx(choice: Choice, around: ClipSurroundings) -> Ltx:
    """Spelled `ltx:/path/to/model`: a folder as diffusers keeps models, with its `model_index.json`."""
    model = Path(choice.model) if choice.model else None
    if model is None or not (model / "model_index.json").is_file():
        raise NeedsPerson(
            f"LTX needs a folder with a model: fetch one, say by `hf download Lightricks/LTX-Video "
            f"--local-dir FOLDER`, and set NIGHTDESK_CLIPS=ltx:FOLDER ({choice.model or 'none is set'})"
        )
    return Ltx(choice, model.absolute(), around)
