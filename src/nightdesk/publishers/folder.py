"""The folder publisher: each piece becomes a folder of its own, whole or not at all."""

import asyncio
import html
import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nightdesk.kit.endings import Later, NeedsPerson, NoRoom
from nightdesk.kit.points import reach
from nightdesk.publisher import (
    Absent,
    Found,
    Live,
    Login,
    Medium,
    Piece,
    Platform,
    Record,
    Repeats,
    Standing,
    Token,
)
from nightdesk.publishers import first_comment
from nightdesk.publishers.fields import Field

FIELDS = (
    Field(
        "folder",
        "Name of the folder",
        "Small letters, digits and dashes. It lies in the data folder of this desk, under `published`.",
        pattern=r"[a-z0-9][a-z0-9-]{0,60}",
        default="pieces",
    ),
)
FULL = {28, 122}
"""The system's numbers for a full disk and a full quota (ENOSPC, EDQUOT)."""


def opened(login: Login, data: Path) -> "FolderPublisher":
    """The publisher of one account. Raises `NeedsPerson`."""
    name = str(login.config.get("folder", ""))
    if not re.fullmatch(FIELDS[0].pattern, name):
        raise NeedsPerson("The account needs the name of a folder: small letters, digits and dashes.")
    return FolderPublisher(data / "published" / str(login.workspace_id) / name)


class FolderPublisher:
    """Writes pieces below `root`."""

    platform: Platform = "folder"
    repeats: Repeats = "repeatable"

    def __init__(self, root: Path) -> None:
        self._root = root

    def faults(self, piece: Piece) -> list[str]:
        return []

    async def look(self) -> Standing:
        """Raises `NeedsPerson` where the folder cannot be written to."""
        try:
            await asyncio.to_thread(self._root.mkdir, parents=True, exist_ok=True)
        except OSError as error:
            raise NeedsPerson(f"The folder cannot be made: {error.strerror}.") from error
        if not os.access(self._root, os.W_OK):
            raise NeedsPerson("The folder may not be written to; let the desk's user write there.")
        return Standing(self._root.name)

    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        """Writes everything into a folder that nobody looks into."""
        name = _name(piece)
        await record.step("request", f"Writes the folder {name}.", folder=name)
        try:
            await self._write(piece, self._half(piece))
        except OSError as error:
            if error.errno in FULL:
                raise NoRoom("The disk is full; it goes out once there is room.", 300) from error
            raise Later(f"The folder could not be written: {error.strerror}.") from error
        return {"folder": name}

    async def commit(self, piece: Piece, token: Token | None, record: Record) -> Live:
        """One rename; the same piece again changes nothing."""
        final = self._final(piece, token)
        await record.step("request", "Gives the folder its name.")
        if not final.exists():
            try:
                self._half(piece).rename(final)
            except OSError as error:
                raise Later(f"The folder could not be given its name: {error.strerror}.") from error
        reach("folder.piece.renamed")
        return Live(final.name, final.as_uri())

    async def look_up(self, piece: Piece, token: Token | None, record: Record) -> Found:
        final = self._final(piece, token)
        return Live(final.name, final.as_uri()) if final.exists() else Absent("The folder is not there.")

    async def aclose(self) -> None:
        """Keeps nothing open."""

    def _half(self, piece: Piece) -> Path:
        return self._root / ".incoming" / piece.key

    def _final(self, piece: Piece, token: Token | None) -> Path:
        return self._root / (str(token["folder"]) if token else _name(piece))

    async def _write(self, piece: Piece, half: Path) -> None:
        await asyncio.to_thread(shutil.rmtree, half, ignore_errors=True)
        await asyncio.to_thread(half.mkdir, parents=True)
        for medium in piece.media:
            await _copy(medium, half / medium.name)
            reach("folder.file.written")
        (half / "piece.json").write_text(json.dumps(_facts(piece), ensure_ascii=False, indent=2) + "\n")
        if piece.kind == "article":
            (half / "index.html").write_text(_page(piece))


async def _copy(medium: Medium, to: Path) -> None:
    with to.open("xb") as out:
        async for part in medium.read(0, None):
            out.write(part)
        out.flush()
        os.fsync(out.fileno())


def _name(piece: Piece) -> str:
    slug = re.sub(r"[^a-z0-9-]+", "-", (piece.slug or piece.title).lower()).strip("-")[:60].strip("-")
    return f"{slug or piece.kind}-{piece.key[:8]}"


def _facts(piece: Piece) -> Mapping[str, Any]:
    names = ("kind", "key", "title", "text", "slug", "language", "synthetic", "label")
    files = [{"role": one.role, "name": one.name, "mime": one.mime, "alt": one.alt} for one in piece.media]
    comment = {first_comment.OPTION: words} if (words := first_comment.wished(piece)) else {}
    facts = {name: getattr(piece, name) for name in names}
    return facts | {"tags": list(piece.tags), "files": files} | comment


def _page(piece: Piece) -> str:
    """A whole page, which needs nothing from elsewhere."""
    body = piece.html
    for medium in piece.media:
        body = body.replace(f"asset:{medium.asset}", medium.name)
    label = f"<p><em>{html.escape(piece.label)}</em></p>" if piece.label else ""
    title = html.escape(piece.title)
    return (
        f'<!doctype html><html lang="{html.escape(piece.language)}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<body><h1>{title}</h1>{label}{body}</body></html>\n"
    )
