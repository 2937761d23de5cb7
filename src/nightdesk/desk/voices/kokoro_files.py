"""Turns Kokoro's files as they are published into those that the provider `kokoro` reads.

Published are a tokenizer, whose `model.vocab` numbers the phonemes, and for each voice `NAME.bin`: 32-bit
numbers, 256 for each of 510 lengths of text (https://huggingface.co/onnx-community/Kokoro-82M-v1.0-ONNX).
"""

import json
import math
import os
import struct
import zipfile
from array import array
from collections.abc import Iterable
from pathlib import Path

from nightdesk.kit.endings import Refused

NETWORK, VOCABULARY, STYLES = "kokoro.onnx", "config.json", "voices.bin"

_STYLE = 256
_HEAD = 128
"""Bytes before the numbers, a multiple of 64."""


def voices_in(folder: Path) -> set[str]:
    """The voices of the archive there; none where it is missing or damaged."""
    try:
        with zipfile.ZipFile(folder / STYLES) as archive:
            return {name.removesuffix(".npy") for name in archive.namelist()}
    except (OSError, zipfile.BadZipFile):
        return set()


def put_vocabulary(tokenizer: Path, folder: Path) -> None:
    """Writes what numbers the phonemes. Raises `Refused` for what is no such tokenizer."""
    try:
        vocabulary = json.loads(tokenizer.read_bytes())["model"]["vocab"]
        fine = isinstance(vocabulary, dict) and all(type(number) is int for number in vocabulary.values())
    except (ValueError, KeyError, TypeError):
        fine = False
    if not fine:
        raise Refused(f"{tokenizer.name} does not number Kokoro's phonemes. Nothing of it was kept.")
    spelled = json.dumps({"vocab": vocabulary}, ensure_ascii=False).encode()
    half = _half(folder / VOCABULARY)
    half.write_bytes(spelled)
    _settle(half, folder / VOCABULARY)


def put_styles(files: Iterable[Path], folder: Path) -> None:
    """Adds voices to the archive. Raises `Refused` for a file that is no voice."""
    styles = {f"{file.stem}.npy": _as_array(file) for file in files}
    half = _half(folder / STYLES)
    with zipfile.ZipFile(half, "w") as new:
        for name in voices_in(folder):
            if f"{name}.npy" not in styles:
                with zipfile.ZipFile(folder / STYLES) as old:
                    new.writestr(f"{name}.npy", old.read(f"{name}.npy"))
        for name, content in styles.items():
            new.writestr(name, content)
    _settle(half, folder / STYLES)


def _as_array(file: Path) -> bytes:
    """The numbers as a file of numpy (its format, version 1.0), of shape lengths x 1 x 256."""
    content = file.read_bytes()
    lengths, rest = divmod(len(content), 4 * _STYLE)
    if not lengths or rest or not all(map(math.isfinite, array("f", content))):
        raise Refused(f"{file.name} is no voice of Kokoro. Nothing of it was kept.")
    shape = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({lengths}, 1, {_STYLE}), }}"
    head = shape.ljust(_HEAD - 11).encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + content


def _half(target: Path) -> Path:
    return target.with_name(f".{target.name}.half")


def _settle(half: Path, target: Path) -> None:
    """Gives the file its name when it is on the disk."""
    with half.open("rb+") as file:
        os.fsync(file.fileno())
    half.replace(target)
