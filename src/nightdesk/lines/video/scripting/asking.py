"""Puts a question about a script to a text provider and hands back an answer that is fit to keep."""

from collections.abc import Mapping
from importlib import resources

from pydantic import BaseModel, ValidationError

from nightdesk.kit.endings import Refused
from nightdesk.providers.calls import Meter
from nightdesk.providers.text.contract import A, Question, TextProvider

LONGEST_INSTRUCTIONS = 20_000
_SHIPPED = resources.files("nightdesk.lines.video") / "prompts"


async def put(
    ask: TextProvider, name: str, data: BaseModel, answer: type[A], meter: Meter, own: Mapping[str, str]
) -> A:
    """The answer to the question `name`; `own` are the site's instructions, which go before the shipped ones.

    Raises as `TextProvider.ask`, and `Refused` for an answer that is not of the type asked for.
    """
    given = await ask.ask(Question(name, instructions(name, own), data, answer), meter)
    try:
        return answer.model_validate(given.model_dump(warnings=False))
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        raise Refused(f"{ask.label} gave no usable answer to `{name}`: {where}: {fault['msg']}.") from None


def instructions(name: str, own: Mapping[str, str]) -> str:
    """What the provider is told to do: the site's own text of that name, else the one shipped."""
    text = str(own.get(name) or "").strip()
    return text[:LONGEST_INSTRUCTIONS] if text else (_SHIPPED / f"{name}.md").read_text("utf-8").strip()
