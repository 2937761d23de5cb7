"""Splits a person's own script into scenes: by paragraphs, sentences and the names of who speaks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from nightdesk.kit.endings import Refused
from nightdesk.kit.text import clean, sentences, shorten
from nightdesk.lines.video.scripting.checking import check_form
from nightdesk.lines.video.scripting.made import LONGEST_SCENE, SceneMade, ScriptMade
from nightdesk.lines.video.scripting.speaking import spoken
from nightdesk.providers.text.pace import seconds_of
from nightdesk.quality.words import content_words

OWN = "written by a person"
LONGEST_SCRIPT = 20_000
_SHORT = 3.0
"""Seconds of speech under which a sentence shares its scene with the next one of its paragraph."""
_HEADING = re.compile(
    r"^\s*(?:#{1,6}\s+(.+)|\[([^\]\n]{1,80})\]|((?:scene|szene|scène|escena) \d+\b.*))\s*$",
    re.I,
)
_NAMED = re.compile(
    r"^\s*\**(?P<name>[^\W\d_][^\W_]*(?:[ .'’-][^\W_]+){0,3})\**\s*[:：]\**\s*(?P<says>\S.*)$"
)
_WITHOUT_SPACES = re.compile("[。！？」』）]$")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class _Piece:
    """Something said in one breath by one person under one heading."""

    heading: str
    paragraph: int
    speaker: Literal[0, 1]
    says: str


def from_custom(text: str, target: int, language: str) -> ScriptMade:
    """A person's script as scenes, with every word of it kept in its order.

    Paragraphs part scenes, and sentences do where a paragraph takes more than 12 s. Lines that begin with `#`
    are headings; lines that begin with a name and a colon (`A:`, `ANNA:`) are said by the first voice or the
    second. `target`: seconds wanted, which only a check looks at. Raises `Refused` where nothing can be said.
    """
    text = clean(text)
    if len(text) > LONGEST_SCRIPT:
        raise Refused(
            f"The script has {len(text):,} characters, and {LONGEST_SCRIPT:,} are the most: shorten it."
        )
    pieces = [piece for piece in _pieces(text) if piece.says]
    if not pieces:
        raise Refused("The script has no words that a voice could say: write what is to be said.")
    scenes = [scene for group in _groups(pieces) for scene in _scenes(group, language)]
    made = _framed(scenes, language, _title(pieces))
    report = check_form(made, target, [line for line in text.splitlines() if not _HEADING.match(line)])
    return replace(made, checks={report.name: report.as_json()})


def _pieces(text: str) -> Iterator[_Piece]:
    """The text line by line; a line that continues the one before belongs to its speaker."""
    speakers = _speakers(text)
    heading, paragraph = "", 0
    speaker: Literal[0, 1] = 0
    for line in text.splitlines():
        if not line.strip():
            paragraph += 1
            continue
        if titled := _HEADING.match(line):
            heading, paragraph = spoken(next(filter(None, titled.groups()))), paragraph + 1
            continue
        named = _NAMED.match(line)
        if named and named["name"].casefold() in speakers:
            speaker, line = speakers[named["name"].casefold()], named["says"]
        yield _Piece(heading, paragraph, speaker, spoken(line))


def _speakers(text: str) -> dict[str, Literal[0, 1]]:
    """The names before colons, each with its voice; none where they are no names but words like `Note:`.

    They are names where two of them take turns, where one stands in capitals, or where one comes twice.
    """
    found = [named["name"] for line in text.splitlines() if (named := _NAMED.match(line))]
    names = list(dict.fromkeys(name.casefold() for name in found))
    turns = len(found) > len(names) or (len(names) == 2 and all(len(name) == 1 for name in names))
    if not (turns or any(name.isupper() for name in found)):
        return {}
    return {name: 1 if place % 2 else 0 for place, name in enumerate(names)}


def _groups(pieces: Sequence[_Piece]) -> list[_Piece]:
    """What one person says in one paragraph, as one text."""
    told = groupby(pieces, key=lambda piece: (piece.paragraph, piece.speaker, piece.heading))
    return [_Piece(key[2], key[0], key[1], _joined([piece.says for piece in group])) for key, group in told]


def _scenes(piece: _Piece, language: str) -> list[SceneMade]:
    if seconds_of(piece.says, language) <= LONGEST_SCENE:
        parts = [piece.says]
    else:
        parts = _parts(sentences(piece.says), language)
    return [_scene(piece, part) for part in parts]


def _parts(said: Sequence[str], language: str) -> list[str]:
    """Sentences in groups of about equal length that each take less than 12 s, none of them short."""
    whole = seconds_of(_joined(said), language)
    meant = whole / max(-(-whole // LONGEST_SCENE), 1)
    parts: list[list[str]] = []
    for sentence in said:
        last = _joined(parts[-1]) if parts else ""
        together = seconds_of(_joined([last, sentence]), language)
        fits = together <= LONGEST_SCENE and (together <= 1.15 * meant or seconds_of(last, language) < _SHORT)
        if parts and fits:
            parts[-1].append(sentence)
        else:
            parts.append([sentence])
    return [_joined(part) for part in parts]


def _scene(piece: _Piece, says: str) -> SceneMade:
    heading = piece.heading or _named_by(says)
    prompt = f"{heading}. No lettering, no logos, no recognisable people."
    return SceneMade("body", shorten(heading, 120), says, piece.speaker, prompt)


def _named_by(says: str) -> str:
    """The first words that carry meaning, as they are written; for scripts without spaces its beginning."""
    telling = [word for word in _WORD.findall(says) if word.isdigit() or content_words(word)]
    name = " ".join(telling[:5]) if len(telling) > 1 else says
    return shorten(name, 60)


def _framed(scenes: Sequence[SceneMade], language: str, title: str) -> ScriptMade:
    """The script whose first scene is its hook; which of its words call to action only its writer knows."""
    hooked = [replace(scenes[0], part="hook"), *scenes[1:]]
    return ScriptMade(title=title, language=language, scenes=hooked, label=OWN)


def _title(pieces: Sequence[_Piece]) -> str:
    return shorten(pieces[0].heading or sentences(pieces[0].says)[0], 100)


def _joined(said: Sequence[str]) -> str:
    """Sentences in a row; scripts without spaces get none."""
    text = ""
    for one in said:
        text += one if not text or _WITHOUT_SPACES.search(text) else f" {one}"
    return text
