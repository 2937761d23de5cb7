"""Lays out a piece as it goes to a platform: the approved words, and the files that belong to them."""

import mimetypes
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.publishing.linking import led_on, other_form
from nightdesk.desk.publishing.own_page import leading
from nightdesk.engine.outgoing import Taken
from nightdesk.kit.endings import Refused
from nightdesk.lines.article.rendering.cleaning import clean
from nightdesk.lines.article.review import illustrated
from nightdesk.lines.video.watermark import marked
from nightdesk.media.provenance.labels import made_with_ai
from nightdesk.publisher import Medium, Piece, Reading, Role
from nightdesk.store.files import Files
from nightdesk.store.session import Store
from nightdesk.store.tables.autopilot import LetThrough
from nightdesk.store.tables.publishing import AccountSite, Publication
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content, Image

PLACE = "https://asset.invalid/"
"""Where pictures seem to lie while the text is cleaned, which lets through no scheme but the usual ones."""

OUT = ("approved", "publishing", "published")


@dataclass(frozen=True)
class _File:
    role: Role
    name: str
    asset: str
    mime: str
    alt: str = ""
    seconds: float | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Composer:
    """Composes pieces."""

    store: Store
    files: Files

    async def compose(self, taken: Taken) -> Piece:
        """Raises `Refused` where the piece is not the one that was approved, `Later`, `NeedsPerson`.

        What may be out is looked for whatever became of the piece since: it was approved when it went.
        """
        row = taken.publication
        async with self.store.workspace(row.workspace_id) as session:
            link = await session.get(AccountSite, (row.workspace_id, row.account_id, row.site_id))
            wished = {**(link.options if link else {}), **row.options}
            options = await leading(session, row, wished)
            piece = await _piece(session, row)
            if not taken.looking:
                _as_approved(piece, row)
            if isinstance(piece, Content):
                facts, files = await _article(session, piece)
            else:
                facts, files = await _video(session, piece)
            facts["label"] = await labelled(session, row, facts["label"])
            facts = led_on(facts, await other_form(session, row), taken.account.platform)
        options |= facts.pop("options", {})
        # A person may have something flagged that would not be, and never the other way round.
        facts["synthetic"] = facts.get("synthetic", True) or options.get("synthetic") is True
        if options.get("synthetic") is True and not facts["label"]:
            facts["label"] = made_with_ai(facts["language"])
        media = [await self._medium(row.workspace_id, one) for one in files]
        return Piece(**facts, key=row.key.hex, media=tuple(media), options=options)

    async def _medium(self, workspace_id: int, one: _File) -> Medium:
        size = await self.files.size(workspace_id, one.asset)
        facts = {name: getattr(one, name) for name in one.__dataclass_fields__}
        return Medium(**facts, size=size, read=self._reading(workspace_id, one.asset))

    def _reading(self, workspace_id: int, asset: str) -> Reading:
        def read(start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
            return self.files.read(workspace_id, asset, start, end)

        return read


async def still_approved(session: AsyncSession, row: Publication) -> None:
    """Raises `Refused` unless its piece stands as it was when the publication was asked for."""
    _as_approved(await _piece(session, row), row)


async def _piece(session: AsyncSession, row: Publication) -> Content | Video:
    """Raises `Refused` where it was removed."""
    found: Content | Video | None = None
    if row.content_id is not None:
        found = await session.get(Content, (row.workspace_id, row.content_id))
    elif row.video_id is not None:
        found = await session.get(Video, (row.workspace_id, row.video_id))
    if found is None:
        raise Refused("The piece was removed, so there is nothing to publish.")
    return found


async def _article(session: AsyncSession, content: Content) -> tuple[dict[str, Any], list[_File]]:
    images = list(
        await session.scalars(
            select(Image)
            .where(Image.workspace_id == content.workspace_id, Image.content_id == content.id)
            .order_by(Image.position)
        )
    )
    html = clean(illustrated(content.html, images, lambda asset: f"{PLACE}{asset}")).replace(PLACE, "asset:")
    facts = {
        "kind": "article",
        "title": content.title,
        "text": content.meta_description or content.summary,
        "html": html,
        "slug": content.slug,
        "language": content.language,
        "label": content.label,
    }
    return facts, list(_pictures(images))


def _pictures(images: Iterable[Image]) -> Iterable[_File]:
    for number, image in enumerate((one for one in images if one.asset), 1):
        mime = image.mime or "image/png"
        yield _File(
            "featured" if image.kind == "featured" else "picture",
            f"picture-{number}{mimetypes.guess_extension(mime) or '.png'}",
            str(image.asset),
            mime,
            image.alt,
            width=image.width,
            height=image.height,
        )


async def _video(session: AsyncSession, video: Video) -> tuple[dict[str, Any], list[_File]]:
    site = await session.get_one(Site, (video.workspace_id, video.site_id))
    script = video.script
    facts = {
        "kind": "video",
        "synthetic": bool(video.marks.get("synthetic", True)),
        "options": {"watermark": marked(video, site)},
        "title": video.title or video.topic,
        "text": str(script.get("description") or script.get("hook") or ""),
        "tags": tuple(str(tag) for tag in script.get("hashtags", ())),
        "language": video.language or "en",
        "label": video.label,
    }
    return facts, list(_footage(video))


def _footage(video: Video) -> Iterable[_File]:
    sides = {"seconds": video.seconds, "width": video.width, "height": video.height}
    if video.file is None:
        raise Refused("The video has no finished file any more; make it again.")
    yield _File("video", "video.mp4", video.file, "video/mp4", "", **sides)  # type: ignore[arg-type]
    if video.srt:
        yield _File("captions", "captions.srt", video.srt, "application/x-subrip")
    chosen = sorted(video.thumbnails, key=lambda one: not one.get("chosen"))
    if chosen:
        mime = str(chosen[0].get("mime") or "image/png")
        yield _File("cover", f"cover{mimetypes.guess_extension(mime) or '.png'}", chosen[0]["asset"], mime)
    elif video.cover:
        yield _File("cover", "cover.png", video.cover, "image/png")


async def labelled(session: AsyncSession, row: Publication, label: str) -> str:
    """What readers are told of who made it: of what no person reviewed, that nobody did.

    Text on matters of public interest that nobody reviewed has to say that a machine made it (EU AI Act,
    Article 50(4)); which text that is cannot be judged by a machine, so all of it says so.
    """
    passed = select(LetThrough.id).where(
        LetThrough.workspace_id == row.workspace_id,
        LetThrough.state == "passed",
        LetThrough.revision == row.revision,
        LetThrough.content_id == row.content_id
        if row.content_id is not None
        else LetThrough.video_id == row.video_id,
    )
    if await session.scalar(passed) is None:
        return label
    maker = f" ({label})" if label else ""
    return f"Made with AI{maker}. No person reviewed it before it was published."


def _as_approved(piece: Content | Video, row: Publication) -> None:
    """Raises `Refused` unless it stands as it was when the publication was asked for."""
    if piece.status not in OUT:
        raise Refused(f"It is not approved any more (it is {piece.status.replace('_', ' ')}).")
    if piece.revision != row.revision:
        raise Refused(
            f"It was changed after its approval: revision {row.revision} was to go out, and it is at "
            f"{piece.revision}. Approve it again, then publish it again."
        )
