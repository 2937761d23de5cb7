"""Stored files as files of this machine, for programs that read no other."""

import asyncio
from pathlib import Path

from nightdesk.stage import Bench


async def fetched(bench: Bench, folder: Path, sha256: str, name: str = "") -> Path:
    """The file, under that name in the folder or under its own. Raises as `Files.get`."""
    file = folder / (name or sha256)
    if not file.exists():
        content = await bench.files.get(bench.site.workspace_id, sha256)
        await asyncio.to_thread(file.write_bytes, content)
    return file
