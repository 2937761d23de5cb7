"""Chooses providers for a workspace or one of its sites, and keeps their keys sealed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.providers import KINDS, Providers, key_place
from nightdesk.kit.sealing import mask
from nightdesk.providers.choice import Choice
from nightdesk.store.session import Store
from nightdesk.store.tables.access import ProviderKey
from nightdesk.store.tables.tenancy import Site, Workspace

CHOOSABLE = (*KINDS, "text_fallback")
LONGEST_KEY = 500


@dataclass(frozen=True)
class ChoiceShown:
    """What does one kind of work, where that was chosen, and its key's last four characters."""

    kind: str
    chosen: str
    chosen_at: str
    key: str | None


@dataclass(frozen=True)
class Choices:
    """Reads and changes choices; `site_id` None means the workspace's own."""

    store: Store
    providers: Providers

    async def shown(self, workspace_id: int, site_id: int | None = None) -> list[ChoiceShown]:
        """What holds for the site, or for a site that chooses nothing. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            levels = await self._levels(session, workspace_id, site_id)
            keys = await self._last_fours(session, workspace_id, site_id)
        return [self._one(kind, levels, keys) for kind in CHOOSABLE]

    async def choose(
        self, workspace_id: int, kind: str, spelled: str, site_id: int | None = None
    ) -> list[ChoiceShown]:
        """Chooses `provider[:model]`; empty takes the choice back. Raises `Invalid`, `NotFound`."""
        _known(kind)
        spelled = spelled.strip()
        if spelled and not self.providers.is_known(kind, Choice.parse(spelled).provider):
            raise Invalid("choice", f"There is no {kind} provider `{Choice.parse(spelled).provider}`.")
        async with self.store.workspace(workspace_id) as session:
            row = await self._row(session, workspace_id, site_id)
            others = {name: text for name, text in row.choices.items() if name != kind}
            row.choices = others | ({kind: spelled} if spelled else {})
        return await self.shown(workspace_id, site_id)

    async def set_key(self, workspace_id: int, kind: str, key: str, site_id: int | None = None) -> str:
        """Seals a key and keeps it; returns how it will be shown. Raises `Invalid`, `NotFound`."""
        _known(kind)
        key = key.strip()
        if not (1 <= len(key) <= LONGEST_KEY and key.isprintable()):
            raise Invalid("key", f"A key has 1 to {LONGEST_KEY} printable characters.")
        async with self.store.workspace(workspace_id) as session:
            await self._row(session, workspace_id, site_id)
            facts = {"workspace_id": workspace_id, "site_id": site_id, "kind": kind}
            sealed = self.providers.sealer.seal(key, key_place(ProviderKey(**facts)))
            shown = mask(key)
            new = insert(ProviderKey).values(**facts, sealed=sealed, last_four=shown)
            await session.execute(
                new.on_conflict_do_update(
                    index_elements=["workspace_id", "site_id", "kind"],
                    set_={"sealed": sealed, "last_four": shown},
                )
            )
        return shown

    async def forget_key(self, workspace_id: int, kind: str, site_id: int | None = None) -> None:
        """Forgets a key. Raises `NotFound` where there is none."""
        async with self.store.workspace(workspace_id) as session:
            mine = (
                ProviderKey.workspace_id == workspace_id,
                ProviderKey.kind == kind,
                ProviderKey.site_id.is_not_distinct_from(site_id),
            )
            gone = await session.scalars(delete(ProviderKey).where(*mine).returning(ProviderKey.id))
            if not gone.all():
                raise NotFound("key")

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

    async def _last_fours(
        self, session: AsyncSession, workspace_id: int, site_id: int | None
    ) -> dict[str, str]:
        query = select(ProviderKey).where(
            ProviderKey.workspace_id == workspace_id,
            ProviderKey.site_id.is_(None) | (ProviderKey.site_id == site_id),
        )
        rows = sorted(await session.scalars(query), key=lambda row: row.site_id is not None)
        return {row.kind: row.last_four for row in rows}

    def _one(
        self, kind: str, levels: list[tuple[str, Mapping[str, Any]]], keys: Mapping[str, str]
    ) -> ChoiceShown:
        for level, chosen in levels:
            if chosen.get(kind):
                return ChoiceShown(kind, str(chosen[kind]), level, keys.get(kind))
        default = self.providers.default(kind)
        return ChoiceShown(kind, default.spelled if default else "", "environment", keys.get(kind))


def _known(kind: str) -> None:
    if kind not in CHOOSABLE:
        raise Invalid("kind", f"A kind is one of {', '.join(CHOOSABLE)}.")
