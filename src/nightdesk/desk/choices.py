"""Chooses providers for a workspace or one of its sites, and keeps their keys sealed."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.chosen import is_meant, key_place
from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.providers import KINDS, Providers
from nightdesk.kit.sealing import mask
from nightdesk.providers.choice import Choice
from nightdesk.store.session import Store
from nightdesk.store.tables.access import ProviderKey
from nightdesk.store.tables.tenancy import Site, Workspace

CHOOSABLE = (*KINDS, "text_fallback")
LONGEST_KEY = 500


@dataclass(frozen=True)
class ChoiceShown:
    """What does one kind of work, its key's last four characters, and where each was set."""

    kind: str
    chosen: str
    chosen_at: str
    key: str | None
    key_at: str | None = None


@dataclass(frozen=True)
class Choices:
    """Reads and changes choices; `site_id` None means the workspace's own."""

    store: Store
    providers: Providers

    async def shown(self, workspace_id: int, site_id: int | None = None) -> list[ChoiceShown]:
        """What holds for the site, or for a site that chooses nothing. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            levels = await self._levels(session, workspace_id, site_id)
            keys = await self._shown_keys(session, workspace_id, site_id)
        return [self._one(kind, levels, keys) for kind in CHOOSABLE]

    async def choose(
        self, workspace_id: int, kind: str, spelled: str, site_id: int | None = None
    ) -> list[ChoiceShown]:
        """Chooses `provider[:model]`; empty takes the choice back. Raises `Invalid`, `NotFound`."""
        spelled = self.wanted(kind, spelled)
        async with self.store.workspace(workspace_id) as session:
            row = await self._row(session, workspace_id, site_id)
            others = {name: text for name, text in row.choices.items() if name != kind}
            row.choices = others | ({kind: spelled} if spelled else {})
        return await self.shown(workspace_id, site_id)

    async def keep(
        self, workspace_id: int, kind: str, spelled: str, key: str = "", site_id: int | None = None
    ) -> bool:
        """Chooses, and keeps the key that was typed with it, all or nothing; whether a key was forgotten.

        A key is for the provider that it was entered for: chosen without a new one, another provider gets
        none, and the old key is forgotten. Raises as `choose` and `set_key` do.
        """
        wanted, key = self.wanted(kind, spelled), key.strip()
        async with self.store.workspace(workspace_id) as session:
            levels = await self._levels(session, workspace_id, site_id)
            held = Choice.parse(self._one(kind, levels, {}).chosen).provider
            row = await self._row(session, workspace_id, site_id)
            others = {name: text for name, text in row.choices.items() if name != kind}
            row.choices = others | ({kind: wanted} if wanted else {})
            if key:
                await self._seal(session, workspace_id, kind, key, site_id)
            elif not wanted or Choice.parse(wanted).provider != held:
                return bool(await self._forget(session, workspace_id, kind, site_id))
        return False

    async def set_key(self, workspace_id: int, kind: str, key: str, site_id: int | None = None) -> str:
        """Seals a key and keeps it; returns how it will be shown. Raises `Invalid`, `NotFound`."""
        _known(kind)
        async with self.store.workspace(workspace_id) as session:
            await self._row(session, workspace_id, site_id)
            return await self._seal(session, workspace_id, kind, key.strip(), site_id)

    async def forget_key(self, workspace_id: int, kind: str, site_id: int | None = None) -> None:
        """Forgets a key. Raises `NotFound` where there is none."""
        async with self.store.workspace(workspace_id) as session:
            if not await self._forget(session, workspace_id, kind, site_id):
                raise NotFound("key")

    def wanted(self, kind: str, spelled: str) -> str:
        """The choice as it is kept. Raises `Invalid` where there is no such provider or kind."""
        _known(kind)
        spelled = spelled.strip()
        if spelled and not self.providers.is_known(kind, Choice.parse(spelled).provider):
            raise Invalid("choice", f"There is no {kind} provider `{Choice.parse(spelled).provider}`.")
        no_file(kind, Choice.parse(spelled))
        return spelled

    async def _seal(
        self, session: AsyncSession, workspace_id: int, kind: str, key: str, site_id: int | None
    ) -> str:
        """How the key will be shown. Raises `Invalid`."""
        if not (1 <= len(key) <= LONGEST_KEY and key.isprintable()):
            raise Invalid("key", f"A key has 1 to {LONGEST_KEY} printable characters.")
        facts = {"workspace_id": workspace_id, "site_id": site_id, "kind": kind}
        place = key_place(ProviderKey(**facts))
        sealed = await asyncio.to_thread(self.providers.sealer.seal, key, place)
        shown = mask(key)
        new = insert(ProviderKey).values(**facts, sealed=sealed, last_four=shown)
        changed = {"sealed": sealed, "last_four": shown}
        await session.execute(
            new.on_conflict_do_update(index_elements=["workspace_id", "site_id", "kind"], set_=changed)
        )
        return shown

    async def _forget(
        self, session: AsyncSession, workspace_id: int, kind: str, site_id: int | None
    ) -> Sequence[int]:
        mine = (
            ProviderKey.workspace_id == workspace_id,
            ProviderKey.kind == kind,
            ProviderKey.site_id.is_not_distinct_from(site_id),
        )
        return (await session.scalars(delete(ProviderKey).where(*mine).returning(ProviderKey.id))).all()

    async def _row(self, session: AsyncSession, workspace_id: int, site_id: int | None) -> Workspace | Site:
        row: Workspace | Site | None
        if site_id is None:
            row = await session.get(Workspace, workspace_id)
        else:
            row = await session.get(Site, (workspace_id, site_id))
        if row is None:
            raise NotFound("site")
        return row

    async def _levels(
        self, session: AsyncSession, workspace_id: int, site_id: int | None
    ) -> list[tuple[str, Mapping[str, Any]]]:
        """The levels at which a choice is looked for, nearest first."""
        levels: list[tuple[str, Mapping[str, Any]]] = []
        if site_id is not None:
            levels.append(("site", (await self._row(session, workspace_id, site_id)).choices))
        levels.append(("workspace", (await self._row(session, workspace_id, None)).choices))
        return levels

    async def _shown_keys(
        self, session: AsyncSession, workspace_id: int, site_id: int | None
    ) -> dict[str, tuple[str, str]]:
        """The last four characters of the keys that are used, and where each was entered."""
        of_workspace = (await self._row(session, workspace_id, None)).choices
        of_site = (await self._row(session, workspace_id, site_id)).choices if site_id else {}
        query = select(ProviderKey).where(
            ProviderKey.workspace_id == workspace_id,
            ProviderKey.site_id.is_(None) | (ProviderKey.site_id == site_id),
        )
        rows = sorted(await session.scalars(query), key=lambda row: row.site_id is not None)
        return {
            row.kind: (row.last_four, "site" if row.site_id else "workspace")
            for row in rows
            if is_meant(row, of_site, of_workspace)
        }

    def _one(
        self,
        kind: str,
        levels: list[tuple[str, Mapping[str, Any]]],
        keys: Mapping[str, tuple[str, str]],
    ) -> ChoiceShown:
        key = keys.get(kind, (None, None))
        for level, chosen in levels:
            if chosen.get(kind):
                return ChoiceShown(kind, str(chosen[kind]), level, *key)
        default = self.providers.default(kind)
        return ChoiceShown(kind, default.spelled if default else "", "environment", *key)


def no_file(kind: str, choice: Choice) -> None:
    """Raises `Invalid` for a choice that names a file of this machine."""
    if (choice.provider == "comfyui" and "/" in choice.model) or (choice.provider == "ltx" and choice.model):
        raise Invalid(
            "choice",
            "A workflow or a model is a file of this machine: who runs the desk names it, in "
            f"NIGHTDESK_{kind.upper()}.",
        )


def _known(kind: str) -> None:
    if kind not in CHOOSABLE:
        raise Invalid("kind", f"A kind is one of {', '.join(CHOOSABLE)}.")
