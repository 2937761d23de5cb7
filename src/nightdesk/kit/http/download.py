"""Downloads a large file into a folder: to a temporary name, checked, and renamed when it is whole."""

import asyncio
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nightdesk.kit.endings import Refused
from nightdesk.kit.http.failures import FetchRefused
from nightdesk.kit.http.fetch import Fetcher, Opened
from nightdesk.kit.points import reach

Told = Callable[[int], None]
"""Takes how many bytes of the file are there; fewer than before where it is begun anew."""

_PARTIAL, _BEYOND = 206, "http_416"


class OtherBytes(Refused):
    """What came is not the file that was wanted; nothing of it was kept."""


@dataclass(frozen=True)
class Wanted:
    """A file: where it is, and its size in bytes and SHA-256, each None where it is not known."""

    url: str
    size: int | None = None
    sha256: str | None = None


async def download(fetcher: Fetcher, wanted: Wanted, target: Path, told: Told | None = None) -> None:
    """Brings the file to `target`, whole and as it is wanted, or not at all.

    Where its SHA-256 is known, what came before the line broke is kept beside it and gone on from the next
    time. Raises `FetchRefused`, `OtherBytes`, and `FetchLater` where it broke off or nothing came.
    """
    part = target.with_name(f".{target.name}.part")
    kept = part.stat().st_size if part.exists() and wanted.sha256 else 0
    try:
        await _into(fetcher, wanted, part, kept, told or _nobody)
    except FetchRefused as refused:
        if not kept or refused.code != _BEYOND:
            raise
        kept = 0
        await _into(fetcher, wanted, part, kept, told or _nobody)
    if kept and not await asyncio.to_thread(is_as_wanted, part, wanted):
        # The file there changed since the first part came, or that part was another's: once from the start.
        await _into(fetcher, wanted, part, 0, told or _nobody)
    await asyncio.to_thread(_settle, part, wanted, target)
    reach("http.download.renamed")


def is_as_wanted(path: Path, wanted: Wanted) -> bool:
    """Whether the file at `path` has the size and the SHA-256 that are known of it."""
    if not path.is_file() or (wanted.size is not None and path.stat().st_size != wanted.size):
        return False
    return wanted.sha256 is None or sha256_of(path) == wanted.sha256


def sha256_of(path: Path) -> str:
    """In hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _nobody(_done: int) -> None:
    pass


async def _into(fetcher: Fetcher, wanted: Wanted, part: Path, kept: int, told: Told) -> None:
    if kept and kept == wanted.size:
        return
    # Packed bytes would be neither those that are counted nor those that a range counts from.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={kept}-"} if kept else {})
    async with fetcher.opened(wanted.url, headers) as answer:
        on = kept and answer.said.status_code == _PARTIAL
        await _poured(answer, part, kept if on else 0, wanted.size, told)
    reach("http.download.written")


async def _poured(answer: Opened, part: Path, have: int, most: int | None, told: Told) -> None:
    """Writes the body behind what the part has; no more than a file of that size can have."""
    with part.open("ab" if have else "wb") as file:
        told(have)
        async for piece in answer.said.aiter_raw():
            await asyncio.to_thread(file.write, piece)
            have += len(piece)
            if most is not None and have > most:
                break
            told(have)
        await asyncio.to_thread(_on_disk, file)


def _on_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _settle(part: Path, wanted: Wanted, target: Path) -> None:
    if not is_as_wanted(part, wanted):
        size = part.stat().st_size
        part.unlink()
        raise OtherBytes(
            f"What came from {wanted.url} is not the file that was wanted ({size:,} bytes came). "
            "Nothing of it was kept."
        )
    part.replace(target)
