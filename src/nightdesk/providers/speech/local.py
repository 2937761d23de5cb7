"""What voices that run on this machine share: their folder, and the child that runs a network."""

import json
import re
import struct
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.processes import ChildLimits
from nightdesk.kit.standing import ChildLost, StandingCrew

# The child renews its processor time for each text. A runtime reserves far more addresses than it touches.
LIMITS = ChildLimits(
    seconds=240.0, cpu_seconds=7200, memory=16 << 30, file_size=0, open_files=64, output=96 << 20
)
_CHILD = Path(__file__).with_name("onnx_child.py")
_NAME = re.compile(r"[\w][\w.+-]{0,79}")
_LOUDEST = 32767

INSTALL = "nightdesk voices install"

Inputs = Mapping[str, NDArray[np.int64] | NDArray[np.float32]]


class NetworkRunner:
    """Runs voices' networks in one child, which keeps the last one loaded until it was idle for a while."""

    def __init__(self, limits: ChildLimits = LIMITS) -> None:
        self._crew = StandingCrew([sys.executable, "-I", str(_CHILD)], limits, size=1)

    async def sound(self, model: Path, inputs: Inputs) -> bytes:
        """16-bit samples that the network makes of its inputs.

        Raises `NeedsPerson` where onnxruntime is missing or the file is no voice it can run, `Refused` where
        a text takes too long or nothing comes of it, `Later` where the child ended otherwise.
        """
        if find_spec("onnxruntime") is None:
            raise NeedsPerson("Voices that run here need onnxruntime: `pip install 'nightdesk[voices]'`.")
        head = {
            "model": str(model),
            "inputs": [(name, str(value.dtype), value.shape) for name, value in inputs.items()],
        }
        spelled = json.dumps(head).encode()
        question = b"".join(
            [struct.pack(">I", len(spelled)), spelled, *(value.tobytes() for value in inputs.values())]
        )
        try:
            answer = await self._crew.ask(question)
        except ChildLost as lost:
            if lost.by in ("cpu", "time", "output"):
                raise Refused(f"The voice {model.stem} took too long over this text: shorten it.") from None
            raise Later(f"The voice {model.stem} ended before it had read the text ({lost.by}).") from None
        if answer[:1] != b"\x01":
            said = answer[1:300].decode("utf-8", "replace")
            raise NeedsPerson(f"The voice {model.stem} cannot be run: put it in again by `{INSTALL}`. {said}")
        return _samples(np.frombuffer(answer, np.float32, offset=1), model)

    async def aclose(self) -> None:
        """Ends the child."""
        await self._crew.close()


def _samples(sound: NDArray[np.float32], model: Path) -> bytes:
    if not sound.size or not np.isfinite(sound).all():
        raise Refused(f"bad media: the voice {model.stem} made no sound of this text.")
    return (np.clip(sound, -1, 1) * _LOUDEST).astype("<i2").tobytes()


def folder_of(voices: Path | None, kind: str) -> Path:
    """Where voices of a kind are kept. Raises `NeedsPerson` where this desk has no such folder."""
    if voices is None or not (voices / kind).is_dir():
        raise NeedsPerson(f"There are no {kind} voices on this machine: put one in by `{INSTALL} {kind}`.")
    return voices / kind


def file_of(folder: Path, name: str) -> Path:
    """A file of the folder. Raises `NeedsPerson` where there is none, `Refused` where `name` is no name."""
    if not _NAME.fullmatch(name) or ".." in name:
        raise Refused(f"{name!r} cannot be the name of a voice.")
    path = folder / name
    if not path.is_file():
        raise NeedsPerson(
            f"{path.name} is not among the voices here: put it in by `{INSTALL} {folder.name}`."
        )
    return path


def read_json(path: Path) -> dict[str, Any]:
    """What a voice's file says. Raises `NeedsPerson` where it is damaged."""
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError):
        told = None
    if not isinstance(told, dict):
        raise NeedsPerson(f"{path.name} is damaged: put the voice in again by `{INSTALL}`.")
    return told
