"""A site's own photos and clips, out of which scenes of its videos are shown: added, described, removed."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, Invalid, NotFound, Unavailable
from nightdesk.desk.inputs import storable
from nightdesk.desk.keeping import keep
from nightdesk.desk.studio import StudioMeans
from nightdesk.desk.videos.files import Opened
from nightdesk.desk.videos.own_footage import taken_in
from nightdesk.desk.videos.taking_in import Own
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.lines.keeping import keep_assets
from nightdesk.lines.video.own_pieces import PREFIX, notions, number_of
from nightdesk.store.files import AssetRef, Files
from nightdesk.store.session import Store
from nightdesk.store.tables.library import Asset
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import OwnPiece, Scene

MOST = 200
"""Pieces of one site."""

SHORTEST_WORDS, LONGEST_WORDS, LONGEST_SOURCE = 3, 300, 300
"""Characters of what a piece shows, and of whose it is."""

BACK_WITHIN = timedelta(days=1)
"""How long a piece that was removed can be put back; its files may go after that."""


@dataclass(frozen=True)
class OwnShelf:
    """Keeps a site's pieces. Raises `NotFound` for a site or piece that is not the workspace's."""

    store: Store
    files: Files
    means: StudioMeans
    clock: Clock
    _one_at_a_time: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def add(
        self, workspace_id: int, site_id: int, content: bytes, facts: Mapping[str, Any]
    ) -> OwnPiece:
        """Takes in a photo (PNG, JPEG, WebP) or a clip (MP4, WebM), as `OwnFootage.give` does.

        `facts`: `shows`, and where wanted `source`, `by_model` and `off`, see `change`. Raises `Invalid`;
        `Conflict` where the site has as many as it may, or this one; `Full`, `Unavailable`.
        """
        told = _looked_at({"shows": "", **facts})
        async with self.store.workspace(workspace_id) as session:
            await _room(session, workspace_id, site_id)
        async with self._one_at_a_time:
            own = await taken_in(self.means, content)
        picture = await keep(self.files, workspace_id, own.picture.content, own.picture.mime)
        clip = await keep(self.files, workspace_id, own.clip.content, own.clip.mime) if own.clip else None
        points.reach("videos.own.stored")
        async with self.store.workspace(workspace_id) as session:
            await _room(session, workspace_id, site_id, lock=True)
            await self._forget(session, workspace_id, site_id)
            await _only_one(session, workspace_id, site_id, picture.sha256, clip)
            await keep_assets(session, workspace_id, [one for one in (picture, clip) if one])
            piece = _row(workspace_id, site_id, own, picture, clip)
            for name, value in told.items():
                setattr(piece, name, value)
            session.add(piece)
            await session.flush()
            await session.refresh(piece)
        points.reach("videos.own.added")
        return piece

    async def listed(self, workspace_id: int, site_id: int) -> Sequence[OwnPiece]:
        """All of the site's, the newest first."""
        async with self.store.workspace(workspace_id) as session:
            await _site(session, workspace_id, site_id)
            return list(await session.scalars(_mine(workspace_id, site_id).order_by(OwnPiece.id.desc())))

    async def seen(self, workspace_id: int, site_id: int) -> Mapping[int, int]:
        """In how many of the site's videos each of its pieces is shown, those in none left out."""
        name, videos = Scene.source, func.count(Scene.video_id.distinct())
        mine = (Scene.workspace_id == workspace_id, Scene.site_id == site_id)
        query = select(name, videos).where(*mine, name.startswith(PREFIX)).group_by(name)
        async with self.store.workspace(workspace_id) as session:
            found = [(number_of(source), count) for source, count in await session.execute(query)]
        return {number: count for number, count in found if number is not None}

    async def change(
        self, workspace_id: int, site_id: int, number: int, facts: Mapping[str, Any]
    ) -> OwnPiece:
        """Sets those of `shows` (what is to be seen), `source` (whose it is), `by_model` and `off` (no scene
        takes it) that are given. Videos that show it stay as they are. Raises `Invalid`."""
        told = _looked_at(facts)
        async with self.store.workspace(workspace_id) as session:
            piece = await _one(session, workspace_id, site_id, number)
            for name, value in told.items():
                setattr(piece, name, value)
            return piece

    async def remove(self, workspace_id: int, site_id: int, number: int) -> OwnPiece:
        """No scene takes it any more; videos that show it keep it. It can be put back for a day."""
        async with self.store.workspace(workspace_id) as session:
            await _site(session, workspace_id, site_id, lock=True)
            piece = await _one(session, workspace_id, site_id, number)
            piece.removed_at = self.clock.now()
            await self._forget(session, workspace_id, site_id)
        points.reach("videos.own.removed")
        return piece

    async def put_back(self, workspace_id: int, site_id: int, number: int) -> OwnPiece:
        """Takes the removal back. Raises `Conflict` as `add` does."""
        async with self.store.workspace(workspace_id) as session:
            await _room(session, workspace_id, site_id, lock=True)
            await self._forget(session, workspace_id, site_id)
            piece = await _one(session, workspace_id, site_id, number, removed=True)
            names = [name for name in (piece.picture, piece.footage) if name]
            mine = (Asset.workspace_id == workspace_id, Asset.sha256.in_(names))
            if len(list(await session.scalars(select(Asset.sha256).where(*mine)))) < len(set(names)):
                raise NotFound("photo or clip any more")
            await _only_one(session, workspace_id, site_id, piece.picture, piece.footage)
            piece.removed_at = None
            return piece

    async def picture(self, workspace_id: int, site_id: int, number: int) -> Opened:
        """The photo, or the clip's first frame. Raises `NotFound`, `Unavailable`."""
        async with self.store.workspace(workspace_id) as session:
            piece = await _one(session, workspace_id, site_id, number)
        return await self._opened(workspace_id, piece.picture, piece.mime)

    async def whole(self, workspace_id: int, site_id: int, number: int) -> Opened:
        """The photo or the clip. Raises as `picture`."""
        async with self.store.workspace(workspace_id) as session:
            piece = await _one(session, workspace_id, site_id, number)
        kept = (piece.footage, "video/mp4") if piece.footage else (piece.picture, piece.mime)
        return await self._opened(workspace_id, *kept)

    async def _opened(self, workspace_id: int, name: str, mime: str) -> Opened:
        try:
            return Opened(name, mime, await self.files.size(workspace_id, name))
        except Refused as error:
            raise NotFound("file") from error
        except (Later, NeedsPerson) as error:
            raise Unavailable(error.why) from error

    async def _forget(self, session: AsyncSession, workspace_id: int, site_id: int) -> None:
        """Removes for good what cannot be put back any more."""
        mine = (OwnPiece.workspace_id == workspace_id, OwnPiece.site_id == site_id)
        long_ago = OwnPiece.removed_at < self.clock.now() - BACK_WITHIN
        await session.execute(delete(OwnPiece).where(*mine, long_ago))


