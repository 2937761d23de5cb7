"""Keeps media files in a folder or an S3-compatible bucket, each named by the SHA-256 of its content."""

import asyncio
import errno
import hashlib
import os
import re
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from obstore import exceptions
from obstore.store import LocalStore, S3Store

from nightdesk.kit import points
from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.kit.endings import Later, NeedsPerson, NoRoom, Refused

RESERVE = 512 * 1024 * 1024
"""Bytes that stay free on the disk of a local folder: the database on it must never run out."""

PIECE = 1024 * 1024
INCOMING = ".incoming"
SHA256 = re.compile(r"[0-9a-f]{64}")


Room = Callable[[int, int], Awaitable[None]]
"""Raises where a workspace may not keep so many bytes more."""


async def any_room(_workspace: int, _more: int, /) -> None:
    """Where there is no quota."""


class DiskLow(NoRoom):
    """The disk has less free space than the reserve; nothing was stored."""

    def __init__(self, free: int, needed: int) -> None:
        """`free`: bytes left; `needed`: bytes asked for, with the reserve."""
        super().__init__(
            f"The disk for media files has {free >> 20} MB free and {needed >> 20} MB are needed. "
            "Nothing was stored. Free some space or move NIGHTDESK_STORAGE_URL; the work goes on by itself.",
            seconds=60,
        )
        self.free, self.needed = free, needed


class NoSuchAsset(Refused):
    """There is no such file in this workspace."""


class SpoiltAsset(Refused):
    """The stored file is not what was stored under its name."""


@dataclass(frozen=True)
class AssetRef:
    """One stored file: its SHA-256 in hexadecimal, its media type and its size in bytes."""

    sha256: str
    mime: str
    size: int


