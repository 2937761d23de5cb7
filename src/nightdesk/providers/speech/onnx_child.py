"""The program that runs a voice's network: takes the inputs of a model, answers with its sound.

It is run as a child of its own, so that a deadline can end what a model takes too long for, and its memory
goes with it. A question is a head in JSON (`model`, and of each input its type and shape) and the inputs'
bytes in their order; an answer is 32-bit floats, behind one byte that says whether there is an answer.
"""

import json
import struct
from typing import Any

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state

from nightdesk.kit.answering import answer_all

CPU_SECONDS = 240
RESIDENT = 3 << 30
_THREADS = 2

# The runtime has an exception for each of its status codes, and no parent of them all.
_FAILURES: tuple[type[Exception], ...] = (
    ValueError,
    *(
        each
        for each in vars(onnxruntime_pybind11_state).values()
        if isinstance(each, type) and issubclass(each, Exception)
    ),
)

_TYPES = {"int64": np.int64, "float32": np.float32}


class Models:
    """The model that was asked for last, kept loaded."""

    def __init__(self) -> None:
        self._path = ""
        self._session: Any = None

    def run(self, path: str, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """The sound that the model makes, in 32-bit floats; inputs that it does not take are left out."""
        if path != self._path:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = _THREADS
            options.log_severity_level = 4
            self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
            self._path = path
        taken = {each.name for each in self._session.get_inputs()}
        sound = self._session.run(None, {name: value for name, value in inputs.items() if name in taken})[0]
        return np.asarray(sound, np.float32).reshape(-1)


def answer(models: Models, question: bytes) -> bytes:
    """The sound, or why there is none."""
    length = struct.unpack_from(">I", question)[0]
    head = json.loads(question[4 : 4 + length])
    at = 4 + length
    inputs = {}
    for name, kind, shape in head["inputs"]:
        count = int(np.prod(shape))
        inputs[name] = np.frombuffer(question, _TYPES[kind], count, at).reshape(shape)
        at += inputs[name].nbytes
    try:
        return b"\x01" + models.run(head["model"], inputs).tobytes()
    except _FAILURES as wrong:
        return b"\x00" + str(wrong).encode()


def main() -> None:
    models = Models()
    answer_all(lambda question: answer(models, question), cpu_seconds=CPU_SECONDS, resident=RESIDENT)


if __name__ == "__main__":
    main()
