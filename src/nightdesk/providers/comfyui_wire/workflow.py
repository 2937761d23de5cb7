"""Fills a ComfyUI workflow (as "Export (API)" writes it) with what one picture or clip needs."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nightdesk.kit.endings import NeedsPerson

Workflow = Mapping[str, Any]
Value = str | int | float

_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_SEEDS = ("seed", "noise_seed")


def read_workflow(path: Path) -> Workflow:
    """The workflow in a file. Raises `NeedsPerson`, saying what to change, where it cannot be used."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as why:
        raise NeedsPerson(
            f"the ComfyUI workflow {path} cannot be read ({why}): set the option workflow"
        ) from why
    if not isinstance(found, dict) or "nodes" in found or not found:
        raise NeedsPerson(f"the ComfyUI workflow {path.name} is no API export: save it with 'Export (API)'")
    if not all(isinstance(node, dict) and "class_type" in node for node in found.values()):
        raise NeedsPerson(f"the ComfyUI workflow {path.name} has a node without class_type: export it again")
    if "prompt" not in places(found):
        raise NeedsPerson(
            f"the ComfyUI workflow {path.name} has no {{{{prompt}}}} in it: put it where the text goes"
        )
    return found


def places(workflow: Workflow) -> frozenset[str]:
    """The names of the placeholders that are in it."""
    return frozenset(_PLACE.findall(json.dumps(workflow)))


def filled(workflow: Workflow, values: Mapping[str, Value]) -> dict[str, Any]:
    """The workflow with its placeholders replaced, `{{prompt}}` by `values["prompt"]` and so on.

    Without placeholders for them, `width` and `height` of empty-latent nodes and every literal `seed` or
    `noise_seed` are set. A string that is one placeholder and nothing else takes a number's own type; a
    placeholder that has no value stays as it is.
    """
    written = places(workflow)
    return {
        name: {
            **_replaced(node, values),
            "inputs": _set(node, _replaced(node.get("inputs", {}), values), values, written),
        }
        for name, node in workflow.items()
    }


def _replaced(part: Any, values: Mapping[str, Value]) -> Any:
    if isinstance(part, dict):
        return {name: _replaced(inner, values) for name, inner in part.items()}
    if isinstance(part, list):
        return [_replaced(inner, values) for inner in part]
    if not isinstance(part, str):
        return part
    whole = _PLACE.fullmatch(part)
    if whole and whole[1] in values:
        return values[whole[1]]
    return _PLACE.sub(lambda found: str(values.get(found[1], found[0])), part)


def _set(
    node: Mapping[str, Any], inputs: dict[str, Any], values: Mapping[str, Value], written: frozenset[str]
) -> dict[str, Any]:
    changed = dict(inputs)
    empty = "Latent" in str(node["class_type"]) and {"width", "height"} <= inputs.keys()
    for name in inputs:
        literal = isinstance(inputs[name], int)
        if literal and name in ("width", "height") and empty and name not in written:
            changed[name] = values[name]
        if literal and name in _SEEDS and "seed" not in written:
            changed[name] = values["seed"]
    return changed
