"""Which provider and model were chosen for a kind of work, by environment, workspace or site."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr


@dataclass(frozen=True)
class Choice:
    """A chosen provider, written `provider` or `provider:model` (`offline`, `openai:gpt-5-mini`)."""

    provider: str
    model: str = ""
    base_url: str | None = None
    api_key: SecretStr | None = None
    timeout: float = 120.0
    concurrency: int = 16
    options: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(
        cls, spelled: str, *, base_url: str | None = None, api_key: SecretStr | None = None, **more: Any
    ) -> "Choice":
        """Reads `provider[:model]`; the model may itself contain colons (`ollama:llama3:8b`)."""
        provider, _, model = spelled.strip().partition(":")
        return cls(provider.lower(), model, base_url, api_key, **more)

    @property
    def spelled(self) -> str:
        return f"{self.provider}:{self.model}" if self.model else self.provider
