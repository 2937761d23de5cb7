"""What is sent to one model for a question: instructions, the schema of the answer, settings."""

import json
from typing import Any

from pydantic import BaseModel
from pydantic_ai.messages import InstructionPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from nightdesk.providers.choice import Choice
from nightdesk.providers.text.contract import Question
from nightdesk.providers.text.manner import Manner, first_manner

SCHEMA_IN_WORDS = "{instructions}\n\nAnswer with one JSON object that is valid against this schema:\n{schema}"


class Requests:
    """The parameters of requests to one model.

    Options of the choice: `output` (a mode of `Manner`; by default the first that the model is known to
    support), `thinking` (true, false, `minimal` to `high`; off by default on Ollama, where it eats the room
    for the answer), `temperature`, `headers` (a table of further HTTP headers that a gateway wants).
    """

    def __init__(self, model: Model, choice: Choice) -> None:
        self._model = model
        self._options = choice.options
        self.manner = first_manner(model, choice)
        self._speaks_openai = choice.provider in ("openai", "ollama")
        # OpenAI itself holds an answer to its schema only where it is asked to be strict.
        self._strict = True if choice.provider == "openai" and choice.base_url is None else None
        self._answers: dict[type[BaseModel], OutputObjectDefinition] = {}
        self._formats: dict[type[BaseModel], dict[str, Any]] = {}

    def parameters(self, question: Question[Any], manner: Manner) -> ModelRequestParameters:
        """Instructions, and the answer's type as the model is told of it. There is never a tool to run."""
        answer = self._answer(question)
        said = [InstructionPart(content=question.instructions)]
        if manner.mode == "tool":
            tool = ToolDefinition(
                name=question.name,
                parameters_json_schema=answer.json_schema,
                description="Gives the answer.",
                kind="output",
            )
            return ModelRequestParameters(
                output_mode="tool", output_tools=[tool], allow_text_output=False, instruction_parts=said
            )
        if manner.mode == "native":
            if self._speaks_openai:
                return ModelRequestParameters(instruction_parts=said)
            return ModelRequestParameters(output_mode="native", output_object=answer, instruction_parts=said)
        # The words are ours and stand in the one system message: chat templates of local models know but one.
        words = SCHEMA_IN_WORDS.format(
            instructions=question.instructions, schema=json.dumps(answer.json_schema)
        )
        said = [InstructionPart(content=words)]
        if manner.mode == "prompted":
            return ModelRequestParameters(
                output_mode="prompted",
                output_object=answer,
                prompted_output_template=False,
                instruction_parts=said,
            )
        return ModelRequestParameters(instruction_parts=said)

    def settings(self, question: Question[Any], room: int, manner: Manner) -> ModelSettings:
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
        if manner.mode == "native" and self._speaks_openai:
            extra["response_format"] = self._format(question)
        if extra:
            settings["extra_body"] = extra
        return settings

    def _answer(self, question: Question[Any]) -> OutputObjectDefinition:
        if question.answer not in self._answers:
            self._answers[question.answer] = OutputObjectDefinition(
                question.answer.model_json_schema(), name=question.name, strict=self._strict
            )
        return self._answers[question.answer]

    def _format(self, question: Question[Any]) -> dict[str, Any]:
        # Worked out once an answer's type and sent beside what the openai package looks through: adapting the
        # schema and looking through it again took a seventh of the CPU of each call.
        if question.answer not in self._formats:
            native = ModelRequestParameters(output_mode="native", output_object=self._answer(question))
            adapted = self._model.customize_request_parameters(native).output_object or self._answer(question)
            schema: dict[str, Any] = {"name": question.name, "schema": adapted.json_schema}
            if self._model.profile.get("openai_supports_strict_tool_definition", True):
                schema["strict"] = adapted.strict
            self._formats[question.answer] = {"type": "json_schema", "json_schema": schema}
        return self._formats[question.answer]
