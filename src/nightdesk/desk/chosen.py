"""What holds for one site: its choices, kind by kind, and for whom the keys are that were entered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nightdesk.kit.sealing import place
from nightdesk.providers.choice import Choice
from nightdesk.store.tables.access import ProviderKey


@dataclass(frozen=True)
class Chosen:
    """The choices that hold for one site, kind by kind; `second` is the text model to fall back to."""

    text: Choice
    embeddings: Choice
    images: Choice
    speech: Choice
    clips: Choice
    renderer: Choice
    second: Choice | None = None
    more_clips: Sequence[Choice] = ()
    """Makers of clips that the workspace or the operator chose, where somebody chose another over them."""


def key_place(row: ProviderKey) -> str:
    """Where a provider's key is sealed to: moved to another row it does not open."""
    return place(row.workspace_id, "provider_keys", f"{row.site_id or 0}:{row.kind}", "sealed")


def is_meant(row: ProviderKey, of_site: Mapping[str, Any], of_workspace: Mapping[str, Any]) -> bool:
    """Whether a key is for what the site uses: a workspace's goes to the provider that it chose alone."""
    own, theirs = of_site.get(row.kind), of_workspace.get(row.kind)
    if row.site_id is not None or not own or not theirs:
        return True
    return Choice.parse(own).provider == Choice.parse(theirs).provider
