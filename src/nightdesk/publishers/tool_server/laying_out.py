"""What of a piece can be filled into a tool's arguments, and the folder in which its files lie for a call."""

import asyncio
import contextlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nightdesk.kit.endings import Later, NoRoom
from nightdesk.kit.points import reach
from nightdesk.publisher import Medium, Piece, Platform
from nightdesk.publishers import first_comment
from nightdesk.publishers.short_post import laid_out, link_of

NAMES = (
    *("title", "text", "description", "link", "tags", "hashtags", "language", "slug", "key"),
    *("synthetic", "label", "privacy", "category", "made_for_kids", "first_comment"),
    *("video", "video_name", "cover", "cover_name", "picture", "picture_name", "captions", "captions_name"),
)
ROLES = {"video": "video", "cover": "cover", "featured": "picture", "captions": "captions"}
"""By the role of a file, what it is called in arguments."""

FULL = {28, 122}
"""The system's numbers for a full disk and a full quota (ENOSPC, EDQUOT)."""

LEFT = 86400.0
"""Seconds by which a folder is older than the newest, after which nobody works in it any more."""

PEOPLE = "22"
"""YouTube's category "People & Blogs"."""


def facts(platform: Platform, piece: Piece, folder: Path, *, flagged: bool) -> Mapping[str, Any]:
    """By the names in braces. `text` is what people read: it says that machines made it, unless the tool is
    given a flag for that (`flagged`). `folder` is where the files lie."""
    options = piece.options
    files = {name: "" for role in ROLES.values() for name in (role, f"{role}_name")}
    for role, called in ROLES.items():
        if (medium := next((one for one in piece.media if one.role == role), None)) is not None:
            files |= {called: str(folder / medium.name), f"{called}_name": medium.name}
    return {
        "title": piece.title,
        "text": words(platform, piece, flagged=flagged),
        "description": piece.text,
        "link": link_of(piece),
        "tags": list(piece.tags),
        "hashtags": " ".join(f"#{tag.lstrip('#')}" for tag in piece.tags),
        "language": piece.language,
        "slug": piece.slug,
        "key": piece.key,
        "synthetic": piece.synthetic,
        "label": piece.label,
        "privacy": str(options.get("privacy") or "public"),
        "category": str(options.get("category") or PEOPLE),
        "made_for_kids": bool(options.get("made_for_kids")),
        "first_comment": first_comment.wished(piece),
        **files,
    }


def words(platform: Platform, piece: Piece, *, flagged: bool) -> str:
    """What people read beside it."""
    if platform == "x":
        return laid_out(piece, labelled=not flagged)
    label = "" if flagged else piece.label.strip()
    return "\n\n".join(part for part in (piece.text.strip(), label) if part)


async def written(medium: Medium, folder: Path) -> None:
    """Puts a file into the folder. Raises `Later`, also where the disk is full."""
    half = folder / f".{medium.name}"
    try:
        await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        with half.open("wb") as out:
            async for part in medium.read(0, None):
                await asyncio.to_thread(out.write, part)
        half.rename(folder / medium.name)
    except OSError as error:
        if error.errno in FULL:
            raise NoRoom("The disk is full; it goes out once there is room.", 300) from error
        raise Later(f"The file could not be laid out for the tool: {error.strerror}.") from error
    reach("tool_server.file.written")


async def swept(jobs: Path) -> None:
    """Removes what processes that died have left there."""
    await asyncio.to_thread(_swept, jobs)


def _swept(jobs: Path) -> None:
    for folder in jobs.iterdir() if jobs.is_dir() else ():
        with contextlib.suppress(FileNotFoundError):
            # By the file system's own clock, which gave the folder its time.
            newest = max((one.stat().st_mtime for one in jobs.iterdir()), default=0.0)
            if newest - folder.stat().st_mtime > LEFT:
                shutil.rmtree(folder, ignore_errors=True)


async def removed(folder: Path) -> None:
    """Leaves nothing of it."""
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
