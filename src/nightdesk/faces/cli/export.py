"""Writes articles out as files that anybody can read: HTML and Markdown, their pictures, an index."""

import asyncio
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nightdesk.desk import Desk
from nightdesk.desk.items import Filter
from nightdesk.desk.paging import MOST, Paging, read_cursor
from nightdesk.desk.review.contents import Piece
from nightdesk.desk.rows import Image, Site
from nightdesk.faces.cli import pages
from nightdesk.faces.cli.failure import Failure

SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
STATES = ("review", "approved")
"""What is exported where no article is named: what can be read as finished."""

_HEADING = re.compile(r"^(#{2,6}) +(.+?)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Exported:
    """Where a site's articles were written, which, and how many bytes that took."""

    folder: Path
    pieces: Sequence[Piece]
    size: int


@dataclass
class Folder:
    """The folder of one export."""

    path: Path
    size: int = 0
    made: set[Path] = field(default_factory=set)

    def write(self, name: str, content: str | bytes) -> None:
        """Replaces the file as a whole, so that a reader never meets half of one."""
        target = self.path / name
        if target.parent not in self.made:
            target.parent.mkdir(parents=True, exist_ok=True)
            self.made.add(target.parent)
        data = content.encode() if isinstance(content, str) else content
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as half:
            half.write(data)
        Path(half.name).chmod(0o644)
        Path(half.name).replace(target)
        self.size += len(data)


async def export(
    desk: Desk, workspace: int, site: Site, folder: Path, numbers: Sequence[int] | None = None
) -> Exported | None:
    """Writes a site's articles: those named, else all at the gate or approved. None where there are none.

    `folder` is absolute. Raises `Failure` where it cannot be written to.
    """
    pieces = [
        piece
        for number in await _wanted(desk, workspace, site, numbers)
        if (piece := await desk.review.contents.piece(workspace, number)).content.site_id == site.id
    ]
    if not pieces:
        return None
    place = Folder(folder)
    pictures: dict[int, str] = {}
    slugs = frozenset(piece.content.slug for piece in pieces)
    try:
        for piece in pieces:
            files = await _pictures(desk, workspace, piece, place)
            pictures |= files
            html = pages.article(site, piece, files, slugs)
            await asyncio.to_thread(place.write, f"articles/{piece.content.slug}.html", html)
            text = markdown(piece, files)
            await asyncio.to_thread(place.write, f"articles/{piece.content.slug}.md", text)
        await asyncio.to_thread(place.write, "index.html", pages.index(site, pieces, pictures))
    except OSError as error:
        raise Failure(
            f"Nothing can be written to {folder}: {error.strerror}. Choose another: --to."
        ) from error
    return Exported(place.path, pieces, place.size)


async def _wanted(desk: Desk, workspace: int, site: Site, numbers: Sequence[int] | None) -> list[int]:
    if numbers:
        return list(dict.fromkeys(numbers))
    contents = desk.review.contents
    order = contents.orders["oldest"]
    found: list[int] = []
    for state in STATES:
        after: str | None = None
        while True:
            paging = Paging(order, MOST, read_cursor(after, order) if after else None)
            page = await contents.page(workspace, site.id, Filter(status=state), paging)
            found += [content.id for content in page.items]
            after = page.next_cursor
            if after is None:
                break
    return sorted(found)


async def _pictures(desk: Desk, workspace: int, piece: Piece, place: Folder) -> dict[int, str]:
    """Writes the pictures of an article; the names of their files by the pictures' numbers."""
    names: dict[int, str] = {}
    for image in piece.images:
        if image.asset is None:
            continue
        name = picture_name(piece, image)
        picture = await desk.review.images.file(workspace, image.id)
        content = b"".join([piece async for piece in desk.review.images.read(workspace, picture)])
        await asyncio.to_thread(place.write, f"images/{name}", content)
        names[image.id] = name
    return names


def picture_name(piece: Piece, image: Image) -> str:
    return f"{piece.content.slug}-{image.position + 1}.{SUFFIXES.get(image.mime or '', 'bin')}"


def markdown(piece: Piece, files: Mapping[int, str]) -> str:
    """The article as Markdown with its facts before it, its pictures in it and its sources below."""
    content = piece.content
    facts = {
        "title": content.title,
        "slug": content.slug,
        "description": content.meta_description,
        "structure": content.structure,
        "language": content.language,
        "words": content.words,
        "label": content.label,
        "state": content.state,
    }
    # JSON strings are YAML strings too.
    head = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items())
    notes = "\n".join(
        f"[^{one['document']}]: {', '.join(str(one[f]) for f in ('title', 'author', 'url') if one[f])}"
        for one in content.citations
    )
    shown = {image.heading.casefold(): image for image in piece.images if image.id in files}

    def with_picture(match: re.Match[str]) -> str:
        image = shown.get(match.group(2).casefold())
        return match.group(0) + (f"\n\n{_picture(image, files)}" if image else "")

    body = _HEADING.sub(with_picture, content.markdown.strip())
    featured = f"{_picture(shown[''], files)}\n\n" if "" in shown else ""
    return f"---\n{head}\n---\n\n# {content.title}\n\n{featured}{body}\n\n{notes}\n"


def _picture(image: Image, files: Mapping[int, str]) -> str:
    return f"![{image.alt.replace(']', ' ')}](../images/{files[image.id]})"
