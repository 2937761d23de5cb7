"""What people give a site for its videos: an intro, an outro and music, taken in, tuned, and taken back."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from nightdesk.desk.errors import Invalid, NotFound, Unavailable
from nightdesk.desk.inputs import storable
from nightdesk.desk.keeping import keep
from nightdesk.desk.studio import StudioMeans
from nightdesk.desk.videos.files import Opened
from nightdesk.desk.videos.taking_in import MOST_BYTES, TakenIn, clip, counted, music
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.lines.video.given import WHICH
from nightdesk.store.files import Files
from nightdesk.store.session import Store
from nightdesk.store.tables.library import Asset
from nightdesk.store.tables.tenancy import Site

LONGEST_SOURCE = 300
QUIETEST, LOUDEST = 0.02, 1.0
TUNED = ("off", "silent", "volume", "source", "by_model")
"""What a person sets of a file beside the file itself."""


@dataclass(frozen=True)
class Giving:
    """Keeps a site's files for its videos. Raises `NotFound` for a site that is not the workspace's."""

    store: Store
    files: Files
    means: StudioMeans
    _one_at_a_time: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def give(self, workspace_id: int, site_id: int, which: str, content: bytes) -> Site:
        """Takes a file in, in place of the one before; what was set beside it stays but for its source.

        Raises `Invalid` for `which`, `Full`, `Unavailable`.
        """
        _known(which)
        if len(content) > MOST_BYTES:
            raise Invalid(which, f"A file has {MOST_BYTES >> 20} MB at most. Nothing was changed.")
        async with self._one_at_a_time:
            taken = await self._taken_in(which, content)
        ref = await keep(self.files, workspace_id, taken.content, taken.mime)
        row = {"workspace_id": workspace_id, "sha256": ref.sha256, "mime": ref.mime, "size": ref.size}
        async with self.store.workspace(workspace_id) as session:
            await session.execute(insert(Asset).values(row).on_conflict_do_nothing())

        def given(before: Mapping[str, Any]) -> dict[str, Any]:
            kept = {name: before[name] for name in ("silent", "volume") if name in before}
            return kept | taken.facts | {"asset": ref.sha256}

        return await self._written(workspace_id, site_id, which, given)

    async def tune(self, workspace_id: int, site_id: int, which: str, facts: Mapping[str, Any]) -> Site:
        """Sets `off`, `silent` (a clip's sound), `volume` (of music, 1 as loud as the voice), `source` (where
        it comes from) and `by_model`. Raises `Invalid`; `NotFound` where there is no file."""
        _known(which)
        tuned = _tuned(facts)

        def given(before: Mapping[str, Any]) -> dict[str, Any]:
            if not before.get("asset"):
                raise NotFound("file")
            others = {name: value for name, value in before.items() if name not in TUNED}
            return others | tuned

        return await self._written(workspace_id, site_id, which, given)

    async def drop(self, workspace_id: int, site_id: int, which: str) -> Site:
        """The site has it no more; videos that were made with it keep it."""
        _known(which)
        return await self._written(workspace_id, site_id, which, lambda _: {})

    async def put_back(self, workspace_id: int, site_id: int, which: str, was: Mapping[str, Any]) -> Site:
        """Gives the site a file that it had, known by its `asset`, with what was set beside it.

        Raises `Invalid`; `NotFound` where the workspace has no such file any more.
        """
        _known(which)
        tuned, asset = _tuned({name: was[name] for name in TUNED if name in was}), str(was.get("asset") or "")
        if not asset:
            return await self.drop(workspace_id, site_id, which)
        content = await self._content(workspace_id, asset, which)
        async with self._one_at_a_time, _told(which):
            facts = await counted(self.means.ffmpeg, content, which)
        return await self._written(workspace_id, site_id, which, lambda _: facts | tuned | {"asset": asset})

    async def file(self, workspace_id: int, site_id: int, which: str) -> Opened:
        """The file as it is kept. Raises `NotFound`, `Unavailable`."""
        _known(which)
        async with self.store.workspace(workspace_id) as session:
            site = await session.get(Site, (workspace_id, site_id))
        asset = str(((site.video_files if site else {}).get(which) or {}).get("asset") or "")
        if not asset:
            raise NotFound("file")
        try:
            return Opened(asset, _mime(which), await self.files.size(workspace_id, asset))
        except Refused as error:
            raise NotFound("file") from error
        except (Later, NeedsPerson) as error:
            raise Unavailable(error.why) from error

    async def _taken_in(self, which: str, content: bytes) -> TakenIn:
        async with _told(which):
            ffmpeg = self.means.ffmpeg
            return await (music(ffmpeg, content) if which == "music" else clip(ffmpeg, content))

    async def _content(self, workspace_id: int, asset: str, which: str) -> bytes:
        mine = (Asset.workspace_id == workspace_id, Asset.sha256 == asset, Asset.mime == _mime(which))
        async with self.store.workspace(workspace_id) as session:
            if await session.scalar(select(Asset.sha256).where(*mine)) is None:
                raise NotFound("file")
        try:
            return await self.files.get(workspace_id, asset)
        except Refused as error:
            raise NotFound("file") from error
        except (Later, NeedsPerson) as error:
            raise Unavailable(error.why) from error

    async def _written(
        self,
        workspace_id: int,
        site_id: int,
        which: str,
        given: Callable[[Mapping[str, Any]], dict[str, Any]],
    ) -> Site:
        async with self.store.workspace(workspace_id) as session:
            site = await session.get(Site, (workspace_id, site_id), with_for_update={"key_share": True})
            if site is None:
                raise NotFound("site")
            kept = given(site.video_files.get(which) or {})
            others = {name: one for name, one in site.video_files.items() if name != which}
            site.video_files = others | ({which: kept} if kept else {})
            return site


@asynccontextmanager
async def _told(which: str) -> AsyncIterator[None]:
    try:
        yield
    except Refused as refused:
        why = refused.why.removeprefix("bad media: ")
        raise Invalid(which, f"This cannot be used: {why}. Nothing was changed.") from refused
    except (Later, NeedsPerson) as error:
        raise Unavailable(error.why) from error


def _mime(which: str) -> str:
    return "audio/mp4" if which == "music" else "video/mp4"


def _known(which: str) -> None:
    if which not in WHICH:
        raise NotFound("file")


def _tuned(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What is empty is left out. Raises `Invalid`."""
    kept: dict[str, Any] = {name: True for name in ("off", "silent", "by_model") if facts.get(name) is True}
    volume = facts.get("volume")
    if volume is not None:
        if (
            not isinstance(volume, int | float)
            or isinstance(volume, bool)
            or not QUIETEST <= volume <= LOUDEST
        ):
            raise Invalid("volume", f"From {QUIETEST:.0%} to {LOUDEST:.0%} of the voice.")
        kept["volume"] = volume
    try:
        said = " ".join(storable(str(facts.get("source") or "")).split())
    except ValueError as error:
        raise Invalid("source", f"This cannot be kept: {error}.") from error
    if len(said) > LONGEST_SOURCE:
        raise Invalid("source", f"At most {LONGEST_SOURCE} characters.")
    return kept | ({"source": said} if said else {})
