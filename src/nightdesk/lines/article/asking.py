"""Puts a stage's question to the site's text provider and hands back an answer that is fit to store."""

from importlib import resources
from typing import Any

from pydantic import BaseModel, ValidationError

from nightdesk.kit.endings import Refused
from nightdesk.kit.text import clean
from nightdesk.providers.text.contract import A, Question
from nightdesk.providers.text.questions import SiteBrief
from nightdesk.stage import Bench
from nightdesk.store.tables.tenancy import Site

LONGEST_INSTRUCTIONS = 20_000
_SHIPPED = resources.files("nightdesk.lines.article") / "prompts"


async def ask(bench: Bench, name: str, data: BaseModel, answer: type[A], max_tokens: int = 8192) -> A:
    """The answer to the question `name`, whose instructions are the site's own or else the shipped ones.

    Its texts hold no control characters. Raises as `TextProvider.ask`, and `Refused` for an answer that is
    not of the type asked for.
    """
    question = Question(name, instructions(name, bench.site), data, answer, max_tokens)
    given = await bench.text.ask(question, bench.meter)
    try:
        return answer.model_validate(_cleaned(given.model_dump(warnings=False)))
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        raise Refused(f"The answer to `{name}` cannot be used: {where}: {fault['msg']}.") from None


def instructions(name: str, site: Site) -> str:
    """What the provider is told to do: the site's own text of that name, else the one shipped."""
    own = str(site.prompts.get(name) or "").strip()
    if own:
        return own[:LONGEST_INSTRUCTIONS]
    return (_SHIPPED / f"{name}.md").read_text("utf-8").strip()


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
