"""Finds the figures in a sentence: numbers with their units, ranges, ratios, money and dates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nightdesk.quality.dates import Date, dates
from nightdesk.quality.number_words import NUMBER_WORDS
from nightdesk.quality.units import MONEY, SCALES, Unit, unit_at
from nightdesk.quality.words import content_words

_LONGEST = 2000
"""Characters of a sentence that are looked at: no sentence that is one has more."""
_MOST_DIGITS = 20
_SPACES = "\u00a0\u202f\u2009"
_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))


def _number(between: str) -> re.Pattern[str]:
    """The pattern of a number whose thousands may be parted by the given characters."""
    grouped = rf"\d{{1,3}}(?:([.,'’{between}])\d{{3}})(?:\1\d{{3}})*(?:[.,]\d+)?"
    return re.compile(
        r"(?<![\w.,/])(?<![^\W\d_]-)(?P<sign>(?<!\d)(?<!\d\s)[-−])?(?P<money>US\$|[$€£¥]|(?:CHF|USD|EUR)\s)?\s?"
        rf"(?:(?P<digits>{grouped}|\d+(?:[.,]\d+)?)(?![\d]|[.,/]\d)|(?P<word>(?:{_WORDS}))(?!\w))",
        re.IGNORECASE,
    )


_NUMBER_EN, _NUMBER = _number(_SPACES), _number(_SPACES + " ")
_SCALE = re.compile(
    rf"[\s{_SPACES}]?({'|'.join(re.escape(s) for s in sorted(SCALES, key=len, reverse=True))})(?!\w)", re.I
)
_JOINT = re.compile(
    r"\s*(?:–|—|-|−|to|bis|à|a|tot|até|and|und|y|et|e|en|or|oder|o|ou|of|by|x|×)\s*", re.IGNORECASE
)
_RATIO = re.compile(r"\s?(?::|to|zu)\s?(\d+(?:[.,]\d+)?)(?![\d:]|[.,]\d)")
_IN_NAME = re.compile(r"https?://\S*$|\b[A-Z]{2,20}-?$")
_STRUCTURAL = re.compile(
    r"\b(?:step|section|chapter|figure|fig\.|table|page|part|phase|tip|top|no\.|number|schritt|kapitel|seite"
    r"|tabelle|abbildung|nr\.|paso|étape|passo|stap|version|windows|python)\s*$",
    re.IGNORECASE,
)
_ACIDITY = re.compile(
    r"\bpH(?:[- ](?:values?|levels?|wert|of|is|between|from|around|about|von|zwischen|de))*\s*$", re.I
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_HEDGE = re.compile(
    r"\b(?:about|around|roughly|approximately|approx\.|nearly|almost|some|circa|ca\.|rund|etwa|ungefähr|fast"
    r"|knapp|unos|casi|aproximadamente|cerca de|environ|près de|presque|quasi|bijna|ongeveer)\s*$|[~≈]\s*$",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:more than|over|above|at least|exceeds?|greater than|mehr als|über|mindestens|más de|al menos"
    r"|plus de|au moins|più di|almeno|meer dan|minstens|mais de)\s*$|[>≥]\s*$",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"\b(?:less than|fewer than|under|below|at most|up to|weniger als|unter|höchstens|menos de"
    r"|moins de|au plus|meno di|al massimo|minder dan|hoogstens)\s*$|[<≤]\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Figure:
    """One figure: `values` are its readings in the base unit of `dimension`, the likeliest first."""

    spelled: str
    begin: int
    end: int
    values: tuple[float, ...] = ()
    dimension: str = ""
    """What it measures, `date`, `ratio`, or empty for a count."""
    unit: Unit | None = None
    counted: frozenset[str] = frozenset()
    """Stems of the words that say what a count counts."""
    step: float = 0.0
    """The last digit's worth, in the base unit: how far a rounded figure may be off, twice."""
    date: Date | None = None
    hedged: bool = False
    bound: int = 0
    """1 for `more than`, -1 for `less than`."""
    in_words: bool = False


def figures(sentence: str, language: str = "en") -> list[Figure]:
    """Every figure of the sentence, in order; numbers inside names, versions and addresses are none."""
    sentence = sentence[:_LONGEST]
    found = [
        Figure(sentence[begin:end], begin, end, dimension="date", date=date)
        for begin, end, date in dates(sentence)
    ]
    taken = [(figure.begin, figure.end) for figure in found]
    numbers = _NUMBER_EN if language.startswith("en") else _NUMBER
    for match in numbers.finditer(sentence):
        if any(begin < match.end() and match.start() < end for begin, end in taken):
            continue
        figure = _figure(sentence, match, language)
        if figure and not any(begin < figure.end and figure.begin < end for begin, end in taken):
            found.append(figure)
            taken.append((figure.begin, figure.end))
    return _shared_units(sentence, sorted(found, key=lambda figure: figure.begin))


