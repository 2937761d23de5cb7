"""Puts machine-readable marks of their source into finished files, and reads them again."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nightdesk.kit.endings import Refused
from nightdesk.kit.points import reach
from nightdesk.media.provenance import boxes, pictures
from nightdesk.media.provenance.origins import Origin
from nightdesk.media.provenance.xmp import LARGEST, Marks, packet, understood
from nightdesk.media.sniffing import ENOUGH, JPEG, MP4, PNG, sniffed

TOOL = "Nightdesk"
_MOST_OF_A_PICTURE = 64 << 20


def mark(file: Path, origin: Origin, target: Path, tool: str = TOOL) -> None:
    """Makes `target`: the MP4, PNG or JPEG `file` with marks of its origin, nothing encoded anew.

    Marks that it had are replaced; `target` may be the file itself. It is whole under its name, or not there.
    Raises `Refused` ("bad media: …") for other formats and for files that are cut short.
    """
    with file.open("rb") as opened:
        kind = sniffed(opened.read(ENOUGH))
    if kind not in (MP4, PNG, JPEG):
        raise Refused(f"bad media: {kind.mime} cannot be marked")
    written = packet(origin, tool)
    with _in_its_place(target) as half:
        if kind == MP4:
            shutil.copyfile(file, half)
            with half.open("r+b") as opened:
                boxes.put_xmp(opened, written)
        else:
            half.write_bytes(pictures.with_xmp(_picture(file), written))


def marked(content: bytes, origin: Origin, tool: str = TOOL) -> bytes:
    """The same for a picture (PNG or JPEG) in memory."""
    return pictures.with_xmp(content, packet(origin, tool))


def marks_of(file: Path) -> Marks | None:
    """The marks in an MP4, PNG or JPEG file; None where it has none, or none that can be understood."""
    with file.open("rb") as opened:
        head = opened.read(12)
        film = head[4:8] == b"ftyp"
        found = boxes.xmp_in(opened, LARGEST) if film else pictures.xmp_in(_picture(file))
    return understood(found) if found else None


def _picture(file: Path) -> bytes:
    if file.stat().st_size > _MOST_OF_A_PICTURE:
        raise Refused("bad media: the picture is too large")
    return file.read_bytes()


@contextmanager
def _in_its_place(target: Path) -> Iterator[Path]:
    """A file to write, which takes the target's name once it is whole and on the disk."""
    half = target.with_name(f"half-{uuid.uuid4().hex}{target.suffix}")
    try:
        yield half
        with half.open("r+b") as written:
            os.fsync(written.fileno())
        reach("media.provenance.written")
        half.rename(target)
    finally:
        half.unlink(missing_ok=True)
    reach("media.provenance.renamed")


def carry_marks(file: Path, onto: Path) -> None:
    """Puts the marks of one MP4 into another that was made of it; does nothing where it has none."""
    with file.open("rb") as opened:
        if opened.read(12)[4:8] != b"ftyp":
            return
        found = boxes.xmp_in(opened, LARGEST)
    if found and understood(found):
        with onto.open("r+b") as opened:
            boxes.put_xmp(opened, found)
