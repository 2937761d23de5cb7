"""The program that films by diffusers' LTX pipeline: takes words and pictures, answers with frames.

It is run as a child of its own, so that a deadline can end what takes too long, and torch and the model's
memory go with it. Arguments: the model's folder, and a folder with further packages or nothing. A question is
a head in JSON and the pictures' bytes in its order; an answer is one byte that says what it is, and the
frames as JPEG files behind one another, or why there are none.
"""

import json
import os
import struct
import sys
import tempfile
from contextlib import redirect_stdout
from importlib import import_module
from io import BytesIO
from typing import Any

from PIL import Image

from nightdesk.kit.answering import answer_all
from nightdesk.kit.fence import Fence, folders_of_python

FRAMES, MISSING, BAD_MODEL, OUT_OF_MEMORY, FAILED = b"\x01", b"m", b"f", b"o", b"x"

_CPU_SECONDS = 7200
_RESIDENT = 1 << 40
_QUALITY = 95
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK")
_FAILURES = (ValueError, TypeError, KeyError, IndexError, AttributeError, NotImplementedError, OSError)


class Missing(Exception):
    """A package that is needed is not installed."""


class BadModel(Exception):
    """The folder holds no LTX model that can be loaded."""


class Film:
    """The pipeline, loaded when it is first asked for; the process is fenced in from then on."""

    def __init__(self, model: str, packages: str) -> None:
        self._model, self._packages = model, packages
        self._pipeline: Any = None

    def frames(self, head: dict[str, Any], pictures: list[bytes]) -> bytes:
        """The frames of a film. Raises `Missing`, `BadModel`, or whatever the pipeline does."""
        if self._pipeline is None:
            self._load()
        opened = [Image.open(BytesIO(picture)).convert("RGB") for picture in pictures]
        places = [0, head["frames"] - 1][: len(opened)]
        conditions = [
            self._condition(image=picture, frame_index=place)
            for picture, place in zip(opened, places, strict=True)
        ]
        made = self._pipeline(
            **({"conditions": conditions} if conditions else {}),
            prompt=head["prompt"],
            negative_prompt=head["negative"],
            width=head["width"],
            height=head["height"],
            num_frames=head["frames"],
            frame_rate=head["rate"],
            num_inference_steps=head["steps"],
            generator=self._torch.Generator("cpu").manual_seed(head["seed"]),
            output_type="pil",
        )
        return b"".join(_jpeg(frame) for frame in made.frames[0])

    def _load(self) -> None:
        try:
            self._torch = import_module("torch")
            pipelines = import_module("diffusers")
            self._condition = import_module(
                "diffusers.pipelines.ltx.pipeline_ltx_condition"
            ).LTXVideoCondition
        except ImportError as missing:
            raise Missing(str(missing)) from missing
        device = self._device()
        kind = self._torch.float32 if device == "cpu" else self._torch.bfloat16
        try:
            pipeline = pipelines.LTXConditionPipeline.from_pretrained(
                self._model, torch_dtype=kind, local_files_only=True
            )
        except _FAILURES as bad:
            raise BadModel(f"{type(bad).__name__}: {bad}") from bad
        self._pipeline = pipeline.to(device)
        self._pipeline.set_progress_bar_config(disable=True)
        readable = [self._model, *folders_of_python(), *([self._packages] if self._packages else [])]
        Fence(readable=readable, rule=lambda _address: False).close()

    def _device(self) -> str:
        if self._torch.cuda.is_available():
            return "cuda"
        return "mps" if self._torch.backends.mps.is_available() else "cpu"


def _jpeg(frame: Any) -> bytes:
    out = BytesIO()
    frame.convert("RGB").save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()


def answer(film: Film, question: bytes) -> bytes:
    """The frames, or why there are none."""
    length = struct.unpack_from(">I", question)[0]
    head = json.loads(question[4 : 4 + length])
    at, pictures = 4 + length, []
    for size in head["pictures"]:
        pictures.append(question[at : at + size])
        at += size
    try:
        # What others print must not get among the answers.
        with redirect_stdout(sys.stderr):
            return FRAMES + film.frames(head, pictures)
    except Missing as missing:
        return MISSING + str(missing).encode()
    except BadModel as bad:
        return BAD_MODEL + str(bad).encode()
    except (RuntimeError, *_FAILURES) as failed:
        kind = OUT_OF_MEMORY if "out of memory" in str(failed).lower() else FAILED
        return kind + f"{type(failed).__name__}: {failed}".encode()


def main(model: str, packages: str = "") -> None:
    # Some modules ask for a temporary folder as they are imported; nothing can be written to any.
    tempfile.tempdir = os.sep
    os.environ.update(dict.fromkeys(_OFFLINE, "1"))
    if packages:
        sys.path.append(packages)
    film = Film(model, packages)
    answer_all(lambda question: answer(film, question), cpu_seconds=_CPU_SECONDS, resident=_RESIDENT)


if __name__ == "__main__":
    main(*sys.argv[1:])
