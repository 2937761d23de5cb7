"""Voices made by hand, small enough to make in a test: networks in ONNX that give each phoneme a tone.

The bytes are those of `onnx.proto` (ONNX IR 8, operators 17), written without its package.
"""

import json
from io import BytesIO
from pathlib import Path

import numpy as np

RATE = 22_050
SAMPLES_A_PHONEME = 1000

_INT64, _FLOAT = 7, 1


def piper_voice(folder: Path, name: str = "en_US-handmade-low") -> Path:
    """`NAME.onnx` and `NAME.onnx.json` in `folder/piper`; gives `folder`."""
    (folder / "piper").mkdir(parents=True, exist_ok=True)
    inputs = [_value("input", _INT64, 2), _value("input_lengths", _INT64, 1), _value("scales", _FLOAT, 1)]
    nodes = [
        _node("Gather", ["scales", "one"], "length"),
        _node("Mul", ["length", "samples"], "long"),
        *_tones("input", "long"),
    ]
    (folder / "piper" / f"{name}.onnx").write_bytes(_model(nodes, inputs))
    letters = [
        "_",
        "^",
        "$",
        " ",
        ",",
        ".",
        "!",
        "?",
        ":",
        ";",
        *map(chr, range(97, 123)),
        *"æðŋɐɑɔəɚɛɜɡɪɹʃʊʌʒˈˌːθɾ",
    ]
    about = {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": "en-us"},
        "inference": {"noise_scale": 0.6, "length_scale": 1.0, "noise_w": 0.7},
        "phoneme_id_map": {letter: [number] for number, letter in enumerate(letters)},
    }
    (folder / "piper" / f"{name}.onnx.json").write_text(json.dumps(about))
    return folder


def kokoro_voice(folder: Path, *names: str) -> Path:
    """`kokoro.onnx`, `config.json` and `voices.bin` in `folder/kokoro`; gives `folder`."""
    (folder / "kokoro").mkdir(parents=True, exist_ok=True)
    inputs = [_value("tokens", _INT64, 2), _value("style", _FLOAT, 2), _value("speed", _FLOAT, 1)]
    nodes = [_node("Div", ["samples", "speed"], "long"), *_tones("tokens", "long")]
    (folder / "kokoro" / "kokoro.onnx").write_bytes(_model(nodes, inputs))
    letters = [";", ":", ",", ".", "!", "?", " ", *map(chr, range(97, 123)), *"AIWYOQæðŋɐɑɔəɛɜɡɪɹʃʊʌʒˈˌːθɾʤʧ"]
    vocabulary = {letter: number for number, letter in enumerate(letters, 1)}
    (folder / "kokoro" / "config.json").write_text(json.dumps({"vocab": vocabulary}))
    archive = BytesIO()
    np.savez(archive, **{name: np.zeros((510, 1, 256), np.float32) for name in names or ("af_heart",)})
    (folder / "kokoro" / "voices.bin").write_bytes(archive.getvalue())
    return folder


def _tones(numbers: str, length: str) -> list[bytes]:
    """A tone of `length` samples for each of `numbers`, in a row as the output `output`."""
    return [
        _node("Cast", [length], "end", to=_INT64),
        _node("Slice", ["ramp", "nought", "end", "two"], "tone"),
        _node("Cast", [numbers], "heights", to=_FLOAT),
        _node("Unsqueeze", ["heights", "two"], "columns"),
        _node("Mul", ["columns", "tone"], "turns"),
        _node("Sin", ["turns"], "waves"),
        _node("Mul", ["waves", "soft"], "softer"),
        _node("Reshape", ["softer", "row"], "output"),
    ]


def _model(nodes: list[bytes], inputs: list[bytes]) -> bytes:
    ramp = np.arange(4 * SAMPLES_A_PHONEME, dtype=np.float32) * np.float32(2 * np.pi * 40 / RATE)
    constants = [
        _tensor("ramp", ramp.reshape(1, 1, -1)),
        _tensor("soft", np.float32([0.3])),
        _tensor("samples", np.float32([SAMPLES_A_PHONEME])),
        _tensor("nought", np.int64([0])),
        _tensor("one", np.int64([1])),
        _tensor("two", np.int64([2])),
        _tensor("row", np.int64([1, 1, 1, -1])),
    ]
    graph = b"".join(
        [
            *(_bytes(1, node) for node in nodes),
            _bytes(2, b"voice"),
            *(_bytes(5, constant) for constant in constants),
            *(_bytes(11, each) for each in inputs),
            _bytes(12, _value("output", _FLOAT, 4)),
        ]
    )
    return _int(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _int(2, 17))


def _node(operator: str, inputs: list[str], output: str, **attributes: int) -> bytes:
    told = b"".join(_bytes(1, name.encode()) for name in inputs)
    told += _bytes(2, output.encode()) + _bytes(4, operator.encode())
    for name, value in attributes.items():
        told += _bytes(5, _bytes(1, name.encode()) + _int(3, value) + _int(20, 2))
    return told


def _tensor(name: str, values: np.ndarray) -> bytes:
    kind = _INT64 if values.dtype == np.int64 else _FLOAT
    dims = b"".join(_int(1, side) for side in values.shape)
    return dims + _int(2, kind) + _bytes(8, name.encode()) + _bytes(9, values.tobytes())


def _value(name: str, kind: int, sides: int) -> bytes:
    shape = b"".join(_bytes(1, _bytes(2, f"{name}{side}".encode())) for side in range(sides))
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, _int(1, kind) + _bytes(2, shape)))


def _int(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = bytearray()
    value &= (1 << 64) - 1
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
