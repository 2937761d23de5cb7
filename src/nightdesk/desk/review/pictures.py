"""Files of pictures by the SHA-256 that names them, as they are and small; each workspace finds its own."""

import asyncio
from dataclasses import dataclass
from io import BytesIO

from sqlalchemy import select

from nightdesk.desk.errors import NotFound, Unavailable
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.store.files import Files
from nightdesk.store.session import Store
from nightdesk.store.tables.library import Asset

RASTER = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/avif")
"""What a browser may show in place."""

SMALL = 320
"""Pixels that a small picture is wide at most."""


@dataclass(frozen=True)
class Shown:
    """A picture's bytes."""

    content: bytes
    mime: str


@dataclass(frozen=True)
class Pictures:
    """Reads files that some picture of the workspace has, or had at an earlier revision."""

    store: Store
    files: Files

    async def get(self, workspace_id: int, sha256: str) -> Shown:
        """Raises `NotFound`, also for what is no picture, and `Unavailable`."""
        async with self.store.workspace(workspace_id) as session:
            query = select(Asset.mime).where(Asset.workspace_id == workspace_id, Asset.sha256 == sha256)
            mime = await session.scalar(query)
        if mime not in RASTER:
            raise NotFound("picture")
        try:
            return Shown(await self.files.get(workspace_id, sha256), mime)
        except Refused as error:
            raise NotFound("picture") from error
        except (Later, NeedsPerson) as error:
            raise Unavailable(error.why) from error

    async def small(self, workspace_id: int, sha256: str) -> Shown:
        """The same as a JPEG for lists. Raises as `get`; `NotFound` also for a file that holds no picture."""
        whole = await self.get(workspace_id, sha256)
        try:
            return await asyncio.to_thread(_shrunk, whole)
        except Refused as error:
            raise NotFound("picture") from error


def _shrunk(whole: Shown) -> Shown:
    """Raises `Refused` for a file that holds no whole picture, or one of a size that nobody made."""
    from PIL import Image  # noqa: PLC0415

    try:
        with Image.open(BytesIO(whole.content)) as picture:
            picture.draft("RGB", (SMALL * 2, SMALL * 2))
            small = picture.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused("The file holds no picture.") from error
    small.thumbnail((SMALL, SMALL))
    out = BytesIO()
    small.save(out, "JPEG", quality=80)
    return Shown(out.getvalue(), "image/jpeg")
