"""Reads a model's response as the typed answer that was asked for, or says why it cannot be used."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart

A = TypeVar("A", bound=BaseModel)

KEPT = 64 * 1024
"""Characters of an unusable answer that are kept."""

OBJECTIONS = 6
"""Mistakes of one answer that are told to the model, the first ones."""


class Unusable(Exception):
    """The model answered, but not with what was asked for.

    `why` is for a person and may quote the model; `objection` is for the model's next try and never does, so
    that nothing it was made to say comes back as an instruction. `cut` says that the answer ran out of room.
    """

    def __init__(self, why: str, *, raw: str = "", objection: str = "", cut: bool = False) -> None:
        self.why = why
        self.raw = raw[:KEPT]
        self.objection = objection or why
        self.cut = cut
        super().__init__(why)


def read(response: ModelResponse, answer: type[A]) -> A:
    """The answer in `response`; fields that `answer` does not know are dropped. Raises `Unusable`."""
    raw = said(response)
    cut = response.finish_reason == "length"
    if not raw.strip():
        raise _nothing(response, cut)
    try:
        return answer.model_validate_json(_json_of(raw))
    except ValidationError as invalid:
        objection = _mistakes(invalid)
        why = "ran out of room" if cut else f"did not fit the question ({objection})"
        raise Unusable(why, raw=raw, objection=objection, cut=cut) from None


def said(response: ModelResponse) -> str:
    """What the model said, by a call of the answering tool or in plain text; its thinking is left out."""
    for part in response.parts:
        if isinstance(part, ToolCallPart):
            return part.args_as_json_str()
    return "".join(part.content for part in response.parts if isinstance(part, TextPart))


def _nothing(response: ModelResponse, cut: bool) -> Unusable:
    if response.finish_reason == "content_filter":
        words = str((response.provider_details or {}).get("refusal") or "")
        return Unusable(f"declined to answer. {words[:300]}".rstrip(), raw=words, objection="it was declined")
    if cut:
        return Unusable("ran out of room before it said anything", cut=True)
    return Unusable("was empty")


def _json_of(raw: str) -> str:
    """The JSON object in `raw`, without the fences and pleasantries that some models put around it."""
    start, end = raw.find("{"), raw.rfind("}")
    return raw[start : end + 1] if -1 < start < end else raw


def _mistakes(invalid: ValidationError) -> str:
    mistakes = invalid.errors(include_url=False, include_context=False, include_input=False)
    told = "; ".join(f"{_place(mistake['loc'])}{mistake['msg']}" for mistake in mistakes[:OBJECTIONS])
    left_out = len(mistakes) - OBJECTIONS
    return f"{told}; and {left_out} more" if left_out > 0 else told


def _place(location: tuple[int | str, ...]) -> str:
    return f"{'.'.join(map(str, location))}: " if location else ""
