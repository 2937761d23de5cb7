"""Finds what a render with Remotion needs on this machine: the person's project, Node.js and Chromium."""

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightdesk.kit.endings import NeedsPerson

COMPOSITION = "Nightdesk"
BROWSERS = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "google-chrome",
    "chromium-browser",
)
_CLI = Path("node_modules/@remotion/cli/remotion-cli.js")
_NAME = re.compile(r"[^\W_][\w-]{0,99}")
_NOT_SOURCES = frozenset({"node_modules", ".git", "out", "build", "dist", ".cache"})
_MOST_FILES = 20_000


@dataclass(frozen=True)
class Place:
    """A Remotion project and the programs that render it; every path whole."""

    project: Path
    node: Path
    chromium: Path
    composition: str = COMPOSITION

    @property
    def cli(self) -> Path:
        return self.project / _CLI

    @property
    def chrome_mode(self) -> str:
        """Remotion starts a browser with windows otherwise than one that never had any."""
        return "headless-shell" if "headless" in self.chromium.name else "chrome-for-testing"

    def mark(self) -> str:
        """What tells this state of the project from another: its files' names, sizes and times."""
        found = []
        for folder, inner, files in os.walk(self.project):
            inner[:] = sorted(name for name in inner if name not in _NOT_SOURCES)
            for name in sorted(files)[: _MOST_FILES - len(found)]:
                facts = Path(folder, name).lstat()
                found.append(
                    (str(Path(folder, name).relative_to(self.project)), facts.st_size, facts.st_mtime_ns)
                )
        return repr((self.composition, found))


def place(model: str, options: Mapping[str, Any]) -> Place:
    """The place that the operator's `options` name: `project`, `node`, `chromium`; `model` is a composition.

    Raises `NeedsPerson` with what has to be done where one of them is missing.
    """
    project = _project(options.get("project"))
    if model and not _NAME.fullmatch(model):
        raise NeedsPerson(
            f"A composition of Remotion has letters, digits and dashes in its name: {model[:40]!r} has others."
        )
    node = _program(options.get("node"), ("node",))
    if node is None:
        raise NeedsPerson(
            "Remotion needs Node.js: install it, or name the program in NIGHTDESK_REMOTION_NODE."
        )
    chromium = _program(options.get("chromium"), BROWSERS)
    if chromium is None:
        raise NeedsPerson(
            "Remotion needs Chromium: install it (say, the package chromium-headless-shell), or name the program "
            "in NIGHTDESK_REMOTION_CHROMIUM."
        )
    return Place(project, node, chromium, model or COMPOSITION)


def _project(named: Any) -> Path:
    if not named:
        raise NeedsPerson(
            "There is no Remotion project: who runs the desk names its folder in NIGHTDESK_REMOTION_PROJECT."
        )
    project = Path(named).expanduser().absolute()
    if not (project / "package.json").is_file():
        raise NeedsPerson(f"There is no Remotion project in {project}: correct NIGHTDESK_REMOTION_PROJECT.")
    if not (project / _CLI).is_file():
        raise NeedsPerson(f"The Remotion project in {project} is not installed: run `npm ci` there.")
    return project


def _program(named: Any, usual: tuple[str, ...]) -> Path | None:
    """The one that is named, else the first of the usual ones that is installed."""
    for name in (str(named),) if named else usual:
        found = shutil.which(name)
        if found:
            return Path(found).absolute()
    return None
