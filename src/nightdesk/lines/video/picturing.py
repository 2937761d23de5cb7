"""Says what a scene's picture shows of it, and where on the picture type may stand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nightdesk.kit.text import shorten
from nightdesk.lines.video.key_figure import key_figure
from nightdesk.lines.video.watermark import LOGO_SHARE, NAME_SHARE
from nightdesk.media.camera import CLOSER
from nightdesk.media.captions.safe_areas import safe_area
from nightdesk.media.captions.sheet import Layout
from nightdesk.media.captions.styles import STYLES, style
from nightdesk.providers.images.contract import SceneKind, SceneView
from nightdesk.quality.number_words import NUMBER_WORDS
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene

LONGEST_HEADING, LONGEST_HOOK = 46, 60
"""Characters of a heading that is read at a glance."""
_MOST_WORDS, _MOST_HOOK_WORDS = 7, 9
_AIM = 0.02
"""How far the camera's aim may leave the picture's middle, as a share of its side, where it is closest."""
_LINE, _TALL_LINE = 1.25, 1.5
"""Ems of a line of captions, with its edges and what is under its letters; of scripts that need more."""
_TALL = ("ar", "fa", "ur", "he", "hi", "mr", "ne", "zh", "ja", "ko")
_GAP = 0.015
_EDGE, _FLAT, _MOST_MARK = 0.05, 0.25, 0.26
"""A mark's distance from the edges; a lettered name's height to its width; the most that is left to one."""

_QUOTED = re.compile(r"[“„«»「『]|(?:^|\s)[\"'‘]\w")
_VERSUS = re.compile(
    r"^(.{2,28}?) (?:vs\.?|versus|compared (?:with|to)|verglichen mit|or|oder|gegen|ou|contre|o|contra|of"
    r"|tegen) (.{2,28}?)\??$",
    re.I,
)
_ASKS = re.compile(
    r"^(?:how (?!to\b)\w+ (?:[\w-]+ ){0,3}?(?:should|can|do|does|is|are|will)|should|can|does|do|is|are"
    r"|will) \w[^?!.]*$",
    re.I,
)
_NUMBERED = re.compile(r"^\W*(?:\w+[  ])?(\w+)[:.,–—-]")
_OPENS = re.compile(
    r"^(?:first|firstly|second|secondly|third|then|next|after that|finally|lastly|step \w+"
    r"|zuerst|zunächst|dann|danach|anschließend|schließlich|schritt \w+|primero|luego|después|finalmente"
    r"|d’abord|ensuite|puis|enfin|prima|poi|infine|primeiro|depois|eerst|daarna|ten slotte)\b",
    re.I,
)
_PARTED = re.compile(r"\s*(?:[:;–—|(]|\s-\s|,\s).*$")
_ADDED = re.compile(
    r"\s(?:in|of|on|at|for|with|by|from|during|after|before|while|im|am|mit|für|bei|nach|en|con|para|de|avec|pour"
    r"|dans|per|nel|met|voor|com)(?:\s\S+){1,6}?$"
)
"""The last thing added to what a heading is on."""
_DEED = re.compile(
    r"^(?:\w+,|then|after that,|step \w+[:.,]?)\s+(\w[^,;:.!?–—]*?)(?=\s(?:and|to|for|while|until|on|in|with"
    r"|of|by|from|at|into|so|before|after|evenly|thoroughly)\s|[,;:.!?–—])",
    re.I,
)
_TRAILING = re.compile(
    r"\s+(?:a|an|the|and|or|of|in|on|at|to|for|with|by|from|is|are|your|und|oder|der|die|das|den|dem|ein|eine"
    r"|von|im|am|zu|mit|für|de|la|le|les|el|los|las|y|et|e|di|del|der)$",
    re.I,
)
_NUMBERS = {"one": 1, "eins": 1, "uno": 1, "un": 1, "um": 1, "één": 1} | {
    word: int(value) for word, value in NUMBER_WORDS.items()
}


@dataclass(frozen=True)
class Told:
    """What pictures of a video's scenes need to know of it: its words, its frame and what lies over it."""

    title: str
    kind: str
    script: Mapping[str, Any]
    language: str
    width: int
    height: int
    captions: str
    platforms: tuple[str, ...]
    mark: float
    """Pixels from the upper edge that the site's mark takes."""
    lines: Mapping[int, str]
    """What is said, by the scene's position."""
    headings: Mapping[int, str]


@dataclass(frozen=True)
class Shown:
    """A scene's heading, and the rest of what is seen."""

    heading: str
    view: SceneView


