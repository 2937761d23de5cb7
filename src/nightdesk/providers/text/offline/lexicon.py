"""What readers ask of anything (cost, time, noise, …), and how an answer to it is recognised."""

import re
from dataclasses import dataclass

from nightdesk.providers.text.offline.words import cues, listed

NUMBER_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|a few|several)"

_MONEY = r"[£$€¥]\s?\d|\d\s?(?:dollars?|euros?|cents?|USD|EUR|GBP)\b"
_PERIOD = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b"
_TIME = rf"(?:\d|\b{NUMBER_WORD})[\w -]{{0,14}}?[\s-]{_PERIOD}"
_LENGTH = r"\d[- ]?(?:mm|cm|m|km|inch(?:es)?|feet|foot|ft|yards?|micron|µm)\b"
_SPACE = r"(?:\d|\ba)[- ]?(?:square|cubic|sq\.?|cu\.?|gallons?|l|liters?|litres?|quarts?|m²|m³)\b"
_HEAT = r"\d\s?°|\d degrees?\b"
_MASS = r"\d[- ]?(?:g|kg|mg|t|grams?|kilograms?|tons?|tonnes?|lbs?|pounds?|ounces?|oz)\b"
_SOUND = r"\d\s?(?:dB|decibels?)"
_POWER = r"\d\s?(?:W|kW|Wh|kWh|watts?|kilowatts?|kilowatt-hours?|amps?|volts?)\b"
_SHARE = r"\d\s?(?:%|percent|per cent)|\d:\d"
_OFTEN = (
    rf"\b(?:daily|weekly|monthly|once|twice|every|times) (?:an? |every |{NUMBER_WORD} |second |\d+ )*"
    r"(?:hour|day|week|month|season|year)"
)


@dataclass(frozen=True)
class Aspect:
    """One thing that readers ask: its label in a table, stems that ask for it, figures that answer it."""

    name: str
    label: str
    cues: frozenset[str]
    units: re.Pattern[str]

    @property
    def mark(self) -> str:
        """The term under which a sentence with such a figure is found."""
        return f"<{self.name}>"


def _aspect(name: str, label: str, asked: str, *units: str) -> Aspect:
    return Aspect(name, label, listed(asked), re.compile("|".join(units), re.I))


ASPECTS: tuple[Aspect, ...] = (
    _aspect("cost", "Cost", "cost pric cheap expens budget pay money saving bill afford fee worth", _MONEY),
    _aspect("heat", "Temperature", "temperatur hot heat cold warm cool freez frost thermomet", _HEAT),
    _aspect("often", "How often", "often frequent interval schedul", _OFTEN),
    _aspect("time", "Time", "long last time day week month year fast slow speed quick ready hour", _TIME),
    _aspect("size", "Size", "siz room spac capacity volum larg small area wid deep height", _SPACE, _LENGTH),
    _aspect("energy", "Energy use", "energy electric electricity power watt kwh", _POWER),
    _aspect("noise", "Noise", "nois quiet loud sound decibel", _SOUND),
    _aspect("mass", "Weight", "weight heavy pound weigh", _MASS),
    _aspect("share", "Share", "ratio percent share content moistur proportion rate efficiency", _SHARE),
)  # fmt: skip

MANNERS: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    (
        "<may>",
        cues(r"can|could|may|allowed|okay|ok|things you|list of"),
        cues(
            r"""(?:can|may) (?:be|go)|\w{4,}able|well|safe|belongs? in|counts? as
            should not|never|out of|cannot"""
        ),
    ),
    (
        "<not>",
        cues("not|never|avoid|without|wrong|mistakes?"),
        cues("(?:should|must) not|never|avoid|(?:keep|kept|stay|left|leave) out|cannot|mistake"),
    ),
    (
        "<why>",
        cues("why"),
        cues("because|so that|caused? by|means that|signs? of|shows? that|points to"),
    ),
    (
        "<fix>",
        cues(r"fix\w*|trouble\w*|problems?|too \w+|not \w+ing"),
        cues("cures?|fix|fixes|add|adding|restores?|stops?|remedy"),
    ),
    ("<worth>", cues("worth|reviews?|best"), cues("worth|value|benefit|drawback|criterion|suits?")),
)
"""Ways of asking that name no thing: a mark, how a question shows it, how a statement answers it."""

_ROLES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(cues, re.I)
    for cues in (
        r"^what\b.*\b(?:is|are|means?)$|definition|overview|basics|meaning|explained",
        r"^why\b|^how (?!to\b|often|long|much|many|hot|big)|phases|inside|principle|organisms",
        r"\bneeds?\b|choos|which|sizes?|types|kinds|ways|ingredients|materials|where to",
        r"^how to\b|\bsteps?\b|recipe|rules|making|building",
        r"ratio|temperature|^how (?:much|many|long|often|hot|big)|rates?\b|figures|contents?\b|results",
        r"cost|price|energy|worth",
        r"\bcare\b|clean|maint|feeding|winter|storing|using|harvest",
        r"compared|versus|\bvs\b|\band\b.*\bside by side",
        r"mistakes?|problems?|limits?|safety|avoid|what not|keep out|leave out|wrong|myths?|risks?|pests?",
    )
)

ABSTRACT = listed("""
    figur question answer mean differ differenc cost pric reference sourc number mistak myth fact faq
    time long ratio limit law standard rul risk choic worth often know
""")
"""Stems of headings that no picture can show."""


def aspects_of(stems: frozenset[str]) -> list[Aspect]:
    """The aspects that these stems ask about."""
    return [aspect for aspect in ASPECTS if stems & aspect.cues]


def marks_of(text: str) -> list[str]:
    """The marks of the aspects this statement gives a figure for, and of the manners of asking it meets."""
    figures = [aspect.mark for aspect in ASPECTS if aspect.units.search(text)]
    return figures + [mark for mark, _, says in MANNERS if says.search(text)]


def manners_of(question: str) -> list[str]:
    """The marks of the manners in which this question or search phrase asks."""
    return [mark for mark, asks, _ in MANNERS if asks.search(question)]


def role_of(heading: str) -> float:
    """Where a heading stands in an explanation, 0 (what it is) to 1 (what goes wrong); else the middle."""
    place = next((n for n, cues in enumerate(_ROLES) if cues.search(heading)), len(_ROLES) // 2)
    return place / (len(_ROLES) - 1)


WHY, COMPARED = 1 / 8, 7 / 8
"""`role_of` a heading that says why or how a thing works, and of one that compares it with another."""
PITFALL = 1.0
"""`role_of` a heading that speaks of mistakes, problems and limits."""
STEPS = 3 / 8
"""`role_of` a heading that speaks of a procedure."""
