"""Units of measure as seven languages spell them, each with what it measures and how to compare it."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """A unit: what it measures, and `base = value × factor + offset` in that dimension's own unit."""

    dimension: str
    factor: float = 1.0
    offset: float = 0.0


# One line a unit: how it is spelled (a regular expression), what it measures, factor and offset.
_TABLE: tuple[tuple[str, str, float, float], ...] = (
    (
        r"%|per ?cent(?:age points?)?|percentage points?|prozent(?:punkte?n?)?|por ciento|pour ?cents?",
        "%",
        1,
        0,
    ),
    (r"per cento|procent|por cento|pct\.?", "%", 1, 0),
    (r"°\s?c|℃|degrees? (?:celsius|c)|grad(?: celsius)?|grados(?: celsius)?|degrés(?: celsius)?", "°C", 1, 0),
    (r"gradi(?: celsius)?|graden(?: celsius)?|graus(?: celsius)?", "°C", 1, 0),
    (r"°\s?f|℉|degrees? (?:fahrenheit|f)|grad fahrenheit|degrees?", "°C", 5 / 9, -160 / 9),
    (r"kilogram(?:me?s?|m|s|os?)?|kilos?|kg", "g", 1000, 0),
    (r"milligram(?:me?s?|m|s|os?)?|mg", "g", 0.001, 0),
    (r"gram(?:me?s?|m|s|os?)?|g", "g", 1, 0),
    (r"(?:metric )?ton(?:ne)?s?|tonnen?|toneladas?|tonnellate|ton", "g", 1e6, 0),
    (r"pounds?|lbs?|pfund", "g", 453.592, 0),
    (r"ounces?|oz", "g", 28.3495, 0),
    (r"square kilomet(?:er|re)s?|quadratkilometern?|km²|km2", "m²", 1e6, 0),
    (
        r"square met(?:er|re)s?|quadratmetern?|metros cuadrados|mètres carrés|metri quadrati|m²|m2|sq m",
        "m²",
        1,
        0,
    ),
    (r"square (?:feet|foot)|sq\.? ?ft|ft²", "m²", 0.092903, 0),
    (r"square inch(?:es)?|sq\.? ?in", "m²", 0.00064516, 0),
    (r"hect[aá]r(?:es?|eas?)?|hektar|ettari|ha", "m²", 1e4, 0),
    (r"acres?|ac", "m²", 4046.86, 0),
    (r"cubic met(?:er|re)s?|kubikmetern?|metros cúbicos|mètres cubes|metri cubi|m³|m3", "l", 1000, 0),
    (r"cubic (?:yards?)|cu\.? ?yd", "l", 764.555, 0),
    (r"cubic (?:feet|foot)|cu\.? ?ft|ft³", "l", 28.3168, 0),
    (r"millilit(?:er|re)s?|millilitern?|mililitros?|ml", "l", 0.001, 0),
    (r"lit(?:er|re|ro|ri)s?n?|litros?|litern?|l", "l", 1, 0),
    (r"(?:us )?gallons?|gal", "l", 3.78541, 0),
    (r"quarts?|qt", "l", 0.946353, 0),
    (r"cups?", "l", 0.24, 0),
    (r"kilomet(?:er|re|ros?|ri)s?n?|kilometern?|kilomètres?|chilometri|km", "m", 1000, 0),
    (r"centimet(?:er|re|ros?|ri)s?n?|zentimetern?|centimètres?|cm", "m", 0.01, 0),
    (r"millimet(?:er|re|ros?|ri)s?n?|milímetros?|millimètres?|mm", "m", 0.001, 0),
    (r"met(?:er|re)s?|metern?|metros?|mètres?|metri|m", "m", 1, 0),
    (r"miles?|mi", "m", 1609.34, 0),
    (r"yards?|yd", "m", 0.9144, 0),
    (r"feet|foot|ft|′", "m", 0.3048, 0),
    (r"inch(?:es)?|zoll|pulgadas?|pouces?|pollici|″|in(?=\.?[)\s,;]*$|\.?\))", "m", 0.0254, 0),
    (r"kilowatt[- ]?hours?|kilowattstunden?|kwh", "Wh", 1000, 0),
    (r"megawatt[- ]?hours?|megawattstunden?|mwh", "Wh", 1e6, 0),
    (r"gigawatt[- ]?hours?|gwh", "Wh", 1e9, 0),
    (r"kilowatts?|kw", "W", 1000, 0),
    (r"megawatts?|mw", "W", 1e6, 0),
    (r"watts?|w", "W", 1, 0),
    (r"seconds?|sekunden?|segundos?|secondes?|secondi|seconden|secs?|s", "s", 1, 0),
    (r"minutes?|minuten?|minutos?|minuti|min", "s", 60, 0),
    (r"hours?|stunden?|horas?|heures?|ore|uur|uren|hrs?|h", "s", 3600, 0),
    (r"days?|tage?n?|días?|jours?|giorni|dagen|dias?", "s", 86400, 0),
    (r"weeks?|wochen?|semanas?|semaines?|settimane|weken", "s", 604800, 0),
    (r"months?|monate?n?|mes(?:es)?|mois|mesi|maanden", "month", 1, 0),
    (r"years?|jahre?n?|años?|ans?|années?|anni|jaar|anos?|yrs?", "month", 12, 0),
    (r"ppm|parts per million", "ppm", 1, 0),
    (r"times|fold|-fold|mal|veces|fois|volte|keer|vezes|×|x", "times", 1, 0),
    (r"(?:us )?dollars?|usd|us\$|\$", "USD", 1, 0),
    (r"cents?", "cent", 1, 0),
    (r"euros?|eur|€", "EUR", 1, 0),
    (r"pounds sterling|gbp|£", "GBP", 1, 0),
    (r"yen|jpy|¥", "JPY", 1, 0),
    (r"francs?|franken|chf", "CHF", 1, 0),
)
SCALES = {
    **dict.fromkeys(("thousand", "tausend", "mil", "mille", "mila", "duizend", "tsd.", "k"), 1e3),
    **dict.fromkeys(("million", "millions", "millionen", "mio.", "mio", "millón", "millones"), 1e6),
    **dict.fromkeys(("milione", "milioni", "miljoen", "milhão", "milhões", "mn", "m"), 1e6),
    **dict.fromkeys(("billion", "billions", "milliarde", "milliarden", "mrd.", "mrd", "bn", "b"), 1e9),
    **dict.fromkeys(("milliard", "milliards", "miliardi", "miljard", "bilhões"), 1e9),
    **dict.fromkeys(("trillion", "trillions"), 1e12),
}
MONEY = {
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "CHF": "CHF",
    "USD": "USD",
    "EUR": "EUR",
}

_SPELLED = "|".join(f"(?P<u{number}>{spelled})" for number, (spelled, *_) in enumerate(_TABLE))
_UNIT = re.compile(rf"[\s\u00a0\u202f-]?\s?(?:{_SPELLED})(?![\w²³])", re.IGNORECASE)


def unit_at(text: str, at: int) -> tuple[Unit, int] | None:
    """The unit that stands at this place, with the place after it; None where there is none."""
    match = _UNIT.match(text, at)
    if match is None or match.lastgroup is None:
        return None
    _, dimension, factor, offset = _TABLE[int(match.lastgroup[1:])]
    return Unit(dimension, factor, offset), match.end()