def shown(scene: Scene, video: Told) -> Shown:
    """What the picture of a scene shows: never what is said in it, which its captions show."""
    clear = clear_of(video)
    first, last = min(video.lines, default=0), max(video.lines, default=0)
    if scene.position == last != first and _said_last(scene, video):
        return Shown("", SceneView("call", clear=clear))
    if scene.position == first:
        heading = short(video.title or scene.heading, hook=True)
        return Shown(f"{heading}?" if _ASKS.match(heading) else heading, SceneView("hook", clear=clear))
    heading = short(scene.heading)
    kind, sign = _numbered(scene, video)
    if kind == "step" and list(video.headings.values()).count(scene.heading) > 1:
        heading = _deed(scene.says, video.language) or heading
    if not sign and (figure := key_figure(scene.says, video.language)):
        kind, sign = "figure", figure
    if sign:
        return Shown(heading, SceneView(kind, sign, clear=clear))
    if sides := _VERSUS.match(scene.heading.strip()):
        both = (_capital(sides[1]), _capital(sides[2]))
        return Shown(heading, SceneView("pair", sides=both, clear=clear))
    return Shown(heading, SceneView("quote" if _QUOTED.search(scene.says) else "point", clear=clear))


def mark_of(site: Site, width: int, height: int) -> float:
    """Pixels from the upper edge that the site's mark may take; nought where it has none up there."""
    wishes: dict[str, Any] = site.video.get("watermark") or {}
    logo = bool(site.brand.get("logo"))
    if wishes.get("off") or not (logo or site.name) or str(wishes.get("corner") or "").startswith("bottom"):
        return 0.0
    wide = width * float(wishes.get("share") or (LOGO_SHARE if logo else NAME_SHARE))
    return _EDGE * min(width, height) + wide * (1.0 if logo else _FLAT)


def short(text: str, *, hook: bool = False) -> str:
    """A heading as it can be read at a glance: up to its first break, no more than seven words, or nine."""
    longest, most = (LONGEST_HOOK, _MOST_HOOK_WORDS) if hook else (LONGEST_HEADING, _MOST_WORDS)
    text = " ".join(text.split()).rstrip(" .:;,")
    if _fits(text, longest, most):
        return text
    text = _PARTED.sub("", text) or text
    while not _fits(text, longest, most) and len((less := _ADDED.sub("", text)).split()) > 2:
        if less == text:
            break
        text = less
    if _fits(text, longest, most):
        return text
    text = " ".join(text.split()[:most])
    text = shorten(text, longest).rstrip("… ") if len(text) > longest else text
    while (cut := _TRAILING.sub("", text)) != text:
        text = cut
    return text


def clear_of(video: Told) -> tuple[float, float, float, float]:
    """Where type stays in view, off captions, marks and a platform's buttons, however the camera moves."""
    width, height = video.width, video.height
    safe = safe_area(width, height, video.platforms)
    top, bottom = float(safe.top), float(safe.bottom)
    if video.captions in STYLES:
        layout = Layout(width, height, style(video.captions), video.language, video.platforms)
        line = _TALL_LINE if video.language[:2] in _TALL else _LINE
        captions = layout.style.lines * line * layout.em + 2 * layout.edge
        bottom = min(bottom, layout.area.bottom - captions)
    top = max(top, min(video.mark, _MOST_MARK * height))
    return (
        _kept(safe.left / width, after=True),
        _kept(top / height, after=True),
        _kept(safe.right / width, after=False),
        _kept(bottom / height - _GAP, after=False),
    )


def _kept(edge: float, *, after: bool) -> float:
    """The share of the picture that the closest camera shows on that edge of the frame, at its worst aim.

    What lies beyond the middle is pushed outwards by a camera that comes closer, what lies before it inwards.
    """
    far = 0.5 + (edge - 0.5) / CLOSER + (_AIM if after else -_AIM)
    return max(far, edge) if after else min(far, edge)


def _said_last(scene: Scene, video: Told) -> bool:
    return bool(video.script.get("cta")) and str(video.script["cta"]).strip() == scene.says.strip()


def _numbered(scene: Scene, video: Told) -> tuple[SceneKind, str]:
    """The number of an entry of a list, or of a step that follows on others."""
    if video.kind == "list" and (number := _number(scene.says)):
        return "item", str(number)
    run = _run(scene.position, video.lines)
    return ("step", str(run)) if run else ("point", "")


def _number(says: str) -> int:
    found = _NUMBERED.match(says)
    word = found[1].casefold() if found else ""
    number = int(word) if word.isdecimal() and len(word) <= 2 else _NUMBERS.get(word, 0)
    return number if number <= 30 else 0


def _deed(says: str, language: str) -> str:
    """What an English step bids: its verb and what that is done to; empty where that is not short."""
    found = _DEED.match(says.strip()) if language[:2] == "en" else None
    deed = found[1].strip() if found else ""
    return _capital(deed) if len(deed.split()) >= 2 and _fits(deed, LONGEST_HEADING, _MOST_WORDS) else ""


def _run(position: int, lines: Mapping[int, str]) -> int:
    """Which of how many scenes in a row that begin as steps do; nothing where it stands alone."""
    steps = _steps(sorted(lines), lines)
    row = next((row for row in steps if position in row), [])
    return row.index(position) + 1 if len(row) > 1 else 0


def _steps(positions: Sequence[int], lines: Mapping[int, str]) -> list[list[int]]:
    rows: list[list[int]] = [[]]
    for position in positions:
        if _OPENS.match(lines[position]):
            rows[-1].append(position)
        elif rows[-1]:
            rows.append([])
    return rows


def _fits(text: str, longest: int, most: int) -> bool:
    return len(text) <= longest and len(text.split()) <= most


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