def _figure(sentence: str, match: re.Match[str], language: str) -> Figure | None:
    before = sentence[max(0, match.start() - 60) : match.start()]
    digits, word = match["digits"], match["word"]
    if _STRUCTURAL.search(before) or _IN_NAME.search(before) or len(digits or "") > _MOST_DIGITS:
        return None
    values = (NUMBER_WORDS[word.lower()],) if word else _readings(digits, language)
    scale, end = _scale(sentence, match.end(), money=bool(match["money"]))
    ratio = _RATIO.match(sentence, end) if digits else None
    if ratio and ":" in ratio.group():
        low = float(ratio[1].replace(",", "."))
        return _made(sentence, match, ratio.end(), [v / low for v in values if low], "ratio", None, 0.0)
    if digits and _YEAR.fullmatch(digits) and sentence[end : end + 1] == "s":
        return _made(sentence, match, end + 1, values, "decade", None, 0.0)
    if _ACIDITY.search(before):
        return _made(
            sentence, match, end, values, "pH", None, _last_digit(digits, values[0]) if digits else 0.0
        )
    unit = Unit(MONEY[match["money"].strip().upper()]) if match["money"] else None
    if unit is None and (measured := unit_at(sentence, end)):
        unit, end = measured
    elif unit is None and end < len(sentence) and sentence[end].isalpha() and not word:
        return None
    sign = -1.0 if match["sign"] else 1.0
    factor, offset = (unit.factor, unit.offset) if unit else (1.0, 0.0)
    based = [sign * value * scale * factor + offset for value in values]
    step = 0.0 if word else _last_digit(digits, values[0]) * scale * abs(factor)
    return _made(sentence, match, end, based, unit.dimension if unit else "", unit, step)


def _made(
    sentence: str,
    match: re.Match[str],
    end: int,
    values: Sequence[float],
    dimension: str,
    unit: Unit | None,
    step: float,
) -> Figure:
    before = sentence[max(0, match.start() - 24) : match.start()]
    return Figure(
        sentence[match.start() : end].strip(),
        match.start(),
        end,
        tuple(values),
        dimension,
        unit,
        frozenset() if dimension else _counted(sentence, end),
        step,
        Date(int(values[0])) if not dimension and _YEAR.fullmatch(match["digits"] or "") else None,
        hedged=bool(_HEDGE.search(before)),
        bound=1 if _OVER.search(before) else -1 if _UNDER.search(before) else 0,
        in_words=bool(match["word"]),
    )


def _counted(sentence: str, at: int) -> frozenset[str]:
    """What is counted: the content words among the next three, up to a mark."""
    following = re.split(r"[,.;:()–—]", sentence[at : at + 40])[0]
    return content_words(" ".join(following.split()[:3]))


def _readings(digits: str, language: str) -> tuple[float, ...]:
    """The values that the digits may stand for: `1.000` is one or a thousand, by the language first."""
    plain = re.sub(rf"['’ {_SPACES}]", "", digits)
    marks = re.findall(r"[.,]", plain)
    decimal = "." if language[:2] in {"en", "ja", "zh", "ko", "he", "th"} else ","
    if len(set(marks)) == 2:
        last = marks[-1]
        return (float(plain.replace("." if last == "," else ",", "").replace(last, ".")),)
    if len(marks) > 1:
        return (float(re.sub(r"[.,]", "", plain)),)
    if not marks:
        return (float(plain),)
    fraction = float(plain.replace(",", "."))
    if len(plain) - plain.index(marks[0]) != 4 or plain.startswith("0"):
        return (fraction,)
    whole = float(re.sub(r"[.,]", "", plain))
    return (fraction, whole) if marks[0] == decimal else (whole, fraction)


def _last_digit(digits: str, value: float) -> float:
    """What one unit of the last digit that was meant is worth: 0.1 for 2.5, 1 for 7, 100 for 1,200."""
    if value != int(value):
        return float(10 ** -len(re.split(r"[.,]", digits)[-1]))
    whole = str(int(value))
    return float(10 ** (len(whole) - len(whole.rstrip("0")))) if value else 1.0


def _scale(sentence: str, at: int, *, money: bool) -> tuple[float, int]:
    match = _SCALE.match(sentence, at)
    if match is None or (len(match[1]) == 1 and not money):
        return 1.0, at
    return SCALES[match[1].lower()], match.end()


def _shared_units(sentence: str, found: list[Figure]) -> list[Figure]:
    """`10 to 15 percent`: the first has the unit of the second; `pH 6 to 7`: the second that of the first."""
    for at in range(len(found) - 2, -1, -1):
        first, second = found[at], found[at + 1]
        if not _JOINT.fullmatch(sentence, first.end, second.begin) or "date" in (
            first.dimension,
            second.dimension,
        ):
            continue
        if not first.dimension:
            found[at] = _measured_like(first, second)
        elif first.dimension == "pH" and not second.dimension:
            found[at + 1] = _measured_like(second, first)
    return found


def _measured_like(figure: Figure, model: Figure) -> Figure:
    unit = model.unit
    factor, offset = (unit.factor, unit.offset) if unit else (1.0, 0.0)
    return replace(
        figure,
        values=tuple(value * factor + offset for value in figure.values),
        dimension=model.dimension,
        unit=unit,
        counted=model.counted,
        step=figure.step * abs(factor),
        hedged=figure.hedged or model.hedged,
    )
