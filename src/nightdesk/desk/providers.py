"""Which provider does which kind of work for whom, and lays out the bench of a batch with them.

A choice is looked for at the site, then at its workspace, then in the operator's settings. A key entered
for a site or workspace is sealed in the database; an address of a server comes from the operator alone, so
that nobody who merely uses the desk can have it call into the machine's own network.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.chosen import Chosen, is_meant, key_place
from nightdesk.desk.clip_makers import ClipMakers
from nightdesk.desk.signing import notary_of
from nightdesk.desk.studio import ChosenStudio, StudioMeans
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.fetch import Fetcher
from nightdesk.kit.sealing import Sealer
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips import PROVIDERS as CLIPS
from nightdesk.providers.clips.comfyui.naming import workflows
from nightdesk.providers.clips.contract import ClipProvider
from nightdesk.providers.clips.fallback import WithMotion
from nightdesk.providers.clips.prices import clip_credits
from nightdesk.providers.clips.stock import LIBRARIES
from nightdesk.providers.embeddings import PROVIDERS as EMBEDDINGS
from nightdesk.providers.embeddings import open_embeddings
from nightdesk.providers.embeddings.contract import EmbeddingProvider
from nightdesk.providers.entry_points import brought
from nightdesk.providers.images import PROVIDERS as IMAGES
from nightdesk.providers.images import open_images, picture_credits
from nightdesk.providers.images.contract import ImageProvider
from nightdesk.providers.limits import Limits
from nightdesk.providers.ollama_memory import unload
from nightdesk.providers.renderers import PROVIDERS as RENDERERS
from nightdesk.providers.renderers.contract import Renderer
from nightdesk.providers.speech import PROVIDERS as SPEECH
from nightdesk.providers.speech import speech_credits
from nightdesk.providers.speech.contract import Speech
from nightdesk.providers.text import PROVIDERS as TEXT
from nightdesk.providers.text import open_text
from nightdesk.providers.text.contract import TextProvider
from nightdesk.stage import Bench, Use
from nightdesk.store.files import Files
from nightdesk.store.tables.access import ProviderKey
from nightdesk.store.tables.tenancy import Site, Workspace

P = TypeVar("P")
_PROVIDERS: Mapping[str, Mapping[str, Any]] = {
    "text": TEXT,
    "embeddings": EMBEDDINGS,
    "images": IMAGES,
    "speech": SPEECH,
    "clips": CLIPS,
    "renderer": RENDERERS,
}
KINDS = tuple(_PROVIDERS)
_CREDITS: Mapping[str, Callable[[Choice], int]] = {
    "images": picture_credits,
    "speech": speech_credits,
    "clips": clip_credits,
}


@dataclass
class Providers:
    """Resolves choices, and keeps what it opened for as long as the same choice comes again."""

    defaults: Chosen
    sealer: Sealer
    files: Files
    clock: Clock
    limits: Limits
    fetcher: Fetcher
    means: StudioMeans
    _opened: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    async def make_bench(
        self, session: AsyncSession, site: Site, settings: Mapping[str, Any], meter: Meter
    ) -> Bench:
        """The bench for a batch of the site. Raises `NeedsPerson` where a choice cannot be opened."""
        chosen = await self.chosen(session, site)
        now, stamps = self.clock.now(), self.means.timestamps
        notary = await notary_of(session, site.workspace_id, self.sealer, now, stamps)
        bench = Bench(
            site,
            settings,
            self.text(chosen),
            self.embeddings(chosen),
            self.images(chosen),
            meter,
            self.files,
            self.clock,
            replace(self.studio(chosen, site.workspace_id), notary=notary),
            lambda scarce: self._use(scarce, chosen),
        )
        return replace(bench, filmed_by=lambda name: self._filmed_by(name, bench, chosen))

    def _filmed_by(self, name: str, bench: Bench, chosen: Chosen) -> Bench:
        maker, unmet = self.clip_makers(chosen).asked(name)
        other = replace(chosen, clips=maker)
        studio = replace(self.studio(other, bench.site.workspace_id), notary=bench.studio.notary)
        return replace(bench, studio=studio, use_of=lambda scarce: self._use(scarce, other), unmet=unmet)

    async def price(self, session: AsyncSession, site: Site, kind: str, asked: str = "") -> int:
        """Credits that one piece by the chosen provider is expected to take: a picture, a clip, a thousand
        characters of speech. `asked`: by the maker of clips that a video asks for by that name."""
        if kind not in _CREDITS:
            return 1
        if kind == "clips" and asked:
            return clip_credits(self.clip_makers(await self.chosen(session, site)).asked(asked)[0])
        spelled = (_given(await self._of_workspace(session, site)) | _given(site.choices)).get(kind)
        return _CREDITS[kind](self._choice(kind, spelled, None) if spelled else getattr(self.defaults, kind))

    def is_known(self, kind: str, provider: str) -> bool:
        """Whether there is a provider of that name for the kind."""
        of_kind = kind.removesuffix("_fallback")
        return provider in _PROVIDERS[of_kind] or provider in brought(of_kind)

    def default(self, kind: str) -> Choice | None:
        """The operator's choice."""
        choice: Choice | None = (
            self.defaults.second if kind == "text_fallback" else getattr(self.defaults, kind)
        )
        return choice

    async def close(self) -> None:
        """Closes the connections of the providers that keep some."""
        for provider in self._opened.values():
            if hasattr(provider, "aclose"):
                await provider.aclose()
        self._opened.clear()

    async def chosen(self, session: AsyncSession, site: Site) -> Chosen:
        """What holds for the site, with the keys unsealed."""
        of_workspace = await self._of_workspace(session, site)
        spelled = _given(of_workspace) | _given(site.choices)
        if not spelled:
            return self.defaults
        keys = await self._keys(session, site, of_workspace)
        found: dict[str, Any] = {
            kind: self._choice(kind, spelled[kind], keys.get(kind)) for kind in KINDS if kind in spelled
        }
        chosen = replace(self.defaults, **found)
        if "text_fallback" in spelled:
            second = self._choice("text", spelled["text_fallback"], keys.get("text_fallback"))
            chosen = replace(chosen, second=second)
        return replace(chosen, more_clips=await self._more_clips(session, site, of_workspace))

    async def _more_clips(
        self, session: AsyncSession, site: Site, of_workspace: Mapping[str, Any]
    ) -> list[Choice]:
        own, theirs = site.choices.get("clips"), of_workspace.get("clips")
        found: list[Choice] = []
        if own and theirs:
            key = select(ProviderKey).where(
                ProviderKey.workspace_id == site.workspace_id,
                ProviderKey.site_id.is_(None),
                ProviderKey.kind == "clips",
            )
            row = await session.scalar(key)
            opened = await asyncio.to_thread(self.sealer.open, row.sealed, key_place(row)) if row else None
            found.append(self._choice("clips", theirs, SecretStr(opened) if opened else None))
        return [*found, self.defaults.clips] if own or theirs else found

    async def _of_workspace(self, session: AsyncSession, site: Site) -> Mapping[str, Any]:
        chosen = await session.scalar(select(Workspace.choices).where(Workspace.id == site.workspace_id))
        return chosen or {}

    async def _keys(
        self, session: AsyncSession, site: Site, of_workspace: Mapping[str, Any]
    ) -> dict[str, SecretStr]:
        query = select(ProviderKey).where(
            ProviderKey.workspace_id == site.workspace_id,
            ProviderKey.site_id.is_(None) | (ProviderKey.site_id == site.id),
        )
        rows = sorted(await session.scalars(query), key=lambda row: row.site_id is not None)
        meant = [row for row in rows if is_meant(row, site.choices, of_workspace)]
        opened = {
            row.kind: await asyncio.to_thread(self.sealer.open, row.sealed, key_place(row)) for row in meant
        }
        return {kind: SecretStr(key) for kind, key in opened.items()}

    def _choice(self, kind: str, spelled: str, key: SecretStr | None) -> Choice:
        default: Choice = getattr(self.defaults, kind)
        wanted = Choice.parse(spelled)
        same = wanted.provider == default.provider
        return replace(
            default,
            provider=wanted.provider,
            model=wanted.model,
            base_url=default.base_url if same else None,
            api_key=key or (default.api_key if same else None),
        )

    def text(self, chosen: Chosen) -> TextProvider:
        return self._kept(
            ("text", _mark(chosen.text), _mark(chosen.second)),
            lambda: open_text(chosen.text, self.limits, clock=self.clock, second=chosen.second),
        )

    def embeddings(self, chosen: Chosen) -> EmbeddingProvider:
        return self._kept(
            ("embeddings", _mark(chosen.embeddings)),
            lambda: open_embeddings(chosen.embeddings, self.limits, clock=self.clock),
        )

    def images(self, chosen: Chosen) -> ImageProvider:
        return self._kept(
            ("images", _mark(chosen.images)),
            lambda: open_images(chosen.images, self._fetch, self.clock),
        )

    def speech(self, chosen: Chosen) -> Speech:
        return self._kept(("speech", _mark(chosen.speech)), lambda: self.means.open_speech(chosen.speech))

    def clips(self, chosen: Chosen) -> ClipProvider:
        return self._maker(chosen.clips)

    def _maker(self, choice: Choice) -> ClipProvider:
        return self._kept(("clips", _mark(choice)), lambda: self.means.open_clips(choice))

    def clip_makers(self, chosen: Chosen) -> ClipMakers:
        """Who can film the videos of a site that has chosen so."""
        levels, files = (chosen.clips, *chosen.more_clips), workflows(self.means.workflows)
        servers = [level for level in levels if level.provider == "comfyui"]
        films = [replace(servers[0], model=name) for name in files] if servers else []
        camera = replace(self.defaults.clips, provider="motion", model="", base_url=None, api_key=None)
        known = {*CLIPS, *brought("clips"), *LIBRARIES, *files}
        return ClipMakers(chosen.clips, (*chosen.more_clips, *films, camera), known, self._opens)

    def _opens(self, choice: Choice) -> bool:
        """Whether a maker of clips has all that it needs here; touches no network."""
        try:
            maker = self._maker(choice)
        except NeedsPerson:
            return False
        if isinstance(maker, WithMotion) and not maker.opened:
            # A file or a package that is missing now may be there when it is asked for again.
            del self._opened[("clips", _mark(choice))]
            return False
        return True

    def renderer(self, chosen: Chosen) -> Renderer:
        return self._kept(
            ("renderer", _mark(chosen.renderer)), lambda: self.means.open_renderer(chosen.renderer)
        )

    def studio(self, chosen: Chosen, workspace_id: int) -> ChosenStudio:
        """What the site's videos are made with; nothing of it is opened before it is asked for."""
        return ChosenStudio(
            self.means,
            lambda: self.speech(chosen),
            lambda: self.clips(chosen),
            lambda: self.renderer(chosen),
            workspace_id,
        )

    def _use(self, scarce: str, chosen: Chosen) -> Use | None:
        """How the chosen maker of clips uses what a host has one of: text models make room for it before."""
        maker = self.clips(chosen)
        if maker.scarce != scarce:
            return None
        texts = [choice for choice in (chosen.text, chosen.embeddings, chosen.second) if choice is not None]
        key = f"{chosen.clips.spelled} {chosen.clips.base_url or ''}"
        return Use(key, lambda: unload(texts), maker.free)

    async def _fetch(self, url: str) -> bytes:
        """A picture from an address in a provider's answer, past the outbound guard."""
        return (await self.fetcher.fetch(url)).body

    def _kept(self, key: tuple[Any, ...], open_it: Callable[[], P]) -> P:
        if key not in self._opened:
            self._opened[key] = open_it()
        kept: P = self._opened[key]
        return kept


def _given(choices: Mapping[str, Any]) -> dict[str, str]:
    return {kind: text for kind, text in choices.items() if text}


def _mark(choice: Choice | None) -> tuple[Any, ...] | None:
    if choice is None:
        return None
    key = choice.api_key.get_secret_value() if choice.api_key else None
    return (choice.spelled, choice.base_url, key, choice.timeout, choice.concurrency)
