"""The ways of asking in which models' servers differ, and how to ask one more plainly that refuses."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

from pydantic_ai.exceptions import ModelAPIError, ModelHTTPError
from pydantic_ai.models import Model

from nightdesk.kit.endings import NeedsPerson
from nightdesk.providers.choice import Choice

Mode = Literal["native", "tool", "prompted", "plain"]
MODES: tuple[Mode, ...] = get_args(Mode)

SCHEMA_WORDS = ("response_format", "json_schema", "structured output", "guided", "grammar")
LIMIT_WORDS = ("max_tokens", "max_completion_tokens")
THINKING_WORDS = ("reasoning", "think")


@dataclass(frozen=True)
class Manner:
    """How one model is asked.

    `mode`: `native` (the service constrains the answer to the schema), `tool` (the answer is the arguments
    of a tool that is never run), `prompted` (the schema in words). `old_limit`: the room is named
    `max_tokens`, as every server but OpenAI's own names it. `no_thinking`: the model is told not to think
    first.
    """

    mode: Mode
    old_limit: bool = False
    no_thinking: bool = False

    def without_what_was_refused(self, error: ModelAPIError) -> "Manner | None":
        """A plainer manner where `error` says that the server refused this one; else None."""
        if not isinstance(error, ModelHTTPError) or error.status_code not in (400, 422, 501):
            return None
        words = str(error.body).lower()
        if self.old_limit and any(word in words for word in LIMIT_WORDS):
            return replace(self, old_limit=False)
        if self.no_thinking and any(word in words for word in THINKING_WORDS):
            return replace(self, no_thinking=False)
        if self.mode != "plain" and any(word in words for word in SCHEMA_WORDS):
            return replace(self, mode="plain" if self.mode == "prompted" else "prompted")
        return None


def first_manner(model: Model, choice: Choice) -> Manner:
    """How `model` is asked until it refuses. Raises `NeedsPerson` where the option `output` is none."""
    local = choice.provider == "ollama"
    return Manner(
        _mode(model, choice),
        old_limit=local or (choice.provider == "openai" and choice.base_url is not None),
        no_thinking=local and not choice.options.get("thinking"),
    )


def _mode(model: Model, choice: Choice) -> Mode:
    wanted = choice.options.get("output")
    if wanted is None:
        profile = model.profile
        if profile.get("supports_json_schema_output", False):
            return "native"
        return "tool" if profile.get("supports_tools", True) else "prompted"
    for mode in MODES:
        if mode == wanted:
            return mode
    raise NeedsPerson(f"The option `output` of {choice.spelled} is one of: {', '.join(MODES)}.")