class Files:
    """The media files of all workspaces; one workspace's file is not to be found under another's number."""

    def __init__(
        self,
        place: str | Path,
        *,
        reserve: int = RESERVE,
        clock: Clock | None = None,
        room: Room = any_room,
    ) -> None:
        """`place`: a folder, or `s3://bucket/prefix` (keys and endpoint from the AWS_… environment)."""
        self._clock, self._room = clock or SystemClock(), room
        self.reserve = reserve
        self._folder: Path | None = None
        self._store: LocalStore | S3Store
        if str(place).startswith("s3://"):
            self._store = S3Store.from_url(
                str(place),
                config={"disable_bulk_delete": True},  # not every S3-compatible server knows it
                client_options={
                    "timeout": timedelta(seconds=60),
                    "connect_timeout": timedelta(seconds=5),
                    "allow_http": True,  # for a server of one's own; the public ones are HTTPS by default
                },
                retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
            )
        else:
            self._folder = Path(str(place).removeprefix("file://")).expanduser().resolve()
            (self._folder / INCOMING).mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(self._folder)

    async def put(self, workspace: int, content: bytes | Path, mime: str) -> AssetRef:
        """Stores bytes, or what a file holds; the same content twice is one file.

        Raises `DiskLow` (local folder), `StorageFull`, `Later` or `NeedsPerson`. After any of them nothing
        is stored.
        """
        size = len(content) if isinstance(content, bytes) else (await asyncio.to_thread(content.stat)).st_size
        await self._room(workspace, size)
        if self._folder is not None:
            return await asyncio.to_thread(self._put_into_folder, self._folder, workspace, content, mime)
        sha256, size = await asyncio.to_thread(_measure, content)
        points.reach("store.files.bucket.sending")
        try:
            with _translated(sha256):
                await self._store.put_async(
                    _key(workspace, sha256), content, attributes={"Content-Type": mime}
                )
        except NoSuchAsset as error:
            raise NeedsPerson("The bucket of NIGHTDESK_STORAGE_URL does not exist. Make it.") from error
        points.reach("store.files.bucket.sent")
        return AssetRef(sha256, mime, size)

    async def expect(self, workspace: int) -> None:
        """Raises `StorageFull` where the workspace may keep no more, before work is done for a file."""
        await self._room(workspace, 1)

    async def get(self, workspace: int, sha256: str) -> bytes:
        """The whole content; raises `NoSuchAsset`, `SpoiltAsset`, `Later` or `NeedsPerson`."""
        with _translated(sha256):
            found = await self._store.get_async(_key(workspace, sha256))
            content = bytes(await found.bytes_async())
        if hashlib.sha256(content).hexdigest() != sha256:
            raise SpoiltAsset(f"The stored file {sha256[:12]}… is damaged. Restore it from a backup.")
        return content

    async def size(self, workspace: int, sha256: str) -> int:
        """Bytes; raises `NoSuchAsset`, `Later` or `NeedsPerson`."""
        with _translated(sha256):
            return (await self._store.head_async(_key(workspace, sha256)))["size"]

    async def exists(self, workspace: int, sha256: str) -> bool:
        """Whether it is there; raises `Later` or `NeedsPerson` when that cannot be known."""
        try:
            await self.size(workspace, sha256)
        except NoSuchAsset:
            return False
        return True

    async def read(
        self, workspace: int, sha256: str, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        """Pieces of the content from byte `start` to before byte `end`; raises as `get`, but for damage."""
        size = await self.size(workspace, sha256)
        end = size if end is None else min(end, size)
        if start < 0 or start >= end:
            return
        with _translated(sha256):
            found = await self._store.get_async(_key(workspace, sha256), options={"range": (start, end)})
            async for piece in found.stream(min_chunk_size=PIECE):
                yield bytes(piece)

    async def delete(self, workspace: int, sha256: str) -> None:
        """Removes it; one that is gone already is no trouble."""
        try:
            with _translated(sha256):
                await self._store.delete_async(_key(workspace, sha256))
        except NoSuchAsset:
            return

    async def stored_at(self, workspace: int, sha256: str) -> datetime | None:
        """When it was last stored, in UTC; None where it is not there. Raises `Later` or `NeedsPerson`."""
        try:
            with _translated(sha256):
                return (await self._store.head_async(_key(workspace, sha256)))["last_modified"]
        except NoSuchAsset:
            return None

    async def stored(self, workspace: int) -> AsyncIterator[list[tuple[str, datetime]]]:
        """All of a workspace's files with the times at which they were last stored, some at a time."""
        with _translated(""):
            async for found in self._store.list(f"{int(workspace)}/"):
                names = [(one["path"].rpartition("/")[2], one["last_modified"]) for one in found]
                yield [(name, at) for name, at in names if SHA256.fullmatch(name)]

    async def sweep(self, older_than: timedelta) -> int:
        """Removes what interrupted writes left behind for longer than that, and says how many there were."""
        return await asyncio.to_thread(self._sweep, older_than)

    def free(self) -> int | None:
        """Bytes to be had before the reserve is touched (negative: below it); None for a bucket."""
        return None if self._folder is None else shutil.disk_usage(self._folder).free - self.reserve

    def _put_into_folder(self, folder: Path, workspace: int, content: bytes | Path, mime: str) -> AssetRef:
        sha256, size = _measure(content)
        final = folder / _key(workspace, sha256)
        if final.exists() and final.stat().st_size == size:
            os.utime(final)  # It is wanted again: what removes unused files goes by this.
            return AssetRef(sha256, mime, size)
        half = folder / INCOMING / uuid.uuid4().hex
        free = shutil.disk_usage(folder).free
        if free < size + self.reserve:
            raise DiskLow(free, size + self.reserve)
        try:
            written = _write(half, content)
            if written != sha256:
                raise Later("The file changed while it was being stored. Nothing was stored.")
            points.reach("store.files.temp.written")
            _make_durable_folder(final.parent, folder)
            half.rename(final)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskLow(shutil.disk_usage(folder).free, size + self.reserve) from error
            raise NeedsPerson(
                f"A media file could not be stored in {folder}: {error.strerror}. Nothing was stored. "
                "Check that the folder exists and may be written to."
            ) from error
        finally:
            half.unlink(missing_ok=True)
        _sync_folder(final.parent)
        points.reach("store.files.renamed")
        return AssetRef(sha256, mime, size)

    def _sweep(self, older_than: timedelta) -> int:
        if self._folder is None:
            return 0
        before = (self._clock.now() - older_than).timestamp()
        gone = 0
        for half in (self._folder / INCOMING).iterdir():
            try:
                if half.stat().st_mtime < before:
                    half.unlink()
                    gone += 1
            except FileNotFoundError:
                continue
        return gone


def _key(workspace: int, sha256: str) -> str:
    if not SHA256.fullmatch(sha256):
        raise NoSuchAsset("There is no such file: its name is not a SHA-256.")
    return f"{int(workspace)}/{sha256[:2]}/{sha256}"


def _pieces(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _measure(content: bytes | Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(content):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _write(path: Path, content: bytes | Path) -> str:
    """Writes it through to the disk; returns the SHA-256 of what was written."""
    digest = hashlib.sha256()
    with path.open("xb") as out:
        points.reach("store.files.temp.opened")
        for piece in _pieces(content):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _make_durable_folder(folder: Path, top: Path) -> None:
    """Makes the folders down to `folder`, so that a power cut after the rename does not lose them either."""
    if folder.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for parent in (folder.parent, top):
        _sync_folder(parent)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:300]


@contextmanager
def _translated(sha256: str) -> Iterator[None]:
    """Turns the store's errors into the four endings."""
    try:
        yield
    except (exceptions.NotFoundError, FileNotFoundError) as error:
        raise NoSuchAsset(f"There is no file {sha256[:12]}… in this workspace.") from error
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError, PermissionError) as error:
        raise NeedsPerson(
            "The media storage refuses our credentials. Check NIGHTDESK_STORAGE_URL, the AWS_… keys "
            "and the bucket's policy, or the folder's owner."
        ) from error
    except (exceptions.BaseError, OSError) as error:
        raise Later(f"The media storage did not answer as it should: {_first_line(error)}") from error
