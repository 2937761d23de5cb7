"""Reaches each service that has models: who we are there, and which wire it speaks."""

from collections.abc import Callable

import httpx2
from pydantic_ai.models import Model

from nightdesk.kit.endings import NeedsPerson
from nightdesk.providers.choice import Choice

OPENAI = "https://api.openai.com/v1"
ANTHROPIC = "https://api.anthropic.com"
OLLAMA = "http://127.0.0.1:11434/v1"
"""Where Ollama listens unless told otherwise. It cuts a prompt to its own context length without a word: set
`OLLAMA_CONTEXT_LENGTH` to 16384 or more for it."""

NO_KEY = "no-key"
"""Sent to servers that want none, so that no key from the process's environment goes to them."""


def openai(choice: Choice, http: httpx2.AsyncClient) -> Model:
    """OpenAI, or any server that speaks its chat completions, at `base_url`."""
    from openai import AsyncOpenAI  # noqa: PLC0415
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider  # noqa: PLC0415

    key = NO_KEY if choice.base_url and not choice.api_key else key_of(choice)
    client = AsyncOpenAI(
        base_url=choice.base_url or OPENAI, api_key=key, http_client=http, max_retries=0, timeout=http.timeout
    )
    if choice.base_url:
        return OpenAIChatModel(
            choice.model, provider=OpenAICompatibleProvider("openai-compatible", openai_client=client)
        )
    return OpenAIChatModel(choice.model, provider=OpenAIProvider(openai_client=client))


def ollama(choice: Choice, http: httpx2.AsyncClient) -> Model:
    """Models on this machine or in the house, through Ollama's OpenAI-compatible address."""
    from openai import AsyncOpenAI  # noqa: PLC0415
    from pydantic_ai.models.ollama import OllamaModel  # noqa: PLC0415
    from pydantic_ai.providers.ollama import OllamaProvider  # noqa: PLC0415

    key = choice.api_key.get_secret_value() if choice.api_key else NO_KEY
    client = AsyncOpenAI(
        base_url=choice.base_url or OLLAMA, api_key=key, http_client=http, max_retries=0, timeout=http.timeout
    )
    return OllamaModel(choice.model, provider=OllamaProvider(openai_client=client))


def anthropic(choice: Choice, http: httpx2.AsyncClient) -> Model:
    from anthropic import AsyncAnthropic  # type: ignore[import-not-found,unused-ignore] # noqa: PLC0415
    from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415
    from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415

    client = AsyncAnthropic(
        api_key=key_of(choice), base_url=choice.base_url or ANTHROPIC, http_client=http, max_retries=0
    )
    return AnthropicModel(choice.model, provider=AnthropicProvider(anthropic_client=client))


def google(choice: Choice, http: httpx2.AsyncClient) -> Model:
    from google.genai import types  # type: ignore[import-not-found,import-untyped,unused-ignore] # noqa: PLC0415
    from pydantic_ai.models.google import GoogleModel  # noqa: PLC0415
    from pydantic_ai.providers.google import GoogleProvider  # noqa: PLC0415

    provider = GoogleProvider(
        api_key=key_of(choice),
        http_client=http,
        base_url=choice.base_url,
        retry_options=types.HttpRetryOptions(attempts=1),
    )
    return GoogleModel(choice.model, provider=provider)


def key_of(choice: Choice) -> str:
    """The key of this choice and no other: the process's own variables for an SDK are never looked at."""
    if choice.api_key is None or not choice.api_key.get_secret_value().strip():
        raise NeedsPerson(
            f"{choice.spelled} needs a key: set NIGHTDESK_TEXT_API_KEY or enter one on the settings page. "
            "The provider `offline` needs none."
        )
    return choice.api_key.get_secret_value().strip()


SERVICES: dict[str, Callable[[Choice, httpx2.AsyncClient], Model]] = {
    "openai": openai,
    "anthropic": anthropic,
    "google": google,
    "ollama": ollama,
}
