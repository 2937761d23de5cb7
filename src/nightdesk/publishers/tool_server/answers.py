"""What a tool's answer means: out, with its number; certainly not; or nobody knows."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from nightdesk.kit.endings import Later, Refused
from nightdesk.kit.tools import Answered, at
from nightdesk.publisher import Live, Unclear
from nightdesk.publishers.calling import words
from nightdesk.publishers.tool_server.presets import Mapped

_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,100}")
MOST_TEXT = 100_000
"""Characters of an answer that are searched for a number."""


def live(answer: Answered, mapped: Mapped, arguments: Mapping[str, Any]) -> Live:
    """What went out. Raises `Refused`, `Later` where the answer proves that nothing did, else `Unclear`.

    A number counts only where the tool does not say that it failed, and never where the answer repeats what
    was sent: that may hold the address of another post.
    """
    text = _without(answer.text[:MOST_TEXT], _sent(arguments))
    if not answer.failed and (number := _number(answer, text, mapped)):
        return Live(number, mapped.url.replace("{id}", number) if mapped.url else "")
    says = words(text) or "nothing"
    if _has(text, mapped.busy):
        raise Later(f"The tool `{mapped.tool}` takes no more just now: “{says}”", 900)
    if _has(text, mapped.declined):
        raise Refused(f"The tool `{mapped.tool}` did not post it: “{says}”")
    how = "failed" if answer.failed else "answered without the number of a post"
    raise Unclear(f"The tool `{mapped.tool}` {how}: “{says}”", "answered")


def _number(answer: Answered, text: str, mapped: Mapped) -> str:
    for value in (answer.structured, _json(text)) if mapped.id_path else ():
        found = at(value, mapped.id_path)
        if isinstance(found, int) and not isinstance(found, bool) and found > 0:
            return str(found)
        if isinstance(found, str) and _NUMBER.fullmatch(found):
            return found
    if mapped.id_after:
        _, there, rest = text.partition(mapped.id_after)
        if there and (number := _NUMBER.match(rest)):
            return number[0]
    return ""


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _has(text: str, said: Iterable[str]) -> bool:
    return any(one.casefold() in text.casefold() for one in said)


def _sent(value: Any) -> list[str]:
    """The texts that were sent, the longest first."""
    if isinstance(value, Mapping):
        found = [text for one in value.values() for text in _sent(one)]
    elif isinstance(value, list | tuple):
        found = [text for one in value for text in _sent(one)]
    else:
        found = [value] if isinstance(value, str) and len(value) > 8 else []
    return sorted(found, key=len, reverse=True)


def _without(text: str, sent: Iterable[str]) -> str:
    for one in sent:
        text = text.replace(one, "").replace(json.dumps(one)[1:-1], "")
        text = text.replace(json.dumps(one, ensure_ascii=False)[1:-1], "")
    return text
