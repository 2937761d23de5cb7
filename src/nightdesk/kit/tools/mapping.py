"""Fits calls and answers of foreign tools to ours: what is filled into arguments, what lies where."""

from collections.abc import Mapping
from typing import Any


def at(found: Any, path: str) -> Any:
    """What lies at the end of a dotted path; None where a step leads nowhere."""
    for step in filter(None, path.split(".")):
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


def filled(value: Any, facts: Mapping[str, Any]) -> Any:
    """A value with each `{name}` in it replaced; one that is a single name in braces keeps that one's type.

    Goes down into lists and objects. What is filled in is not looked through for names again.
    """
    if isinstance(value, Mapping):
        return {name: filled(one, facts) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, facts) for one in value]
    if not isinstance(value, str):
        return value
    if value[:1] == "{" and value[-1:] == "}" and value[1:-1] in facts:
        return facts[value[1:-1]]
    return "".join(_pieces(value, facts))


def _pieces(value: str, facts: Mapping[str, Any]) -> list[str]:
    found, rest = [], value
    while rest:
        before, brace, after = rest.partition("{")
        found.append(before)
        name, end, rest_after = after.partition("}")
        if brace and end and name in facts:
            found.append(str(facts[name]))
            rest = rest_after
        else:
            found.append(brace)
            rest = after
    return found
