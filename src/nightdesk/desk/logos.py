"""A site's logo: taken in from a person, small and with its transparency, and kept as a file."""

import asyncio
import base64
import binascii
from dataclasses import dataclass, field

from sqlalchemy.dialects.postgresql import insert

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.keeping import keep
from nightdesk.desk.sites import Sites
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.providers.images.contract import Picture
from nightdesk.providers.images.decoding import emblem
from nightdesk.store.files import Files
from nightdesk.store.session import Store
from nightdesk.store.tables.library import Asset
from nightdesk.store.tables.tenancy import Site

MOST_BYTES = 8 * 2**20
LOGO = "logo"
"""Where a site's brand names the file."""

_DATA = "data:image/png;base64,"


@dataclass(frozen=True)
class Logos:
    """Keeps logos. Raises `NotFound` for a site that is not the workspace's."""

    store: Store
    files: Files
    sites: Sites
    _one_at_a_time: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def keep(self, workspace_id: int, key: int | str, content: bytes) -> Site:
        """Makes a picture the site's logo. Raises `Invalid` for `logo`, and `Unavailable`."""
        await self.sites.get(workspace_id, key)
        return await self.name(workspace_id, key, await self.stored(workspace_id, content))

    async def name(self, workspace_id: int, key: int | str, sha256: str) -> Site:
        """Makes a file that the workspace has the site's logo; the empty string leaves it without one."""
        site = await self.sites.get(workspace_id, key)
        if sha256:
            async with self.store.workspace(workspace_id) as session:
                if await session.get(Asset, (workspace_id, sha256)) is None:
                    raise NotFound("picture")
        others = {name: value for name, value in site.brand.items() if name != LOGO}
        look = others | ({LOGO: sha256} if sha256 else {})
        return await self.sites.change(workspace_id, site.id, brand=look)

    async def stored(self, workspace_id: int, content: bytes) -> str:
        """The SHA-256 of the picture as it is kept. Raises `Invalid` for `logo`, `Full`, `Unavailable`."""
        async with self._one_at_a_time:
            picture = await asyncio.to_thread(_taken_in, content)
        ref = await keep(self.files, workspace_id, picture.content, picture.mime)
        facts = {"workspace_id": workspace_id, "sha256": ref.sha256, "mime": ref.mime, "size": ref.size}
        async with self.store.workspace(workspace_id) as session:
            await session.execute(insert(Asset).values(facts).on_conflict_do_nothing())
        return ref.sha256

    async def carried(self, site: Site) -> str:
        """The site's logo as a `data:` address; empty where it has none, or its file is away."""
        sha256 = str(site.brand.get(LOGO) or "")
        if not sha256:
            return ""
        try:
            content = await self.files.get(site.workspace_id, sha256)
        except (Refused, Later, NeedsPerson):
            return ""
        return _DATA + base64.b64encode(content).decode()


def unpacked(carried: str) -> bytes:
    """The picture in a `data:` address. Raises `Invalid` for `logo`."""
    try:
        if not carried.startswith(_DATA):
            raise ValueError(carried[:30])
        return base64.b64decode(carried.removeprefix(_DATA), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(LOGO, f"A logo is written as `{_DATA}…`. Nothing was made.") from error


def _taken_in(content: bytes) -> Picture:
    if len(content) > MOST_BYTES:
        raise Invalid(LOGO, f"A logo has {MOST_BYTES >> 20} MB at most. Nothing was changed.")
    try:
        return emblem(content)
    except Refused as refused:
        why = refused.why.removeprefix("bad media: ")
        raise Invalid(
            LOGO, f"This cannot be used: {why}. Nothing was changed; choose a PNG, JPEG or WebP picture."
        ) from refused
