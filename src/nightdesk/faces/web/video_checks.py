"""Tells what the checks of a video found: of its script before it was voiced, and of its file after it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

OF_SCRIPT = {
    "script": ("Length and form", "Whether the script fits its time and can be read aloud."),
    "grounding": ("Facts and figures", "Whether the sources say what the script says."),
    "instructions": ("Hidden orders", "Text that reads like orders to a machine."),
    "judge": ("A second reading", "What another reading of the script found."),
}
OF_FILE = {
    "decoding": "Plays to its end",
    "duration": "Length",
    "shape": "Size and shape",
    "black": "Black frames",
    "frozen": "Frozen frames",
    "silence": "Silence",
    "clipping": "Clipping",
    "loudness": "Loudness",
    "captions": "Captions",
    "repetition": "Shown before",
}
TONES = {"serious": "red", "fail": "red", "warning": "yellow", "warn": "yellow", "info": "secondary"}
_RANK = ("red", "yellow", "secondary", "green")


@dataclass(frozen=True)
class Check:
    """One check: its worst finding's tone, and what it says; `mend` is what was found, the worst first."""

    title: str
    about: str
    tone: str
    says: str = ""
    mend: list[tuple[str, str]] = field(default_factory=list)


def told(checks: Mapping[str, Any]) -> list[Check]:
    """Those with something to mend first."""
    found = [*_of_script(checks), *_of_file(checks.get("video") or {})]
    return sorted(found, key=lambda check: _RANK.index(check.tone))


def _of_script(checks: Mapping[str, Any]) -> Iterator[Check]:
    for name, (title, about) in OF_SCRIPT.items():
        report = checks.get(name)
        if not isinstance(report, dict):
            continue
        mend = [
            (TONES.get(str(one.get("severity")), "secondary"), str(one.get("message", "")))
            for one in report.get("findings") or []
        ]
        mend.sort(key=lambda one: _RANK.index(one[0]))
        yield Check(title, about, mend[0][0] if mend else "green", "" if mend else "Nothing to mend.", mend)


def _of_file(report: Mapping[str, Any]) -> Iterator[Check]:
    for one in report.get("checks") or []:
        name, message = str(one.get("name")), str(one.get("message", ""))
        tone = TONES.get(str(one.get("status")), "green")
        mend = [(tone, message)] if tone != "green" else []
        yield Check(OF_FILE.get(name, name.capitalize()), "", tone, "" if mend else message, mend)
