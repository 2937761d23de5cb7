"""Keeps what people hand in: how the storage's ways of saying no become the desk's."""

from collections.abc import Iterator
from contextlib import contextmanager

from nightdesk.desk.errors import Full, Unavailable
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.store.files import AssetRef, Files
from nightdesk.store.quota import StorageFull


@contextmanager
def within_quota() -> Iterator[None]:
    """Raises `Full` where the workspace keeps as much as it may."""
    try:
        yield
    except StorageFull as error:
        raise Full(f"{error.why} Nothing was stored.") from error


async def keep(files: Files, workspace_id: int, content: bytes, mime: str) -> AssetRef:
    """Stores a file. Raises `Full`, and `Unavailable` where the storage is away; nothing is stored then."""
    try:
        with within_quota():
            return await files.put(workspace_id, content, mime)
    except (Later, NeedsPerson) as error:
        raise Unavailable(error.why) from error
