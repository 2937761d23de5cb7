"""Writes down the media files that a stage has stored, so that they are known to be in use."""

from collections.abc import Iterable

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.store.files import AssetRef
from nightdesk.store.tables.library import Asset


async def keep_assets(session: AsyncSession, workspace_id: int, files: Iterable[AssetRef]) -> None:
    """Adds a row for each file that has none yet."""
    rows = {
        file.sha256: {
            "workspace_id": workspace_id,
            "sha256": file.sha256,
            "mime": file.mime,
            "size": file.size,
        }
        for file in files
    }
    if rows:
        await session.execute(insert(Asset).values([*rows.values()]).on_conflict_do_nothing())
