"""Finds workflow files by name: the operator's in a folder, then the examples that are shipped."""

import re
from pathlib import Path

from nightdesk.kit.endings import NeedsPerson

EXAMPLES = Path(__file__).with_name("workflows")
"""Workflows for LTX-Video and LTX-2; the models that they load have to lie on the ComfyUI server."""

_NAME = re.compile(r"\w[\w.+ -]{0,79}")


def workflows(folder: Path | None) -> tuple[str, ...]:
    """The names that can be chosen, each a file `NAME.json`; the operator's own hide examples."""
    folders = [EXAMPLES] if folder is None else [folder, EXAMPLES]
    return tuple(sorted({file.stem for place in folders for file in place.glob("*.json")}))


def workflow_file(name: str, folder: Path | None) -> Path:
    """The file of a workflow. Raises `NeedsPerson`, naming those that there are, where there is none."""
    if not _NAME.fullmatch(name) or ".." in name:
        raise NeedsPerson(f"{name!r} cannot be the name of a workflow; known are {_known(folder)}.")
    for place in (folder, EXAMPLES):
        if place is not None and (place / f"{name}.json").is_file():
            return place / f"{name}.json"
    raise NeedsPerson(
        f"There is no workflow {name!r}: put {name}.json, saved by 'Export (API)', into the folder "
        f"`workflows` of the data folder, or choose one of {_known(folder)}."
    )


def _known(folder: Path | None) -> str:
    return ", ".join(workflows(folder))
