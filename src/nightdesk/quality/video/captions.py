"""Whether captions stay inside their area, in letters that there are, long enough to be read."""

from collections.abc import Iterable, Sequence

from nightdesk.kit.text import shorten
from nightdesk.media.captions.lettering import Lettering
from nightdesk.media.captions.phrases import Phrase
from nightdesk.media.captions.sheet import Sheet
from nightdesk.quality.video.report import Check

_SLACK = 1.0
"""Pixels that rounding may add."""

_FASTEST = 30.0
"""Characters a second that can be followed when they are heard too; subtitles count on 17 to 20."""


def check(sheets: Sequence[Sheet], lettering: Lettering) -> Check:
    """`lettering`: the fonts that the captions were set in."""
    phrases = [(sheet, phrase) for sheet in sheets for phrase in sheet.phrases]
    facts = {"phrases": len(phrases)}
    if not phrases and not sheets:
        return Check("captions", "ok", "No captions were wanted.", facts)
    over = [phrase for sheet, phrase in phrases if _overflows(sheet, phrase, lettering)]
    if over:
        message = f"Captions run out of their area (“{_said(over[0])}”): choose a smaller style."
        return Check("captions", "fail", message, {**facts, "overflowing": [_said(each) for each in over]})
    missing = sorted(set().union(*(sheet.missing for sheet in sheets)))
    if missing:
        letters = "".join(missing)[:20]
        message = f"No font has {letters}: put one that has them into the folder of fonts."
        return Check("captions", "fail", message, {**facts, "missing": missing})
    return _paced([phrase for _, phrase in phrases], facts)


def _paced(phrases: Iterable[Phrase], facts: dict[str, int]) -> Check:
    hasty = [phrase for phrase in phrases if len(_said(phrase)) > _FASTEST * (phrase.end - phrase.start)]
    if hasty:
        message = f"Captions pass too fast to be read (“{_said(hasty[0])}”): choose a slower voice."
        return Check("captions", "warn", message, {**facts, "hasty": len(hasty)})
    return Check("captions", "ok", "Captions stay inside their area and can be read.", facts)


def _overflows(sheet: Sheet, phrase: Phrase, lettering: Lettering) -> bool:
    layout = sheet.layout
    room = layout.area.width - 2 * layout.edge + _SLACK
    lines = len(phrase.texts)
    tall = sum(_line_height(line, layout.em, lettering) for line in phrase.texts) + 2 * layout.edge
    return (
        lines > layout.style.lines
        or tall > layout.area.bottom - layout.area.top
        or any(lettering.width(line, layout.em) > room for line in phrase.texts)
    )


def _line_height(line: str, em: float, lettering: Lettering) -> float:
    return max((lettering.font(run.face).a_line * em for run in lettering.runs(line)), default=em)


def _said(phrase: Phrase) -> str:
    return shorten(" ".join(phrase.texts), 60)
