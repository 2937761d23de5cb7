"""Puts a question of the article line to the site's text provider."""

from pydantic import BaseModel

from nightdesk.lines.asking import put, worded
from nightdesk.providers.text.contract import A
from nightdesk.stage import Bench

LINE = "article"


async def ask(bench: Bench, name: str, data: BaseModel, answer: type[A], max_tokens: int = 8192) -> A:
    """The answer to the question `name`. Raises as `put`."""
    question = worded(LINE, name, bench.site.prompts, data, answer, max_tokens)
    return await put(bench.text, question, bench.meter)
