"""Fills a ComfyUI workflow (as "Export (API)" writes it) with what one picture needs."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nightdesk.kit.endings import NeedsPerson
from nightdesk.providers.images.contract import PictureRequest

Workflow = Mapping[str, Any]

_PLACE = re.compile(r"\{\{\s*(prompt|negative|width|height|seed)\s*\}\}")
_SEEDS = ("seed", "noise_seed")
_STEP = 16


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
    if "prompt" not in _PLACE.findall(json.dumps(found)):
        raise NeedsPerson(
            f"the ComfyUI workflow {path.name} has no {{{{prompt}}}} in it: put it where the text goes"
        )
    return found


def filled(workflow: Workflow, request: PictureRequest, negative: str = "") -> dict[str, Any]:
    """The workflow with its placeholders replaced; sides are rounded up to multiples of 16.

    Without placeholders for them, `width` and `height` of empty-latent nodes and every literal `seed` or
    `noise_seed` are set. A string that is one placeholder and nothing else takes a number's own type.
    """
    values: dict[str, str | int] = {
        "prompt": request.prompt,
        "negative": negative,
        "width": -(-request.width // _STEP) * _STEP,
        "height": -(-request.height // _STEP) * _STEP,
        "seed": request.seed,
    }
    written = set(_PLACE.findall(json.dumps(workflow)))
    return {
        name: {
            **_replaced(node, values),
            "inputs": _set(node, _replaced(node.get("inputs", {}), values), values, written),
        }
        for name, node in workflow.items()
    }


def _replaced(part: Any, values: Mapping[str, str | int]) -> Any:
    if isinstance(part, dict):
        return {name: _replaced(inner, values) for name, inner in part.items()}
    if isinstance(part, list):
        return [_replaced(inner, values) for inner in part]
    if not isinstance(part, str):
        return part
    whole = _PLACE.fullmatch(part)
    return values[whole[1]] if whole else _PLACE.sub(lambda found: str(values[found[1]]), part)


def _set(
    node: Mapping[str, Any], inputs: dict[str, Any], values: Mapping[str, str | int], written: set[str]
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
