"""Captions to be burned in: ASS files in which text stays text."""

from collections.abc import Sequence
from dataclasses import dataclass

from pysubs2 import Alignment, Color, SSAEvent, SSAFile, SSAStyle

from nightdesk.media.captions.lettering import Font, Lettering
from nightdesk.media.captions.phrases import Phrase
from nightdesk.media.captions.sheet import Layout, Sheet
from nightdesk.media.captions.words import Word

_STYLE = "Captions"
_WORD_JOINER = "\u2060"
_BOX_OF_ALL = 4
"""libass's own BorderStyle: one box behind all lines of an event."""

_KEEP_LINES = "2"


@dataclass(frozen=True)
class Part:
    """A scene's captions as one segment shows them: the segment begins `offset` seconds into the scene."""

    sheet: Sheet
    offset: float


def escaped(text: str) -> str:
    """Text that ASS shows as it is.

    libass takes `\\{` for a brace that opens no override, and knows no sign for a backslash: a word joiner,
    which has no width, keeps it from meaning anything with the letter behind it.
    """
    return text.replace("\\", "\\" + _WORD_JOINER).replace("{", "\\{").replace("}", "\\}")


def ass(parts: Sequence[Part], seconds: float, lettering: Lettering) -> tuple[str, list[Font]]:
    """An ASS file for a segment of so many `seconds`, and the fonts it names; empty where it shows none."""
    file, fonts = SSAFile(), dict[int, Font]()
    for part in parts:
        for phrase in part.sheet.phrases:
            for start, end, current in _moments(phrase, part.sheet.layout):
                begins, ends = max(start - part.offset, 0.0), min(end - part.offset, seconds)
                if ends - begins >= 0.01 and begins < seconds:
                    text = _set(phrase, current, part.sheet.layout, lettering, fonts)
                    file.append(_event(begins, ends, text))
    if not fonts:
        return "", []
    layout = parts[0].sheet.layout
    file.info.update(
        PlayResX=str(layout.width),
        PlayResY=str(layout.height),
        WrapStyle=_KEEP_LINES,
        ScaledBorderAndShadow="yes",
        # Han letters are drawn as the language writes them; libass knows it by two letters.
        **{"YCbCr Matrix": "TV.709", "Language": layout.language[:2].lower()},
    )
    first = next(iter(fonts.values()))
    file.styles = {_STYLE: _style(layout, first)}
    return file.to_string("ass"), list(fonts.values())


def _event(start: float, end: float, text: str) -> SSAEvent:
    return SSAEvent(start=round(start * 100) * 10, end=round(end * 100) * 10, text=text, style=_STYLE)


def _moments(phrase: Phrase, layout: Layout) -> list[tuple[float, float, int]]:
    """When the phrase is shown and which of its words is said then, by its place; -1 for none."""
    if layout.style.highlight == "none":
        return [(phrase.start, phrase.end, -1)]
    starts = [max(word.start, phrase.start) for word in phrase.words]
    starts[0] = phrase.start
    return list(zip(starts, [*starts[1:], phrase.end], range(len(starts)), strict=True))


def _set(phrase: Phrase, current: int, layout: Layout, lettering: Lettering, fonts: dict[int, Font]) -> str:
    """One event's text: lines of words, each in the fonts that have its letters."""
    place, lines = 0, []
    for line in phrase.lines:
        text = ""
        for word in line:
            said = place == current or (layout.style.highlight == "sweep" and place < current)
            text += _worded(word, said, bool(text), layout, lettering, fonts)
            place += 1
        lines.append(text)
    return "\\N".join(lines)


def _worded(
    word: Word, said: bool, inside: bool, layout: Layout, lettering: Lettering, fonts: dict[int, Font]
) -> str:
    colour = layout.style.accent if said else layout.style.text
    runs = lettering.runs(word.text)
    text = " " if runs and inside and not word.joined else ""
    for run in runs:
        font = fonts.setdefault(run.face, lettering.font(run.face))
        size = f"{layout.em * font.a_line:.2f}"
        text += f"{{\\fn{font.name}\\fs{size}\\b{int(font.bold)}\\c{_bgr(colour)}}}{escaped(run.text)}"
    return text


def _style(layout: Layout, font: Font) -> SSAStyle:
    area, look = layout.area, layout.style
    return SSAStyle(
        fontname=font.name,
        fontsize=layout.em * font.a_line,
        bold=font.bold,
        primarycolor=_colour(look.text),
        outlinecolor=_colour(look.edge),
        backcolor=_colour(look.edge),
        borderstyle=_BOX_OF_ALL if look.box else 1,
        outline=0 if look.box else layout.edge,
        shadow=layout.edge if look.box else 0,
        alignment=Alignment.BOTTOM_CENTER,
        marginl=area.left,
        marginr=layout.width - area.right,
        marginv=layout.height - area.bottom + round(layout.edge),
        encoding=-1,  # libass: the direction of a line is that of its own letters
    )


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _colour(colour: str) -> Color:
    return Color(*_rgb(colour), 0)


def _bgr(colour: str) -> str:
    red, green, blue = _rgb(colour)
    return f"&H{blue:02X}{green:02X}{red:02X}&"