def too_common(piece: OwnPiece, subject: str) -> bool:
    """Whether its words say no more than what the whole site is about, so that no scene takes it."""
    return notions(piece.shows) <= notions(subject)


def _row(workspace_id: int, site_id: int, own: Own, picture: AssetRef, clip: AssetRef | None) -> OwnPiece:
    return OwnPiece(
        workspace_id=workspace_id,
        site_id=site_id,
        picture=picture.sha256,
        mime=picture.mime,
        width=own.picture.width,
        height=own.picture.height,
        footage=clip.sha256 if clip else None,
    )


def _mine(workspace_id: int, site_id: int) -> Any:
    return select(OwnPiece).where(
        OwnPiece.workspace_id == workspace_id, OwnPiece.site_id == site_id, OwnPiece.removed_at.is_(None)
    )


async def _site(session: AsyncSession, workspace_id: int, site_id: int, *, lock: bool = False) -> None:
    """Sees that it is the workspace's; with `lock` nobody else adds or removes meanwhile."""
    wait: Any = {"key_share": True} if lock else None
    if await session.get(Site, (workspace_id, site_id), with_for_update=wait) is None:
        raise NotFound("site")


async def _room(session: AsyncSession, workspace_id: int, site_id: int, *, lock: bool = False) -> None:
    await _site(session, workspace_id, site_id, lock=lock)
    mine = _mine(workspace_id, site_id).with_only_columns(func.count())
    if (await session.scalar(mine) or 0) >= MOST:
        raise Conflict(f"A site has {MOST} photos and clips of its own at most: remove one first.")


async def _only_one(
    session: AsyncSession, workspace_id: int, site_id: int, picture: str, clip: AssetRef | str | None
) -> None:
    """Raises `Conflict` where the site has the same already."""
    footage = clip.sha256 if isinstance(clip, AssetRef) else clip
    same = (OwnPiece.picture == picture, OwnPiece.footage.is_not_distinct_from(footage))
    found = await session.scalar(_mine(workspace_id, site_id).where(*same).limit(1))
    if found is not None:
        raise Conflict(f"This site has it already, as number {found.id}: “{found.shows}”. Nothing was added.")


async def _one(
    session: AsyncSession, workspace_id: int, site_id: int, number: int, *, removed: bool = False
) -> OwnPiece:
    piece = await session.get(OwnPiece, (workspace_id, number), with_for_update=True)
    if piece is None or piece.site_id != site_id or (piece.removed_at is not None) != removed:
        raise NotFound("photo or clip")
    return piece


def _looked_at(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are kept. Raises `Invalid`."""
    told: dict[str, Any] = {name: facts[name] is True for name in ("by_model", "off") if name in facts}
    if "source" in facts:
        told["source"] = _text("source", facts["source"], LONGEST_SOURCE)
    if "shows" in facts:
        shows = _text("shows", facts["shows"], LONGEST_WORDS)
        if len(shows) < SHORTEST_WORDS or not notions(shows):
            raise Invalid("shows", "Say in a few words what is to be seen: it is found by them.")
        told["shows"] = shows
    return told


def _text(name: str, value: Any, most: int) -> str:
    try:
        said = " ".join(storable(str(value or "")).split())
    except ValueError as error:
        raise Invalid(name, f"This cannot be kept: {error}.") from error
    if len(said) > most:
        raise Invalid(name, f"At most {most} characters.")
    return said
