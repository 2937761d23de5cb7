"""Finds the figure that a scene turns on, written as it is set large: `55 °C`, `3–6 months`."""

import re

from nightdesk.quality.figures import Figure, figures

LONGEST = 18
"""Characters of a figure that can be set large."""
_SYMBOLS = (
    (r"(?:degrees?|grad|grados?|degrés?|gradi|graden|graus)(?: c(?:elsius)?)", "°C"),
    (r"grad|grados|degrés|gradi|graden|graus", "°C"),
    (r"(?:degrees? |grad )f(?:ahrenheit)?", "°F"),
    (r"degrees?", "°"),
    (r"per ?cent|prozent|por ciento|pour ?cents?|per cento|procent|por cento", "%"),
    (r"kilogram(?:me?s?|m|s|os?)?|kilos?", "kg"),
    (r"gram(?:me?s?|m|s|os?)?", "g"),
    (r"centimet(?:er|re|ros?|ri)s?n?|zentimetern?|centimètres?", "cm"),
    (r"millimet(?:er|re|ros?|ri)s?n?|milímetros?|millimètres?", "mm"),
    (r"kilomet(?:er|re|ros?|ri)s?n?|kilometern?|kilomètres?|chilometri", "km"),
    (r"kilowatt[- ]?hours?|kilowattstunden?", "kWh"),
    (r"square met(?:er|re)s?|quadratmetern?", "m²"),
    (r"cubic met(?:er|re)s?|kubikmetern?", "m³"),
)
_SYMBOL = [(re.compile(rf"{spelled}", re.I), sign) for spelled, sign in _SYMBOLS]
_JOINT = re.compile(r"\s*(?:–|—|-|−|to|bis|à|a|tot|até|and|und|y|et|e|en|or|oder|o|ou)\s*", re.I)
_BETWEEN = re.compile(r"(?:between|from|zwischen|von|entre|de|tra|da|tussen|van)\s*$", re.I)
_LEAD = re.compile(r"[-−]?(?:[$€£¥]\s?)?[\d.,'’  ]*\d|\w+")
_WEIGHT = {"%": 4, "°C": 4, "USD": 4, "EUR": 4, "GBP": 4, "ratio": 3, "month": 3, "s": 2, "": 0}
_BESIDE = re.compile(r"\s*\S{0,4}\s*")
"""What stands between figures that make one measure together: `12 x 8 inches`."""
_NEGATED = re.compile(
    r"\b(?:not|never|no|nicht|nie|kein\w*|nunca|no|ne|jamais|non|mai|não|niet|nooit)\b", re.I
)
_STRICTLY = re.compile(
    r"\b(?:less|fewer|under|below|weniger|unter|menos|moins|meno|minder|onder)\b[^.,;]{0,12}$|<\s*$", re.I
)
_EITHER = re.compile(r"(?:and|und|y|et|e|en)", re.I)


def key_figure(says: str, language: str = "en") -> str:
    """The one figure with a unit that matters most of what is said, a range as one; else empty.

    Percentages, temperatures and money come before lengths and times, earlier ones before later ones.
    """
    found = [one for one in figures(says, language) if one.dimension not in ("date", "decade")]
    best, most = "", 0.0
    for place, one in enumerate(found):
        text = _written(found, place, says, language)
        weight = _WEIGHT.get(one.dimension, 2) - 0.3 * place
        if text and len(text) <= LONGEST and weight > most:
            best, most = text, weight
    return best


def _written(found: list[Figure], place: int, says: str, language: str) -> str:
    one = found[place]
    before = found[place - 1] if place else None
    if one.dimension in ("", "times") or (before and _BESIDE.fullmatch(says, before.end, one.begin)):
        return ""
    following = found[place + 1] if place + 1 < len(found) else None
    if following and following.dimension == one.dimension and _ranges(one, following, says):
        low, unit_low = _parts(one)
        high, unit = _parts(following)
        if unit_low in ("", unit):
            return _marked(one, _together(f"{low}–{high}", unit, language), says)
        return ""
    if following and _BESIDE.fullmatch(says, one.end, following.begin):
        return ""
    return _marked(one, _together(*_parts(one), language), says)


def _marked(figure: Figure, text: str, says: str) -> str:
    """With a sign for `about`, `more than` and `up to`, unless what is said of them is denied."""
    before = says[max(0, figure.begin - 48) : figure.begin]
    if _NEGATED.search(before):
        return text
    if figure.bound > 0:
        return f"> {text}"
    if figure.bound < 0:
        return f"< {text}" if _STRICTLY.search(before) else f"≤ {text}"
    return f"~{text}" if figure.hedged else text


def _ranges(one: Figure, other: Figure, says: str) -> bool:
    """Whether two figures make a range; `and` makes one only after `between`."""
    joint = says[one.end : other.begin]
    if not _JOINT.fullmatch(joint):
        return False
    return not _EITHER.fullmatch(joint.strip()) or bool(_BETWEEN.search(says[: one.begin]))


def _parts(figure: Figure) -> tuple[str, str]:
    """The number in digits, and its unit as short as it is usually written."""
    lead = _LEAD.match(figure.spelled)
    number = lead[0].strip() if lead else figure.spelled
    unit = figure.spelled[len(number) :].strip(" \u00a0\u202f-")
    number = re.sub(r"^[-−]", "−", number)
    if figure.dimension == "pH":
        return number, "pH"
    if figure.in_words and figure.values:
        number = _digits(figure)
    for spelled, sign in _SYMBOL:
        if spelled.fullmatch(unit):
            unit = sign
            break
    return number, unit


def _digits(figure: Figure) -> str:
    unit = figure.unit
    value = (figure.values[0] - unit.offset) / unit.factor if unit else figure.values[0]
    return f"{value:g}" if abs(value - round(value)) > 1e-6 else str(round(value))


def _together(number: str, unit: str, language: str) -> str:
    if unit == "pH":
        return f"pH {number}"
    close = not unit or unit == "°" or unit.startswith(":")
    return f"{number}{unit}" if close or (unit == "%" and language[:2] == "en") else f"{number} {unit}"
