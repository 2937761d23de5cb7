"""How one model is asked for typed answers: instructions, schema, settings, and what its server refuses."""

import json
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from pydantic import BaseModel
from pydantic_ai.exceptions import ModelAPIError, ModelHTTPError
from pydantic_ai.messages import InstructionPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from nightdesk.kit.endings import NeedsPerson
from nightdesk.providers.choice import Choice
from nightdesk.providers.text.contract import Question

Mode = Literal["native", "tool", "prompted", "plain"]
MODES: tuple[Mode, ...] = get_args(Mode)

SCHEMA_IN_WORDS = "{instructions}\n\nAnswer with one JSON object that is valid against this schema:\n{schema}"

SCHEMA_WORDS = ("response_format", "json_schema", "structured output", "guided", "grammar")
LIMIT_WORDS = ("max_tokens", "max_completion_tokens")
THINKING_WORDS = ("reasoning", "think")


@dataclass(frozen=True)
class Manner:
    """The ways of asking in which servers differ.

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


class Requests:
    """The parameters of requests to one model.

    Options of the choice: `output` (a mode of `Manner`; by default the first that the model is known to
    support), `thinking` (true, false, `minimal` to `high`; off by default on Ollama, where it eats the room
    for the answer), `temperature`, `headers` (a table of further HTTP headers that a gateway wants).
    """

    def __init__(self, model: Model, choice: Choice) -> None:
        self._options = choice.options
        local = choice.provider == "ollama"
        compatible = choice.provider == "openai" and choice.base_url is not None
        self.manner = Manner(
            _mode(model, choice),
            old_limit=local or compatible,
            no_thinking=local and not choice.options.get("thinking"),
        )
        # OpenAI itself holds an answer to its schema only where it is asked to be strict.
        self._strict = True if choice.provider == "openai" and not compatible else None
        self._schemas: dict[type[BaseModel], dict[str, Any]] = {}

    def parameters(self, question: Question[Any], manner: Manner) -> ModelRequestParameters:
        """Instructions, and the answer's type as the model is told of it. There is never a tool to run."""
        schema = self._schema(question.answer)
        if manner.mode == "tool":
            return ModelRequestParameters(
                output_mode="tool",
                output_tools=[
                    ToolDefinition(
                        name=question.name,
                        description="Gives the answer.",
                        parameters_json_schema=schema,
                        kind="output",
                    )
                ],
                allow_text_output=False,
                instruction_parts=_said(question.instructions),
            )
        answer = OutputObjectDefinition(json_schema=schema, name=question.name, strict=self._strict)
        if manner.mode == "native":
            return ModelRequestParameters(
                output_mode="native",
                output_object=answer,
                instruction_parts=_said(question.instructions),
            )
        # The words are ours and stand in the one system message: chat templates of local models know but one.
        words = SCHEMA_IN_WORDS.format(instructions=question.instructions, schema=json.dumps(schema))
        if manner.mode == "prompted":
            return ModelRequestParameters(
                output_mode="prompted",
                output_object=answer,
                prompted_output_template=False,
                instruction_parts=_said(words),
            )
        return ModelRequestParameters(instruction_parts=_said(words))

    def settings(self, room: int, manner: Manner) -> ModelSettings:
        """`room`: tokens that the answer may take, thinking included."""
        settings = ModelSettings()
        extra: dict[str, Any] = {}
        if manner.old_limit:
            extra["max_tokens"] = room
        else:
            settings["max_tokens"] = room
        if manner.no_thinking:
            extra["reasoning_effort"] = "none"
        elif "thinking" in self._options:
            settings["thinking"] = self._options["thinking"]
        if "temperature" in self._options:
            settings["temperature"] = float(self._options["temperature"])
        if extra:
            settings["extra_body"] = extra
        return settings

    def _schema(self, answer: type[BaseModel]) -> dict[str, Any]:
        if answer not in self._schemas:
            self._schemas[answer] = answer.model_json_schema()
        return self._schemas[answer]


def _said(words: str) -> list[InstructionPart]:
    return [InstructionPart(content=words)]


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
