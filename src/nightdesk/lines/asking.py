"""Puts a line's questions to a text provider and hands back answers that are fit to store."""

from collections.abc import Mapping
from importlib import resources
from typing import Any

from pydantic import BaseModel, ValidationError

from nightdesk.kit.endings import Refused
from nightdesk.kit.text import clean
from nightdesk.providers.calls import Meter
from nightdesk.providers.text.contract import A, Question, TextProvider
from nightdesk.providers.text.questions import SiteBrief
from nightdesk.store.tables.tenancy import Site

LONGEST_INSTRUCTIONS = 20_000


async def put(provider: TextProvider, question: Question[A], meter: Meter) -> A:
    """The answer to the question; its texts hold no control characters.

    Raises as `TextProvider.ask`, and `Refused` for an answer that is not of the type asked for.
    """
    given = await provider.ask(question, meter)
    try:
        return question.answer.model_validate(_cleaned(given.model_dump(warnings=False)))
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        raise Refused(
            f"{provider.label} gave no usable answer to `{question.name}`: {where}: {fault['msg']}."
        ) from None


def worded(
    line: str, name: str, own: Mapping[str, Any], data: BaseModel, answer: type[A], max_tokens: int = 8192
) -> Question[A]:
    """The question of that name of a line, with the instructions that hold for a site."""
    return Question(name, instructions(line, name, own), data, answer, max_tokens)


def instructions(line: str, name: str, own: Mapping[str, Any]) -> str:
    """What the provider is told to do: the site's own text of that name, else the one that ships."""
    text = str(own.get(name) or "").strip()
    if text:
        return text[:LONGEST_INSTRUCTIONS]
    return (resources.files(f"nightdesk.lines.{line}") / "prompts" / f"{name}.md").read_text("utf-8").strip()


def site_brief(site: Site) -> SiteBrief:
    """What every question says of the site; its style is told with its voice."""
    return SiteBrief(
        name=site.name,
        subject=site.subject,
        audience=site.audience,
        language=site.language,
        voice="\n".join(filter(None, (site.voice, site.style))),
    )


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {name: _cleaned(one) for name, one in value.items()}
    return value
